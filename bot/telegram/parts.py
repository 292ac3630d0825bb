"""The parts that the handlers work with, each built once in bot.telegram.service."""

from typing import Any, NamedTuple

from telegram import Update
from telegram.ext import Application, CallbackContext

from bot.articles.library import Library
from bot.messages import Messages
from bot.settings import Settings
from bot.telegram.answers import Answers
from bot.telegram.desk import Desk
from bot.telegram.metrics import Metrics
from bot.telegram.outbox import Outbox
from bot.telegram.voices import Voices

Telegram = Application[Any, Any, Any, Any, Any, Any]
"""python-telegram-bot's application, with any context."""
Context = CallbackContext[Any, Any, Any, Any]
"""What python-telegram-bot hands to a handler beside the update."""


class Parts(NamedTuple):
    """What handlers need: who answers, what sends, what is kept, what is said."""

    desk: Desk
    outbox: Outbox
    answers: Answers
    voices: Voices
    library: Library
    metrics: Metrics
    settings: Settings
    username: str

    def messages(self, update: Update) -> Messages:
        """The messages in the language of who sent an update."""
        user = update.effective_user
        return self.voices.of(user.language_code if user else None)
