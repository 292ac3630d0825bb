"""The lanes: updates of one chat are handled one after the other, those of different chats side by side.

However much one chat sends, it fills no room that the others need: of a long lane the head alone is kept in memory, the
rest waits in the journal. Pressed buttons and what is typed inline have lanes of their own: Telegram lets them expire
within seconds, and they follow from no message that still waits.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress

from bot.telegram.entry import Entry

Handle = Callable[[Entry], Awaitable[float]]
"""Handles an entry; in how many seconds it is to be handled again, 0 when it is done."""
URGENT = frozenset(("callback_query", "inline_query", "chosen_inline_result"))
MOST_IN_LANE = 100
"""Entries of one lane that are kept in memory."""

_Key = tuple[int, bool]


class Lanes:
    """Hands entries to `handle`, at most `most_at_once` lanes at a time; `handle` must not raise."""

    def __init__(self, handle: Handle, *, most_at_once: int, most_waiting: int) -> None:
        self._handle = handle
        self._free = asyncio.Semaphore(most_at_once)
        self._most_waiting = most_waiting
        self._lanes: dict[_Key, deque[Entry]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting = 0
        self._kept = 0
        self._room = asyncio.Event()
        self._room.set()
        self._stopped = asyncio.Event()

    @property
    def waiting(self) -> int:
        """How many entries are not done yet."""
        return self._waiting

    def put(self, entry: Entry) -> None:
        """Queue an entry behind those of its lane."""
        self._waiting += 1
        key = (entry.lane, not URGENT.isdisjoint(entry.update))
        lane = self._lanes.get(key)
        if lane is not None and len(lane) >= MOST_IN_LANE:
            lane.append(entry.parked())
            return
        self._kept += 1
        if self._kept >= self._most_waiting:
            self._room.clear()
        if lane is not None:
            lane.append(entry)
            return
        self._lanes[key] = deque((entry,))
        task = asyncio.create_task(self._run(key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def room(self) -> None:
        """Return when few enough entries wait for more to be taken in."""
        await self._room.wait()

    async def drain(self, *, seconds: float) -> int:
        """Finish what is under way, start nothing that waits behind it; how many entries were left undone."""
        self._stopped.set()
        if self._tasks:
            _, pending = await asyncio.wait(self._tasks, timeout=seconds)
            for task in pending:
                task.cancel()
            await asyncio.gather(*pending, return_exceptions=True)
        return self._waiting

    async def _run(self, key: _Key) -> None:
        lane = self._lanes[key]
        try:
            while lane and not self._stopped.is_set():
                async with self._free:
                    pause = await self._handle(lane[0])
                if pause:
                    await self._wait(pause)
                else:
                    self._finish(lane.popleft())
        finally:
            del self._lanes[key]

    def _finish(self, entry: Entry) -> None:
        self._waiting -= 1
        if not entry.is_parked:
            self._kept -= 1
        if self._kept < self._most_waiting:
            self._room.set()

    async def _wait(self, seconds: float) -> None:
        """Wait, at most until the lanes are stopped; meanwhile the lane takes no other's place."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopped.wait(), seconds)
