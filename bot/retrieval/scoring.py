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
    """Which units (the sentences or the passages of some records) hold which of some terms, and how often: a number in
    each for every pair that there is, by term and then by unit."""

    term: Places
    unit: Places
    frequency: Places

    @classmethod
    def of(cls, term: Places, unit: Places) -> "Occurrences":
        """Those that these are one by one, in their order."""
        is_new = np.ones(len(unit), dtype=np.bool_)
        is_new[1:] = (term[1:] != term[:-1]) | (unit[1:] != unit[:-1])
        first = np.flatnonzero(is_new)
        frequency = np.empty_like(first)
        frequency[:-1] = first[1:] - first[:-1]
        frequency[-1:] = len(unit) - first[-1:]
        return cls(term[first], unit[first], frequency)

    def flags(self, terms: int, units: int) -> Flags:
        """[terms, units] whether each unit holds each term."""
        held = np.zeros((terms, units), dtype=np.bool_)
        held[self.term, self.unit] = True
        return held

    def sums(self, worth: Scores, units: int) -> Scores:
        """[units] the sums of what each pair is worth; term after term, as in rank-bm25."""
        total: Scores = np.bincount(self.unit, weights=worth, minlength=units).astype(np.float64, copy=False)
        return total


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

    def passage_idf(self) -> Scores:
        """[terms] how rare each is among passages."""
        return np.array([positive_idf(self.statistics.passages, count.passages) for count in self.counts])


def occurrences(records: Records, numbers: Words) -> tuple[Occurrences, Occurrences]:
    """Which sentences, and which passages, hold the terms with these numbers."""
    term, place = np.divmod(np.flatnonzero(records.terms == numbers[:, None]), max(len(records.terms), 1))
    sentence = records.sentence_of[place]
    return Occurrences.of(term, sentence), Occurrences.of(term, records.passage_of[sentence])


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
    sentences, passages = occurrences(records, terms.numbers)
    worth = terms.idf()[sentences.term] * _saturated(sentences.frequency, norm[sentences.unit], k1)
    own = sentences.sums(worth, len(norm))
    worth = terms.passage_idf()[passages.term] * _saturated(passages.frequency, passage_norm[passages.unit], passage_k1)
    around = passages.sums(worth, records.passages)
    return Scored(
        own + settings.passage_weight * around[records.passage_of],
        sentences.flags(len(terms.numbers), len(norm)),
        passages.flags(len(terms.numbers), records.passages),
    )


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
    sentences, passages = occurrences(records, np.array([number, *others], dtype=records.terms.dtype))
    own = sentences.sums(np.array([0.0, *in_sentences])[sentences.term], len(records.positions))
    around = passages.sums(np.array([0.0, *in_passages])[passages.term], records.passages)
    is_with = np.zeros(records.passages, dtype=np.bool_)
    is_with[passages.unit[passages.term == 0]] = True
    return float(own[sentences.unit[sentences.term == 0]].max(initial=0.0)), np.where(is_with, around, 0.0)


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
