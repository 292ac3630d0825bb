"""The bot: its handlers in the order in which they are tried."""

from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.telegram.handlers.asking import Asking
from bot.telegram.handlers.buttons import Buttons
from bot.telegram.handlers.failures import Failures
from bot.telegram.handlers.guidance import Guidance
from bot.telegram.handlers.shelf import Shelf
from bot.telegram.parts import Parts, Telegram

NEW = filters.UpdateType.MESSAGE
PRIVATE = NEW & filters.ChatType.PRIVATE


def add_handlers(application: Telegram, parts: Parts) -> None:
    """Tell the application who handles what; the first that fits an update takes it."""
    asking, shelf, guidance, buttons = Asking(parts), Shelf(parts), Guidance(parts), Buttons(parts)
    application.add_handlers(
        [
            CommandHandler("start", guidance.start, NEW),
            CommandHandler("help", guidance.help, NEW),
            CommandHandler("privacy", guidance.privacy, NEW),
            CommandHandler("sources", shelf.sources, NEW),
            CommandHandler("ask", asking.command, NEW),
            CallbackQueryHandler(buttons.press),
            # A command that is none of these is a question all the same: "/who leads it?"
            MessageHandler(PRIVATE & (filters.TEXT | filters.CAPTION), asking.message),
            MessageHandler(PRIVATE & ~filters.StatusUpdate.ALL, asking.other),
        ]
    )
    application.add_error_handler(Failures(parts).handle)
