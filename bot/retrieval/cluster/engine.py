"""The cluster engine: candidates from OpenSearch, counts and scores from the library, the same answers as in memory."""

import logging
import threading
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple, Protocol

from bot.articles.article import StoredArticle, StoredPassage
from bot.articles.statistics import TermCount
from bot.errors import LibraryError, UnavailableError
from bot.retrieval.analysis import Analyzers
from bot.retrieval.cluster.applying import IDENTITY, Applier, ChangeLog, Outcome, Progress, identity_of
from bot.retrieval.cluster.client import Cluster
from bot.retrieval.cluster.faults import TRY_AGAIN, MissingIndexError
from bot.retrieval.cluster.indices import Index, Indices
from bot.retrieval.cluster.mapping import VERSION, boosts
from bot.retrieval.cluster.searching import MOST_TERMS, Searches
from bot.retrieval.company import Company
from bot.retrieval.engine import Hit, Statistics
from bot.retrieval.keys import keys_of
from bot.retrieval.rescoring import rescored
from bot.retrieval.scoring import Terms
from bot.retrieval.vocabulary import Counts, Vocabulary
from bot.settings import ClusterSecrets, ClusterSettings, SearchSettings

WAIT_SECONDS = 1.0
"""So long a question waits for what is new; after that it is answered from what the index holds already."""
NO_INDEX_SECONDS = 10.0
"""The same where there is no index yet that could answer."""
LOOK_SECONDS = 0.05
PAUSE_SECONDS = 1.0
"""Before changes that the cluster would not take are tried again: not by every question."""
PATIENCE_SECONDS = 120.0
"""So long another process may be at the index without getting any further."""

_log = logging.getLogger(__name__)


class ClusterSource(ChangeLog, Counts, Protocol):
    """What the engine needs of a library."""

    def passages(self, numbers: Iterable[int]) -> dict[int, StoredPassage]:
        """The passages with these numbers, by number; missing ones are left out."""

    def sources(self, articles: Iterable[int]) -> dict[int, str]:
        """The sources of these articles (by number)."""


class Standing(NamedTuple):
    """How the cluster stands: where, its version, its health ("green", "yellow", "red"), how many nodes it has, the
    index that answers ("" for none), and how many of the library's changes that lacks."""

    where: str
    version: str
    health: str
    nodes: int
    index_name: str
    behind: int


