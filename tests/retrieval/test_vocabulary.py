"""The vocabulary out of the library's tables: what it says, what it remembers, and when it forgets."""

from collections.abc import Collection, Sequence
from pathlib import Path

import pytest

from bot.articles.article import Article
from bot.articles.library import Library, open_library
from bot.retrieval import vocabulary
from bot.retrieval.analysis import Analyzers
from bot.retrieval.engine import Statistics, TermCount
from bot.retrieval.memory import MemoryEngine
from bot.retrieval.preparation import ArticlePreparation
from bot.retrieval.vocabulary import Vocabulary
from bot.settings import load_settings
from bot.wordlists import WordLists

SEARCH = load_settings(environment={}).values.search


class Table:
    """Counts of a library that is not there, and how often it was asked."""

    def __init__(self, counts: dict[str, TermCount]) -> None:
        self.change = 1
        self.table = counts
        self.asked: list[list[str]] = []

    def last_change(self) -> int:
        return self.change

    def counts(self, terms: Sequence[str]) -> list[TermCount]:
        self.asked.append(list(terms))
        return [self.table.get(term, TermCount(0, 0)) for term in terms]

    def held(self, terms: Collection[str]) -> set[str]:
        return {term for term in terms if term in self.table}

    def statistics(self) -> Statistics:
        return Statistics(self.change, self.change, self.change, self.change)

    def terms_starting(self, prefixes: Collection[str]) -> list[str]:
        return sorted(term for term in self.table if term.startswith(tuple(prefixes)))


@pytest.fixture
def library(tmp_path: Path) -> Library:
    lists = WordLists()
    preparation = ArticlePreparation(lists, Analyzers(lists), passage_sentences=3)
    library = open_library(tmp_path / "library", preparation)
    texts = (
        "The cat sat on the mat. A dog barked at the cat.",
        "Cats and catalogues. Dogs bark.",
        "猫は寝る。犬は走る。",
    )
    for number, text in enumerate(texts):
        library.put(Article(text=text, source=f"file-{number}"))
    return library


def test_counts_and_totals_equal_the_memory_engines(library: Library) -> None:
    engine = MemoryEngine(library, SEARCH)
    engine.refresh()
    found = Vocabulary(library)
    terms = [*engine.starting([""]), "unknown"]
    assert len(terms) > 5
    assert found.count(terms) == engine.count(terms)
    assert found.statistics() == engine.statistics()
    assert found.held(terms) == engine.held(terms) == set(terms) - {"unknown"}
    for prefixes in (["cat"], ["c", "cat", "d"], ["猫"], ["zz"], []):
        assert found.starting(prefixes) == engine.starting(prefixes)


def test_of_many_terms_those_that_are_held_are_found_whether_they_begin_alike_or_not(library: Library) -> None:
    found = Vocabulary(library)
    held = set(found.starting(["cat", "bark", "mat"]))
    assert len(held) == 4
    alike = {f"cata{number}" for number in range(150)}
    others = {f"{letter}{number}" for letter in "bcs" for number in range(50)}
    for terms in (held | alike | others, alike | {"cat"}, others | held, alike, others):
        assert len(terms) > vocabulary.MANY
        assert found.held(terms) == terms & held
    found.count(["cat", "cata1"])
    assert found.held(held | alike | others) == held


def test_many_terms_are_not_remembered() -> None:
    table = Table({"cat": TermCount(2, 1)})
    found = Vocabulary(table)
    found.refresh()
    assert found.held(["cat", *map(str, range(vocabulary.MANY))]) == {"cat"}
    assert found.count(["cat", "1"]) == [TermCount(2, 1), TermCount(0, 0)]
    assert table.asked == [["cat", "1"]]


def test_an_empty_library_holds_nothing(tmp_path: Path) -> None:
    lists = WordLists()
    preparation = ArticlePreparation(lists, Analyzers(lists), passage_sentences=3)
    found = Vocabulary(open_library(tmp_path, preparation))
    assert found.refresh() == 0
    assert found.statistics() == Statistics(0, 0, 0, 0)
    assert found.count(["cat"]) == [TermCount(0, 0)]
    assert found.starting([""]) == []


def test_counts_follow_the_library_at_the_next_refresh(library: Library) -> None:
    found = Vocabulary(library)
    found.refresh()
    assert found.held(["zebra"]) == set()
    library.put(Article(text="A zebra ran away from the lion.", source="zebra"))
    found.refresh()
    assert found.held(["zebra"]) == {"zebra"}


def test_what_was_read_is_remembered_until_the_library_changes() -> None:
    table = Table({"cat": TermCount(2, 1)})
    found = Vocabulary(table)
    found.refresh()
    assert found.count(["cat", "dog", "cat"]) == [TermCount(2, 1), TermCount(0, 0), TermCount(2, 1)]
    assert found.held(["dog", "cat"]) == {"cat"}
    found.refresh()
    assert found.statistics() == found.statistics() == Statistics(1, 1, 1, 1)
    assert table.asked == [["cat", "dog"]]
    table.change = 2
    assert found.refresh() == 2
    assert found.statistics() == Statistics(2, 2, 2, 2)
    found.count(["cat"])
    assert table.asked == [["cat", "dog"], ["cat"]]


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "REMEMBERED", 3)
    table = Table({"cat": TermCount(2, 1)})
    found = Vocabulary(table)
    found.refresh()
    assert found.count(["cat", "a"])[0] == TermCount(2, 1)
    assert found.count(["b", "cat", "c"])[1] == TermCount(2, 1)
    assert len(found.count(list("abcdefgh"))) == 8
    assert found.held(["cat"]) == {"cat"}
    assert table.asked == [["cat", "a"], ["b", "c"], ["a", "d", "e", "f", "g", "h"], ["cat"]]
