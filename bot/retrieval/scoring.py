"""Scoring sentences from records: the memory engine's scores, from the library's exact counts, of many at once."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bot.retrieval.engine import Statistics, TermCount
from bot.retrieval.records import Places, Records, Words
from bot.retrieval.shortlist import Flags, Matches, Scores, beside, looked_at
from bot.retrieval.weighting import average_length, positive_idf
from bot.settings import SearchSettings


class Occurrences(NamedTuple):
    """Of one term, how often each sentence and each passage of some records holds it."""

    sentences: Places
    passages: Places


class Scored(NamedTuple):
    """BM25 of each sentence of some records, S + w P (0 where neither it nor its passage holds a term), and [terms,
    sentences], [terms, passages] which of them hold each term."""

    bm25: Scores
    sentences: Flags
    passages: Flags


class Terms(NamedTuple):
    """A query's terms: the numbers that they have in the records, and the library's counts of them."""

    numbers: Words
    counts: Sequence[TermCount]
    statistics: Statistics

    def idf(self) -> Scores:
        """[terms] how rare each is among sentences."""
        return np.array([positive_idf(self.statistics.sentences, count.sentences) for count in self.counts])


def occurrences(records: Records, number: np.unsignedinteger) -> Occurrences:
    """How often the sentences and passages hold a term."""
    found = records.sentence_of[records.terms == number]
    return Occurrences(
        np.bincount(found, minlength=len(records.positions)),
        np.bincount(records.passage_of[found], minlength=records.passages),
    )


def scored(records: Records, terms: Terms, settings: SearchSettings) -> Scored:
    """BM25 of each sentence, in the order of the records; every term must be held by some sentence of the library.

    The sums run as in rank-bm25, so that a score equals the memory engine's to the last digit.
    """
    statistics = terms.statistics
    passage_lengths = np.bincount(records.passage_of, weights=records.lengths, minlength=records.passages)
    k1, passage_k1 = settings.sentence_k1, settings.passage_k1
    norm = _norms(records.lengths, average_length(statistics.terms, statistics.sentences), k1, settings.sentence_b)
    average = average_length(statistics.terms, statistics.passages)
    passage_norm = _norms(passage_lengths, average, passage_k1, settings.passage_b)
    own, around = np.zeros(len(records.lengths)), np.zeros(records.passages)
    sentences = np.zeros((len(terms.numbers), len(own)), dtype=np.bool_)
    passages = np.zeros((len(terms.numbers), len(around)), dtype=np.bool_)
    for row, (number, count) in enumerate(zip(terms.numbers, terms.counts, strict=True)):
        there = occurrences(records, number)
        held, holding = np.flatnonzero(there.sentences), np.flatnonzero(there.passages)
        idf = positive_idf(statistics.sentences, count.sentences)
        own[held] += idf * _saturated(there.sentences[held], norm[held], k1)
        idf = positive_idf(statistics.passages, count.passages)
        around[holding] += idf * _saturated(there.passages[holding], passage_norm[holding], passage_k1)
        sentences[row, held] = passages[row, holding] = True
    return Scored(own + settings.passage_weight * around[records.passage_of], sentences, passages)


def shortlisted(
    records: Records, articles: Places, terms: Terms, settings: SearchSettings, limit: int
) -> tuple[Places, Scores]:
    """The rows of the `limit` sentences that are best at first look and of all that tie with the last of them, by
    falling score, with their scores.

    Looked at are the best by BM25, as many as the settings say; `articles` are the numbers of the passages' articles.
    """
    found = scored(records, terms, settings)
    best = best_of(found.bm25, max(settings.candidates, limit))
    looks = looked_at(found.bm25[best], _matches(records, found, best, articles), terms.idf())
    order = best_of(looks, limit)
    return best[order], looks[order]


def best_of(values: Scores, limit: int) -> Places:
    """The places of the `limit` best scores above 0 and of all that tie with the last of them, by falling score."""
    chosen = np.flatnonzero(values > 0)
    if len(chosen) > limit:
        kept = values[chosen]
        chosen = chosen[kept >= np.partition(kept, len(kept) - limit)[len(kept) - limit]]
    ordered: Places = chosen[np.argsort(-values[chosen], kind="stable")]
    return ordered


def ties_across(ordered: Scores, passages: Places) -> bool:
    """Whether sentences of different passages have the same score; `passages` says which each ordered score is of."""
    return bool(((ordered[1:] == ordered[:-1]) & (passages[1:] != passages[:-1])).any())


def company(
    records: Records,
    number: np.unsignedinteger,
    others: Words,
    in_sentences: Sequence[float],
    in_passages: Sequence[float],
) -> tuple[float, Scores]:
    """What the others count in the best sentence that holds the term, and in each passage (0 where none holds it).

    `in_sentences` and `in_passages` say what each of the others counts in either.
    """
    holds = occurrences(records, number)
    own, around = np.zeros(len(records.lengths)), np.zeros(records.passages)
    for other, in_sentence, in_passage in zip(others, in_sentences, in_passages, strict=True):
        there = occurrences(records, other)
        own[there.sentences > 0] += in_sentence
        around[there.passages > 0] += in_passage
    around[holds.passages == 0] = 0
    return float(own[holds.sentences > 0].max(initial=0.0)), around


def _matches(records: Records, found: Scored, rows: Places, articles: Places) -> Matches:
    """Where the sentences in these rows hold the terms."""
    passage, near = records.passage_of[rows], beside(rows, records.passage_of)
    return Matches(
        own=found.sentences[:, rows],
        before=found.sentences[:, near.before] & near.has_before,
        after=found.sentences[:, near.after] & near.has_after,
        passage=found.passages[:, passage],
        article=articles[passage],
    )


def _norms(lengths: Places, average: float, k1: float, b: float) -> Scores:
    """k1 (1 - b + b dl / avgdl) of each (bot.retrieval.weighting.length_norm)."""
    return np.asarray(k1 * (1 - b + b * lengths / average), dtype=np.float64)


def _saturated(frequencies: Places, norms: Scores, k1: float) -> Scores:
    """tf (k1 + 1) / (tf + norm) of frequencies above 0 (bot.retrieval.weighting.saturated)."""
    return np.asarray(frequencies * (k1 + 1) / (frequencies + norms), dtype=np.float64)
