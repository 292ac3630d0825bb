"""Confidence: the calibrated probability that the best candidate answers the question."""

import math
from collections.abc import Mapping
from functools import cached_property

import msgspec
import numpy as np

from bot.answering.features.view import Floats
from bot.answering.query import Logits
from bot.answering.signs import LATE_SIGNS, SIGNS
from bot.answering.standing import Standing

SMALL, LARGE = 200, 2000
"""Sentences of a library that is small for certain, and of one that is large."""

FIRST_POWER = 0.2
"""What the second model counts beside the first. By cross-validation on training articles (long ones, half of them left
out) the confidence tells absent answers with an AUROC of .981 at 0, .980 here, .972 at 1, and wrong first quotes with
one of .940, .956 and .960: here it does nearly as well as can be at both."""

Sized = tuple[float, float]
"""A weight in a large library and in a small one."""


class Logistic(msgspec.Struct, frozen=True, dict=True):
    """A logistic model over the signs.

    In a few dozen sentences a word that is missing, or that stands in one of them alone, tells less than in thousands,
    so each sign has two weights; between LARGE and SMALL it has what lies between them, by the log of the size.
    """

    weights: Mapping[str, Sized]
    intercept: Sized

    def logit(self, values: Floats, small: float) -> float:
        """The logit of these values of all SIGNS in a library that is so `small`."""
        large_logit, small_logit = values @ self._sizes
        return float((1 - small) * (large_logit + self.intercept[0]) + small * (small_logit + self.intercept[1]))

    @cached_property
    def _sizes(self) -> Floats:
        """[signs, 2] both weights of each sign; 0 for those without."""
        return np.array([self.weights.get(sign.name, (0.0, 0.0)) for sign in SIGNS])


class Curve(msgspec.Struct, frozen=True):
    """From a logit to a probability, rising: knots of one line for a large library and of one for a small one."""

    logits: tuple[float, ...]
    large: tuple[float, ...]
    small: tuple[float, ...]

    def at(self, logit: float, small: float) -> float:
        """The probability at a logit in a library that is so `small`; beyond its ends the curve is flat."""
        large_side, small_side = (float(np.interp(logit, self.logits, side)) for side in (self.large, self.small))
        return (1 - small) * large_side + small * small_side


class Confidence(msgspec.Struct, frozen=True, dict=True):
    """Two models, of whether an answer is there and of whether the best candidate is one if so, and a curve.

    One model of both would take an answer that is there for certain for one that stands first: where an article says
    much about one thing, the first is certain and the second is not.
    """

    present: Logistic
    first: Logistic
    curve: Curve

    def logits(self, standing: Standing) -> Logits:
        """What the models say of the best candidate."""
        small = smallness(standing.view.statistics.sentences)
        values = self._values(standing)
        late = tuple([sign.value(standing) for sign in LATE_SIGNS]) if standing.view.has_tables else ()
        return Logits(self.present.logit(values, small), self.first.logit(values, small), small, late)

    def probability(self, logits: Logits) -> float:
        """The probability that the best candidate answers the question."""
        both = combined(np.array(logits.present), np.array(logits.first))
        return self.curve.at(float(both), logits.small)

    def _values(self, standing: Standing) -> Floats:
        """[signs] the value of each that has a weight; 0 for the others, whose tables may be missing."""
        return np.array([sign.value(standing) if sign.name in self._weighed else 0.0 for sign in SIGNS])

    @cached_property
    def _weighed(self) -> frozenset[str]:
        """The names of the signs that have a weight."""
        return frozenset(self.present.weights.keys() | self.first.weights.keys())


def shared_down(probability: float, scores: Floats) -> Floats:
    """[candidates] the best one's probability, shared down by how far each score stays behind the best one's."""
    return np.asarray(probability * np.exp(scores - scores.max()), dtype=np.float64)


def combined(present: Floats, first: Floats) -> Floats:
    """The logit of P(an answer is there) x P(the best candidate is one, if so) ^ FIRST_POWER, of both logits."""
    log = -(np.logaddexp(0, -present) + FIRST_POWER * np.logaddexp(0, -first))
    return np.asarray(log - np.log(np.maximum(-np.expm1(log), np.finfo(np.float64).tiny)))


def smallness(sentences: int) -> float:
    """1 for a library that is small for certain, 0 for a large one, between them by the log of the size."""
    return min(max(math.log(LARGE / max(1, sentences)) / math.log(LARGE / SMALL), 0.0), 1.0)
