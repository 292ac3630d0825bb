"""The outbox: what leaves for Telegram, at its pace, tried again where that repeats nothing."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, TypeVar

from telegram import (
    Bot,
    CallbackQuery,
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    LinkPreviewOptions,
    Message,
    Update,
)
from telegram.constants import ChatAction, ChatMemberStatus, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, TelegramError

from bot.errors import LibraryError
from bot.storage.store import Connection
from bot.telegram.answers import placing
from bot.telegram.html import Html, cut
from bot.telegram.journal import ClaimLostError, Journal
from bot.telegram.keyboards import Keyboard, keyboard_json
from bot.telegram.limiter import Limiter
from bot.telegram.metrics import Metrics
from bot.telegram.patience import AWAY, pause_after
from bot.telegram.request import AiohttpRequest, Fields, FloodError, UnknownOutcomeError, UnknownOutcomeTimeoutError
from bot.telegram.writer import Writer

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 15.0
EDIT_ATTEMPTS = 6
LONGEST_HINT = 60
LATE_TYPING_SECONDS = 0.5
BUSY = 50
"""With more updates under way than this, answers go first and nobody is shown that they are being written."""
UNAUTHORIZED = "Unauthorized"
UNKNOWN = (UnknownOutcomeError, UnknownOutcomeTimeoutError)
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

_log = logging.getLogger(__name__)

T = TypeVar("T")
Note = Callable[[Connection], None]


class Outbox:
    """Sends and edits for one bot.

    `refused` is set when Telegram does not take its token any more; `under_way` tells how many updates are.
    """

    def __init__(
        self,
        bot: Bot,
        request: AiohttpRequest,
        limiter: Limiter,
        journal: Journal,
        writer: Writer,
        metrics: Metrics,
    ) -> None:
        self._bot = bot
        self._request = request
        self._limiter = limiter
        self._journal = journal
        self._writer = writer
        self._metrics = metrics
        self.refused = asyncio.Event()
        self.under_way: Callable[[], int] = lambda: 0

    async def reply(
        self,
        update: Update,
        text: Html,
        *,
        keyboard: Keyboard = (),
        note: Note | None = None,
        kept: str | None = None,
        final: bool = True,
    ) -> int | None:
        """Answer an update's message, once; the number of the sent message, None when it could not be delivered.

        `note` is written in the same transaction that says that the answer leaves; `kept` is the id of the answer
        that the message then holds. A reply that is not `final` leaves the update to be handled again after a restart.
        Raises what Telegram refuses, ClaimLostError when another process answers the update by now.
        """
        chat = update.effective_chat
        if chat is None:
            return None
        fields = _fields(text, keyboard) | _place(update.effective_message)

        async def send(chat_id: int) -> int:
            if not await self._writer.run(lambda connection: self._leaving(connection, update.update_id, note)):
                raise ClaimLostError("another process answers this by now")
            try:
                sent = await self._call("sendMessage", fields | {"chat_id": str(chat_id)})
            except UNKNOWN:
                raise
            except TelegramError:
                await self._journal.pending(update.update_id)
                raise
            return int(sent["message_id"])

        while True:
            try:
                number = await self._carried_out(chat.id, "sendMessage", send)
            except UNKNOWN:
                self._metrics.unknown.inc()
                if await _written(lambda: self._journal.unknown(update.update_id)):
                    continue
                await _written(lambda: self._journal.lost(update.update_id))
                return None
            break
        await _written(lambda: self._sent(update.update_id, number, kept, final=final))
        return number

    def _leaving(self, connection: Connection, update_id: int, note: Note | None) -> bool:
        """Whether an update's answer may leave; it is noted that it does, and `note`."""
        if not self._journal.sending(connection, update_id):
            return False
        if note is not None:
            note(connection)
        return True

    async def _sent(self, update_id: int, number: int, kept: str | None, *, final: bool) -> None:
        """Note that an update's answer has arrived."""
        if final:
            await self._journal.answered(update_id, placing(kept, number) if kept else None)
        else:
            await self._journal.pending(update_id)

    async def notify(self, chat: int, text: Html, *, under: Message | None = None) -> None:
        """Tell a chat something that answers no update, once, or something under a message of it; if that fails, it
        fails quietly."""
        try:
            await self._limiter.turn(chat)
            await self._call("sendMessage", _fields(text, ()) | {"chat_id": str(chat)} | _place(under))
        except TelegramError as error:
            self._metrics.failed_sends.labels(type(error).__name__).inc()

    async def edit(self, chat: int, message: int, text: Html, *, keyboard: Keyboard = ()) -> None:
        """Put a new text in the place of a message's. Raises what Telegram refuses."""
        fields = _fields(text, keyboard) | {"message_id": str(message)}

        async def change(chat_id: int) -> object:
            return await self._call("editMessageText", fields | {"chat_id": str(chat_id)})

        await self._harmless(chat, "editMessageText", change)

    async def edit_inline(self, inline_message: str, text: Html, *, keyboard: Keyboard = ()) -> None:
        """Put a new text in the place of that of a message that was sent inline."""
        fields = _fields(text, keyboard) | {"inline_message_id": inline_message}

        async def change(_: int) -> object:
            return await self._call("editMessageText", fields)

        await self._harmless(0, "editMessageText", change)

    async def acknowledge(self, query: CallbackQuery, text: str = "", *, alert: bool = False) -> None:
        """Answer a pressed button, with a notice where there is something to say; one that is too old is let be."""
        try:
            await self._bot.answer_callback_query(query.id, text or None, show_alert=alert)
        except TelegramError as error:
            if isinstance(error, InvalidToken):
                raise
            self._metrics.failed_sends.labels(type(error).__name__).inc()

    async def offer(self, query: InlineQuery, results: Sequence[InlineQueryResultArticle], **options: Any) -> None:
        """Answer an inline query; one that is too old is let be."""
        try:
            await self._bot.answer_inline_query(query.id, results, is_personal=True, **options)
        except TelegramError as error:
            if isinstance(error, InvalidToken):
                raise
            self._metrics.failed_sends.labels(type(error).__name__).inc()

    async def hint(self, query: InlineQuery, words: str) -> None:
        """Answer an inline query with a sentence in the place of results; pressing it leads to the bot."""
        button = InlineQueryResultsButton(cut(words, LONGEST_HINT), start_parameter="inline")
        await self.offer(query, [], button=button, cache_time=0)

    async def is_chat_admin(self, chat: int, user: int) -> bool:
        """Whether a user is an admin of a group; False where Telegram does not tell."""
        try:
            member = await self._bot.get_chat_member(chat, user)
        except TelegramError as error:
            if isinstance(error, InvalidToken):
                raise
            return False
        return member.status in (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)

    async def with_typing(self, update: Update, work: Coroutine[Any, Any, T]) -> T:
        """What some work returns; while it lasts, the chat shows that somebody writes."""
        typing = asyncio.create_task(self._type(update))
        try:
            result = await work
            # An action that arrives behind the answer would stay: let the one that is on its way come first.
            if not typing.done():
                await asyncio.wait({typing}, timeout=LATE_TYPING_SECONDS)
            return result
        finally:
            typing.cancel()

    async def _type(self, update: Update) -> None:
        """Show "typing" for the five seconds that Telegram shows it; if that fails, it fails quietly."""
        chat, thread = update.effective_chat, _topic(update.effective_message)
        if chat is None or self.under_way() > BUSY:
            return
        try:
            await self._call("sendChatAction", {"chat_id": str(chat.id), "action": ChatAction.TYPING} | thread)
        except TelegramError as error:
            self._metrics.failed_sends.labels(type(error).__name__).inc()

    async def _call(self, method: str, fields: dict[str, str]) -> Any:
        """The result of a call as it came: making python-telegram-bot's objects of it takes longer than the rest."""
        return await self._request.post(f"{self._bot.base_url}/{method}", Fields(fields))

    async def _harmless(self, chat: int, method: str, call: Callable[[int], Awaitable[object]]) -> None:
        """Carry out a call that may be repeated; one that would change nothing is done already."""
        for attempt in range(EDIT_ATTEMPTS):
            try:
                await self._carried_out(chat, method, call)
            except UNKNOWN:
                if attempt == EDIT_ATTEMPTS - 1:
                    raise
            except BadRequest as error:
                if "not modified" not in str(error):
                    raise
                return
            else:
                return

    async def _carried_out(self, chat: int, method: str, call: Callable[[int], Awaitable[T]]) -> T:
        """What a call returned, tried until Telegram took or refused it.

        Raises UNKNOWN errors when it may have been carried out, TelegramError when it was refused.
        """
        failures = 0
        while True:
            self._metrics.send_wait.observe(await self._limiter.turn(chat))
            try:
                result = await call(chat)
            except FloodError as error:
                self._limiter.hold(chat, error.wait_seconds)
                self._metrics.retries.labels("flood").inc()
            except ChatMigrated as error:
                chat = error.new_chat_id
            except InvalidToken as error:
                if str(error) == UNAUTHORIZED:  # a method that an old server lacks is a 404, and no fault of the token
                    self.refused.set()
                raise
            except (BadRequest, Forbidden, *UNKNOWN):
                raise
            except NetworkError as error:
                failures += 1
                self._metrics.retries.labels(type(error).__name__).inc()
                await asyncio.sleep(_pause(failures))
            else:
                self._metrics.sends.labels(method).inc()
                return result


