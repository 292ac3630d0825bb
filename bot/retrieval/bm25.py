"""BM25 over units of text that come and go: rank-bm25's scores, postings, and exact counts."""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate, chain
from typing import overload

import numpy as np
import numpy.typing as npt
from rank_bm25 import BM25Okapi

from bot.retrieval.postings import Posting, Postings
from bot.retrieval.weighting import positive_idf as positive_idf


class Vocabulary(dict[str, int]):
    """A number for each term, from 0, given when it is first asked for."""

    def __init__(self) -> None:
        self.terms: list[str] = []

    def __missing__(self, term: str) -> int:
        number = self[term] = len(self.terms)
        self.terms.append(term)
        return number


class Units(Sequence[dict[str, int]]):
    """For each slot how often its unit holds each of its terms; four bytes a term are kept."""

    def __init__(self) -> None:
        self.vocabulary = Vocabulary()
        self._numbers = array("i")
        self._ends = array("q")
        self._empty: set[int] = set()

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, slot: int) -> dict[str, int]: ...
    @overload
    def __getitem__(self, slot: slice) -> list[dict[str, int]]: ...
    def __getitem__(self, slot: int | slice) -> dict[str, int] | list[dict[str, int]]:
        if isinstance(slot, slice):
            return [self[place] for place in range(*slot.indices(len(self)))]
        if slot in self._empty:
            return {}
        start = self._ends[slot - 1] if slot else 0
        return dict(Counter(map(self.vocabulary.terms.__getitem__, self._numbers[start : self._ends[slot]])))

    def extend(self, units: Sequence[Sequence[str]]) -> npt.NDArray[np.int64]:
        """The numbers of all terms of the units that come behind those that are there."""
        numbers = array("i", map(self.vocabulary.__getitem__, chain.from_iterable(units)))
        self._ends.extend(accumulate(map(len, units), initial=len(self._numbers)))
        del self._ends[-len(units) - 1]
        self._numbers.extend(numbers)
        return np.array(numbers, dtype=np.int64)

    def empty(self, slot: int) -> None:
        """Let a slot's unit hold nothing any more."""
        self._empty.add(slot)


