"""Applying: the library's change log, carried over to the index by one process at a time."""

import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from typing import NamedTuple, Protocol

from bot.articles.article import StoredArticle, StoredPassage
from bot.articles.change import ArticleChange
from bot.retrieval.cluster.bulk import Bulk
from bot.retrieval.cluster.client import Cluster
from bot.retrieval.cluster.documents import Action, actions_of
from bot.retrieval.cluster.indices import Index, Indices
from bot.retrieval.cluster.mapping import VERSION
from bot.storage.lease import Lease

LEASE_SECONDS = 6.0
"""How long a process that died keeps others from applying; one that lives takes it again before every request."""
PAGE = 500
"""Changes that are applied together: what a crash lets us do again."""
DELETED_AT_ONCE = 5_000
TURN = "cluster index"
"""The name of the lease."""
IDENTITY = "cluster_library"
"""The library's flag with what tells it from others."""
LOOK_SECONDS = 0.05
REACHED = "cluster_reached"
"""The library's flag with the change that its index may be up to: a library that knows less was set back."""

Progress = Callable[[int, int], None]
Titles = Callable[[Iterable[StoredArticle]], dict[int, str]]
"""The terms of articles' titles, by article."""


class Outcome(Enum):
    """How a try to bring the index up to date ended."""

    DONE = "done"
    STOPPED = "stopped"  # there is more to apply
    TAKEN = "taken"  # another process is at it


class ChangeLog(Protocol):
    """What applying needs of a library."""

    def last_change(self) -> int:
        """The number of the library's last change."""

    def logged(self, after: int, *, most: int) -> list[tuple[int, ArticleChange]]:
        """The first changes after a change that are each their article's last, with their numbers."""

    def passages_of(self, articles: Iterable[int]) -> Iterator[StoredPassage]:
        """The passages of these articles (by number), in order."""

    def stored(self, numbers: Iterable[int]) -> Mapping[int, StoredArticle]:
        """The articles with these numbers; missing ones are left out."""

    def flag(self, name: str) -> str | None:
        """What is kept under a name."""

    def set_flag(self, name: str, value: str) -> None:
        """Keep a value under a name."""

    def lease(self, name: str, *, seconds: float) -> Lease:
        """A name that one process at a time holds."""


def identity_of(library: ChangeLog) -> str:
    """What tells a library from others, made when it is asked for first. Raises LibraryError when it cannot be kept."""
    lease = library.lease(IDENTITY, seconds=LEASE_SECONDS)
    while not (identity := library.flag(IDENTITY)):
        if lease.take():
            if not library.flag(IDENTITY):
                library.set_flag(IDENTITY, secrets.token_hex(8))
            lease.release()
        else:
            time.sleep(LOOK_SECONDS)
    return identity


class LostTurnError(Exception):
    """Another process took over: what is left to do is its own."""


class StoppedError(Exception):
    """What is left to do is to be done later."""


class Step(NamedTuple):
    """Some changes on their way: the articles to store, all articles concerned, and the last change's number."""

    stored: list[int]
    articles: list[int]
    change: int


