"""The engines under test, each with how it is made over a library."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import msgspec

from bot.articles.article import Article
from bot.articles.library import Library
from bot.retrieval.analysis import Analyzers
from bot.retrieval.disk.engine import DiskEngine
from bot.retrieval.engine import Engine, Hit
from bot.retrieval.memory import MemoryEngine
from bot.settings import load_settings
from bot.storage.sqlite import SqliteStore
from bot.wordlists import WordLists
from tests.articles.preparing import Words

SETTINGS = load_settings(environment={}).values
SEARCH = SETTINGS.search
LIBRARY, INDEX = "library.sqlite", "index"
CLUSTER_URLS = "VERBATIM_TEST_CLUSTER_URLS"
"""The environment variable with the addresses of nodes for tests; `python -m tests.cluster.nodes` starts some."""

Maker = Callable[[Library, Path], Engine]
"""Makes an engine over a library; a folder is for what it keeps, and the same one leads to the same index."""


def cluster(library: Library, folder: Path) -> Engine:
    """An engine on the nodes that the environment names."""
    from bot.retrieval.cluster.engine import ClusterEngine  # an extra

    name = "conformance-" + blake2b(str(folder).encode(), digest_size=8).hexdigest()
    urls = tuple(os.environ[CLUSTER_URLS].split(","))
    settings = msgspec.structs.replace(SETTINGS.cluster, urls=urls, index=name, shards=2, timeout_seconds=30)
    return ClusterEngine(library, SEARCH, settings, Analyzers(WordLists()))


ENGINES: dict[str, Maker] = {
    "memory": lambda library, _: MemoryEngine(library, SEARCH),
    "cluster": cluster,
    "disk": lambda library, folder: DiskEngine(library, SEARCH, folder / INDEX),
}


class Bench(NamedTuple):
    """A library, an engine over it, and where both live."""

    library: Library
    engine: Engine
    folder: Path

    def put(self, source: str, text: str) -> None:
        """Store an article whose lines are passages; full stops end its sentences."""
        self.library.put(Article(text=text, source=source))

    def remove(self, source: str) -> None:
        """Take an article out, if it is there."""
        self.library.remove([one.number for one in self.library.articles() if one.source == source])

    def numbers(self) -> dict[str, int]:
        """The articles' numbers by their sources."""
        return {one.source: one.number for one in self.library.articles()}

    def shown(self, hits: list[Hit]) -> list[tuple[str, str]]:
        """The sources of hits and what their sentences say."""
        passages = self.library.passages(hit.passage for hit in hits)
        found = []
        for hit in hits:
            passage = passages[hit.passage]
            sentence = passage.sentences[hit.position]
            article = self.library.article(passage.article)
            text = self.library.slice(passage.article, sentence.start, sentence.end)
            found.append((article.source if article else "", text.strip()))
        return found


def opened(folder: Path) -> Library:
    """The library in a folder, of plain words."""
    return Library(SqliteStore(folder / LIBRARY), Words())


@contextmanager
def bench(make: Maker, folder: Path | None = None) -> Iterator[Bench]:
    """A library in a folder (by default one that is gone afterwards) and an engine over it, caught up."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        place = folder or Path(temporary)
        with opened(place) as library, closing(make(library, place)) as engine:
            engine.catch_up()
            yield Bench(library, engine, place)


def reference(library: Library) -> MemoryEngine:
    """The memory engine over a library as it stands: what all others are held to."""
    engine = MemoryEngine(library, SEARCH)
    engine.refresh()
    return engine
