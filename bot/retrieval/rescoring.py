"""Rescoring: the memory engine's scores for candidates that another index proposed, from the library's exact counts."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from bot.articles.article import STOP_SHAPE, Kind, Sentence, StoredPassage
from bot.retrieval.engine import Hit, Statistics, TermCount
from bot.retrieval.weighting import length_norm, positive_idf, saturated
from bot.settings import SearchSettings

PASSAGE_COMPANY = 0.5  # what company in a passage counts beside that in a sentence, when a correction is chosen

Sources = Callable[[Iterable[int]], dict[int, str]]
"""The sources of articles, by number."""


class Scored(NamedTuple):
    """A hit before it has its rank: its score, its article's number, and what orders it there: its sentence's start, or
    whatever rises with it."""

    score: float
    article: int
    start: int
    hit: Hit


class Rescorer:
    """Scores one query's candidates by S + w P: BM25 of the sentence and of its passage, as rank-bm25 computes them.

    `counts` are those of `terms` (distinct, in order); they and `statistics` are the library's. The sums run in
    rank-bm25's order, so a score equals the memory engine's to the last digit.
    """

    def __init__(
        self, terms: Sequence[str], counts: Sequence[TermCount], statistics: Statistics, settings: SearchSettings
    ) -> None:
        self._settings = settings
        self._terms = [
            (f" {term} ", positive_idf(statistics.sentences, count.sentences), _passage_idf(statistics, count))
            for term, count in zip(terms, counts, strict=True)
            if count.sentences
        ]
        self._sentence_length = average_length(statistics.terms, statistics.sentences)
        self._passage_length = average_length(statistics.terms, statistics.passages)

    def score(self, passages: Iterable[StoredPassage]) -> Iterator[Scored]:
        """The sentences of prose in these passages that share a term with the query, or whose passage does."""
        for passage in passages:
            yield from self._scored(passage)

    def ranked(self, passages: Iterable[StoredPassage], limit: int, sources: Sources) -> list[Hit]:
        """At most `limit` hits of these passages by falling score; ties go by source, then start."""
        return ranked(self.score(passages), limit, sources)

    def _scored(self, passage: StoredPassage) -> Iterator[Scored]:
        settings = self._settings
        found: list[tuple[float, int, Sentence]] = []
        frequencies = [0] * len(self._terms)
        total = 0
        for position, sentence in enumerate(passage.sentences):
            if sentence.kind is not Kind.PROSE:
                continue
            length = content_length(sentence)
            total += length
            norm = length_norm(length, self._sentence_length, k1=settings.sentence_k1, b=settings.sentence_b)
            padded = f" {sentence.terms} "
            score = 0.0
            for place, (needle, idf, _) in enumerate(self._terms):
                if needle in padded:
                    frequency = occurrences(needle, padded, sentence.shapes)
                    if frequency:
                        frequencies[place] += frequency
                        score += idf * saturated(frequency, norm, k1=settings.sentence_k1)
            found.append((score, position, sentence))
        around = self._passage_score(frequencies, total)
        if around:
            for score, position, sentence in found:
                whole = score + settings.passage_weight * around
                if whole > 0:
                    yield Scored(whole, passage.article, sentence.start, Hit(passage.number, position, whole))

    def _passage_score(self, frequencies: Sequence[int], length: int) -> float:
        """The passage's own BM25, of the terms that all its sentences of prose hold together; 0 without a match."""
        settings = self._settings
        norm = length_norm(length, self._passage_length, k1=settings.passage_k1, b=settings.passage_b)
        score = 0.0
        for frequency, (_, _, idf) in zip(frequencies, self._terms, strict=True):
            if frequency:
                score += idf * saturated(frequency, norm, k1=settings.passage_k1)
        return score


