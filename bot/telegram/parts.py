"""The parts that the handlers work with, each built once in bot.telegram.service."""

from typing import Any, NamedTuple

from telegram import Bot, Chat, Update, User
from telegram.ext import Application, CallbackContext

from bot.house import House
from bot.messages import Messages
from bot.settings import TelegramSettings
from bot.telegram.access import Access
from bot.telegram.answers import Answers
from bot.telegram.desk import Desk
from bot.telegram.feedback import Feedback
from bot.telegram.metrics import Metrics
from bot.telegram.outbox import Outbox
from bot.telegram.patience import Patience
from bot.telegram.people import People
from bot.telegram.request import AiohttpRequest
from bot.telegram.voices import Voices

Telegram = Application[Any, Any, Any, Any, Any, Any]
"""python-telegram-bot's application, with any context."""
Context = CallbackContext[Any, Any, Any, Any]
"""What python-telegram-bot hands to a handler beside the update."""


class Parts(NamedTuple):
    """What handlers need: who answers, what sends, what waits, what is kept, what is said, who may do what."""

    house: House
    desk: Desk
    outbox: Outbox
    patience: Patience
    answers: Answers
    people: People
    feedback: Feedback
    access: Access
    voices: Voices
    metrics: Metrics
    request: AiohttpRequest
    bot: Bot

    @property
    def settings(self) -> TelegramSettings:
        """The settings of the Telegram side."""
        return self.house.settings.values.telegram

    @property
    def me(self) -> User:
        """The bot's own account."""
        return self.bot.bot

    async def messages(self, update: Update) -> Messages:
        """The messages in the language of who sent an update: the one they chose, else a group's, else Telegram's."""
        return self.voices.of(await self.language(update.effective_user, update.effective_chat))

    async def language(self, user: User | None, chat: Chat | None = None) -> str | None:
        """The code of the language to speak to a user in a chat."""
        if chat is not None and chat.type != Chat.PRIVATE:
            chosen = (await self.people.chat(chat.id)).language
            if chosen:
                return chosen
        if user is None:
            return None
        return (await self.people.person(user.id)).language or user.language_code

    def is_admin(self, user: User | None) -> bool:
        """Whether a user may feed the library."""
        return user is not None and self.access.is_admin(user.id, user.username)
