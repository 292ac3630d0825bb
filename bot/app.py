"""The wiring: from settings to library, engine and answerer, each built once, when it is first needed."""

import gc
import hashlib
import os
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, cast

from bot.articles.duplicates import Lead
from bot.articles.library import Library, Progress, library_place, open_library
from bot.articles.readers import Readers
from bot.articles.samples import put_samples
from bot.errors import SettingsError
from bot.house import Cluster, Recipe, Searching
from bot.retrieval.analysis import Analyzers
from bot.retrieval.automatic import AutomaticEngine
from bot.retrieval.preparation import ArticlePreparation
from bot.settings import Settings
from bot.storage.address import entry_of
from bot.wordlists import WordLists

if TYPE_CHECKING:
    from bot.answering.answerer import Answerer
    from bot.articles.web.web import Web
    from bot.retrieval.cluster.engine import ClusterEngine
    from bot.retrieval.disk.engine import DiskEngine
    from bot.retrieval.engine import Engine

BYTES_IN_A_MEGABYTE = 1_000_000
ENGINES = ("auto", "memory", "disk", "cluster")
"""The engines that are there; "auto" is memory or disk, by the library's size."""
INDEX = "index"
"""The index's folder, in the library's."""


class App:
    """One run of the product over one library; use it as a context manager."""

    def __init__(self, settings: Settings, *, library: str | None = None, progress: Progress | None = None) -> None:
        self.settings = settings
        self._place = library or settings.values.library
        self._progress = progress
        self._follows = False
        self._lists = WordLists(settings.owner_folder)

    @cached_property
    def readers(self) -> Readers:
        """What turns documents into articles."""
        return Readers(self._lists, largest_bytes=self.settings.values.articles.largest_megabytes * BYTES_IN_A_MEGABYTE)

    @cached_property
    def web(self) -> "Web":
        """What reads web addresses."""
        from bot.articles.web.web import Web  # questions do without

        values = self.settings.values
        most_bytes = values.articles.largest_megabytes * BYTES_IN_A_MEGABYTE
        return Web(values.fetching, self._lists, most_bytes=most_bytes, most_pages=values.sync.most_pages)

    @cached_property
    def library(self) -> Library:
        """The library, made where there was none. Raises LibraryError when it cannot be opened."""
        repeated_lines = self.settings.values.articles.repeated_lines
        return open_library(
            self._place,
            self._preparation,
            progress=self._progress,
            repeated_lines=repeated_lines,
            entry=entry_of(self.settings),
        )

    @cached_property
    def engine(self) -> "Engine":
        """The engine over the library. Raises SettingsError for one that this version does not have."""
        chosen = self.settings.values.engine
        if chosen not in ENGINES:
            raise SettingsError(
                f'engine = "{chosen}": this version has no such engine yet; choose one of {", ".join(ENGINES)}'
            )
        if chosen == "cluster":
            return self._cluster()
        if chosen == "auto":
            return AutomaticEngine(self.library, memory=self._in_memory, disk=self._on_disk)
        return self._in_memory() if chosen == "memory" else self._on_disk()

    @property
    def recipe(self) -> Recipe:
        """What another process opens the same house with."""
        return Recipe(open_app, self.settings, self._place)

    @property
    def moved(self) -> bool:
        """Whether the library was moved from memory to the disk in this run, the first time of all."""
        engine = self.__dict__.get("engine")
        return isinstance(engine, AutomaticEngine) and engine.moved

    def follow(self) -> None:
        """Leave it to another process to take up into the index what changes; call it before anything is asked."""
        self._follows = True

    def catch_up(self) -> None:
        """Return when all that was stored can be found; nothing is to be done where each process reads it for itself.

        Raises LibraryError or UnavailableError when an index cannot follow.
        """
        if self.settings.values.engine != "memory":
            self.engine.catch_up()

    def searching(self) -> Searching:
        """Which engine searches the library, and how its index stands. Raises UnavailableError when that is away."""
        engine, chosen = self.engine, self.settings.values.engine
        if chosen == "cluster":
            found = cast("ClusterEngine", engine).standing()
            return Searching(chosen, found.where, 0, found.behind, Cluster(found.version, found.nodes, found.health))
        if chosen == "memory" or (isinstance(engine, AutomaticEngine) and not engine.is_on_disk):
            return Searching("memory", "", 0, 0)
        disk = self._on_disk().standing()
        return Searching("disk", str(disk.folder), disk.size_bytes, disk.behind)

    def _in_memory(self) -> "Engine":
        from bot.retrieval.memory import MemoryEngine  # with NumPy: only where something is asked

        return MemoryEngine(self.library, self.settings.values.search)

    def _on_disk(self) -> "DiskEngine":
        from bot.retrieval.disk.engine import DiskEngine  # as above

        return DiskEngine(
            self.library,
            self.settings.values.search,
            self._index_folder(),
            progress=self._progress,
            follows=self._follows,
        )

    def _index_folder(self) -> Path:
        """The library's own folder's, or one in the user's cache for a library in a database or a folder that may
        only be read."""
        place = library_place(self._place, entry_of(self.settings))
        if isinstance(place, Path):
            index = place / INDEX
            if index.exists() or os.access(place, os.W_OK):
                return index
        from platformdirs import user_cache_path  # where the library's folder cannot be used

        name = hashlib.blake2b(self.library.place.encode(), digest_size=8).hexdigest()
        return user_cache_path("verbatim", appauthor=False) / INDEX / name

    def _cluster(self) -> "ClusterEngine":
        from bot.retrieval.cluster.engine import ClusterEngine  # with opensearch-py, an extra

        settings = self.settings
        return ClusterEngine(
            self.library,
            settings.values.search,
            settings.values.cluster,
            self._analyzers,
            secrets=settings.cluster,
            progress=self._progress,
        )

    @cached_property
    def answerer(self) -> "Answerer":
        """What answers questions; a library that nobody has used yet gets the sample articles first."""
        from bot.answering.answerer import Answerer, Limits, Parts
        from bot.answering.commonwords import CommonWords
        from bot.answering.correction import Corrector
        from bot.answering.followups.rewriting import FollowUps
        from bot.answering.leading import Leader
        from bot.answering.marking.marker import Marker
        from bot.answering.question import QuestionReader
        from bot.answering.quoting import Quoter
        from bot.answering.ranking import Ranker
        from bot.answering.samples import SampleQuestions
        from bot.answering.second_look import SecondLook
        from bot.answering.smalltalk import SmallTalk
        from bot.answering.speller import load_spellers
        from bot.answering.timing import Timings

        put_samples(self.library, self.readers)
        values = self.settings.values
        reader = QuestionReader(self._lists, longest=values.answer.longest_question)
        marker = Marker(self._lists)
        parts = Parts(
            library=self.library,
            engine=self.engine,
            analyzers=self._analyzers,
            small_talk=SmallTalk(self._lists, self._lists.codes("smalltalk")),
            reader=reader,
            follow_ups=FollowUps(self._lists, reader),
            corrector=Corrector(self.engine, self._analyzers, CommonWords(self._lists), reader, load_spellers()),
            ranker=Ranker.load(self._analyzers),
            marker=marker,
            second_look=SecondLook.load(marker),
            quoter=Quoter(self.library, self._analyzers),
            timings=Timings(self._lists),
            leader=Leader(self.library, Lead(values.articles.duplicates_lead)),
            samples=SampleQuestions(self.library, self._analyzers, self._lists),
        )
        limits = Limits(answer=values.answer, search=values.search, conversation=values.conversation)
        answerer = Answerer(parts, limits)
        answerer.load()
        # What was loaded stays: looking it through for garbage made one question in a hundred wait 80 ms.
        gc.freeze()
        return answerer

    def close(self) -> None:
        """Let go of the library and the engine, where they were opened."""
        for name in ("engine", "library"):
            if name in self.__dict__:
                self.__dict__.pop(name).close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @cached_property
    def _analyzers(self) -> Analyzers:
        return Analyzers(self._lists)

    @cached_property
    def _preparation(self) -> ArticlePreparation:
        passage_sentences = self.settings.values.articles.passage_sentences
        return ArticlePreparation(self._lists, self._analyzers, passage_sentences=passage_sentences)


def open_app(settings: Settings, *, library: str | None = None, progress: Progress | None = None) -> App:
    """One run over the library at `library`, or where the settings say; nothing is opened before it is used.

    `progress` hears of a library that brings itself up to date.
    """
    return App(settings, library=library, progress=progress)
