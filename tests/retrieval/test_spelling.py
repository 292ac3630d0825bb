import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retrieval.romanisation import alike, beginnings, keys
from bot.retrieval.spelling import alphabet, one_edit, prefixes, starting_with, within_distance

WORDS = st.text("abcd", min_size=1, max_size=6)


def osa(one: str, other: str) -> int:
    """Optimal string alignment by its definition (Damerau 1964), as an oracle."""
    rows = [[i + j if i * j == 0 else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            same = one[i - 1] == other[j - 1]
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (not same))
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@given(WORDS)
def test_every_string_of_one_edit_is_one_edit_away(word: str) -> None:
    assert all(osa(word, edited) == 1 for edited in one_edit(word))


@given(WORDS, WORDS)
def test_a_word_one_edit_away_is_among_the_edits(one: str, other: str) -> None:
    assert (osa(one, other) == 1) == (other in set(one_edit(one)))


@given(WORDS, st.lists(WORDS, max_size=20), st.integers(0, 3))
def test_what_is_within_a_distance_is_found_nearest_first(word: str, words: list[str], distance: int) -> None:
    found = within_distance(word, words, distance)
    assert sorted(found) == sorted(other for other in words if 1 <= osa(word, other) <= distance)
    assert [osa(word, other) for other in found] == sorted(osa(word, other) for other in found)


@given(st.sets(WORDS, max_size=30), st.sets(st.text("abcd", min_size=1, max_size=3), max_size=4))
def test_what_starts_with_a_prefix_is_found_once_each_in_order(words: set[str], starts: set[str]) -> None:
    assert starting_with(starts, sorted(words)) == sorted(word for word in words if word.startswith(tuple(starts)))


@pytest.mark.parametrize("typed", ["prigozhin", "prigzohin", "rpigozhn", "xprigozhn", "pirgozin", "prigozyn"])
def test_two_edits_start_as_the_prefixes_say(typed: str) -> None:
    assert "prigozhin".startswith(tuple(prefixes(typed)))


SOUNDS = (
    ("g", "h", "kh", "gh"), ("a",), ("o", "yo", "io"), ("sch", "sh", "ch", "c"), ("k", "c", "q"), ("v", "w", "ff"),
    ("l", "ll"), ("n",), ("ie", "ye", "e"), ("r", "rr"), ("d",), ("ts", "tz", "c"), ("b",), ("m", "mm"), ("t", "th"),
    ("ou", "u"),
)  # fmt: skip
"""Spellings that stand for one sound, or nearly."""


def test_each_script_is_edited_in_its_own_letters() -> None:
    assert "прігожин" in set(one_edit("пригожин"))
    assert alphabet("σίτος"[0]) == alphabet("α")
    assert alphabet("東京") == ""
    assert list(one_edit("")) == []


@pytest.mark.parametrize(
    "spellings",
    [
        ("prigozhin", "prigoschin", "prigozjin", "prigojine"),
        ("shoigu", "schoigu", "shoygu", "schojgu"),
        ("gorbachev", "gorbatschow", "gorbatchev", "gorbachov"),
        ("khrushchev", "chruschtschow", "khrouchtchev"),
        ("yeltsin", "jelzin", "eltsin", "jeltsin"),
        ("tchaikovsky", "tschaikowski", "chaykovsky"),
        ("dostoyevsky", "dostojewski", "dostoevsky"),
        ("lukashenko", "lukaschenko", "loukachenko"),
        ("shevchenko", "schewtschenko", "chevtchenko"),
        ("arestovych", "arestowytsch", "arestovich"),
        ("kharkiv", "charkiw"),
        ("yushchenko", "juschtschenko", "iouchtchenko"),
        ("rakhmaninov", "rachmaninoff"),
        ("klitschko", "klichko", "klytschko"),
    ],
)
def test_the_romanisations_of_a_name_share_a_key_and_begin_as_it_says(spellings: tuple[str, ...]) -> None:
    first, *others = spellings
    for other in others:
        shared = keys(first) & keys(other)
        assert shared, other
        assert any(other.startswith(beginning) for key in keys(first) for beginning in beginnings(key)), other


@pytest.mark.parametrize(
    ("one", "other"), [("vladimir", "volodymyr"), ("putin", "poroshenko"), ("bakhmut", "belgorod")]
)
def test_other_names_share_no_key(one: str, other: str) -> None:
    assert not keys(one) & keys(other)


@given(st.text(max_size=12))
def test_a_key_is_only_for_plain_latin_letters(word: str) -> None:
    if not (word.isascii() and word.isalpha()):
        assert not keys(word)
    assert all(beginnings(key) for key in keys(word))


@given(st.lists(st.sampled_from(SOUNDS), min_size=2, max_size=6), st.data())
def test_words_that_share_a_key_are_alike(sounds: list[tuple[str, ...]], data: st.DataObject) -> None:
    one, other = ("".join(data.draw(st.sampled_from(spellings)) for spellings in sounds) for _ in range(2))
    if keys(one) & keys(other):
        assert alike(one, [other]) == [other]


def test_words_with_other_consonants_are_not_alike() -> None:
    words = ["gorbachev", "gorbach", "gorbalev", "gorbatschow", "zerbst", "gorbaczjov"]
    assert alike("gorbatchev", words) == ["gorbachev", "gorbatschow", "gorbaczjov"]
    assert alike("gorbatchev", []) == []
