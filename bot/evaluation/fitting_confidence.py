"""Fitting the confidence: whether the library holds an answer, whether the first quote is one, how often both hold."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bot.answering.confidence import Confidence, Curve, Logistic, combined, smallness
from bot.answering.signs import SIGNS, Sign
from bot.evaluation.fitting_weights import Flags, Floats, Ints, fit_logistic

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
    """The rising curves through the mean truth of equal parts of the logits: one weighed by how large the libraries
    are, one by how small, because the same logit promises more in a small one."""
    kept = np.flatnonzero(share)
    order = kept[np.argsort(logits[kept], kind="stable")]
    parts = np.array_split(order, min(KNOTS, len(order)))
    knots = [float(share[part] @ logits[part] / share[part].sum()) for part in parts]
    large, little = (_rising(parts, truth, side) for side in (share * (1 - small), share * small))
    return Curve(tuple(knots), large, little)


def _rising(parts: Sequence[Ints], truth: Flags, share: Floats) -> tuple[float, ...]:
    """The mean truth of each part, made to rise (isotonic regression)."""
    weight = np.array([share[part].sum() for part in parts])
    mean = np.array([share[part] @ truth[part] for part in parts]) / np.maximum(weight, 1e-12)
    return tuple(np.clip(pooled(mean, np.maximum(weight, 1e-12)), LEAST, MOST).tolist())


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


def counted_shares(kinds: Sequence[tuple[str, bool]]) -> Floats:
    """[questions] how much each counts, by its kind of library and whether its answer is there."""
    sizes = Counter(kinds)
    return np.array([COUNTS.get(library, 1.0) / sizes[library, is_present] for library, is_present in kinds])
