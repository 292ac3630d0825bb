"""Fitting the follow-up model."""

from pathlib import Path

import msgspec
import pytest

from bot.answering.followups.leaning import LeaningWords
from bot.answering.followups.rewriting import FollowUps
from bot.answering.question import QuestionReader
from bot.evaluation.fitting.followups import Row, fit_follow_ups, fitted, folds, rows_of
from bot.evaluation.followups import Dialogue, Exchange
from bot.retrieval.analysis import Analyzers
from bot.wordlists import WordLists

LISTS = WordLists()
ENGLISH = Analyzers(LISTS).of("en")


def turn(dialog: str, question: str, rewrite: str, *, title: str = "Iron Bridge") -> Dialogue:
    history = (Exchange("Who built it?", "Clara Whitfield and her boats"),)
    return Dialogue(dialog, 2, title, history, question, rewrite)


def test_each_turn_is_held_out_once_and_never_beside_one_about_its_article() -> None:
    turns = [turn(f"d{number}", "Why?", "Why?", title=f"Bridge {number // 3}") for number in range(60)]
    asked = []
    for fitting, held_out in folds(turns):
        assert len(fitting) + len(held_out) == 60
        assert {turns[place].title for place in fitting}.isdisjoint({turns[place].title for place in held_out})
        asked += held_out
    assert sorted(asked) == list(range(60))


def test_a_row_says_whether_the_person_took_the_word_over() -> None:
    reader = QuestionReader(LISTS, longest=1000)
    (rows,) = rows_of(
        [turn("d", "Did she own it?", "Did Clara own Iron Bridge?")], reader, LeaningWords(LISTS, ENGLISH), ENGLISH
    )
    offered = 2 + 3 + 1  # of the title, of the answer, of the question before
    assert len(rows) == 2 * offered - 2  # the second time without the title
    assert sum(row.taken for row in rows) == 3 + 1


def test_a_feature_that_goes_with_taking_over_gets_a_positive_weight() -> None:
    pytest.importorskip("scipy")
    rows = [Row(("good",), True)] * 40 + [Row(("bad",), False)] * 40 + [Row(("rare",), True)] * 3
    weights = fitted(rows)
    assert weights["good"] > 0.5
    assert weights["bad"] < -0.5
    assert "rare" not in weights
    assert list(weights)[:5] == ["threshold", "threshold likeliest", "threshold said", "threshold besides", "bias"]
    assert weights["good"] == round(weights["good"], 2)


def test_fitting_writes_weights_that_the_product_reads_and_tells_how_good_they_are(tmp_path: Path) -> None:
    pytest.importorskip("scipy")
    taken, alone = "Did Clara Whitfield own it?", "Where is Oslo?"
    turns = [turn(f"d{number}", "Did she own it?", taken, title=f"Bridge {number}") for number in range(40)]
    turns += [turn(f"e{number}", alone, alone, title=f"Tunnel {number}") for number in range(20)]
    file = tmp_path / "dialogues.json"
    file.write_bytes(msgspec.json.encode(turns))
    told: list[str] = []
    fit_follow_ups(file, tmp_path / "owner", lists=LISTS, tell=told.append)
    assert sum(line.startswith("fold ") for line in told) == 5
    assert told[-12::6] == ["after questions as they were asked:", "as the product remembers:"]
    assert told.count("followup_f1 1.000") == 2
    lists = WordLists(tmp_path / "owner")
    rewriting = FollowUps(lists, QuestionReader(lists, longest=1000)).rewrite(
        "Did she own it?", turns[0].conversation(), analyzer=ENGLISH
    )
    assert rewriting is not None
    assert {"Clara", "Whitfield"} <= set(rewriting.words)
