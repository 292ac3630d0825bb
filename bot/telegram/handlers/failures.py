"""Failures: an update that ended in an error gets one plain sentence, and the log its kind and place alone."""

import logging
import time

from telegram import Update
from telegram.error import Forbidden, InvalidToken, TelegramError

from bot.errors import UnavailableError
from bot.telegram import html
from bot.telegram.failure import place_of
from bot.telegram.parts import Context, Parts

REPORT_SECONDS = 3600.0

_log = logging.getLogger(__name__)


class Failures:
    """Tells a user that something went wrong, without saying more than helps."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._reported: dict[str, float] = {}

    async def handle(self, update: object, context: Context) -> None:
        """One plain sentence to who asked; kind and place to the log."""
        error = context.error
        if error is None:
            return
        self._parts.metrics.errors.labels(type(error).__name__).inc()
        _log.error("update failed: kind=%s at=%s", type(error).__name__, place_of(error))
        if isinstance(error, InvalidToken) or not isinstance(update, Update):
            return
        if isinstance(error, Forbidden):
            await self._shut_out(update)
            return
        await self._report(type(error).__name__, place_of(error))
        messages = await self._parts.messages(update)
        key = "telegram.unavailable" if isinstance(error, UnavailableError) else "telegram.failed"
        try:
            if update.callback_query is not None:
                await self._parts.outbox.acknowledge(update.callback_query, messages.text(key), alert=True)
            elif update.inline_query is None and update.effective_message is not None:
                await self._parts.outbox.reply(update, html.plain(messages.text(key)))
        except TelegramError as second:
            _log.error("the user could not be told: kind=%s", type(second).__name__)

    async def _report(self, kind: str, place: str) -> None:
        """Tell the admins what failed and where, each thing once an hour; nothing of whose update it was."""
        now, what = time.monotonic(), f"{kind} {place}"
        if now - self._reported.get(what, -REPORT_SECONDS) < REPORT_SECONDS:
            return
        self._reported[what] = now
        for admin in self._parts.settings.admins:
            if admin.isdecimal():
                person = await self._parts.people.person(int(admin))
                words = self._parts.voices.of(person.language).text("telegram.error_report", kind=kind, place=place)
                await self._parts.outbox.notify(int(admin), html.plain(words))

    async def _shut_out(self, update: Update) -> None:
        """Remember that a user blocked the bot: nothing more is sent until they let it back in."""
        user, chat = update.effective_user, update.effective_chat
        if user is not None and chat is not None and chat.id == user.id:
            await self._parts.people.set_blocked(user.id, True)
