"""The speller's weights, fitted to cases that are known to the last digit."""

from pathlib import Path

import numpy as np
import pytest

from bot.answering.fitted import read_fitted
from bot.answering.speller import FEATURES, Choice
from bot.evaluation.fitting.spelling import NONE, Case, fit_choice, write_choice

pytest.importorskip("scipy")


def cases(seed: int) -> list[Case]:
    """Two candidates each, of which the one with more company is meant; a word of the language is meant as it is."""
    generator = np.random.default_rng(seed)
    found = []
    for number in range(400):
        features = np.column_stack([generator.random(2), generator.random(2), np.zeros(2), np.zeros(2)])
        is_word = number % 4 == 0
        found.append(Case(features, is_word, NONE if is_word else int(features[:, 0].argmax())))
    return found


def test_what_tells_the_meant_word_weighs_and_what_tells_nothing_does_not() -> None:
    choice = fit_choice(cases(1))
    assert choice.weights["company"] > 10 * abs(choice.weights["count"])
    assert choice.weights["topic"] == choice.weights["alone"] == 0
    right = 0
    for case in cases(2):
        scores = case.features @ [choice.weights[name] for name in FEATURES]
        chosen = int(scores.argmax()) if scores.max() >= choice.least_score(is_word=case.is_word) else NONE
        right += chosen == case.meant
    assert right > 0.95 * 400


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    choice = Choice(dict(zip(FEATURES, (1.0, 2.0, 3.0, 0.25), strict=True)), -0.5, 4.0)
    write_choice(tmp_path / "spelling" / "en.toml", ["Made by hand."], choice)
    assert read_fitted(tmp_path / "spelling" / "en.toml", Choice, kind="a speller") == choice
