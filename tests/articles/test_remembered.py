"""What is remembered of one state of a library, and when it is forgotten."""

from datetime import date
from pathlib import Path

from bot.articles.article import Article
from bot.articles.filters import Filters
from bot.articles.library import Library
from bot.articles.remembered import Remembered
from bot.storage.sqlite import SqliteStore
from tests.articles.preparing import Words


class Finder:
    """Finds sets of a size, and counts how often."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.times = 0

    def __call__(self) -> set[int]:
        self.times += 1
        return set(range(self.size))


def test_what_was_found_out_is_found_out_once_in_one_state() -> None:
    remembered = Remembered[set[int]](most=10, size=len)
    find = Finder(3)
    assert remembered.of("a", 1, find) == remembered.of("a", 1, find) == {0, 1, 2}
    assert find.times == 1
    remembered.of("a", 2, find)
    remembered.of("b", 2, find)
    assert find.times == 3


def test_what_was_not_used_for_longest_goes_first_and_the_last_one_stays_however_large() -> None:
    remembered = Remembered[set[int]](most=5, size=len)
    first, second, large = Finder(2), Finder(3), Finder(100)
    remembered.of("first", 1, first)
    remembered.of("second", 1, second)
    remembered.of("first", 1, first)
    remembered.of("third", 1, Finder(1))
    remembered.of("first", 1, first)
    assert (first.times, second.times) == (1, 1)
    remembered.of("second", 1, second)
    assert second.times == 2
    for _ in range(2):
        remembered.of("large", 1, large)
    assert large.times == 1


def test_languages_and_filters_follow_the_library(tmp_path: Path) -> None:
    with Library(SqliteStore(tmp_path / "library.sqlite"), Words()) as library:
        march = Filters(since=date(2023, 3, 1))
        assert library.languages() == {}
        assert library.allowed(march) == set()
        library.put(Article(text="One sentence. Another.", source="a", published="2023-03-08", language="en"))
        assert library.languages() == {"en": 2}
        assert library.allowed(march) == {1}
        library.put(Article(text="Ein Satz.", source="b", published="2023-03-09", language="de"))
        library.put(Article(text="Old.", source="c", published="2022-03-09", language="de"))
        assert library.languages() == {"de": 2, "en": 2}
        assert library.allowed(march) == library.allowed(march) == {1, 2}
        library.remove([1])
        assert library.languages() == {"de": 2}
        assert library.allowed(march) == {2}
        assert library.allowed(None) is None
