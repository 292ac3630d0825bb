"""Failures: an update that ended in an error gets one plain sentence, and the log its kind and place alone."""

import logging
import time

from telegram import Update
from telegram.error import Forbidden, InvalidToken, TelegramError
from telegram.ext import ApplicationHandlerStop

from bot.errors import LibraryError, VerbatimError
from bot.messages import Messages
from bot.telegram import html
from bot.telegram.failure import kind_of, place_of
from bot.telegram.journal import ClaimLostError
from bot.telegram.parts import Context, Parts
from bot.telegram.patience import AWAY

REPORT_SECONDS = 3600.0

_log = logging.getLogger(__name__)


class Failures:
    """Tells a user that something went wrong, without saying more than helps."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._reported: dict[str, float] = {}

    async def handle(self, update: object, context: Context) -> None:
        """One plain sentence to who asked; kind and place to the log. Raises ApplicationHandlerStop always: what an
        earlier handler failed to let through must not reach a later one."""
        error = context.error
        if error is None:
            return
        if isinstance(error, ClaimLostError):  # the other process tells what there is to tell
            _log.warning("update was taken over: at=%s", place_of(error))
            raise ApplicationHandlerStop
        self._parts.metrics.errors.labels(kind_of(error)).inc()
        _log.error("update failed: kind=%s at=%s", kind_of(error), place_of(error))
        try:
            if isinstance(update, Update) and not isinstance(error, InvalidToken):
                await self._tell(update, error)
        except (TelegramError, VerbatimError) as second:
            _log.error("the user could not be told: kind=%s", type(second).__name__)
        raise ApplicationHandlerStop

    async def _tell(self, update: Update, error: Exception) -> None:
        """Tell who sent an update, and the admins, what becomes of it."""
        if isinstance(error, Forbidden):
            await self._shut_out(update)
            return
        await self._report(kind_of(error), place_of(error))
        message, away = update.effective_message, isinstance(error, AWAY)
        if away and (update.message or update.edited_message) and message is not None:
            if self._parts.patience.again(update.update_id):
                words = (await self._messages(update)).text("telegram.kept_waiting")
                await self._parts.outbox.notify(message.chat.id, html.plain(words), under=message)
            return
        words = (await self._messages(update)).text("telegram.unavailable" if away else "telegram.failed")
        if update.callback_query is not None:
            await self._parts.outbox.acknowledge(update.callback_query, words, alert=True)
        elif update.inline_query is None and message is not None:
            await self._parts.outbox.reply(update, html.plain(words))

    async def _messages(self, update: Update) -> Messages:
        """The messages in the sender's language; in Telegram's for them where what they chose cannot be looked up."""
        try:
            return await self._parts.messages(update)
        except LibraryError:
            user = update.effective_user
            return self._parts.voices.of(user.language_code if user else None)

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
