"""Marked words against gold answers, worked out by hand."""

import pytest

from bot.answering.answer import Quote, Source, Twin
from bot.evaluation.highlighting import marking_of, word_f1
from bot.evaluation.product import Gold
from bot.evaluation.questions import GoldAnswer

TEXT = "Ann left on 8 March 2023 by train."
HERE = Source("a", "", "a", None, "en")


def quote(*highlights: tuple[int, int], start: int = 100, twins: tuple[Twin, ...] = ()) -> Quote:
    return Quote(
        text=TEXT, start=start, end=start + len(TEXT), confidence=1, highlights=highlights, article=HERE, also_in=twins
    )


def gold(text: str, *, source: str = "a", shift: int = 100) -> Gold:
    return Gold(source, GoldAnswer(shift + TEXT.index(text), text))


def span(text: str) -> tuple[int, int]:
    return TEXT.index(text), TEXT.index(text) + len(text)


def test_f1_is_of_words_without_case_punctuation_and_articles() -> None:
    assert word_f1("The Ministry, of", "ministry of defence") == pytest.approx(2 * 2 / (2 + 3))
    assert word_f1("the", "an") == 1
    assert word_f1("", "word") == 0


def test_a_highlight_that_shares_a_character_overlaps() -> None:
    marked = marking_of(quote(span("March 2023 by")), [gold("8 March")])
    assert marked.overlaps
    assert marked.f1 == pytest.approx(2 * 1 / (3 + 2))
    assert marked.share == pytest.approx(13 / len(TEXT))


def test_a_highlight_beside_the_answer_does_not_overlap() -> None:
    marked = marking_of(quote(span("2023")), [gold("8 March")])
    assert not marked.overlaps
    assert marked.f1 == 0


def test_two_highlights_are_judged_together() -> None:
    marked = marking_of(quote(span("Ann"), span("8 March")), [gold("8 March")])
    assert marked.overlaps
    assert marked.f1 == pytest.approx(2 * 2 / (3 + 2))
    assert marked.share == pytest.approx(10 / len(TEXT))


def test_the_best_of_several_answers_counts_and_those_elsewhere_do_not() -> None:
    answers = [gold("8 March"), gold("8 March 2023"), gold("Ann", shift=500)]
    assert marking_of(quote(span("8 March 2023")), answers).f1 == 1
    assert marking_of(quote(span("Ann")), answers).f1 == 0


def test_a_quote_without_highlights_marks_nothing() -> None:
    assert marking_of(quote(), [gold("Ann")]) == (False, 0.0, 0.0)


def test_an_answer_in_a_folded_sentence_is_looked_for_by_its_text() -> None:
    twin = Twin("On 8 March Ann left.", 0, 20, Source("b", "", "b", None, "en"))
    marked = marking_of(quote(span("8 March"), twins=(twin,)), [Gold("b", GoldAnswer(3, "8 March"))])
    assert marked.overlaps
    assert marked.f1 == 1