async def _written(note: Callable[[], Awaitable[T]]) -> T | None:
    """What a note of a send's outcome returned. A store that is away is waited for, so that nothing is sent again for
    want of the note; None where it cannot be written at all: the next start takes the outcome for unknown."""
    failures = 0
    while True:
        try:
            return await note()
        except AWAY as error:
            failures += 1
            _log.warning("outcome not noted yet: cause=%s", type(error).__name__)
            await asyncio.sleep(pause_after(failures))
        except LibraryError as error:
            _log.error("outcome not noted: cause=%s", type(error).__name__)
            return None


def _fields(text: Html, keyboard: Keyboard) -> dict[str, str]:
    """A text with its buttons as fields of a call."""
    fields = {"text": text.markup, "parse_mode": ParseMode.HTML.value, "link_preview_options": NO_PREVIEW.to_json()}
    return fields | ({"reply_markup": keyboard_json(keyboard)} if keyboard else {})


def _place(message: Message | None) -> dict[str, str]:
    """Where the answer to a message goes: under it, in its topic."""
    if message is None:
        return {}
    reply = f'{{"message_id":{message.message_id},"allow_sending_without_reply":true}}'
    return {"reply_parameters": reply} | _topic(message)


def _topic(message: Message | None) -> dict[str, str]:
    """The topic in which a message stands."""
    if message is None or not message.is_topic_message or message.message_thread_id is None:
        return {}
    return {"message_thread_id": str(message.message_thread_id)}


def _pause(failures: int) -> float:
    """How long to wait after so many failures in a row: longer each time, and never all at the same moment."""
    longest: float = min(FIRST_PAUSE_SECONDS * 2 ** min(failures, 10), LONGEST_PAUSE_SECONDS)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - no secret hangs on it
