"""The confidence: what it promises, how its curve is made, how it follows the library's size."""

import numpy as np
import pytest

from bot.answering.confidence import LARGE, SMALL, Confidence, shared_down, smallness
from bot.answering.signs import SIGNS
from bot.answering.standing import Standing
from bot.evaluation.fitting_confidence import (
    NOT_FIRST,
    Outcome,
    calibration_curve,
    fit_confidence,
    fit_sized,
    pooled,
    signs_of,
)
from tests.answering.worlds import World, world

TOWER = "The tower was built by Kowalczyk in 1887."


@pytest.fixture(scope="module")
def brannow() -> World:
    return world({"Brannow": [[TOWER, "It is high."], ["The harbour closed.", "Nobody knows why."]]})


def standing(brannow: World, question: str, scores: tuple[float, ...] = (2.0, 1.0, 0.0, 0.0)) -> Standing:
    view = brannow.view(question)
    return Standing(view, np.array(scores), 0)


def test_the_probability_lies_on_the_curve_and_is_held_at_its_ends(brannow: World) -> None:
    read = standing(brannow, "tower zeppelin")
    curve = {"logits": (0.0, 1.0), "probabilities": (0.2, 0.8)}
    weights = {"share missing near": (1.0, 1.0)}
    assert Confidence(weights, (0.0, 0.0), **curve).of_best(read) == pytest.approx(0.5)
    assert Confidence(weights, (9.0, 9.0), **curve).of_best(read) == pytest.approx(0.8)
    assert Confidence({}, (-9.0, -9.0), **curve).of_best(read) == pytest.approx(0.2)


def test_a_small_library_has_weights_of_its_own(brannow: World) -> None:
    read = standing(brannow, "tower zeppelin")
    model = Confidence({"share missing near": (5.0, 1.0)}, (7.0, 0.25), (0.0, 1.0), (0.0, 1.0))
    assert read.view.statistics.sentences < SMALL
    assert model.logit(read) == pytest.approx(0.25 + 0.5)


def test_between_large_and_small_the_log_of_the_size_counts() -> None:
    assert [smallness(size) for size in (0, 1, SMALL, LARGE, 10 * LARGE)] == pytest.approx([1, 1, 1, 0, 0])
    assert smallness(round((SMALL * LARGE) ** 0.5)) == pytest.approx(0.5, abs=1e-3)


def test_the_others_are_less_sure_by_how_far_they_stay_behind() -> None:
    values = shared_down(0.5, np.array([2.0, 1.0, 0.0, 2.0]))
    assert values.tolist() == pytest.approx([0.5, 0.5 / np.e, 0.5 / np.e**2, 0.5])


def test_violators_are_pooled_to_their_weighted_mean() -> None:
    values = pooled(np.array([0.1, 0.5, 0.2, 0.9]), np.array([1.0, 1.0, 2.0, 1.0]))
    assert values.tolist() == pytest.approx([0.1, 0.3, 0.3, 0.9])


def test_the_curve_rises_and_follows_the_truth() -> None:
    generator = np.random.default_rng(1)
    logits = generator.normal(size=20_000) * 3
    truth = (generator.random(20_000) < 1 / (1 + np.exp(-logits))).astype(np.float64)
    knots, probabilities = calibration_curve(logits, truth, np.ones(20_000))
    assert sorted(probabilities) == list(probabilities)
    for logit in (-3.0, -1.0, 0.0, 1.0, 3.0):
        assert np.interp(logit, knots, probabilities) == pytest.approx(1 / (1 + np.exp(-logit)), abs=0.03)


def outcome(library: str, value: float, present: bool, *, sentences: int = LARGE, right: bool | None = None) -> Outcome:
    """An outcome whose first sign has a value, all others 0."""
    signs = (value, *[0.0] * (len(signs_of(with_tables=False)) - 1))
    return Outcome(library, sentences, signs, present, present if right is None else right)


def test_each_kind_of_library_counts_alike() -> None:
    pytest.importorskip("scipy")
    name = SIGNS[0].name
    many = [outcome("many", value, value > 0) for value in np.linspace(-1, 1, 400)]
    few = [outcome("few", value, value > 0) for value in np.linspace(-1, 1, 4)]
    fitted = fit_confidence([*many, *few])
    assert min(fitted.weights[name]) > 0
    assert fitted.probabilities[0] < 0.1 < 0.9 < fitted.probabilities[-1]


def test_the_curve_promises_that_the_first_quote_is_right() -> None:
    pytest.importorskip("scipy")
    there = [outcome("one", value, True, right=value > 0.5) for value in np.linspace(0.1, 1, 200)]
    absent = [outcome("one", -value, False) for value in np.linspace(0.1, 1, 200)]
    fitted = fit_confidence([*there, *absent])
    assert 0 < NOT_FIRST < 1
    assert np.interp(0.0, fitted.logits, fitted.probabilities) < 0.2
    assert fitted.probabilities[-1] > 0.9


def test_sizes_are_told_apart_where_a_sign_means_the_opposite() -> None:
    pytest.importorskip("scipy")
    values = np.linspace(-1, 1, 400)[:, None]
    signs, small = np.vstack([values, values]), np.repeat([0.0, 1.0], 400)
    truth = np.concatenate([values[:, 0] > 0, values[:, 0] < 0]).astype(np.float64)
    weights = fit_sized(signs, truth, small, np.ones(800))
    assert weights.shape == (2, 2)
    assert weights[0, 0] > 0 > weights[0, 1]
