"""Fitting the confidence: whether the library holds an answer, whether the first quote is one, how often both hold."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bot.answering.confidence import Confidence, Curve, Logistic, combined, smallness
from bot.answering.signs import SIGNS, Sign
from bot.evaluation.fitting.weights import Flags, Floats, fit_logistic, sigmoid

KNOTS = 20
RIDGE, SMALL_RIDGE = 5e-4, 2e-3
"""Of the weights, and of what the weights in a small library differ by: there are fewer kinds of small ones."""

COUNTS = {"long": 3.0, "pieces": 1.5, "gaps": 3.0}
"""How much a kind of library counts, 1 for the others; half of it for its questions whose answer is there, half for
those whose answer is not. Counted alike, the large ones have .001 of AUROC less, small ones with gaps .014 (questions
in other words)."""

LEAST, MOST = 0.001, 0.999


class Outcome(NamedTuple):
    """A question asked of a library of one kind and so many sentences: its signs, whether an answer is there, whether
    the best hit is one; and whether it is a copy in other words."""

    library: str
    sentences: int
    signs: tuple[float, ...]
    is_present: bool
    is_right: bool
    is_reworded: bool = False


NOTHING = Confidence(Logistic({}, (0.0, 0.0)), Logistic({}, (0.0, 0.0)), Curve((0.0, 1.0), (0.0, 1.0), (0.0, 1.0)))
"""A confidence that has seen nothing."""


def signs_of(*, with_tables: bool) -> list[Sign]:
    """The signs that a language with or without tables has."""
    return [sign for sign in SIGNS if with_tables or not sign.needs_tables]


def fit_confidence(outcomes: Sequence[Outcome]) -> Confidence:
    """The confidence under which each kind of library counts as COUNTS says, however many questions it was asked.

    One logit is fitted to whether an answer is there, one, on those that are there, to whether the best hit is one; the
    curve from both to a probability to whether the best hit is right, which is what a confidence promises. Questions in
    other words tell the logits apart, but not the curve: people wrote those that it promises for.
    """
    signs = np.array([outcome.signs for outcome in outcomes])
    present = np.array([outcome.is_present for outcome in outcomes])
    right = np.array([outcome.is_right for outcome in outcomes])
    small = np.array([smallness(outcome.sentences) for outcome in outcomes])
    share = counted_shares([(outcome.library, outcome.is_present) for outcome in outcomes])
    there = fit_sized(signs, present.astype(np.float64), small, share)
    first = fit_sized(signs[present], right[present].astype(np.float64), small[present], share[present])
    logits = combined(sized_logits(there, signs, small), sized_logits(first, signs, small))
    written = share * np.array([not outcome.is_reworded for outcome in outcomes])
    return Confidence(_logistic(there), _logistic(first), calibration_curve(logits, right, small, written))


def _logistic(weights: Floats) -> Logistic:
    """The model of these weights of the signs, the intercepts last."""
    names = [sign.name for sign in signs_of(with_tables=len(weights) == len(SIGNS) + 1)]
    sized = [(float(large), float(small)) for large, small in weights]
    return Logistic(dict(zip(names, sized[:-1], strict=True)), sized[-1])


def sized_logits(weights: Floats, signs: Floats, small: Floats) -> Floats:
    """[rows] the logits of these signs in libraries that are so `small`, the weights' last row being the intercepts."""
    sums = np.column_stack([signs, np.ones(len(signs))]) @ weights
    return np.asarray((1 - small) * sums[:, 0] + small * sums[:, 1])


def fit_sized(signs: Floats, truth: Floats, small: Floats, share: Floats) -> Floats:
    """[signs + 1, 2] the weights of each sign in a large and in a small library, the intercepts last.

    `small` says for each row how small its library is, from 0 to 1, `share` how much it counts.
    """
    middle = signs.mean(axis=0)
    scale = signs.std(axis=0)
    scale[scale < 1e-9] = 1.0
    table = (signs - middle) / scale
    count = signs.shape[1]
    rows = np.column_stack([table, table * small[:, None], small])
    ridge = np.concatenate([np.full(count, RIDGE), np.full(count + 1, SMALL_RIDGE)])
    fitted = fit_logistic(rows, truth, ridge=ridge, sample=share)
    large, more = fitted[:count] / scale, fitted[count : 2 * count] / scale
    weights = np.column_stack([large, large + more])
    intercepts = np.array([fitted[-1], fitted[-1] + fitted[-2]]) - middle @ weights
    return np.vstack([weights, intercepts])


def calibration_curve(logits: Floats, truth: Flags, small: Floats, share: Floats) -> Curve:
    """The rising curves from the logits to how often they hold: one weighed by how large the libraries are, one by how
    small, because the same logit promises more in a small one.

    Each is a logistic one (Platt 1999), at KNOTS places: means of equal parts of the logits have flat stretches where
    few questions are, and half of the confidences of a library may fall into one.
    """
    kept = share > 0
    knots = np.quantile(logits[kept], np.linspace(0, 1, KNOTS))
    sides = (_logistic_line(logits, truth, side, knots) for side in (share * (1 - small), share * small))
    large, little = (tuple(np.clip(line, LEAST, MOST).tolist()) for line in sides)
    return Curve(tuple(knots.tolist()), large, little)


def _logistic_line(logits: Floats, truth: Flags, share: Floats, knots: Floats) -> Floats:
    """[knots] the probability there; what the logits say themselves where nothing counts."""
    if share.sum() <= 0:
        slope, offset = 1.0, 0.0
    else:
        slope, offset = fit_logistic(logits[:, None], truth.astype(np.float64), sample=share).tolist()
    return sigmoid(slope * knots + offset)


def counted_shares(kinds: Sequence[tuple[str, bool]]) -> Floats:
    """[questions] how much each counts, by its kind of library and whether its answer is there."""
    sizes = Counter(kinds)
    return np.array([COUNTS.get(library, 1.0) / sizes[library, is_present] for library, is_present in kinds])
