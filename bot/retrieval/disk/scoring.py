"""Scoring candidates from the forward file: rescoring (bot.retrieval.rescoring) for many passages at once."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bot.retrieval.disk.forward import Places, Records, number_of
from bot.retrieval.engine import Statistics, TermCount
from bot.retrieval.rescoring import average_length
from bot.retrieval.weighting import positive_idf
from bot.settings import SearchSettings

Scores = npt.NDArray[np.floating]


class Occurrences(NamedTuple):
    """Of one term, how often each sentence and each passage of some records holds it."""

    sentences: Places
    passages: Places


def occurrences(records: Records, term: str) -> Occurrences:
    """How often the sentences and passages hold the term."""
    found = records.sentence_of[records.terms == np.uint32(number_of(term))]
    return Occurrences(
        np.bincount(found, minlength=len(records.positions)),
        np.bincount(records.passage_of[found], minlength=records.passages),
    )


def scores(
    records: Records,
    terms: Sequence[str],
    counts: Sequence[TermCount],
    statistics: Statistics,
    settings: SearchSettings,
) -> Scores:
    """S + w P of each sentence, in the order of the records; 0 where neither it nor its passage holds a term.

    The sums run as in rank-bm25, so that a score equals the memory engine's to the last digit.
    """
    sentence_average = average_length(statistics.terms, statistics.sentences)
    passage_average = average_length(statistics.terms, statistics.passages)
    passage_lengths = np.bincount(records.passage_of, weights=records.lengths, minlength=records.passages)
    k1, b = settings.sentence_k1, settings.sentence_b
    sentence_norm = k1 * (1 - b + b * records.lengths / sentence_average)
    passage_k1, passage_b = settings.passage_k1, settings.passage_b
    passage_norm = passage_k1 * (1 - passage_b + passage_b * passage_lengths / passage_average)
    own, around = np.zeros(len(records.lengths)), np.zeros(records.passages)
    for term, count in zip(terms, counts, strict=True):
        if not count.sentences:
            continue
        there = occurrences(records, term)
        held, holding = np.flatnonzero(there.sentences), np.flatnonzero(there.passages)
        idf = positive_idf(statistics.sentences, count.sentences)
        own[held] += idf * _saturated(there.sentences[held], sentence_norm[held], k1)
        idf = positive_idf(statistics.passages, count.passages)
        around[holding] += idf * _saturated(there.passages[holding], passage_norm[holding], passage_k1)
    whole: Scores = own + settings.passage_weight * around[records.passage_of]
    return whole


def best_of(scored: Scores, limit: int) -> Places:
    """The places of the `limit` best scores above 0 and of all that tie with the last of them, by falling score."""
    chosen = np.flatnonzero(scored > 0)
    if len(chosen) > limit:
        kept = scored[chosen]
        chosen = chosen[kept >= np.partition(kept, len(kept) - limit)[len(kept) - limit]]
    ordered: Places = chosen[np.argsort(-scored[chosen], kind="stable")]
    return ordered


def ties_across(ordered: Scores, passages: Places) -> bool:
    """Whether sentences of different passages have the same score; `passages` says which each ordered score is of."""
    return bool(((ordered[1:] == ordered[:-1]) & (passages[1:] != passages[:-1])).any())


def company(
    records: Records, term: str, others: Sequence[str], in_sentences: Sequence[float], in_passages: Sequence[float]
) -> tuple[float, Scores]:
    """What the others count in the best sentence that holds the term, and in each passage (0 where none holds it).

    `in_sentences` and `in_passages` say what each of the others counts in either.
    """
    holds = occurrences(records, term)
    own, around = np.zeros(len(records.lengths)), np.zeros(records.passages)
    for other, in_sentence, in_passage in zip(others, in_sentences, in_passages, strict=True):
        there = occurrences(records, other)
        own[there.sentences > 0] += in_sentence
        around[there.passages > 0] += in_passage
    around[holds.passages == 0] = 0
    return float(own[holds.sentences > 0].max(initial=0.0)), around


def _saturated(frequencies: Places, norms: Scores, k1: float) -> Scores:
    """tf (k1 + 1) / (tf + norm) of frequencies above 0 (bot.retrieval.weighting.saturated)."""
    return frequencies * (k1 + 1) / (frequencies + norms)
