"""Measures of confidence and their uncertainty: pure functions over arrays, one element per question."""

from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

CALIBRATION_BINS = 15
RESAMPLES = 1000
LEVEL = 0.95
SEED = 20230308


class Estimate(msgspec.Struct, frozen=True):
    """A measured value with its confidence interval."""

    value: float
    low: float
    high: float


class Cutoff(NamedTuple):
    """What happens at one threshold: the shares of answerable questions answered, and of the others (falsely)."""

    threshold: float
    answered: float
    false: float


class Bin(NamedTuple):
    """Questions of like confidence: how many, their mean confidence, and the share that was right."""

    questions: int
    confidence: float
    right: float


def auroc(positive: Floats, negative: Floats) -> float:
    """The probability that a positive's score is above a negative's, a tie counting half; nan when a side is empty.

    By ranks (Mann and Whitney 1947), so it takes n log n.
    """
    if not len(positive) or not len(negative):
        return float("nan")
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, side="left")
    upto = np.searchsorted(ordered, positive, side="right")
    return float((below + upto).mean() / (2 * len(negative)))


def cutoff_at(present: Floats, absent: Floats, *, false: float) -> Cutoff:
    """The lowest cut-off at which at most the share `false` of the absent is answered; nan when a side is empty.

    A question is answered when its confidence is at least the threshold.
    """
    if not len(present) or not len(absent):
        return Cutoff(float("nan"), float("nan"), float("nan"))
    allowed = int(false * len(absent) + 1e-9)
    falling = np.sort(absent)[::-1]
    if allowed >= len(falling):
        return cutoff(present, absent, threshold=0.0)
    return cutoff(present, absent, threshold=float(np.nextafter(falling[allowed], np.inf)))


def cutoff(present: Floats, absent: Floats, *, threshold: float) -> Cutoff:
    """What happens at a given threshold; nan for a side that is empty."""
    return Cutoff(threshold, _share(present >= threshold), _share(absent >= threshold))


def calibration_bins(
    confidences: Floats, right: Booleans, *, equal_mass: bool, bins: int = CALIBRATION_BINS
) -> list[Bin]:
    """The bins that hold questions, by rising confidence.

    Equal width: bin i of n holds (i - 1) / n < confidence <= i / n, and 0 is in the first (Guo et al. 2017).
    Equal mass: sorted by confidence and cut into bins of equal number (Nguyen and O'Connor 2015), equal confidences
    staying together.
    """
    if not len(confidences):
        return []
    if equal_mass:
        ordered = np.sort(confidences)
        inner = np.unique(ordered[[len(ordered) * i // bins for i in range(1, bins)]])
        places = np.searchsorted(inner, confidences, side="right")
    else:
        places = np.clip(np.ceil(confidences * bins).astype(np.int64) - 1, 0, bins - 1)
    return [
        Bin(int(held.sum()), float(confidences[held].mean()), float(right[held].mean()))
        for held in (places == place for place in range(bins))
        if held.any()
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """The expected calibration error: the mean over questions of |confidence - share right| of their bin."""
    total = sum(held.questions for held in bins)
    if not total:
        return float("nan")
    return sum(held.questions * abs(held.confidence - held.right) for held in bins) / total


def brier(confidences: Floats, right: Booleans) -> float:
    """The mean squared distance of confidence from what came out (0 or 1): Brier 1950; nan when empty."""
    return float(((confidences - right) ** 2).mean()) if len(confidences) else float("nan")


def risks(confidences: Floats, right: Booleans) -> Floats:
    """The share wrong among the i + 1 most confident questions, one per question.

    Equal confidences share their errors evenly, so that the order of the questions does not matter.
    """
    if not len(confidences):
        return np.zeros(0)
    falling, place, counts = np.unique(-confidences, return_inverse=True, return_counts=True)
    wrong = np.bincount(place, weights=(~right).astype(np.float64), minlength=len(falling)) / counts
    return np.asarray(np.cumsum(np.repeat(wrong, counts)) / np.arange(1, len(confidences) + 1))


def area_under_risk(confidences: Floats, right: Booleans) -> float:
    """The area under the risk-coverage curve, 0 at best: Geifman and El-Yaniv 2017; nan when empty."""
    curve = risks(confidences, right)
    return float(curve.mean()) if len(curve) else float("nan")


def bootstrap(clusters: Sequence[Hashable], statistic: Callable[[Places], float], *, seed: int = SEED) -> Estimate:
    """The statistic of all questions, with the percentile interval of resampled clusters (Efron 1979).

    `clusters` names each question's article: questions of one article stand or fall together, so whole articles
    are drawn. `statistic` takes the places of the drawn questions. Resamples without a value (nan) are left out.
    """
    everything = np.arange(len(clusters))
    value = statistic(everything)
    drawn = np.array([statistic(places) for places in _resampled(clusters, seed)])
    drawn = drawn[~np.isnan(drawn)]
    if not len(drawn):
        return Estimate(value, value, value)
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Estimate(value, float(low), float(high))


def mean(values: Sequence[float], clusters: Sequence[Hashable], *, seed: int = SEED) -> Estimate:
    """The mean of one value per question, with its interval over clusters; nan when empty."""
    held = np.array(values, dtype=np.float64)
    return bootstrap(clusters, lambda places: _mean(held[places]), seed=seed)


class Difference(msgspec.Struct, frozen=True):
    """How much better the second of two systems is, with its interval and two-sided p-value."""

    value: float
    low: float
    high: float
    p: float


def paired_difference(first: Floats, second: Floats, clusters: Sequence[Hashable], *, seed: int = SEED) -> Difference:
    """The mean of second - first over the same questions, by a paired bootstrap over clusters.

    p is twice the smaller share of resamples on either side of 0, one counted on each side so that it is never 0
    (Davison and Hinkley 1997, 4.2).
    """
    gains = second - first
    estimate = bootstrap(clusters, lambda places: _mean(gains[places]), seed=seed)
    drawn = np.array([_mean(gains[places]) for places in _resampled(clusters, seed)])
    drawn = drawn[~np.isnan(drawn)]
    tail = min(int((drawn <= 0).sum()), int((drawn >= 0).sum()))
    return Difference(estimate.value, estimate.low, estimate.high, min(1.0, 2 * (tail + 1) / (len(drawn) + 1)))


def _resampled(clusters: Sequence[Hashable], seed: int) -> list[Places]:
    """For each resample the places of its questions."""
    members: dict[Hashable, list[int]] = {}
    for place, cluster in enumerate(clusters):
        members.setdefault(cluster, []).append(place)
    groups = [np.array(places, dtype=np.int64) for places in members.values()]
    if not groups:
        return []
    generator = np.random.default_rng(seed)
    draws = generator.integers(len(groups), size=(RESAMPLES, len(groups)))
    return [np.concatenate([groups[group] for group in draw]) for draw in draws]


def _share(held: Booleans) -> float:
    return float(held.mean()) if len(held) else float("nan")


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else float("nan")
