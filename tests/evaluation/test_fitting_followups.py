"""Fitting the follow-up model."""

from collections import Counter
from pathlib import Path

import msgspec

from bot.answering.followup import LeaningWords
from bot.answering.question import QuestionReader
from bot.answering.rewriting import FollowUps
from bot.evaluation.fitting_followups import Row, fit_follow_ups, fitted, folds, rows_of
from bot.evaluation.followups import Dialogue, Exchange
from bot.retrieval.analysis import Analyzers
from bot.wordlists import WordLists

LISTS = WordLists()
ENGLISH = Analyzers(LISTS).of("en")


def turn(dialog: str, question: str, rewrite: str) -> Dialogue:
    history = (Exchange("Who built it?", "Clara Whitfield and her boats"),)
    return Dialogue(dialog, 2, "Iron Bridge", history, question, rewrite)


def test_each_turn_is_held_out_once_and_never_beside_its_dialogue() -> None:
    turns = [turn(f"d{number // 3}", "Why?", "Why?") for number in range(60)]
    held_out = []
    for fitting, reported in folds(turns):
        assert len(fitting) + len(reported) == 60
        assert {one.dialog for one in fitting}.isdisjoint({one.dialog for one in reported})
        held_out += reported
    assert Counter(held_out) == Counter(turns)


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
    shipped = weights.shipped()
    assert list(shipped)[:3] == ["threshold", "threshold alone", "bias"]
    assert shipped["good"] == round(weights.by_feature["good"], 2)


def test_fitting_writes_weights_that_the_product_reads_and_tells_how_good_they_are(tmp_path: Path) -> None:
    turns = [turn(f"d{number}", "Did she own it?", "Did Clara Whitfield own it?") for number in range(40)]
    turns += [turn(f"e{number}", "Where is Oslo?", "Where is Oslo?") for number in range(20)]
    file = tmp_path / "dialogues.json"
    file.write_bytes(msgspec.json.encode(turns))
    told: list[str] = []
    fit_follow_ups(file, tmp_path / "owner", lists=LISTS, tell=told.append)
    assert sum(line.startswith("fold ") for line in told) == 5
    assert any(line.startswith("followup_f1 0.8") for line in told)
    lists = WordLists(tmp_path / "owner")
    rewriting = FollowUps(lists, QuestionReader(lists, longest=1000)).rewrite(
        "Did she own it?", turns[0].conversation(), analyzer=ENGLISH
    )
    assert rewriting is not None
    assert {"Clara", "Whitfield"} <= set(rewriting.words)
