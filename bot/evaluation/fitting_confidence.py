"""Fitting the confidence: what tells that the library holds an answer, then how often the first quote is right."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from bot.answering.confidence import SIGNS, Confidence, Sign
from bot.evaluation.fitting_weights import Floats, fit_logistic

KNOTS = 24
RIDGE = 1e-4
COUNTS = {"long": 3.0, "tiny": 0.5, "twins": 0.3}
"""How much a kind of library counts, 1 for the others. Counted alike, those of a few dozen sentences, where chance
matches are the rule, cost the others .004 of AUROC and .02 of the answers given at 5 % false ones."""

SMALL_COUNTS = {"tiny": 1.0, "twins": 0.5}
"""The kinds of libraries that the confidence for small ones is fitted on, and how much each counts."""

LEAST, MOST = 0.001, 0.999


class Outcome(NamedTuple):
    """A question asked of one kind of library: its signs, whether an answer is there, whether the best hit is one."""

    library: str
    signs: tuple[float, ...]
    is_present: bool
    is_right: bool


class Fitted(NamedTuple):
    """What is written of a confidence."""

    weights: Mapping[str, float]
    intercept: float
    logits: tuple[float, ...]
    probabilities: tuple[float, ...]

    def confidence(self) -> Confidence:
        """The confidence itself."""
        return Confidence(self.weights, self.intercept, self.logits, self.probabilities)


def signs_of(*, with_tables: bool) -> list[Sign]:
    """The signs that a language with or without tables has."""
    return [sign for sign in SIGNS if with_tables or not sign.needs_tables]


def fit_small_confidence(outcomes: Sequence[Outcome]) -> Fitted:
    """The confidence for small libraries, fitted on those of SMALL_COUNTS alone."""
    return fit_confidence([outcome for outcome in outcomes if outcome.library in SMALL_COUNTS], counts=SMALL_COUNTS)


def fit_confidence(outcomes: Sequence[Outcome], *, counts: Mapping[str, float] = COUNTS) -> Fitted:
    """The confidence under which each kind of library counts as `counts` says, however many questions it was asked.

    The logit is fitted to whether an answer is there, which best tells absent answers; the curve from it to a
    probability to whether the best hit is right, which is what a confidence promises.
    """
    signs = np.array([outcome.signs for outcome in outcomes])
    present = np.array([outcome.is_present for outcome in outcomes], dtype=np.float64)
    right = np.array([outcome.is_right for outcome in outcomes], dtype=np.float64)
    sizes = Counter(outcome.library for outcome in outcomes)
    share = np.array([counts.get(outcome.library, 1.0) / sizes[outcome.library] for outcome in outcomes])
    *weights, intercept = fit_logistic(signs, present, ridge=RIDGE, sample=share).tolist()
    logits, probabilities = calibration_curve(signs @ np.array(weights) + intercept, right, share)
    named = [sign.name for sign in signs_of(with_tables=len(weights) == len(SIGNS))]
    return Fitted(dict(zip(named, weights, strict=True)), intercept, logits, probabilities)


def calibration_curve(logits: Floats, truth: Floats, share: Floats) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Knots of a rising curve through the mean truth of equal parts of the logits (isotonic regression on bins)."""
    order = np.argsort(logits, kind="stable")
    parts = np.array_split(order, min(KNOTS, len(order)))
    weight = np.array([share[part].sum() for part in parts])
    mean = np.array([share[part] @ truth[part] for part in parts]) / weight
    knots = np.array([share[part] @ logits[part] for part in parts]) / weight
    rising = np.clip(pooled(mean, weight), LEAST, MOST)
    return tuple(knots.tolist()), tuple(rising.tolist())


def pooled(values: Floats, weight: Floats) -> Floats:
    """The nearest rising values (least squares): the pool-adjacent-violators algorithm (Ayer et al. 1955)."""
    blocks: list[tuple[float, float, int]] = []  # mean, weight, how many values
    for value, own in zip(values.tolist(), weight.tolist(), strict=True):
        mean, total, count = value, own, 1
        while blocks and blocks[-1][0] >= mean:
            before, before_weight, before_count = blocks.pop()
            mean = (mean * total + before * before_weight) / (total + before_weight)
            total, count = total + before_weight, count + before_count
        blocks.append((mean, total, count))
    return np.concatenate([np.full(count, mean) for mean, _, count in blocks])
