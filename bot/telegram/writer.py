"""The writer: one thread that works on the tables; what waits for it meanwhile shares a transaction."""

import asyncio
import queue
import threading
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from bot.errors import LibraryAwayError
from bot.storage.store import Connection, Store

MOST_AT_ONCE = 256
"""So many operations share a transaction at most: one commit for all of them."""

T = TypeVar("T")
Operation = Callable[[Connection], Any]


class _Job(NamedTuple):
    operation: Operation
    future: "asyncio.Future[Any]"


class Writer:
    """Runs operations on a store in the order in which they are given; each is kept for good once it has returned."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._work, name="telegram-writer", daemon=True)
        self._thread.start()

    async def run(self, operation: Callable[[Connection], T]) -> T:
        """What the operation returned, after it was committed. Raises what it raised, or LibraryError."""
        future: asyncio.Future[T] = self._loop.create_future()
        self._jobs.put(_Job(operation, future))
        return await future

    def waiting(self) -> int:
        """How many operations wait."""
        return self._jobs.qsize()

    async def close(self) -> None:
        """End the thread when all is written, and close the store."""
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)
        self._store.close()

    def _work(self) -> None:
        ended = False
        while not ended:
            batch: list[_Job] = []
            job = self._jobs.get()
            while job is not None:
                batch.append(job)
                if len(batch) == MOST_AT_ONCE or self._jobs.empty():
                    break
                job = self._jobs.get()
            ended = job is None
            if batch:
                self._tell(self._together(batch) or [self._alone(one) for one in batch])

    def _together(self, batch: list[_Job]) -> "list[tuple[_Job, Any, BaseException | None]]":
        """What came of operations in one transaction; empty when one of them failed and nothing was kept."""
        try:
            with self._store.writing() as connection:
                return [(job, job.operation(connection), None) for job in batch]
        except LibraryAwayError as error:  # each alone would wait as long for nothing
            return [(job, None, error) for job in batch]
        except Exception:  # which of them it was shows when each runs alone
            return []

    def _alone(self, job: _Job) -> "tuple[_Job, Any, BaseException | None]":
        try:
            with self._store.writing() as connection:
                result = job.operation(connection)
        except Exception as error:  # it belongs to whoever waits for the operation
            return job, None, error
        return job, result, None

    def _tell(self, outcomes: "list[tuple[_Job, Any, BaseException | None]]") -> None:
        self._loop.call_soon_threadsafe(_resolve, outcomes)


def _resolve(outcomes: "list[tuple[_Job, Any, BaseException | None]]") -> None:
    for job, result, error in outcomes:
        if job.future.done():
            continue
        if error is not None:
            job.future.set_exception(error)
        else:
            job.future.set_result(result)
