"""The disk engine: millions of sentences from a memory-mapped index, with the memory engine's scores."""

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

from bot.errors import LibraryError
from bot.retrieval.company import Company
from bot.retrieval.disk.damage import IndexDamagedError
from bot.retrieval.disk.folder import IndexFolder
from bot.retrieval.disk.index import OpenIndex, Snapshot
from bot.retrieval.disk.searching import Asked, hits_of, standing_with
from bot.retrieval.disk.updating import ChangeSource, Progress, Updater, identity, is_sound
from bot.retrieval.engine import Hit, Statistics, TermCount
from bot.retrieval.vocabulary import Counts, Vocabulary
from bot.settings import SearchSettings

SMALL = 200
"""Changes of this process that are applied while a question waits: a tenth of a second."""
WAITS, WAIT_AGAIN_SECONDS = 5, 10.0
"""So many questions in a row may wait so, and one more after so long: who adds all day must not slow all."""
ASIDE_AGAIN_SECONDS = 1.0
"""Between two times that changes are applied beside the questions; the process that made them may be about it, too."""
RETRY_SECONDS = 30.0  # after a full disk
POLL_SECONDS = 0.05

_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")


class Source(ChangeSource, Counts, Protocol):
    """What the engine needs of a library."""

    @property
    def written(self) -> int:
        """The number of the last change that was made through this object; 0 when none was."""

    def sources(self, articles: Iterable[int]) -> dict[int, str]:
        """The sources of these articles (by number)."""


class View(NamedTuple):
    """The index that is asked, and what differs when another one is to be."""

    opened: OpenIndex
    snapshot: Snapshot
    mark: tuple[object, ...]


class Standing(NamedTuple):
    """Where an index is, how many bytes it takes, and how many of the library's changes it lacks."""

    folder: Path
    size_bytes: int
    behind: int


