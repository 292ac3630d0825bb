from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.articles.article import Article, Kind
from bot.articles.library import Library
from bot.articles.repetition import site_of
from bot.articles.statistics import Statistics, TermCount
from tests.articles.preparing import Words
from tests.stores import Stores, open_store

FOOTER = "Support our newsroom"


@pytest.fixture
def library(tmp_path: Path, stores: Stores) -> Iterator[Library]:
    with Library(stores.open(tmp_path / "library.sqlite"), Words(), repeated_lines=3) as library:
        yield library


def page(number: int, *, site: str = "paper.example", text: str = "") -> Article:
    return Article(
        text=text or f"Wolf number {number} howls.\n{FOOTER}\n", source=f"https://{site}/{number}", title=str(number)
    )


def kinds_of_the_footer(library: Library) -> set[Kind]:
    found = set()
    for article in library.articles():
        for passage in library.passages_of([article.number]):
            for sentence in passage.sentences:
                if library.slice(article.number, sentence.start, sentence.end) == FOOTER:
                    found.add(sentence.kind)
    return found


def test_a_line_of_many_articles_of_a_site_is_not_counted_in_any(library: Library) -> None:
    list(library.put_many([page(1), page(2)]))
    assert kinds_of_the_footer(library) == {Kind.PROSE}
    assert library.counts(["newsroom"]) == [TermCount(2, 2)]
    last, _ = library.changes(0)
    library.put(page(3))
    assert kinds_of_the_footer(library) == {Kind.REPEATED}
    assert library.counts(["newsroom", "wolf"]) == [TermCount(0, 0), TermCount(3, 3)]
    assert library.statistics() == Statistics(3, 3, 3, 12)
    assert [article.sentences for article in library.articles()] == [1, 1, 1]
    assert {change.article for change in library.changes(last)[1]} == {1, 2, 3}


def test_an_article_that_leaves_gives_the_line_back(library: Library) -> None:
    list(library.put_many([page(1), page(2), page(3), page(4)]))
    library.remove([1])
    assert kinds_of_the_footer(library) == {Kind.REPEATED}
    library.remove([2])
    assert kinds_of_the_footer(library) == {Kind.PROSE}
    assert library.counts(["newsroom"]) == [TermCount(2, 2)]
    assert library.statistics() == Statistics(2, 4, 4, 14)


def test_a_line_of_other_sites_is_not_repeated(library: Library) -> None:
    list(library.put_many(page(number, site=f"{number}.example") for number in range(5)))
    assert kinds_of_the_footer(library) == {Kind.PROSE}


def test_copies_of_one_text_do_not_repeat_it(library: Library) -> None:
    text = f"The wolf howls.\n{FOOTER}\n"
    list(library.put_many(page(number, text=text) for number in range(5)))
    assert kinds_of_the_footer(library) == {Kind.PROSE}


def test_a_sentence_inside_a_long_paragraph_is_the_article_s(library: Library) -> None:
    long = "A wolf came by and looked at us for a while before it went on. " * 6
    list(library.put_many(page(number, text=f"{number}. {long}".strip()) for number in range(5)))
    assert library.statistics().sentences == 5 * 7


def test_headings_stay_headings(library: Library) -> None:
    list(library.put_many(page(number, text=f"# Wolves\nNumber {number}.") for number in range(5)))
    kinds = {s.kind for p in library.passages_of(range(1, 6)) for s in p.sentences}
    assert kinds == {Kind.HEADING, Kind.PROSE}


def test_another_limit_settles_all_articles_again(library: Library) -> None:
    list(library.put_many([page(1), page(2), page(3)]))
    library.close()
    with Library(open_store(library.place), Words(), repeated_lines=4) as wider:
        assert kinds_of_the_footer(wider) == {Kind.PROSE}
        assert wider.statistics().sentences == 6
    with Library(open_store(library.place), Words(), repeated_lines=2) as narrower:
        assert kinds_of_the_footer(narrower) == {Kind.REPEATED}
        assert narrower.statistics().sentences == 3


@pytest.mark.parametrize(
    ("source", "url", "site"),
    [
        ("https://www.paper.example/a/b", None, "paper.example"),
        ("/home/me/x.txt", "http://paper.example:8080/a", "paper.example"),
        ("/home/me/x.txt", None, "/home/me"),
        ("C:\\texts\\x.txt", None, "C:/texts"),
        ("/home/me/all.jsonl#17", None, "/home/me/all.jsonl"),
        ("anything", None, ""),
        ("https://[broken", None, "https:/"),
    ],
)
def test_a_site_is_a_host_or_a_folder(source: str, url: str | None, site: str) -> None:
    assert site_of(source, url) == site
