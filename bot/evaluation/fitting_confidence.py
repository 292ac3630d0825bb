"""Fitting the confidence: what tells that the library holds an answer, then how often the first quote is right."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from bot.answering.confidence import Confidence, Sized, smallness
from bot.answering.signs import SIGNS, Sign
from bot.evaluation.fitting_weights import Floats, fit_logistic

KNOTS = 20
RIDGE, SMALL_RIDGE = 5e-4, 2e-3
"""Of the weights, and of what the weights in a small library differ by: there are fewer kinds of small ones."""

COUNTS = {"long": 3.0, "pieces": 1.5, "gaps": 3.0}
"""How much a kind of library counts, 1 for the others; half of it for its questions whose answer is there, half for
those whose answer is not. Counted alike, the large ones have .001 of AUROC less, small ones with gaps .014 (questions
in other words)."""

NOT_FIRST = 0.8
"""What an answer counts that is in the library and not the best hit. At 1 the confidence tells best which answers are
absent, at 0 which first quotes are wrong: between them it tells both nearly as well."""

LEAST, MOST = 0.001, 0.999


class Outcome(NamedTuple):
    """A question asked of a library of one kind and so many sentences: its signs, whether an answer is there, whether
    the best hit is one."""

    library: str
    sentences: int
    signs: tuple[float, ...]
    is_present: bool
    is_right: bool


class Fitted(NamedTuple):
    """What is written of a confidence."""

    weights: Mapping[str, Sized]
    intercept: Sized
    logits: tuple[float, ...]
    probabilities: tuple[float, ...]

    def confidence(self) -> Confidence:
        """The confidence itself."""
        return Confidence(self.weights, self.intercept, self.logits, self.probabilities)


NOTHING = Fitted({}, (0.0, 0.0), (0.0, 1.0), (0.0, 1.0))
"""A confidence that has seen nothing."""


def signs_of(*, with_tables: bool) -> list[Sign]:
    """The signs that a language with or without tables has."""
    return [sign for sign in SIGNS if with_tables or not sign.needs_tables]


def fit_confidence(outcomes: Sequence[Outcome]) -> Fitted:
    """The confidence under which each kind of library counts as COUNTS says, however many questions it was asked.

    The logit is fitted to whether an answer is there, an answer that is not the best hit counting in part; the curve
    from it to a probability to whether the best hit is right, which is what a confidence promises.
    """
    signs = np.array([outcome.signs for outcome in outcomes])
    present = np.array([outcome.is_present for outcome in outcomes], dtype=np.float64)
    right = np.array([outcome.is_right for outcome in outcomes], dtype=np.float64)
    small = np.array([smallness(outcome.sentences) for outcome in outcomes])
    share = _shares(outcomes)
    weights = fit_sized(signs, np.maximum(right, NOT_FIRST * present), small, share)
    sums = np.column_stack([signs, np.ones(len(signs))]) @ weights
    logits, probabilities = calibration_curve((1 - small) * sums[:, 0] + small * sums[:, 1], right, share)
    names = [sign.name for sign in signs_of(with_tables=signs.shape[1] == len(SIGNS))]
    sized: list[Sized] = [(large, small) for large, small in weights.tolist()]
    return Fitted(dict(zip(names, sized[:-1], strict=True)), sized[-1], logits, probabilities)


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


def _shares(outcomes: Sequence[Outcome]) -> Floats:
    """[outcomes] how much each counts."""
    sizes = Counter((outcome.library, outcome.is_present) for outcome in outcomes)
    return np.array(
        [COUNTS.get(outcome.library, 1.0) / sizes[outcome.library, outcome.is_present] for outcome in outcomes]
    )