class DiskEngine:
    """Finds sentences in an index in a folder, which processes share: whoever finds changes first writes them to it.

    Threads may share it. Questions are answered from what is committed while changes are applied.
    """

    def __init__(
        self,
        source: Source,
        settings: SearchSettings,
        folder: Path,
        *,
        progress: Progress | None = None,
        follows: bool = False,
    ) -> None:
        """An engine over the library `source` with its index in `folder`; `progress` hears of long work. One that
        follows leaves changes to another process: writing them would keep questions waiting in both."""
        self._source = source
        self._settings = settings
        self._folder = IndexFolder(folder)
        self._progress = progress
        self._follows = follows
        self._vocabulary = Vocabulary(source)
        self._view: View | None = None
        self._updating = threading.Lock()
        self._starting = threading.Lock()  # of a thread, which several questions may want at once
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()
        self._waits, self._counted = float(WAITS), time.monotonic()
        self._aside_from = 0.0  # when changes may be applied beside the questions again
        self._blocked = -RETRY_SECONDS  # when the disk was found full

    def refresh(self) -> None:
        """Take up what has changed: at once when this process changed little, else while what is there still answers.

        The first time it returns when everything is applied.
        """
        last = self._vocabulary.refresh()
        view = self._view
        if view is None:
            self.catch_up()
            return
        if view.snapshot.state.change == last or self._thread is not None:
            return
        view = self._reopened(view)
        if self._follows or view.snapshot.state.change == last or time.monotonic() < self._blocked + RETRY_SECONDS:
            return
        applied = view.snapshot.state.change
        if self._source.written > applied and self._source.changed_since(applied) <= SMALL and self._may_wait():
            self._update(wait=False)
        elif time.monotonic() > self._aside_from:
            self._update_aside()

    def catch_up(self) -> None:
        """Apply what has changed in the library, and return when all of it is found.

        Raises LibraryError when the disk is full or the index cannot be written.
        """
        last = self._vocabulary.refresh()
        view = self._view
        if view is None:
            view = self._opened()
        elif view.snapshot.state.change != last:
            view = self._reopened(view)
        while view is None or not last <= view.snapshot.state.change <= self._source.last_change():
            if self._closing.is_set():
                return
            self._update(wait=True)
            view = self._view
        self._vocabulary.refresh()

    def search(self, terms: Sequence[str], *, limit: int, within: Collection[int] | None = None) -> list[Hit]:
        """At most `limit` hits by falling score; ties go by source, then start."""
        distinct = list(dict.fromkeys(terms))
        counts = self._vocabulary.count(distinct)
        known = [(term, count) for term, count in zip(distinct, counts, strict=True) if count.sentences]
        if not known or limit <= 0 or (within is not None and not within):
            return []
        asked = Asked(
            terms=[term for term, _ in known],
            counts=[count for _, count in known],
            statistics=self._vocabulary.statistics(),
            limit=limit,
            within=within,
        )
        return self._whole(lambda snapshot: hits_of(snapshot, asked, self._settings, self._source.sources))

    def count(self, terms: Sequence[str]) -> list[TermCount]:
        """How common each term is, in the order given."""
        return self._vocabulary.count(terms)

    def statistics(self) -> Statistics:
        """The totals that the counts are shares of."""
        return self._vocabulary.statistics()

    def held(self, terms: Collection[str]) -> set[str]:
        """Those of the terms that some sentence of the library holds."""
        return self._vocabulary.held(terms)

    def starting(self, prefixes: Collection[str]) -> list[str]:
        """The library's terms that start with one of the prefixes, in the order of their letters."""
        return self._vocabulary.starting(prefixes)

    def together(self, terms: Sequence[str], others: Sequence[str]) -> list[float]:
        """How far the `others` stand with each term, from 0 to 1.5: their share by idf in the best sentence that holds
        it, plus half of their share in the best passage; 0 without others."""
        distinct = list(dict.fromkeys(others))
        shared = Company(distinct, self._vocabulary.count(distinct), self._vocabulary.statistics())
        if not shared.weights:
            return [0.0] * len(terms)
        counts = self._vocabulary.count(terms)
        return self._whole(
            lambda snapshot: [
                standing_with(snapshot, term, count.passages, shared) for term, count in zip(terms, counts, strict=True)
            ]
        )

    def standing(self) -> Standing:
        """How the index stands as others left it; nothing is applied."""
        view = self._view  # an old one where others answer
        view = self._opened() if view is None else self._reopened(view)
        applied = view.snapshot.state.change if view else 0
        return Standing(self._folder.path, self._folder.size_bytes(), self._source.changed_since(applied))

    def vouch(self) -> None:
        """Return: what is left to take up is on its way."""

    def close(self) -> None:
        """Let go of the index; what is being applied stops after its article, and goes on the next time."""
        self._closing.set()
        thread = self._thread
        if thread is not None:
            thread.join()
        self._view = None

    def _whole(self, ask: Callable[[Snapshot], _Result]) -> _Result:
        """What the index says; when it turns out to be damaged, what the one says that is built in its place."""
        view = self._view
        if view is None and not self._closing.is_set():
            self.refresh()
            view = self._view
        if view is None:
            raise ValueError("the engine is closed")
        try:
            return ask(view.snapshot)
        except IndexDamagedError as error:
            _log.warning("the index is built anew: cause=%s", error)
            with self._updating:
                if self._view is view:
                    self._view = None
                    self._write(anew=True, waiting=True)
        return self._whole(ask)

    def _opened(self, *, is_new: bool = False) -> View | None:
        """The index that is there, to be asked from now on; None when there is none that is sound. One that `is_new`
        is as sound as it gets."""
        mark = self._folder.mark()
        try:
            _, index = self._folder.open(identity(self._source))
            snapshot = index.snapshot()
        except IndexDamagedError:
            return None
        if not is_new and not is_sound(self._source, snapshot):
            return None
        self._view = View(index, snapshot, mark)
        return self._view

    def _reopened(self, view: View) -> View:
        """The index as others committed it meanwhile; the same when they did not, or it is lost."""
        mark = self._folder.mark()
        if mark == view.mark:
            return view
        return self._opened() or view

    def _update(self, *, wait: bool) -> None:
        """Apply what has changed, unless another thread or process is about it; with `wait`, when it is done."""
        if not self._updating.acquire(blocking=wait):
            return
        try:
            self._write(anew=False, waiting=wait)
        finally:
            self._updating.release()

    def _write(self, *, anew: bool, waiting: bool) -> None:
        try:
            lock = self._folder.lock()
            if lock is None:
                if waiting:
                    time.sleep(POLL_SECONDS)
                    self._opened()
                return
            with lock:
                Updater(self._source, self._folder, self._progress, self._closing.is_set).update(
                    anew=anew, waiting=waiting
                )
                self._opened(is_new=True)
        except LibraryError:
            self._blocked = time.monotonic()
            raise

    def _may_wait(self) -> bool:
        """Whether one more question may wait for changes to be applied."""
        now = time.monotonic()
        self._waits = min(WAITS, self._waits + (now - self._counted) / WAIT_AGAIN_SECONDS)
        self._counted = now
        if self._waits < 1:
            return False
        self._waits -= 1
        return True

    def _update_aside(self) -> None:
        """Apply what has changed in a thread of its own, unless one is at it."""
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._updated_aside, name="index", daemon=True)
                self._thread.start()

    def _updated_aside(self) -> None:
        try:
            self._update(wait=False)
        except LibraryError as error:
            _log.error("the index stays behind the library: %s", error)
        finally:
            self._aside_from = time.monotonic() + ASIDE_AGAIN_SECONDS
            self._thread = None
