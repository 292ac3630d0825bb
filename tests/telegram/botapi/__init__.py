"""A local Bot API server for tests: what Telegram accepts, answers, refuses and loses, on the loopback interface.

A scenario reads like the chat:

    async with BotApiServer() as server, bot_process(server, library):
        olena = server.private_chat("Olena", language_code="uk")
        await olena.says("Who leads Wagner?")
        answer = await olena.receives()
        assert answer.parts("blockquote") == ["..."] and "More" in answer.buttons
        press = await olena.presses(answer, "More")
        more = await olena.sees_edit(answer)
        await press.answered()
        assert server.violations == []
"""

from .account import Violation
from .chats import Membership
from .faults import Break
from .processes import BotProcess, bot_process
from .server import BotApiServer
from .views import Seen

__all__ = ["BotApiServer", "BotProcess", "Break", "Membership", "Seen", "Violation", "bot_process"]
