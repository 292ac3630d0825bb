"""Waiting for something to become true, without sleeping."""

import asyncio
from collections.abc import Callable


class Signal:
    """Whoever changes the state says so; whoever waits looks again."""

    def __init__(self) -> None:
        self._watchers: list[tuple[Callable[[], bool], asyncio.Future[None]]] = []

    def changed(self) -> None:
        """Let every watcher look at its condition."""
        for condition, future in self._watchers:
            if not future.done() and condition():
                future.set_result(None)

    async def until(self, condition: Callable[[], bool], *, timeout_seconds: float) -> None:
        """Return when the condition holds.

        Raises:
            TimeoutError: it did not within the time.
        """
        if condition():
            return
        watcher = (condition, asyncio.get_running_loop().create_future())
        self._watchers.append(watcher)
        try:
            await asyncio.wait_for(watcher[1], timeout_seconds)
        finally:
            self._watchers.remove(watcher)
