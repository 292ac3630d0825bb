"""The election: work that one process of the fleet does at a time, while the others stand by to take it over."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from bot.errors import LibraryError
from bot.storage.lease import Lease
from bot.telegram.fleet import BEAT_SECONDS

_log = logging.getLogger(__name__)


class Election:
    """Does some work as long as a lease is held; `stood_by` is called each time that another process has it."""

    def __init__(self, lease: Lease, *, stood_by: Callable[[], None] = lambda: None) -> None:
        self._lease = lease
        self._stood_by = stood_by

    async def run(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Stand by, and work when elected, until cancelled. Raises what the work raises."""
        while True:
            if await self.stand():
                await self._working(work)
            else:
                self._stood_by()
                await asyncio.sleep(BEAT_SECONDS)

    async def _working(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        task = asyncio.create_task(work())
        try:
            while not task.done() and self._lease.holds():
                await asyncio.wait({task}, timeout=BEAT_SECONDS)
                if not task.done() and not await self.stand() and not self._lease.holds():
                    _log.warning("another process takes over what this one did alone")
            if task.done():
                task.result()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    @property
    def is_elected(self) -> bool:
        """Whether this process is the one, as far as it knows."""
        return self._lease.holds()

    async def stand(self) -> bool:
        """Whether this process is elected, or still is."""
        try:
            return await asyncio.to_thread(self._lease.take)
        except LibraryError as error:
            _log.error("no election: cause=%s", type(error).__name__)
            return False
