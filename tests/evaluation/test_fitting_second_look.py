"""Fitting the second look: a clue that tells gets weight, and the file holds what was fitted."""

from pathlib import Path

import numpy as np
import pytest

from bot.answering.clues import CLUES
from bot.answering.commonwords import CommonWords
from bot.answering.marking.marker import Marker
from bot.answering.marking.spanmodel import SpanModel
from bot.answering.query import Logits
from bot.answering.second_look import SCORE, SIGNS, read_second
from bot.evaluation.collection import Collection, Piece
from bot.evaluation.fitting.abstaining import HalfLibrary
from bot.evaluation.fitting.paraphrase import Paraphraser
from bot.evaluation.fitting.samples import Asker
from bot.evaluation.fitting.second_look import Viewed, fit_second, viewed, write_second
from bot.evaluation.questions import AskedParagraph, AskedQuestion, GoldAnswer
from tests.answering.worlds import ANALYZERS, LISTS, READER, SEARCH, world

ENGLISH = ANALYZERS.of("en")


def views(count: int) -> list[Viewed]:
    """Questions whose right candidate has more evidence, mostly; in every third library there is none."""
    draw = np.random.default_rng(4)
    found = []
    for number in range(count):
        clues = draw.normal(size=(3, len(CLUES)))
        right = np.zeros(3, dtype=np.bool_)
        right[draw.integers(3)] = number % 3 > 0
        clues[:, 0] += 2 * right
        found.append(
            Viewed("long", Logits(float(number % 3 > 0), 0.0, 0.0), draw.normal(size=3), clues, right, number % 3 > 0)
        )
    return found


def test_the_clue_that_tells_is_weighed_and_the_file_says_the_same(tmp_path: Path) -> None:
    pytest.importorskip("scipy")
    second = fit_second(views(600))
    assert second.weights["evidence"] > 1
    assert abs(second.weights[SCORE]) < 0.3
    assert second.present.weights["logit"] > 1
    assert second.first.weights["evidence"] > 0
    assert list(second.curve.large) == sorted(second.curve.large)
    write_second(tmp_path / "en.toml", ("Made by a test.",), second)
    read = read_second(tmp_path / "en.toml")
    assert read.weights == pytest.approx(second.weights, rel=1e-4)
    assert set(read.present.weights) == set(read.first.weights) == set(SIGNS)
    assert (tmp_path / "en.toml").read_text(encoding="utf-8").startswith("# Made by a test.")


def test_a_library_is_viewed_with_what_is_there_and_what_is_not() -> None:
    context = "Fog hid the buoys. Marta Kowalczyk built the pier."
    held = AskedParagraph(
        context, (AskedQuestion("Who built the pier?", (GoldAnswer(19, "Marta Kowalczyk"),)),), ((0, 18), (19, 50))
    )
    question = AskedQuestion("Who owns the pier?", (GoldAnswer(0, "Jan"),))
    absent = AskedParagraph("Jan owns the pier.", (question,), ((0, 18),))
    collection = Collection([Piece("Pier", [held]), Piece("Pier", [absent], held=False)], ENGLISH)
    asker = Asker(world({}).ranker, READER, ANALYZERS, ENGLISH, CommonWords(LISTS), SEARCH)
    model = SpanModel.of("en")
    assert model is not None
    library = HalfLibrary("tiny", collection, 4)
    found = list(viewed(library, asker, Paraphraser({}, [], ENGLISH), Marker(LISTS, models={"en": model}), seed=1))
    assert sorted(one.is_present for one in found) == [False, True]
    for one in found:
        assert one.clues.shape == (len(one.scores), len(CLUES))
        assert one.is_right.any() == one.is_present
