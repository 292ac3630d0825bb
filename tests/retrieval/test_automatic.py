"""The engine that chooses itself: where it searches, when it moves, and what it says of that."""

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.articles.article import Article
from bot.articles.library import Library
from bot.errors import LibraryError
from bot.retrieval.automatic import FLAG, ON_DISK, AutomaticEngine
from bot.retrieval.engine import Engine
from tests.retrieval.conformance.engines import ENGINES, opened, reference

MOST = 6


class Made:
    """The engines that were made, by their names, and what hinders the disk."""

    def __init__(self, library: Library, folder: Path) -> None:
        self.library = library
        self.folder = folder
        self.names: list[str] = []
        self.full = False
        self.gate = threading.Event()
        self.gate.set()

    def automatic(self) -> AutomaticEngine:
        return AutomaticEngine(self.library, memory=self.memory, disk=self.disk, most_sentences=MOST)

    def memory(self) -> Engine:
        return self._made("memory")

    def disk(self) -> Engine:
        self.gate.wait()
        if self.full:
            raise LibraryError("the disk is full")
        return self._made("disk")

    def _made(self, name: str) -> Engine:
        self.names.append(name)
        return ENGINES[name](self.library, self.folder)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    with opened(tmp_path) as library:
        yield Made(library, tmp_path)


def put(library: Library, *sources: str) -> None:
    for source in sources:
        library.put(Article(text=f"the cat sat in {source}\nthe dog ran in {source}", source=source))


def settled(engine: AutomaticEngine) -> None:
    """Wait until what was begun beside the questions is done."""
    for thread in threading.enumerate():
        if thread.name == "moving to disk":
            thread.join()


def test_a_small_library_is_searched_in_memory_and_nothing_is_kept(made: Made) -> None:
    put(made.library, "a", "b")
    with closing(made.automatic()) as engine:
        engine.catch_up()
        assert made.names == []
        engine.refresh()
        assert len(engine.search(["cat"], limit=9)) == 2
        assert not engine.is_on_disk
        assert not engine.moved
    assert made.names == ["memory"]
    assert made.library.flag(FLAG) is None


def test_a_large_library_is_searched_on_disk_and_that_is_told_once(made: Made) -> None:
    put(made.library, "a", "b", "c", "d")
    for moved in (True, False):
        with closing(made.automatic()) as engine:
            engine.refresh()
            assert engine.is_on_disk
            assert engine.moved is moved
            assert engine.search(["cat"], limit=9) == reference(made.library).search(["cat"], limit=9)
    assert made.names == ["disk", "disk"]
    assert made.library.flag(FLAG) == ON_DISK


def test_a_library_that_grows_is_moved_while_memory_answers(made: Made) -> None:
    put(made.library, "a", "b")
    with closing(made.automatic()) as engine:
        engine.refresh()
        put(made.library, "c", "d")
        made.gate.clear()
        engine.refresh()
        assert len(engine.search(["cat"], limit=9)) == 4
        assert made.names == ["memory"]
        made.gate.set()
        settled(engine)
        assert made.names == ["memory", "disk"]
        assert engine.moved
        assert engine.search(["cat"], limit=9) == reference(made.library).search(["cat"], limit=9)
        assert engine.statistics() == made.library.statistics()
        assert engine.count(["cat"])[0].sentences == 4
        assert engine.held(["cat", "x"]) == {"cat"}
        assert engine.starting(["ca"]) == ["cat"]
        assert engine.together(["cat"], ["sat"])[0] > 0


def test_catching_up_moves_what_has_grown(made: Made) -> None:
    put(made.library, "a")
    with closing(made.automatic()) as engine:
        engine.refresh()
        put(made.library, "b", "c", "d")
        engine.catch_up()
        assert made.names == ["memory", "disk"]
        assert len(engine.search(["cat"], limit=9)) == 4


def test_memory_answers_on_when_the_disk_is_full(made: Made, caplog: pytest.LogCaptureFixture) -> None:
    put(made.library, "a")
    made.full = True
    with closing(made.automatic()) as engine:
        engine.refresh()
        put(made.library, "b", "c", "d")
        engine.refresh()
        settled(engine)
        engine.refresh()
        assert len(engine.search(["cat"], limit=9)) == 4
        assert not engine.moved
    assert "stays in memory: the disk is full" in caplog.text


def test_on_disk_it_stays_there_when_articles_go(made: Made) -> None:
    put(made.library, "a", "b", "c", "d")
    with closing(made.automatic()) as engine:
        engine.refresh()
        made.library.remove([one.number for one in made.library.articles()][1:])
        engine.catch_up()
        assert len(engine.search(["cat"], limit=9)) == 1
        assert engine.is_on_disk
    assert made.names == ["disk"]
