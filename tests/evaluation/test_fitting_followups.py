"""Fitting the follow-up model."""

from bot.answering.followup import LeaningWords
from bot.answering.question import QuestionReader
from bot.evaluation.fitting_followups import Row, fitted, halves, rows_of
from bot.evaluation.followups import Dialogue, Exchange
from bot.retrieval.analysis import Analyzers
from bot.wordlists import WordLists

LISTS = WordLists()
ENGLISH = Analyzers(LISTS).of("en")


def turn(dialog: str, question: str, rewrite: str) -> Dialogue:
    history = (Exchange("Who built it?", "Clara Whitfield and her boats"),)
    return Dialogue(dialog, 2, "Iron Bridge", history, question, rewrite)


def test_halves_keep_a_dialogue_together_and_lose_no_turn() -> None:
    turns = [turn(f"d{number // 3}", "Why?", "Why?") for number in range(60)]
    fitting, reported = halves(turns)
    assert len(fitting) + len(reported) == 60
    assert {one.dialog for one in fitting}.isdisjoint({one.dialog for one in reported})
    assert fitting
    assert reported


def test_a_row_says_whether_the_person_took_the_word_over() -> None:
    reader = QuestionReader(LISTS, longest=1000)
    rows = rows_of(
        [turn("d", "Did she own it?", "Did Clara own Iron Bridge?")], reader, LeaningWords(LISTS, ENGLISH), ENGLISH
    )
    offered = 2 + 3 + 1  # of the title, of the answer, of the question before
    assert len(rows) == 3 * offered - 2  # the third time without the title
    assert sum(row.taken for row in rows) == 3 + 3 + 1


def test_a_feature_that_goes_with_taking_over_gets_a_positive_weight() -> None:
    rows = [Row(("good",), True)] * 40 + [Row(("bad",), False)] * 40 + [Row(("rare",), True)] * 3
    weights = fitted(rows)
    assert weights.by_feature["good"] > 0.5
    assert weights.by_feature["bad"] < -0.5
    assert "rare" not in weights.by_feature
    assert list(weights.lines(-0.5, 0.5))[:2] == ["threshold = -0.5", "threshold alone = 0.5"]