class Company:
    """How much of some terms stands with another one, in single passages (`Engine.together`)."""

    def __init__(self, others: Sequence[str], counts: Sequence[TermCount], statistics: Statistics) -> None:
        held = [(other, count) for other, count in zip(others, counts, strict=True) if count.sentences]
        self.others = [other for other, _ in held]
        """Those of the others that the library holds."""
        self.in_sentence = [positive_idf(statistics.sentences, count.sentences) for _, count in held]
        self.in_passage = [_passage_idf(statistics, count) for _, count in held]
        self._needles = [f" {other} " for other in self.others]

    @property
    def weights(self) -> dict[str, float]:
        """What each of the others that the library holds counts in a passage."""
        return dict(zip(self.others, self.in_passage, strict=True))

    @property
    def sentence_weights(self) -> dict[str, float]:
        """The same in a sentence."""
        return dict(zip(self.others, self.in_sentence, strict=True))

    def in_a_sentence_at_most(self, passage: float) -> float:
        """What the others can count in a sentence of a passage in which they count so much."""
        pairs = zip(self.in_sentence, self.in_passage, strict=True)
        return passage * max((own / around for own, around in pairs if around > 0), default=0.0)

    def share(self, sentence: float, passage: float) -> float:
        """From 0 to 1.5: the share of the others in the best sentence, and half of that in the best passage, from
        what they count there."""
        whole, around = sum(self.in_sentence), sum(self.in_passage)
        return (sentence / whole if whole else 0.0) + (PASSAGE_COMPANY * passage / around if around else 0.0)

    def of(self, term: str, passage: StoredPassage) -> tuple[float, float] | None:
        """What the others count in the best sentence of a passage that holds `term`, and in the passage; None when no
        sentence holds it."""
        needle = f" {term} "
        best, around, holds = 0.0, 0.0, False
        seen: set[int] = set()
        for sentence in passage.sentences:
            if sentence.kind is not Kind.PROSE:
                continue
            padded = f" {sentence.terms} "
            there = [
                place
                for place, other in enumerate(self._needles)
                if other in padded and occurrences(other, padded, sentence.shapes)
            ]
            seen.update(there)
            if needle in padded and occurrences(needle, padded, sentence.shapes):
                holds = True
                best = max(best, sum(self.in_sentence[place] for place in there))
        around = sum(self.in_passage[place] for place in sorted(seen))
        return (best, around) if holds else None


def ranked(scored: Iterable[Scored], limit: int, sources: Sources) -> list[Hit]:
    """The `limit` best hits by falling score; ties go by source, then start. Sources are asked for ties alone."""
    ordered = sorted(scored, key=itemgetter(0), reverse=True)
    if len(ordered) > limit:
        least = ordered[limit - 1].score if limit else 0.0
        ordered = [one for one in ordered if one.score >= least] if limit else []
    hits: list[Hit] = []
    for _, group in groupby(ordered, key=itemgetter(0)):
        tied = list(group)
        if len(tied) > 1:
            names = sources({one.article for one in tied})
            # An article that went meanwhile has no source any more; its hits are left out later on.
            tied.sort(key=lambda one: (names.get(one.article, ""), one.start))
        hits += [one.hit for one in tied]
    return hits[:limit]


def average_length(terms: int, units: int) -> float:
    """avgdl: the mean number of terms of a unit; 1 where there are none."""
    return terms / units if terms else 1.0


def content_length(sentence: Sentence) -> int:
    """How many terms a sentence has without its stop words."""
    return len(sentence.shapes) - sentence.shapes.count(STOP_SHAPE)


def occurrences(needle: str, padded: str, shapes: str) -> int:
    """How often a term stands in a sentence and is no stop word there; both come with a blank on either side.

    `shapes` has one character for each of the sentence's terms.
    """
    count = 0
    place = padded.find(needle)
    while place >= 0:
        if shapes[padded.count(" ", 0, place)] != STOP_SHAPE:
            count += 1
        place = padded.find(needle, place + len(needle) - 1)
    return count


def _passage_idf(statistics: Statistics, count: TermCount) -> float:
    return positive_idf(statistics.passages, count.passages)
