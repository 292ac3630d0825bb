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
    """[terms, sentences] and [terms, passages] how often each sentence and each passage of some records holds each of
    some terms."""

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

    def passage_idf(self) -> Scores:
        """[terms] how rare each is among passages."""
        return np.array([positive_idf(self.statistics.passages, count.passages) for count in self.counts])


def occurrences(records: Records, numbers: Words) -> Occurrences:
    """How often the sentences and passages hold the terms with these numbers."""
    term, place = np.divmod(np.flatnonzero(records.terms == numbers[:, None]), max(len(records.terms), 1))
    sentence = records.sentence_of[place]
    return Occurrences(
        _counted(term, sentence, len(numbers), len(records.positions)),
        _counted(term, records.passage_of[sentence], len(numbers), records.passages),
    )


def _counted(row: Places, column: Places, rows: int, columns: int) -> Places:
    """[rows, columns] how often each pair of a row and a column is given."""
    return np.bincount(row * columns + column, minlength=rows * columns).reshape(rows, columns)


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
    there = occurrences(records, terms.numbers)
    own = _summed(terms.idf(), _saturated(there.sentences, norm, k1))
    around = _summed(terms.passage_idf(), _saturated(there.passages, passage_norm, passage_k1))
    bm25 = own + settings.passage_weight * around[records.passage_of]
    return Scored(bm25, there.sentences > 0, there.passages > 0)


def _summed(idf: Scores, saturated: Scores) -> Scores:
    """The sum over the terms of what `saturated` has for each, by its idf; term after term, as in rank-bm25."""
    return np.asarray(np.add.reduce(idf[:, None] * saturated, axis=0), dtype=np.float64)


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
    there = occurrences(records, np.array([number, *others], dtype=records.terms.dtype))
    own = _summed(np.array(in_sentences), there.sentences[1:] > 0)
    around = _summed(np.array(in_passages), there.passages[1:] > 0)
    around[there.passages[0] == 0] = 0
    return float(own[there.sentences[0] > 0].max(initial=0.0)), around


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
    """[terms, units] tf (k1 + 1) / (tf + norm) of frequencies (bot.retrieval.weighting.saturated), 0 where they are 0;
    `norms` are the units'."""
    beneath = frequencies + norms + (frequencies == 0)  # a norm may be 0; `where` would take three times as long
    return np.asarray(frequencies * (k1 + 1) / beneath, dtype=np.float64)
