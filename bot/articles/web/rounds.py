"""Rounds: addresses are asked time and again from a thread of their own, so that nothing else waits for them."""

import threading
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue

from bot.articles.summary import Summary

Round = Callable[[], Summary]
"""Asks all addresses once."""


class Rounds:
    """Makes a round, waits, and makes the next, until `stop` is set; use it as a context manager.

    `hurry` lets a round that is under way end soon.
    """

    def __init__(self, make: Round, *, every_seconds: float, stop: threading.Event, hurry: Callable[[], None]) -> None:
        self._make = make
        self._every_seconds = every_seconds
        self._stop = stop
        self._hurry = hurry
        self._done: SimpleQueue[Summary | Exception] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="rounds", daemon=True)

    def done(self) -> Iterator[Summary]:
        """What the rounds did that were ended since the last time. Raises what a round raised: it was the last."""
        while True:
            try:
                result = self._done.get_nowait()
            except Empty:
                return
            if isinstance(result, Exception):
                raise result
            yield result

    def __enter__(self) -> "Rounds":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._hurry()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                self._done.put(self._make())
                self._stop.wait(self._every_seconds)
        except Exception as error:
            self._done.put(error)
