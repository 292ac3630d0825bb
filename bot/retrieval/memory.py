"""The memory engine: rank-bm25 over everything, for libraries of up to tens of thousands of sentences."""

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import wraps
from itertools import chain, islice
from typing import Concatenate, NamedTuple, ParamSpec, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from bot.articles.article import Kind, StoredPassage
from bot.articles.change import ArticleChange as ArticleChange
from bot.retrieval.bm25 import Bm25
from bot.retrieval.company import PASSAGE_COMPANY
from bot.retrieval.engine import Hit, Statistics, TermCount
from bot.retrieval.shortlist import Matches, beside, looked_at
from bot.retrieval.spelling import starting_with
from bot.settings import SearchSettings

REBUILD_SHARE = 0.3  # of empty slots: below it, removals cost a tenth of a rebuild


PASSAGES_AT_ONCE = 4096  # that are added together: about 20,000 sentences, 20 MB


class PassageSource(Protocol):
    """What the engine needs of a library."""

    def changes(self, after: int) -> tuple[int, list[ArticleChange]]:
        """The number of the last change, and each article's last change since change `after` (0: from the start)."""

    def passages_of(self, articles: Iterable[int]) -> Iterator[StoredPassage]:
        """The passages of these articles (by number), in order."""

    def sources(self, articles: Iterable[int]) -> dict[int, str]:
        """The sources of these articles (by number)."""


Given = ParamSpec("Given")
Found = TypeVar("Found")


class _Slots(NamedTuple):
    """Where an article's units lie."""

    sentences: list[int]
    passages: list[int]


def _alone(
    method: "Callable[Concatenate[MemoryEngine, Given], Found]",
) -> "Callable[Concatenate[MemoryEngine, Given], Found]":
    """The method, run by one thread at a time: postings cannot grow while they are read."""

    @wraps(method)
    def run(self: "MemoryEngine", /, *given: Given.args, **named: Given.kwargs) -> Found:
        with self.lock:
            return method(self, *given, **named)

    return run


