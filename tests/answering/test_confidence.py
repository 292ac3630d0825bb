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


def test_the_lead_is_over_the_best_of_another_passage_where_there_is_one_article(brannow: World) -> None:
    assert signs.lead_over_other_articles(standing(brannow, "tower", (2.0, 1.5, 0.5, 0.0))) == pytest.approx(1.5)
    assert signs.lead_over_other_articles(standing(brannow, "tower", (99.0, 1.5, 0.5, 0.0))) == signs.MOST_LEAD


def test_the_same_report_in_another_article_takes_no_lead_away() -> None:
    papers = world({"One": [[TOWER, "It is high."]], "Two": [["The tower was built in 1887 by Kowalczyk."], ["Rain."]]})
    assert signs.sameness(standing(papers, "tower"))[2] == pytest.approx(1.0)
    assert signs.lead_over_other_articles(standing(papers, "tower", (2.0, 1.0, 1.9, 0.5))) == pytest.approx(1.5)


def test_a_single_sentence_has_no_lead() -> None:
    alone = world({"One": [[TOWER]]})
    assert signs.lead_over_other_articles(standing(alone, "tower", (2.0,))) == 0


def test_a_name_that_stands_nowhere_near_is_missing(brannow: World) -> None:
    assert signs.names_missing(standing(brannow, "Who built the tower for Pavel Horak?")) == 2
    assert signs.names_missing(standing(brannow, "Who built the tower of Brannow?")) == 0


def test_a_number_that_stands_nowhere_near_is_missing(brannow: World) -> None:
    assert signs.numbers_missing(standing(brannow, "Was the tower built in 1999?")) == 1
    assert signs.numbers_missing(standing(brannow, "Was the tower built in 1887?")) == 0


def test_the_noun_that_is_asked_for_can_be_missing(brannow: World) -> None:
    assert signs.noun_missing(standing(brannow, "Which engineer built the tower?")) == 1
    assert signs.noun_missing(standing(brannow, "Which tower did Kowalczyk build?")) == 0


def test_a_when_question_misses_its_kind_of_answer_without_a_number(brannow: World) -> None:
    assert signs.date_missing(standing(brannow, "When was the tower built?")) == 0
    assert signs.date_missing(standing(brannow, "When was the tower built, in 1887?")) == 1


def test_a_question_for_a_number_or_a_person_misses_its_kind_as_well(brannow: World) -> None:
    assert signs.number_missing(standing(brannow, "How many towers were built?")) == 0
    assert signs.name_missing(standing(brannow, "Who built the tower?")) == 0
    assert signs.name_missing(standing(brannow, "Who but Kowalczyk built the tower?")) == 1


def test_a_question_for_anything_misses_no_kind(brannow: World) -> None:
    read = standing(brannow, "Why was the tower built?")
    assert signs.date_missing(read) == signs.number_missing(read) == signs.name_missing(read) == 0


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


def test_signs_have_names_of_their_own() -> None:
    names = [sign.name for sign in SIGNS]
    assert len(set(names)) == len(names)


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
