"""BM25's formulas, each by itself: what one term is worth."""

import math


def positive_idf(units: int, holding: int) -> float:
    """ln(1 + (N - df + 0.5) / (df + 0.5)): above 0 even for a term that stands in every unit.

    The variant of Lucene (Białecki et al. 2012); Robertson and Sparck Jones' own falls to 0 and below at df = N / 2.
    """
    return math.log(1 + (units - holding + 0.5) / (holding + 0.5))


def length_norm(length: int, average: float, *, k1: float, b: float) -> float:
    """k1 (1 - b + b dl / avgdl): what long units are held back by (Robertson et al. 1994)."""
    return k1 * (1 - b + b * length / average)


def saturated(frequency: int, norm: float, *, k1: float) -> float:
    """tf (k1 + 1) / (tf + norm), from 0 to k1 + 1: what `frequency` (above 0) occurrences count in a unit with this
    `length_norm`; rank-bm25's BM25Okapi times it with the idf."""
    return frequency * (k1 + 1) / (frequency + norm)


def average_length(terms: int, units: int) -> float:
    """avgdl: the mean number of terms of a unit; 1 where there are none."""
    return terms / units if terms else 1.0
