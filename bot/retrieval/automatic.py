"""The engine that chooses itself: in memory while the library is small, on disk from some size on."""

import logging
import threading
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from typing import Protocol

from bot.errors import LibraryError
from bot.retrieval.engine import Engine, Hit, Statistics, TermCount

MOST_SENTENCES = 10_000
"""Of a library that is searched in memory. Here memory still saves a quarter of a millisecond a search and costs every
process a seventh of a second's load and 30 MB, which grow with the library; at 30,000 it saves nothing any more
(tests.benchmarks.crossover). Smaller libraries need nothing kept beside them."""
FLAG, ON_DISK = "engine", "disk"
"""The library's flag that says that it was moved to the disk, so that it is told once."""

_log = logging.getLogger(__name__)

Maker = Callable[[], Engine]


class Sized(Protocol):
    """What choosing needs of a library."""

    def last_change(self) -> int:
        """The number of the last change."""

    def statistics(self) -> Statistics:
        """The library's totals."""

    def flag(self, name: str) -> str | None:
        """What is kept under this name; None when nothing."""

    def set_flag(self, name: str, value: str) -> None:
        """Keep a value under a name. Raises LibraryError where nothing can be written."""


class AutomaticEngine:
    """Searches in memory or on disk, by the library's size; once on disk it stays there while the process runs.

    Threads may share it.
    """

    def __init__(self, library: Sized, *, memory: Maker, disk: Maker, most_sentences: int = MOST_SENTENCES) -> None:
        """`memory` and `disk` make the engines; each is made when it is first needed."""
        self._library = library
        self._memory = memory
        self._disk = disk
        self._most = most_sentences
        self._engine: Engine | None = None
        self._on_disk = False
        self._looked_at = 0
        self._choosing = threading.Lock()
        self._looking = threading.Lock()
        self._moving: threading.Thread | None = None
        self.moved = False
        """Whether this library was moved to the disk by this process, the first time of all."""

    @property
    def is_on_disk(self) -> bool:
        """Whether the library is searched on disk, or would be."""
        return self._on_disk or (self._engine is None and self._is_large())

    def refresh(self) -> None:
        """Take up what has changed; a library that has grown is moved to the disk while memory still answers."""
        engine = self._chosen()
        with self._looking:
            if not self._on_disk and self._moving is None and self._has_grown():
                self._moving = threading.Thread(target=self._move_aside, name="moving to disk", daemon=True)
                self._moving.start()
        engine.refresh()

    def catch_up(self) -> None:
        """Return when all that the library held at the call is found. In a small library that is for whoever asks: a
        process reads it into its memory then."""
        moving = self._moving
        if moving is not None:
            moving.join()
        if self._engine is None and not self._is_large():
            return
        if self._engine is not None and not self._on_disk and self._is_large():
            with self._choosing:
                self._move()
        self._chosen().catch_up()

    def search(self, terms: Sequence[str], *, limit: int, within: Collection[int] | None = None) -> list[Hit]:
        """At most `limit` hits by falling score; ties go by source, then start."""
        return self._chosen().search(terms, limit=limit, within=within)

    def count(self, terms: Sequence[str]) -> list[TermCount]:
        """How common each term is, in the order given."""
        return self._chosen().count(terms)

    def statistics(self) -> Statistics:
        """The totals that the counts are shares of."""
        return self._chosen().statistics()

    def held(self, terms: Collection[str]) -> set[str]:
        """Those of the terms that some sentence of the library holds."""
        return self._chosen().held(terms)

    def starting(self, prefixes: Collection[str]) -> list[str]:
        """The library's terms that start with one of the prefixes."""
        return self._chosen().starting(prefixes)

    def together(self, terms: Sequence[str], others: Sequence[str]) -> list[float]:
        """How far the `others` stand with each term (bot.retrieval.engine.Engine)."""
        return self._chosen().together(terms, others)

    def vouch(self) -> None:
        """Return where what is not found is not there. Raises UnavailableError while changes cannot be taken up."""
        self._chosen().vouch()

    def close(self) -> None:
        """Let go of files and memory."""
        moving, self._moving = self._moving, None
        if moving is not None:
            moving.join()
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.close()

    def _chosen(self) -> Engine:
        engine = self._engine
        if engine is None:
            with self._choosing:
                engine = self._engine
                if engine is None:
                    if self._is_large():
                        return self._move()
                    engine = self._engine = self._memory()
        return engine

    def _is_large(self) -> bool:
        return self._library.statistics().sentences > self._most

    def _has_grown(self) -> bool:
        """Whether the library is too large for memory now; it is looked at when it has changed."""
        last = self._library.last_change()
        if last == self._looked_at:
            return False
        self._looked_at = last
        return self._is_large()

    def _move(self) -> Engine:
        """The disk engine in the place of whatever was there, when it has everything."""
        engine = self._disk()
        engine.catch_up()
        self._engine, self._on_disk = engine, True  # questions under way keep the one that they began with
        if self._library.flag(FLAG) != ON_DISK:
            with suppress(LibraryError):  # a library that may only be read
                self._library.set_flag(FLAG, ON_DISK)
            self.moved = True
            _log.info("the library has outgrown memory and is searched on disk: sentences=%d", self._most)
        return engine

    def _move_aside(self) -> None:
        try:
            with self._choosing:
                self._move()
        except LibraryError as error:
            _log.error("the library stays in memory: %s", error)
        finally:
            self._moving = None
