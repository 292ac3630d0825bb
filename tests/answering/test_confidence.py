"""The confidence: what it reads, what it promises, how its curve is made."""

import numpy as np
import pytest

from bot.answering import confidence as signs
from bot.answering.confidence import SIGNS, Confidence, Standing
from bot.evaluation.fitting_confidence import Outcome, calibration_curve, fit_confidence, pooled, signs_of
from tests.answering.worlds import World, world

TOWER = "The tower was built by Kowalczyk in 1887."


@pytest.fixture(scope="module")
def brannow() -> World:
    return world({"Brannow": [[TOWER, "It is high."], ["The harbour closed.", "Nobody knows why."]]})


def standing(brannow: World, question: str, scores: tuple[float, ...] = (2.0, 1.0, 0.0, 0.0)) -> Standing:
    view = brannow.view(question)
    return Standing(view, np.array(scores), 0)


def test_the_share_of_belief_is_the_log_of_the_softmax(brannow: World) -> None:
    value = signs.share_of_belief(standing(brannow, "tower", (1.0, 1.0, 1.0, 1.0)))
    assert value == pytest.approx(np.log(1 / 4))


def test_a_name_that_stands_nowhere_near_is_missing(brannow: World) -> None:
    assert signs.names_missing(standing(brannow, "Who built the tower for Pavel Horak?")) == 2
    assert signs.names_missing(standing(brannow, "Who built the tower of Brannow?")) == 0


def test_a_number_that_stands_nowhere_near_is_missing(brannow: World) -> None:
    assert signs.numbers_missing(standing(brannow, "Was the tower built in 1999?")) == 1
    assert signs.numbers_missing(standing(brannow, "Was the tower built in 1887?")) == 0


def test_the_noun_that_is_asked_for_can_be_missing(brannow: World) -> None:
    assert signs.noun_missing(standing(brannow, "Which engineer built the tower?")) == 1
    assert signs.noun_missing(standing(brannow, "Which tower did Kowalczyk build?")) == 0


def test_a_when_question_is_not_answered_without_a_number(brannow: World) -> None:
    assert signs.kind_missing(standing(brannow, "When was the tower built?")) == 0
    assert signs.kind_missing(standing(brannow, "When was the tower built, in 1887?")) == 1


def test_a_question_for_anything_misses_no_kind(brannow: World) -> None:
    assert signs.kind_missing(standing(brannow, "Why was the tower built?")) == 0


def test_shares_missing_near_count_terms_and_the_rarest(brannow: World) -> None:
    read = standing(brannow, "tower zeppelin")
    assert signs.share_missing_near(read) == pytest.approx(0.5)
    assert signs.rarest_missing_near(read) == pytest.approx(read.view.terms.weight[1])
    assert signs.unknown_share(read) == pytest.approx(read.view.terms.weight[1])


def test_the_probability_lies_on_the_curve_and_is_held_at_its_ends(brannow: World) -> None:
    read = standing(brannow, "tower zeppelin")
    curve = {"logits": (0.0, 1.0), "probabilities": (0.2, 0.8)}
    assert Confidence({"share missing near": 1.0}, 0.0, **curve).of_best(read) == pytest.approx(0.5)
    assert Confidence({"share missing near": 1.0}, 9.0, **curve).of_best(read) == pytest.approx(0.8)
    assert Confidence({}, -9.0, **curve).of_best(read) == pytest.approx(0.2)


def test_the_others_are_less_sure_by_how_far_they_stay_behind(brannow: World) -> None:
    model = Confidence({}, 0.0, (-1.0, 1.0), (0.0, 1.0))
    values = model.of_all(standing(brannow, "tower", (2.0, 1.0, 0.0, 2.0)))
    assert values.tolist() == pytest.approx([0.5, 0.5 / np.e, 0.5 / np.e**2, 0.5])


def test_every_sign_is_a_finite_number(brannow: World) -> None:
    for question in ("zzz", "Who built the tower in 1887?"):
        read = standing(brannow, question)
        assert all(np.isfinite(sign.value(read)) for sign in SIGNS), question


def test_signs_have_names_of_their_own_and_none_counts_what_the_article_is_about() -> None:
    names = [sign.name for sign in SIGNS]
    assert len(set(names)) == len(names)
    assert not any("article" in name for name in names)


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


def test_each_kind_of_library_counts_alike() -> None:
    pytest.importorskip("scipy")
    names = [sign.name for sign in signs_of(with_tables=False)]

    def outcome(library: str, value: float, present: bool) -> Outcome:
        return Outcome(library, (value, *[0.0] * (len(names) - 1)), present, present)

    many = [outcome("many", value, value > 0) for value in np.linspace(-1, 1, 400)]
    few = [outcome("few", value, value > 0) for value in np.linspace(-1, 1, 4)]
    fitted = fit_confidence([*many, *few])
    assert fitted.weights[names[0]] > 0
    assert fitted.probabilities[0] < 0.1 < 0.9 < fitted.probabilities[-1]