class MemoryEngine:
    """Keeps every sentence's terms in memory and scores by rank-bm25: sentence + weight x its passage.

    Threads may share it, and take turns.
    """

    def __init__(self, source: PassageSource, settings: SearchSettings) -> None:
        self.lock = threading.Lock()
        self._source = source
        self._settings = settings
        self._last_change = 0
        self._clear()

    def _clear(self) -> None:
        settings = self._settings
        self._sentences = Bm25(k1=settings.sentence_k1, b=settings.sentence_b)
        self._passages = Bm25(k1=settings.passage_k1, b=settings.passage_b)
        self._slots: dict[int, _Slots] = {}
        self._source_of: dict[int, str] = {}
        self._places: list[tuple[int, int, int, int]] = []  # of a sentence: passage number, position, start, article
        self._passage_of: list[int] = []  # of a sentence: its passage's slot
        self._sorted_terms: list[str] | None = None
        self._arrays: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]] | None = None

    @_alone
    def refresh(self) -> None:
        """Apply what has changed in the library since the last refresh."""
        last, changes = self._source.changes(self._last_change)
        if last == self._last_change:
            return
        for change in changes:
            self._remove(change.article)
        if self._sentences.share_of_empty_slots > REBUILD_SHARE:
            last, changes = self._source.changes(0)
            self._clear()
        stored = [change.article for change in changes if not change.removed]
        self._source_of.update(self._source.sources(stored))
        passages = self._source.passages_of(stored)
        while some := list(islice(passages, PASSAGES_AT_ONCE)):
            self._add(some)
        self._arrays = self._sorted_terms = None
        self._last_change = last

    def catch_up(self) -> None:
        """Apply what has changed; nothing is left to do afterwards."""
        self.refresh()

    @_alone
    def search(self, terms: Sequence[str], *, limit: int, within: Collection[int] | None = None) -> list[Hit]:
        """At most `limit` hits by falling score; ties go by source, then start."""
        distinct = list(dict.fromkeys(terms))
        matched = self._passages.matched_idf(distinct)
        if limit < 1 or not matched.any():
            return []
        passage_of, article_of = self._lookups()
        # The summed idf of what is matched is a cheap stand-in for the score: it picks what is worth scoring.
        promise = self._sentences.matched_idf(distinct) + self._settings.passage_weight * matched[passage_of]
        if within is not None:
            promise[~np.isin(article_of, np.fromiter(within, dtype=np.int64))] = 0
        candidates = max(self._settings.candidates, limit)
        chosen = _largest(promise, 3 * candidates)
        if not len(chosen):
            return []
        scores = self._sentences.scores(distinct, chosen)
        passages, place = np.unique(passage_of[chosen], return_inverse=True)
        scores += self._settings.passage_weight * self._passages.scores(distinct, passages)[place]
        best = _largest(scores, candidates)
        known = [term for term in distinct if term in self._sentences.document_frequency]
        idf = np.array([self._sentences.idf_of(term) for term in known])
        looks = looked_at(scores[best], self._matches(known, chosen[best]), idf)
        kept = _largest(looks, limit)
        return self._ranked(chosen[best][kept], looks[kept])[:limit]

    @_alone
    def count(self, terms: Sequence[str]) -> list[TermCount]:
        """How common each term is, in the order given."""
        sentences, passages = self._sentences.document_frequency, self._passages.document_frequency
        return [TermCount(sentences.get(term, 0), passages.get(term, 0)) for term in terms]

    @_alone
    def statistics(self) -> Statistics:
        """The totals that the counts are shares of."""
        return Statistics(
            articles=len(self._slots),
            passages=self._passages.corpus_size,
            sentences=self._sentences.corpus_size,
            terms=self._sentences.term_total,
        )

    @_alone
    def held(self, terms: Collection[str]) -> set[str]:
        """Those of the terms that some sentence of the library holds."""
        known = self._sentences.document_frequency
        return {term for term in terms if term in known}

    @_alone
    def starting(self, prefixes: Collection[str]) -> list[str]:
        """The library's terms that start with one of the prefixes, in the order of their letters."""
        if self._sorted_terms is None:
            self._sorted_terms = sorted(self._sentences.document_frequency)
        return starting_with(prefixes, self._sorted_terms)

    @_alone
    def together(self, terms: Sequence[str], others: Sequence[str]) -> list[float]:
        """How far the `others` stand with each term, from 0 to 1.5: their share by idf in the best sentence that holds
        it, plus half of their share in the best passage; 0 without others."""
        total = np.zeros(len(terms))
        for index, weight in ((self._sentences, 1.0), (self._passages, PASSAGE_COMPANY)):
            matched = index.matched_idf(others)
            whole = index.total_idf(others)
            if whole:
                total += [weight / whole * matched[index.slots_of(term)].max(initial=0) for term in terms]
        return total.tolist()

    def vouch(self) -> None:
        """Return: everything is taken up."""

    @_alone
    def close(self) -> None:
        """Let go of everything."""
        self._clear()

    def _add(self, passages: Iterable[StoredPassage]) -> None:
        sentences: list[list[str]] = []
        wholes: list[list[str]] = []
        first_sentence, first_passage = self._sentences.slots, self._passages.slots
        for passage in passages:
            slots = self._slots.setdefault(passage.article, _Slots([], []))
            before = len(sentences)
            for position, sentence in enumerate(passage.sentences):
                if sentence.kind is Kind.PROSE:
                    slots.sentences.append(first_sentence + len(sentences))
                    sentences.append(sentence.content_terms())
                    self._places.append((passage.number, position, sentence.start, passage.article))
                    self._passage_of.append(first_passage + len(wholes))
            if len(sentences) > before:
                slots.passages.append(first_passage + len(wholes))
                wholes.append(list(chain.from_iterable(sentences[before:])))
        self._sentences.add_many(sentences)
        self._passages.add_many(wholes)

    def _remove(self, article: int) -> None:
        slots = self._slots.pop(article, None)
        if slots is None:
            return
        for slot in slots.sentences:
            self._sentences.remove(slot)
        for slot in slots.passages:
            self._passages.remove(slot)
        self._source_of.pop(article, None)

    def _lookups(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """For each sentence slot its passage's slot and its article's number."""
        if self._arrays is None:
            articles = [place[3] for place in self._places]
            self._arrays = (np.array(self._passage_of, dtype=np.int64), np.array(articles, dtype=np.int64))
        return self._arrays

    def _matches(self, terms: Sequence[str], slots: npt.NDArray[np.int64]) -> Matches:
        """Where these sentences (by slot) hold the terms."""
        passage_of, article_of = self._lookups()
        holding, near = self._sentences.holding, beside(slots, passage_of)
        return Matches(
            own=holding(terms, slots),
            before=holding(terms, near.before) & near.has_before,
            after=holding(terms, near.after) & near.has_after,
            passage=self._passages.holding(terms, passage_of[slots]),
            article=article_of[slots],
        )

    def _ranked(self, slots: npt.NDArray[np.int64], scores: npt.NDArray[np.float64]) -> list[Hit]:
        rows = []
        for slot, score in zip(slots.tolist(), scores.tolist(), strict=True):
            passage, position, start, article = self._places[slot]
            rows.append((-score, self._source_of[article], start, Hit(passage, position, score)))
        rows.sort()
        return [row[3] for row in rows]


def _largest(values: npt.NDArray[np.float64], limit: int) -> npt.NDArray[np.int64]:
    """The places of the `limit` largest values above 0, and of all that tie with the smallest of them."""
    positive = np.flatnonzero(values > 0)
    if len(positive) <= limit:
        return positive
    kept = values[positive]
    cut = np.partition(kept, len(kept) - limit)[len(kept) - limit]
    largest: npt.NDArray[np.int64] = positive[kept >= cut]
    return largest
