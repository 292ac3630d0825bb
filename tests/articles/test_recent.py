"""Passages that were read last: those of one state of the library, and never more than the bound allows."""

from bot.articles.article import Kind, Sentence, StoredPassage
from bot.articles.recent import SENTENCE_BYTES, RecentPassages


def passage(number: int, *, letters: int = 0) -> StoredPassage:
    return StoredPassage(number, 1, 0, letters, (Sentence(0, letters, Kind.PROSE, "x" * letters, ""),))


def test_what_was_put_is_found_until_the_library_changes() -> None:
    recent = RecentPassages()
    assert recent.get([1, 2], change=7) == {}
    recent.put([passage(1)], change=7)
    assert recent.get([2, 1], change=7) == {1: passage(1)}
    assert recent.get([1], change=8) == {}
    assert recent.get([1], change=7) == {}


def test_what_was_read_before_the_last_change_is_not_kept() -> None:
    recent = RecentPassages()
    recent.get([], change=8)
    recent.put([passage(1)], change=7)
    assert recent.get([1], change=8) == {}


def test_what_is_asked_for_stays_and_what_is_not_goes_when_the_bound_is_reached() -> None:
    size = 2 * SENTENCE_BYTES
    recent = RecentPassages(most_bytes=8 * size)
    recent.get([], change=1)
    for number in range(100):
        recent.put([passage(number)], change=1)
        assert 0 in recent.get([0], change=1)
    assert set(recent.get([0, 99], change=1)) == {0, 99}
    assert len(recent.get(range(1, 99), change=1)) <= 8


def test_a_passage_larger_than_the_bound_is_found_and_pushes_out_the_rest() -> None:
    recent = RecentPassages(most_bytes=10 * SENTENCE_BYTES)
    recent.get([], change=1)
    recent.put([passage(1), passage(2, letters=1_000_000)], change=1)
    assert set(recent.get([2], change=1)) == {2}
    recent.put([passage(3)], change=1)
    recent.put([passage(4)], change=1)
    assert set(recent.get([3, 4], change=1)) == {3, 4}
