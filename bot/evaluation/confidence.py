"""What confidence is worth: figures over the outcomes of one trial."""

from collections.abc import Callable, Sequence

import numpy as np

from bot.evaluation.measures import (
    Booleans,
    Floats,
    Places,
    area_under_risk,
    auroc,
    bootstrap,
    brier,
    calibration_bins,
    calibration_error,
    cutoff_at,
)
from bot.evaluation.product import Outcome
from bot.evaluation.report import Figure

FALSE_ANSWERS = 0.05
"""The share of absent questions whose answering is put up with when a cut-off is chosen."""


class Confidences:
    """The outcomes of one trial as arrays, one element per question.

    `present`: an answer is in the library. `right`: the first of the ranking covers one.
    """

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        self.clusters = [outcome.asked.cluster for outcome in outcomes]
        self.confidence: Floats = np.array([outcome.confidence for outcome in outcomes], dtype=np.float64)
        self.present: Booleans = np.array([bool(outcome.asked.gold) for outcome in outcomes], dtype=np.bool_)
        self.right: Booleans = np.array([outcome.first_is_right for outcome in outcomes], dtype=np.bool_)
        self.answered: Booleans = np.array([outcome.answered for outcome in outcomes], dtype=np.bool_)

    def figure(self, name: str, statistic: Callable[[Places], float]) -> Figure:
        """A figure with its interval over clusters."""
        return Figure.of(name, bootstrap(self.clusters, statistic))


def calibration_figures(held: Confidences) -> list[Figure]:
    """How far confidence can be believed as the probability that the first quote answers.

    Calibration errors come without an interval: every resample has a larger one than the questions it was drawn from
    (bins get noisier), so that a percentile interval would lie above the value.
    """

    def error(outcome: Booleans, *, equal_mass: bool) -> float:
        return calibration_error(calibration_bins(held.confidence, outcome, equal_mass=equal_mass))

    figures = [
        Figure("calibration_error", error(held.right, equal_mass=False)),
        Figure("calibration_error_equal_mass", error(held.right, equal_mass=True)),
        held.figure("brier", lambda places: brier(held.confidence[places], held.right[places])),
        held.figure("area_under_risk", lambda places: area_under_risk(held.confidence[places], held.right[places])),
    ]
    if not held.present.all():
        figures.append(Figure("calibration_error_present", error(held.present, equal_mass=False)))
    return figures


def abstaining_figures(held: Confidences, *, threshold: float) -> list[Figure]:
    """How well confidence keeps questions whose answer is absent from being answered."""

    def sides(places: Places) -> tuple[Floats, Floats]:
        values, present = held.confidence[places], held.present[places]
        return values[present], values[~present]

    chosen = cutoff_at(*sides(np.arange(len(held.confidence))), false=FALSE_ANSWERS)

    def share(of: Booleans, among: Booleans) -> Callable[[Places], float]:
        return lambda places: _share(of[places], among[places])

    return [
        held.figure("auroc", lambda places: auroc(*sides(places))),
        held.figure("answered_at_5_false", lambda places: cutoff_at(*sides(places), false=FALSE_ANSWERS).answered),
        Figure("cutoff_at_5_false", chosen.threshold),
        Figure("threshold", threshold),
        held.figure("answered", share(held.answered, held.present)),
        held.figure("false_answers", share(held.answered, ~held.present)),
        held.figure("right_when_answered", share(held.right, held.answered)),
        held.figure("auroc_right", lambda places: _auroc_right(held, places)),
        *calibration_figures(held),
    ]


def _share(of: Booleans, among: Booleans) -> float:
    return float(of[among].mean()) if among.any() else float("nan")


def _auroc_right(held: Confidences, places: Places) -> float:
    values, right = held.confidence[places], held.right[places]
    return auroc(values[right], values[~right])
