"""Handling: between the journal and the handlers: an entry becomes an update, and is done when its handler is."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from telegram import Update

from bot.errors import LibraryError
from bot.telegram.entry import Entry
from bot.telegram.failure import place_of
from bot.telegram.fleet import BEAT_SECONDS
from bot.telegram.journal import Journal, Left
from bot.telegram.lanes import Lanes
from bot.telegram.metrics import Metrics
from bot.telegram.outbox import Outbox
from bot.telegram.parts import Telegram
from bot.telegram.patience import LONGEST_PAUSE_SECONDS, Patience

MOST_AT_ONCE = 512
"""Chats whose updates are handled at the same time; what waits for Telegram's limits takes a place, too."""
MOST_WAITING = 5_000
"""So many updates wait in memory before no more are taken from Telegram."""

_log = logging.getLogger(__name__)


class Handling:
    """Takes updates in, and hands them to python-telegram-bot's handlers in the order of their chats."""

    def __init__(
        self, application: Telegram, journal: Journal, outbox: Outbox, metrics: Metrics, patience: Patience
    ) -> None:
        self._application = application
        self._journal = journal
        self._outbox = outbox
        self._metrics = metrics
        self._patience = patience
        self._lanes = Lanes(self._handle, most_at_once=MOST_AT_ONCE, most_waiting=MOST_WAITING)
        self._typed: dict[int, int] = {}
        metrics.queue.set_function(lambda: self._lanes.waiting)
        outbox.under_way = lambda: self._lanes.waiting

    async def take_up(self) -> tuple[int, int]:
        """Queue what an earlier process left; how many updates that are, and how many unknown outcomes it left."""
        left = await self._journal.left()
        self._take(left)
        return len(left.entries), left.unknown

    async def keep_up(self) -> None:
        """Tell the other processes that this one lives, and answer what dead ones left; cancel it to stop."""
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            try:
                left = await self._journal.beat()
            except LibraryError as error:
                _log.error("no heartbeat: cause=%s", type(error).__name__)
                continue
            self._take(left)
            if left.entries:
                _log.info("taken over: updates=%d unknown=%d", len(left.entries), left.unknown)

    def _take(self, left: Left) -> None:
        """Queue what other processes left."""
        self._metrics.unknown.inc(left.unknown)
        for entry in left.entries:
            self._patience.quietly(entry.update_id)
            self._lanes.put(entry)

    async def receive(self, updates: Sequence[Mapping[str, Any]]) -> None:
        """Write updates down and queue the new ones; returns when they are safe and there is room for more."""
        received = await self._journal.receive(updates)
        self._metrics.repeated.inc(len(updates) - len(received.new))
        for entry in received.new:
            self._metrics.updates.labels(_kind(entry.update)).inc()
        for entry in received.entries:
            if "inline_query" in entry.update:
                self._typed[entry.lane] = entry.update_id
            self._lanes.put(entry)
        await self._lanes.room()

    def _is_outdated(self, entry: Entry) -> bool:
        """Whether an inline query is an earlier letter of one that its sender has typed on since."""
        if "inline_query" not in entry.update:
            return False
        if self._typed.get(entry.lane) == entry.update_id:
            del self._typed[entry.lane]
            return False
        return entry.lane in self._typed

    async def drain(self, *, seconds: float) -> int:
        """Finish what is under way; how many updates wait in the journal, for another process or the next start."""
        self._journal.close()
        return await self._lanes.drain(seconds=seconds)

    async def leave(self) -> None:
        """Leave what is not done to the other processes."""
        try:
            await self._journal.release()
        except LibraryError as error:  # they find out by themselves, a little later
            _log.error("claims not released: cause=%s", type(error).__name__)

    async def _handle(self, entry: Entry) -> float:
        """Answer one update; 0 when it is done, which it is whatever happens, unless Telegram refuses the whole bot, or
        else in how many seconds it is due again: what it needs is away."""
        if self._is_outdated(entry):
            await self._done(entry)
            return 0.0
        try:
            content = await self._journal.content(entry.update_id) if entry.is_parked else entry.update
        except LibraryError as error:
            _log.error("journal cannot be read: cause=%s", type(error).__name__)
            return LONGEST_PAUSE_SECONDS
        if content is not None:
            await self._answer(content)
        pause = self._patience.pause(entry.update_id)
        if not pause and not self._outbox.refused.is_set():
            await self._done(entry)
        return pause

    async def _answer(self, content: Mapping[str, Any]) -> None:
        try:
            update = Update.de_json(dict(content), self._application.bot)
        except Exception as error:  # Telegram may send what this version cannot read
            self._metrics.malformed.inc()
            _log.warning("update cannot be read: kind=%s at=%s", type(error).__name__, place_of(error))
        else:
            await self._process(update)

    async def _done(self, entry: Entry) -> None:
        try:
            await self._journal.done(entry.update_id)
            self._take(await self._journal.found())
        except LibraryError as error:  # the lane goes on; the next start finds the update and handles it again
            _log.error("journal cannot be written: cause=%s", type(error).__name__)

    async def _process(self, update: Update) -> None:
        try:
            await self._application.process_update(update)
        except Exception as error:  # the error handler itself failed; the lane must go on
            _log.error("update failed twice: kind=%s at=%s", type(error).__name__, place_of(error))


def _kind(update: Mapping[str, Any]) -> str:
    """What sort of update it is; "other" for sorts that are not asked for, so that nobody can invent labels."""
    kinds = ("message", "edited_message", "callback_query", "inline_query", "chosen_inline_result", "my_chat_member")
    return next((kind for kind in kinds if kind in update), "other")
