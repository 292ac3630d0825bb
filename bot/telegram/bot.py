"""The bot: its handlers in the order in which they are tried."""

import re

from telegram import Update
from telegram.ext import (
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.telegram.filters import FromAdmin, IsLink
from bot.telegram.handlers.asking import Asking
from bot.telegram.handlers.buttons import Buttons
from bot.telegram.handlers.choosing import DATA as CHOICE_DATA
from bot.telegram.handlers.choosing import Choosing
from bot.telegram.handlers.failures import Failures
from bot.telegram.handlers.feeding import Feeding
from bot.telegram.handlers.gate import Gate
from bot.telegram.handlers.guidance import LANGUAGE_DATA, Guidance
from bot.telegram.handlers.inline import Inline
from bot.telegram.handlers.membership import Membership
from bot.telegram.handlers.owning import Owning
from bot.telegram.handlers.shelf import Shelf
from bot.telegram.parts import Parts, Telegram

NEW = filters.UpdateType.MESSAGE
EDITED = filters.UpdateType.EDITED_MESSAGE
PRIVATE = NEW & filters.ChatType.PRIVATE
WORDS = filters.TEXT | filters.CAPTION
ASKS = filters.Regex(re.compile(r"^/ask(@\w+)?(\s|$)", re.IGNORECASE))


def add_handlers(application: Telegram, parts: Parts) -> None:
    """Tell the application who handles what; of each group, the first that fits an update takes it."""
    asking, shelf, guidance, buttons = Asking(parts), Shelf(parts), Guidance(parts), Buttons(parts)
    feeding, owning, choosing = Feeding(parts), Owning(parts), Choosing(parts)
    membership = Membership(parts)
    admin = FromAdmin(parts.access)
    fed = PRIVATE & admin
    # The gate goes first and alone: what it stops reaches nobody.
    application.add_handler(TypeHandler(Update, Gate(parts).check), group=-1)
    application.add_handlers(
        [
            CommandHandler("start", guidance.start, NEW),
            CommandHandler("help", guidance.help, NEW),
            CommandHandler("privacy", guidance.privacy, NEW),
            CommandHandler("language", guidance.language, NEW),
            CommandHandler("forget", guidance.forget, NEW),
            CommandHandler("sources", shelf.sources, NEW),
            CommandHandler("latest", shelf.latest, NEW),
            CommandHandler("settings", choosing.settings, NEW),
            CommandHandler("remove", owning.remove, NEW & admin),
            CommandHandler("sync", owning.sync, NEW & admin),
            CommandHandler("stats", owning.stats, NEW & admin),
            CommandHandler("unanswered", owning.unanswered, NEW & admin),
            CommandHandler(["remove", "sync", "stats", "unanswered"], owning.refused, NEW),
            CallbackQueryHandler(guidance.chosen, pattern=f"^{LANGUAGE_DATA}"),
            CallbackQueryHandler(choosing.press, pattern=f"^{CHOICE_DATA}"),
            CallbackQueryHandler(buttons.press),
            InlineQueryHandler(Inline(parts).offer),
            ChatMemberHandler(membership.changed, ChatMemberHandler.MY_CHAT_MEMBER),
            MessageHandler(NEW & filters.StatusUpdate.MIGRATE, membership.migrated),
            # What admins send to be read goes before questions: a forwarded post is text, too.
            MessageHandler(fed & filters.Document.ALL, feeding.document),
            MessageHandler(fed & filters.FORWARDED & WORDS, feeding.forwarded),
            MessageHandler(fed & IsLink(), feeding.link),
            MessageHandler(PRIVATE & filters.COMMAND & ~ASKS, guidance.unknown),
            # Whatever else is said to the bot is a question, also behind /ask.
            MessageHandler(EDITED & WORDS & ~filters.COMMAND, asking.edited),
            MessageHandler(EDITED & ASKS, asking.edited),
            MessageHandler(NEW & WORDS, asking.message),
            MessageHandler(PRIVATE & ~filters.StatusUpdate.ALL, asking.other),
        ]
    )
    application.add_error_handler(Failures(parts).handle)