class Bm25(BM25Okapi):  # type: ignore[misc]  # rank-bm25 ships no types
    """BM25 of units (sentences, passages), each a slot number from 0; removed units leave an empty slot.

    Scores of a library that was changed step by step equal those of one built afresh: every count is exact.
    """

    def __init__(self, *, k1: float, b: float) -> None:
        self.term_total = 0
        self.document_frequency: dict[str, int] = {}
        self._postings = Postings()
        self._dead: set[int] = set()
        super().__init__([], k1=k1, b=b)
        self.doc_freqs = Units()
        self.doc_len = array("q")

    def _initialize(self, corpus: object) -> dict[str, int]:  # noqa: ARG002  # rank-bm25 names it
        """No units yet; rank-bm25's own divides by their number."""
        return {}

    def _calc_idf(self, nd: dict[str, int]) -> None:
        """Set the idf of the terms of `nd` (term to document frequency), through rank-bm25's hook."""
        self.idf = {term: positive_idf(self.corpus_size, holding) for term, holding in nd.items()}

    @property
    def slots(self) -> int:
        """How many slots there are, empty ones included."""
        return len(self.doc_freqs)

    @property
    def share_of_empty_slots(self) -> float:
        """The waste that removals left behind, from 0 to 1; a rebuild takes it away."""
        return len(self._dead) / self.slots if self.slots else 0.0

    def add(self, terms: Sequence[str]) -> int:
        """The slot of a new unit with these terms (stop words left out)."""
        return self.add_many([terms])[0]

    def add_many(self, units: Sequence[Sequence[str]]) -> range:
        """The slots of new units with these terms, in order; thousands at a time cost a fifth of each by itself."""
        first, count = self.slots, len(units)
        lengths = array("q", map(len, units))
        if not count:
            return range(first, first)
        terms = self.doc_freqs.extend(units)
        self.doc_len.extend(lengths)
        places = np.repeat(np.arange(count), np.frombuffer(lengths, dtype=np.int64))
        pairs, frequencies = np.unique(terms * count + places, return_counts=True)  # by term, then by unit
        terms, places = np.divmod(pairs, count)
        numbers, holding = self._postings.add(
            terms.astype(np.int32), (places + first).astype(np.int32), frequencies.astype(np.int32)
        )
        held, names = self.document_frequency, self.doc_freqs.vocabulary.terms
        for number, units_holding in zip(numbers.tolist(), holding.tolist(), strict=True):
            term = names[number]
            held[term] = held.get(term, 0) + units_holding
        self._count(count, sum(lengths))
        return range(first, first + count)

    def remove(self, slot: int) -> None:
        """Empty a slot; its unit is found and counted no more."""
        for term in self.doc_freqs[slot]:
            left = self.document_frequency[term] - 1
            if left:
                self.document_frequency[term] = left
            else:
                del self.document_frequency[term]
            self._postings.remove(self.doc_freqs.vocabulary[term], slot)
        self._count(-1, -self.doc_len[slot])
        self.doc_freqs.empty(slot)
        self.doc_len[slot] = 0
        self._dead.add(slot)

    def matched_idf(self, terms: Iterable[str]) -> npt.NDArray[np.float64]:
        """For each slot the summed idf of the distinct `terms` that its unit holds; 0 for empty slots."""
        total = np.zeros(self.slots)
        for term in dict.fromkeys(terms):
            holding = self.document_frequency.get(term)
            if holding:
                total[self._posting(term).slots] += positive_idf(self.corpus_size, holding)
        if self._dead:
            total[list(self._dead)] = 0
        return total

    def total_idf(self, terms: Iterable[str]) -> float:
        """The summed idf of the distinct `terms` that are held."""
        held = self.document_frequency
        return sum(positive_idf(self.corpus_size, held[term]) for term in dict.fromkeys(terms) if term in held)

    def slots_of(self, term: str) -> npt.NDArray[np.int64]:
        """The slots of the units that hold a term, in order; emptied ones may be among them."""
        return self._posting(term).slots if term in self.document_frequency else np.zeros(0, dtype=np.int64)

    def scores(self, terms: Sequence[str], slots: Sequence[int] | npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """rank-bm25's score of each slot, in the order given; all 0 when no term is held.

        To the last digit what its get_batch_scores says, which looks every term of every unit up: five times as long.
        """
        chosen = np.asarray(slots, dtype=np.int64)
        total = np.zeros(len(chosen))
        lengths = np.frombuffer(self.doc_len, dtype=np.int64)[chosen] if len(chosen) else total
        norm = self.k1 * (1 - self.b + self.b * lengths / self.avgdl)
        for term in terms:
            holding = self.document_frequency.get(term)
            if holding:
                frequency = self._frequencies_in(term, chosen)
                found = frequency > 0
                frequency, own_norm = frequency[found], norm[found]
                total[found] += positive_idf(self.corpus_size, holding) * (
                    frequency * (self.k1 + 1) / (frequency + own_norm)
                )
        return total

    def holding(self, terms: Sequence[str], slots: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """[terms, slots] whether each slot's unit holds each of the terms, all of which some unit holds."""
        held = np.zeros((len(terms), len(slots)), dtype=np.bool_)
        for row, term in enumerate(terms):
            held[row] = self._frequencies_in(term, slots) > 0
        return held

    def idf_of(self, term: str) -> float:
        """The idf of a term that some unit holds."""
        return positive_idf(self.corpus_size, self.document_frequency[term])

    def _frequencies_in(self, term: str, slots: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
        """How often each slot's unit holds a term that some unit holds."""
        posting = self._posting(term)
        place = np.minimum(np.searchsorted(posting.slots, slots), len(posting.slots) - 1)
        return np.where(posting.slots[place] == slots, posting.frequencies[place], np.int32(0))

    def _posting(self, term: str) -> Posting:
        """The posting of a term that some unit holds."""
        return self._postings.of(self.doc_freqs.vocabulary[term])

    def _count(self, units: int, terms: int) -> None:
        self.corpus_size += units
        self.term_total += terms
        self.avgdl = self.term_total / self.corpus_size if self.term_total else 1.0
