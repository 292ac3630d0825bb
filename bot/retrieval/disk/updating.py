"""Updating: the index follows the library's change log, and is built from it where it is lost or damaged."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Protocol
from uuid import uuid4

from bot.articles.article import StoredPassage
from bot.articles.change import ArticleChange
from bot.errors import LibraryError
from bot.retrieval.disk.damage import IndexDamagedError, IndexLockedError
from bot.retrieval.disk.folder import IndexFolder
from bot.retrieval.disk.forward import HEADER, PER_SENTENCE
from bot.retrieval.disk.index import BULK_HEAP_BYTES, HEAP_BYTES, IndexWriter, OpenIndex, Snapshot, State
from bot.retrieval.engine import Statistics

IDENTITY = "identity"
"""The flag that a library keeps its identity under."""

AT_ONCE = 2_000  # changes that are read together
COMMIT_SENTENCES = 200_000  # that are added between two commits: what is lost when the process is killed
MOST_SEGMENTS = 24  # beyond it an update waits until they are fewer
WASTE = 2.0  # times what the library needs, from which on a forward file is made anew
LEAST_WASTE = 1_000_000  # words; a smaller file is not worth it
BULK = 200  # changes from which on a writer gets more memory

_log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Told how many of how many articles are done."""


class ChangeSource(Protocol):
    """What following needs of a library."""

    def flag(self, name: str) -> str | None:
        """What is kept under this name; None when nothing."""

    def set_flag(self, name: str, value: str) -> None:
        """Keep a value under a name. Raises LibraryError where nothing can be written."""

    def last_change(self) -> int:
        """The number of the last change."""

    def logged(self, after: int, *, most: int) -> list[tuple[int, ArticleChange]]:
        """The first changes after a change that are each their article's last, with their numbers."""

    def changed_since(self, change: int) -> int:
        """How many articles were stored or removed since a change."""

    def passages_of(self, articles: Iterable[int]) -> Iterator[StoredPassage]:
        """The passages of these articles (by number), in order."""

    def statistics(self) -> Statistics:
        """The library's totals."""


def identity(source: ChangeSource) -> str:
    """What tells a library from every other one, whatever numbers its changes have; "" when nothing does."""
    known = source.flag(IDENTITY)
    if known is None:
        with suppress(LibraryError):  # one that may only be read
            source.set_flag(IDENTITY, uuid4().hex)
        known = source.flag(IDENTITY)
    return known or ""


def is_sound(source: ChangeSource, snapshot: Snapshot) -> bool:
    """Whether an index is no further than the library, and holds as many passages when it is as far."""
    last = source.last_change()
    if snapshot.state.change != last:
        return snapshot.state.change < last
    passages = source.statistics().passages
    return snapshot.passages == passages or source.last_change() != last


class Updater:
    """Brings the index in a folder to the library's last change; the caller holds the folder's lock."""

    def __init__(
        self,
        source: ChangeSource,
        folder: IndexFolder,
        progress: Progress | None = None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        """`stopped` is asked after each article whether the rest is left for another time."""
        self._source = source
        self._folder = folder
        self._progress = progress
        self._stopped = stopped

    def update(self, *, anew: bool = False, waiting: bool = True) -> None:
        """Apply what is not applied yet; build the index where there is none to be used, or `anew`.

        `waiting` is whether small segments are merged before it returns, however few they are. Raises LibraryError
        when the disk is full or cannot be written; what was applied before stays.
        """
        library = identity(self._source)
        if not anew:
            try:
                _, index = self._folder.open(library)
                snapshot = index.snapshot()
                if is_sound(self._source, snapshot) and not self._is_wasteful(snapshot.state):
                    self._follow(index, snapshot.state, waiting=waiting or snapshot.segments > MOST_SEGMENTS)
                    return
            except IndexDamagedError as error:
                if self._folder.path.exists() and self._folder.current() is not None:
                    _log.warning("the index is built anew: cause=%s", error)
        self._build(library)

    def _is_wasteful(self, state: State) -> bool:
        """Whether most records are of passages that are gone."""
        totals = self._source.statistics()
        needed = totals.terms + PER_SENTENCE * totals.sentences + HEADER * totals.passages
        return state.end > max(WASTE * needed, needed + LEAST_WASTE)

    def _build(self, library: str) -> None:
        generation, index = self._folder.fresh(library)
        self._apply(index, State(0, 0), every=None, waiting=True)
        if not self._stopped():
            self._folder.switch(generation)

    def _follow(self, index: OpenIndex, state: State, *, waiting: bool) -> None:
        if state.change < self._source.last_change():
            self._apply(index, state, every=COMMIT_SENTENCES, waiting=waiting)

    def _apply(self, index: OpenIndex, state: State, *, every: int | None, waiting: bool) -> None:
        """Apply all changes after the state's, with a commit after so many sentences, or only at the end."""
        total = self._source.changed_since(state.change)
        try:
            writer = index.writer(state.end, heap_bytes=BULK_HEAP_BYTES if total >= BULK else HEAP_BYTES)
        except IndexLockedError as error:
            raise IndexDamagedError(f"{self._folder.path}: somebody writes to it without the lock") from error
        try:
            self._write(writer, state.change, total, every)
        except BaseException:
            writer.close(merged=False)
            raise
        writer.close(merged=waiting)

    def _write(self, writer: IndexWriter, after: int, total: int, every: int | None) -> None:
        done = sentences = 0
        added: set[int] = set()
        while True:
            logged = self._source.logged(after, most=AT_ONCE)
            for number, change in logged:
                after = number
                # While an index is built there is nothing to delete but what changed again meanwhile.
                if every is not None or change.article in added:
                    writer.delete(change.article)
                if not change.removed:
                    sentences += sum(writer.add(passage) for passage in self._source.passages_of([change.article]))
                    added.add(change.article)
                done += 1
                if self._progress is not None:
                    self._progress(min(done, total), total)
                if self._stopped():
                    break
            complete = len(logged) < AT_ONCE or self._stopped()
            if complete or (every is not None and sentences >= every):
                writer.commit(after)
                sentences = 0
            if complete:
                return