class Applier:
    """Keeps one library's index up to date. Threads may share it; one of them applies at a time."""

    def __init__(self, cluster: Cluster, indices: Indices, library: ChangeLog, identity: str, titles: Titles) -> None:
        self._cluster = cluster
        self._indices = indices
        self._library = library
        self._identity = identity
        self._titles = titles
        self._lease = library.lease(f"{TURN} {indices.name}", seconds=LEASE_SECONDS)
        self._renewed = float("-inf")
        self._lock = threading.Lock()
        self._stopped: Callable[[], bool] = lambda: False

    def current(self) -> Index | None:
        """The index that answers, or None; see `Indices.current`."""
        return self._indices.current(self._identity)

    def again(self, index: Index) -> Index:
        """The index with what it is up to by now."""
        return self._indices.again(index)

    def apply(self, *, stopped: Callable[[], bool], progress: Progress | None = None) -> Outcome:
        """Bring the index up to date, or make it, until all is done or `stopped` says so; how that ended.

        Raises UnavailableError when the cluster does not take it.
        """
        if not self._lock.acquire(blocking=False):
            return Outcome.TAKEN
        try:
            if not self._lease.take():
                return Outcome.TAKEN
            self._renewed = time.monotonic()
            self._stopped = stopped
            try:
                self._apply(progress)
            except LostTurnError:
                return Outcome.TAKEN
            except StoppedError:
                return Outcome.STOPPED
            else:
                return Outcome.DONE
            finally:
                if self._lease.holds():
                    self._lease.release()
        finally:
            self._lock.release()

    def is_set_back(self, index: Index) -> bool:
        """Whether the library knows less than its index holds, as after a restored backup of its database."""
        reached = self._library.flag(REACHED)
        return index.applied > max(int(reached or 0), 0) or index.applied > self._library.last_change()

    def _apply(self, progress: Progress | None) -> None:
        index = self.current()
        if index is None or index.origin.version < VERSION or self.is_set_back(index):
            self._build(index, progress)
        else:
            self._follow(index, progress)

    def _build(self, old: Index | None, progress: Progress | None) -> None:
        """Fill a new index beside the old one, and let it take its place."""
        index = self._indices.unfinished(self._identity, old.name if old else None)
        if index is not None and self.is_set_back(index):
            self._indices.delete(index.name)
            index = None
        if index is None:
            index = self._indices.create(self._identity, self._library.last_change())
        self._follow(index, progress, shown=False)
        self._turn()
        self._indices.publish(index, old)
        self._follow(self._indices.again(index), progress)

    def _follow(self, index: Index, progress: Progress | None, *, shown: bool = True) -> None:
        """Apply the log from where the index stands; with `shown` each step is found at its end."""
        bulk = Bulk(self._cluster, index.name, each=self._turn, writable=index.writable)
        first = index.applied
        while step := self._step(index.applied):
            self._turn()
            self._library.set_flag(REACHED, str(max(step.change, int(self._library.flag(REACHED) or 0))))
            bulk.send(self._actions(step))
            # What was there when the index was begun has nothing older in it; what was changed since then may.
            if shown or step.change > index.origin.start:
                self._delete_stale(index, bulk, step)
            index = self._indices.set_applied(index, max(step.change, index.applied))
            if progress is not None:
                last = max(self._library.last_change(), index.applied)
                progress(index.applied - first, last - first)

    def _step(self, after: int) -> Step | None:
        """The next changes; None when there are none."""
        logged = self._library.logged(after, most=PAGE)
        if not logged:
            return None
        changes = [change for _, change in logged]
        return Step(
            stored=[change.article for change in changes if not change.removed],
            articles=[change.article for change in changes],
            change=logged[-1][0],
        )

    def _actions(self, step: Step) -> Iterator[Action]:
        titles = self._titles(self._library.stored(step.stored).values())
        return actions_of(self._library.passages_of(step.stored), titles, step.change)

    def _delete_stale(self, index: Index, bulk: Bulk, step: Step) -> None:
        """Delete what these articles had before; it is looked for in what is shown, so all is shown first."""
        self._indices.show(index)
        while ids := self._indices.stale(index, step.articles, step.change, most=DELETED_AT_ONCE):
            bulk.send(Action(id_, step.change, None) for id_ in ids)
            self._indices.show(index)

    def _turn(self) -> None:
        """Hold on to the lease. Raises LostTurnError when another process has it, StoppedError to leave the rest."""
        if self._stopped():
            raise StoppedError
        now = time.monotonic()
        if now - self._renewed < LEASE_SECONDS / 3 and self._lease.holds():
            return
        if not self._lease.take():
            raise LostTurnError
        self._renewed = now
