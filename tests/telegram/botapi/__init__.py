"""A local Bot API server for tests: what Telegram accepts, answers, refuses and loses, on the loopback interface."""

from .account import Violation
from .chats import Membership
from .faults import Break
from .processes import BotProcess, bot_process
from .server import BotApiServer
from .views import Seen

__all__ = ["BotApiServer", "BotProcess", "Break", "Membership", "Seen", "Violation", "bot_process"]
