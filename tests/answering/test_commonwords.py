"""Common words: those of the lists and of the language at large."""

from pathlib import Path

from bot.answering.commonwords import CommonWords
from tests.answering.worlds import ANALYZERS, LISTS

ENGLISH = ANALYZERS.of("en")


def test_a_word_of_the_language_at_large_is_common_and_a_misspelling_is_not() -> None:
    common = CommonWords(LISTS).of(ENGLISH)
    assert {ENGLISH.term(word) for word in ("town", "list", "early", "coins")} <= common
    assert ENGLISH.term("prigozin") not in common
    assert "<rest>" not in {term for term in common if term.isalpha()}


def test_a_language_without_tables_has_the_words_of_its_lists(tmp_path: Path) -> None:
    german = ANALYZERS.of("de")
    assert german.term("Stadt") in CommonWords(LISTS).of(german)
    assert CommonWords(LISTS).of(ANALYZERS.of("")) == frozenset()