class ClusterEngine:
    """Searches one library's index in a cluster; threads and processes may share it."""

    def __init__(
        self,
        library: ClusterSource,
        settings: SearchSettings,
        cluster: ClusterSettings,
        analyzers: Analyzers,
        *,
        secrets: ClusterSecrets = ClusterSecrets(),  # noqa: B008
        progress: Progress | None = None,
    ) -> None:
        """Nothing is asked of the cluster yet; `progress` hears of an index that is made.

        Raises SettingsError for settings that cannot be right, or without the extra "cluster".
        """
        self._library = library
        self._settings = settings
        self._analyzers = analyzers
        self._progress = progress
        self._cluster = Cluster(cluster, secrets)
        self._indices = Indices(self._cluster, cluster, settings)
        self._searches = Searches(self._cluster, cluster.index)
        self._vocabulary = Vocabulary(library)
        self._applier: Applier | None = None
        self._index: Index | None = None
        self._is_first = True
        self._making = threading.Lock()
        self._closing = threading.Event()
        self._background: threading.Thread | None = None
        self._started = float("-inf")
        self._behind_since: float | None = None
        self._problem: UnavailableError | LibraryError | None = None

    def refresh(self) -> None:
        """Apply what has changed in the library since the last refresh, if that takes no longer than a moment: else
        it goes on beside the questions, which are answered from what the index holds.

        Raises UnavailableError when the cluster is away, or has no index yet that could answer.
        """
        last, index = self._vocabulary.refresh(), self._index
        if last == 0 or (index is not None and index.applied == last):
            self._behind_since = None
            return
        first, self._is_first = self._is_first, False
        index = self._looked()
        if index is None and first:
            self.catch_up()
        elif index is None:
            self._keep_up(last, seconds=NO_INDEX_SECONDS)
        elif self._is_off(index, last):
            self._keep_up(last, seconds=WAIT_SECONDS)
        else:
            self._behind_since = self._problem = None
        if self._index is None:
            self.vouch()
            raise MissingIndexError(
                f"{self._cluster.nodes}: index {self._indices.name} is being made from the library; {TRY_AGAIN}"
            )

    def catch_up(self) -> None:
        """Return when all that the library held at the call is found, however long that takes.

        Raises UnavailableError when the cluster does not take it, or whoever applies it gets no further.
        """
        last = self._vocabulary.refresh()
        moved = time.monotonic()
        self._is_first = False
        while last:
            outcome = self._applying().apply(stopped=self._closing.is_set, progress=self._progress)
            before, index = self._index, self._looked()
            if outcome is not Outcome.TAKEN or (index is not None and index.applied >= last):
                return
            if index != before:
                moved = time.monotonic()
            if time.monotonic() - moved > PATIENCE_SECONDS:
                raise UnavailableError(
                    f"{self._cluster.nodes}: another process is filling index {self._indices.name} and has not got "
                    f"any further for {PATIENCE_SECONDS:.0f} seconds; what is new waits in the library"
                )
            self._closing.wait(LOOK_SECONDS)

    def search(self, terms: Sequence[str], *, limit: int, within: Collection[int] | None = None) -> list[Hit]:
        """At most `limit` hits by falling score; ties go by source, then start.

        Raises UnavailableError when any part of the index does not answer.
        """
        distinct = list(dict.fromkeys(terms))
        counts = self._vocabulary.count(distinct)
        held = [(term, count) for term, count in zip(distinct, counts, strict=True) if count.sentences]
        if not held or limit < 1 or (within is not None and not within):
            return []
        asked = held if len(held) <= MOST_TERMS else sorted(held, key=lambda pair: pair[1])[:MOST_TERMS]
        numbers = self._found([term for term, _ in asked], max(limit, self._settings.candidates), within)
        known = Terms(
            keys_of(" ".join([term for term, _ in held])), [count for _, count in held], self._vocabulary.statistics()
        )
        passages = list(self._library.passages(numbers).values())
        return rescored(passages, known, self._settings, limit, self._library.sources)

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
        counts = self._vocabulary.count(distinct)
        pairs = [(other, count) for other, count in zip(distinct, counts, strict=True) if count.sentences]
        sought = [term for term in dict.fromkeys(terms) if self._vocabulary.held([term])]
        if not pairs or not sought:
            return [0.0] * len(terms)
        company = Company([other for other, _ in pairs], [count for _, count in pairs], self._vocabulary.statistics())
        with self._index_known():
            found = self._searches.together(sought, company)
        shares = dict(zip(sought, found, strict=True))
        return [shares.get(term, 0.0) for term in terms]

    def vouch(self) -> None:
        """Return where what is not found is not there. Raises UnavailableError while the cluster takes no changes."""
        if self._problem is not None:
            raise UnavailableError(str(self._problem)) from self._problem

    def standing(self) -> Standing:
        """How the cluster and its index stand. Raises UnavailableError as `refresh`."""
        version = self._cluster.version
        health = self._cluster.ask("GET", f"/_cluster/health/{self._indices.name}*", parameters={"level": "cluster"})
        index = self._looked() if self._library.flag(IDENTITY) else None
        last = self._library.last_change()
        return Standing(
            where=self._cluster.nodes,
            version=version.number,
            health=str(health.get("status", "?")),
            nodes=int(health.get("number_of_nodes", 0)),
            index_name=index.name if index else "",
            behind=max(0, last - (index.applied if index else 0)),
        )

    def close(self) -> None:
        """Let go of the connections; what is being applied stops after its step."""
        self._closing.set()
        if self._background is not None:
            self._background.join()
        self._cluster.close()

    def _found(self, terms: Sequence[str], limit: int, within: Collection[int] | None) -> list[int]:
        """The numbers of the passages that hold the best sentences by the index's own scores."""
        weights = boosts(self._settings, self._cluster.version.major)
        with self._index_known():
            return self._searches.passages(terms, limit=limit, boosts=weights, within=within)

    @contextmanager
    def _index_known(self) -> Iterator[None]:
        """Forget the index when it turns out to be gone, so that the next refresh looks for it."""
        try:
            yield
        except MissingIndexError:
            self._index = None
            raise

    def _is_off(self, index: Index, last: int) -> bool:
        """Whether an index is behind the library, before it (which was set back), or of an older layout."""
        return index.applied < last or index.applied > self._library.last_change() or index.origin.version < VERSION

    def _keep_up(self, last: int, *, seconds: float) -> None:
        """Have what is new applied, and wait for it, or for another process that is at it: no longer than so many
        seconds from when the index was first found behind, so that a long import does not hold up every question."""
        if self._behind_since is None:
            self._behind_since = time.monotonic()
        ends = self._behind_since + seconds
        thread = self._go_on_later()
        while time.monotonic() < ends:
            thread.join(LOOK_SECONDS)
            if thread.is_alive():
                continue
            index = self._looked()
            if self._problem is not None or (index is not None and index.applied >= last):
                return
            time.sleep(LOOK_SECONDS)
            thread = self._go_on_later()

    def _looked(self) -> Index | None:
        """The index as it stands by now; None when there is none."""
        applier, index = self._applying(), self._index
        if index is not None:
            try:
                self._index = index = applier.again(index)
            except MissingIndexError:  # another process put a new one in its place, or somebody deleted it
                index = None
        if index is None:
            self._index = index = applier.current()
        return index

    def _applying(self) -> Applier:
        with self._making:
            if self._applier is None:
                identity = identity_of(self._library)
                self._applier = Applier(self._cluster, self._indices, self._library, identity, self._titles)
            return self._applier

    def _titles(self, articles: Iterable[StoredArticle]) -> dict[int, str]:
        """The terms of articles' titles, by article."""
        of = self._analyzers.of
        return {one.number: " ".join(of(one.language).terms(one.title)) for one in articles if one.title}

    def _go_on_later(self) -> threading.Thread:
        """The thread that applies what is new: the one that is at it, or failed a moment ago, or else a new one."""
        with self._making:
            now, thread = time.monotonic(), self._background
            rests = self._problem is not None and now < self._started + PAUSE_SECONDS
            if thread is None or not (thread.is_alive() or rests):
                thread = threading.Thread(target=self._go_on, name="cluster-applying", daemon=True)
                thread.start()
                self._background, self._started = thread, now
            return thread

    def _go_on(self) -> None:
        try:
            self._applying().apply(stopped=self._closing.is_set)
            self._problem = None
        except (UnavailableError, LibraryError) as error:
            # The index still answers, or the search itself will say that it does not.
            self._tell(error)

    def _tell(self, error: UnavailableError | LibraryError) -> None:
        """Write to the log why the index falls behind, once for each reason."""
        if str(error) != str(self._problem):
            _log.info("the cluster's index is not brought up to date: %s", error)
        self._problem = error
