"""The lanes: updates of one chat are handled one after the other, those of different chats side by side."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from bot.telegram.journal import Entry

Handle = Callable[[Entry], Awaitable[None]]


class Lanes:
    """Hands entries to `handle`, at most `most_at_once` lanes at a time; `handle` must not raise."""

    def __init__(self, handle: Handle, *, most_at_once: int, most_waiting: int) -> None:
        self._handle = handle
        self._free = asyncio.Semaphore(most_at_once)
        self._most_waiting = most_waiting
        self._lanes: dict[int, deque[Entry]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting = 0
        self._room = asyncio.Event()
        self._room.set()
        self._stopped = False

    @property
    def waiting(self) -> int:
        """How many entries are not done yet."""
        return self._waiting

    def put(self, entry: Entry) -> None:
        """Queue an entry behind those of its lane."""
        self._waiting += 1
        if self._waiting >= self._most_waiting:
            self._room.clear()
        lane = self._lanes.get(entry.lane)
        if lane is not None:
            lane.append(entry)
            return
        self._lanes[entry.lane] = deque((entry,))
        task = asyncio.create_task(self._run(entry.lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def room(self) -> None:
        """Return when few enough entries wait for more to be taken in."""
        await self._room.wait()

    async def drain(self, *, seconds: float) -> int:
        """Finish what is under way, start nothing that waits behind it; how many entries were left undone."""
        self._stopped = True
        if self._tasks:
            _, pending = await asyncio.wait(self._tasks, timeout=seconds)
            for task in pending:
                task.cancel()
            await asyncio.gather(*pending, return_exceptions=True)
        return self._waiting

    async def _run(self, number: int) -> None:
        lane = self._lanes[number]
        try:
            while lane and not self._stopped:
                async with self._free:
                    await self._handle(lane[0])
                lane.popleft()
                self._waiting -= 1
                if self._waiting < self._most_waiting:
                    self._room.set()
        finally:
            del self._lanes[number]
