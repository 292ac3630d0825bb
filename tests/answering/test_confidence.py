"""The confidence: what it promises, how its curve is made, how it follows the library's size."""

import numpy as np
import pytest

from bot.answering.confidence import (
    FIRST_POWER,
    LARGE,
    SMALL,
    Confidence,
    Curve,
    Logistic,
    combined,
    shared_down,
    smallness,
)
from bot.answering.signs import SIGNS
from bot.answering.standing import Standing
from bot.evaluation.fitting.confidence import (
    Outcome,
    calibration_curve,
    fit_confidence,
    fit_sized,
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


SURE = Logistic({}, (50.0, 50.0))
"""A model that leaves the other one alone."""


def sure_of(model: Confidence, read: Standing) -> float:
    """The probability that the best candidate answers."""
    return model.probability(model.logits(read))


def curve(logits: tuple[float, ...], probabilities: tuple[float, ...]) -> Curve:
    """The same curve in large libraries and in small ones."""
    return Curve(logits, probabilities, probabilities)


def test_the_probability_lies_on_the_curve_and_is_held_at_its_ends(brannow: World) -> None:
    read = standing(brannow, "tower zeppelin")
    line = curve((0.0, 1.0), (0.2, 0.8))
    weights = {"share missing near": (1.0, 1.0)}
    assert sure_of(Confidence(Logistic(weights, (0.0, 0.0)), SURE, line), read) == pytest.approx(0.5)
    assert sure_of(Confidence(Logistic(weights, (9.0, 9.0)), SURE, line), read) == pytest.approx(0.8)
    assert sure_of(Confidence(Logistic({}, (-9.0, -9.0)), SURE, line), read) == pytest.approx(0.2)


def test_an_answer_that_is_there_is_less_sure_where_the_first_may_not_be_it(brannow: World) -> None:
    read = standing(brannow, "tower zeppelin")
    line = curve((-9.0, 9.0), (0.0, 1.0))
    there = Logistic({}, (2.0, 2.0))
    unsure = Logistic({"share missing near": (-2.0, -2.0)}, (0.0, 0.0))
    assert sure_of(Confidence(there, unsure, line), read) < sure_of(Confidence(there, SURE, line), read)


def test_both_models_are_combined_as_probabilities() -> None:
    present, first = np.array([0.0, 2.0, 50.0, 900.0]), np.array([0.0, -1.0, 1.0, 900.0])
    wanted = (1 / (1 + np.exp(-present))) * (1 / (1 + np.exp(-first))) ** FIRST_POWER
    found = combined(present, first)
    assert (1 / (1 + np.exp(-found))).tolist() == pytest.approx(wanted.tolist())
    assert np.isfinite(found).all()


def test_a_small_library_has_weights_and_a_curve_of_its_own(brannow: World) -> None:
    values = np.array([1.0 if sign.name == "share missing near" else 0.0 for sign in SIGNS])
    model = Logistic({"share missing near": (5.0, 1.0)}, (7.0, 0.25))
    assert [model.logit(values, small) for small in (0.0, 0.5, 1.0)] == pytest.approx([12.0, 6.625, 1.25])
    line = Curve((0.0, 1.0), (0.0, 0.4), (0.2, 0.8))
    assert [line.at(0.5, small) for small in (0.0, 0.5, 1.0)] == pytest.approx([0.2, 0.35, 0.5])
    read = standing(brannow, "tower zeppelin")
    assert read.view.statistics.sentences < SMALL
    assert sure_of(Confidence(model, SURE, line), read) == pytest.approx(0.2 + 0.6 * (0.25 + 0.5))


def test_a_curve_is_a_line_through_its_knots_and_flat_beyond_them() -> None:
    line = Curve((-1.0, 0.0, 2.0), (0.1, 0.3, 0.9), (0.0, 0.5, 1.0))
    assert [line.at(logit, 0.0) for logit in (-9, -1, -0.5, 0, 1, 2, 9)] == pytest.approx(
        [0.1, 0.1, 0.2, 0.3, 0.6, 0.9, 0.9]
    )
    assert line.at(1.0, 0.5) == pytest.approx((0.6 + 0.75) / 2)


def test_between_large_and_small_the_log_of_the_size_counts() -> None:
    assert [smallness(size) for size in (0, 1, SMALL, LARGE, 10 * LARGE)] == pytest.approx([1, 1, 1, 0, 0])
    assert smallness(round((SMALL * LARGE) ** 0.5)) == pytest.approx(0.5, abs=1e-3)


def test_the_others_are_less_sure_by_how_far_they_stay_behind() -> None:
    values = shared_down(0.5, np.array([2.0, 1.0, 0.0, 2.0]))
    assert values.tolist() == pytest.approx([0.5, 0.5 / np.e, 0.5 / np.e**2, 0.5])


def test_the_curve_rises_and_follows_the_truth() -> None:
    pytest.importorskip("scipy")
    generator = np.random.default_rng(1)
    logits = generator.normal(size=20_000) * 3
    truth = generator.random(20_000) < 1 / (1 + np.exp(-logits))
    found = calibration_curve(logits, truth, np.zeros(20_000), np.ones(20_000))
    assert sorted(found.large) == list(found.large)
    for logit in (-3.0, -1.0, 0.0, 1.0, 3.0):
        assert found.at(logit, 0.0) == pytest.approx(1 / (1 + np.exp(-logit)), abs=0.03)


def test_a_logit_that_promises_more_in_a_small_library_has_two_curves() -> None:
    pytest.importorskip("scipy")
    logits = np.tile(np.linspace(-3, 3, 1000), 2)
    small = np.repeat([0.0, 1.0], 1000)
    found = calibration_curve(logits, logits > 1 - 2 * small, small, np.ones(2000))
    assert found.at(0.0, 0.0) < 0.1 < 0.9 < found.at(0.0, 1.0)
    assert sorted(found.large) == list(found.large)
    assert sorted(found.small) == list(found.small)


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
    assert min(fitted.present.weights[name]) > 0
    assert fitted.curve.large[0] < 0.1 < 0.9 < fitted.curve.large[-1]


def test_the_confidence_promises_that_the_first_quote_is_right() -> None:
    pytest.importorskip("scipy")
    there = [outcome("one", value, True, right=value > 0.5) for value in np.linspace(0.1, 1, 200)]
    absent = [outcome("one", -value, False) for value in np.linspace(0.1, 1, 200)]
    fitted = fit_confidence([*there, *absent])
    name = SIGNS[0].name
    assert fitted.present.weights[name][0] > 0
    assert fitted.first.intercept[0] < 0 < fitted.first.weights[name][0]
    assert promised(fitted, 0.2) < 0.2
    assert promised(fitted, 1.0) > 0.9


def promised(fitted: Confidence, value: float) -> float:
    """The probability in a large library where the first sign has a value and the others are 0."""
    values = np.array([value, *[0.0] * (len(SIGNS) - 1)])
    both = [np.array(model.logit(values, 0.0)) for model in (fitted.present, fitted.first)]
    return fitted.curve.at(float(combined(*both)), 0.0)


def test_sizes_are_told_apart_where_a_sign_means_the_opposite() -> None:
    pytest.importorskip("scipy")
    values = np.linspace(-1, 1, 400)[:, None]
    signs, small = np.vstack([values, values]), np.repeat([0.0, 1.0], 400)
    truth = np.concatenate([values[:, 0] > 0, values[:, 0] < 0]).astype(np.float64)
    weights = fit_sized(signs, truth, small, np.ones(800))
    assert weights.shape == (2, 2)
    assert weights[0, 0] > 0 > weights[0, 1]
