"""BM25 over units of text that come and go: rank-bm25's scores, postings, and exact counts."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
from rank_bm25 import BM25Okapi

from bot.retrieval.weighting import positive_idf as positive_idf


class Bm25(BM25Okapi):  # type: ignore[misc]  # rank-bm25 ships no types
    """BM25 of units (sentences, passages), each a slot number from 0; removed units leave an empty slot.

    Scores of a library that was changed step by step equal those of one built afresh: every count is exact.
    """

    def __init__(self, *, k1: float, b: float) -> None:
        self.term_total = 0
        self.document_frequency: dict[str, int] = {}
        self._postings: dict[str, array[int]] = {}  # of a term the slots of the units that held it, in order
        self._frequencies: dict[str, array[int]] = {}  # and how often each of them did
        self._dead: set[int] = set()
        super().__init__([], k1=k1, b=b)
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
        slot = len(self.doc_freqs)
        frequencies: dict[str, int] = {}
        for term in terms:
            frequencies[term] = frequencies.get(term, 0) + 1
        self.doc_freqs.append(frequencies)
        self.doc_len.append(len(terms))
        for term, frequency in frequencies.items():
            self.document_frequency[term] = self.document_frequency.get(term, 0) + 1
            posting = self._postings.get(term)
            if posting is None:
                posting = self._postings[term] = array("q")
                self._frequencies[term] = array("q")
            posting.append(slot)
            self._frequencies[term].append(frequency)
        self._count(1, len(terms))
        return slot

    def remove(self, slot: int) -> None:
        """Empty a slot; its unit is found and counted no more."""
        for term in self.doc_freqs[slot]:
            left = self.document_frequency[term] - 1
            if left:
                self.document_frequency[term] = left
            else:
                del self.document_frequency[term]
                del self._postings[term], self._frequencies[term]
                continue
            self._frequencies[term][bisect_left(self._postings[term], slot)] = 0
        self._count(-1, -self.doc_len[slot])
        self.doc_freqs[slot] = {}
        self.doc_len[slot] = 0
        self._dead.add(slot)

    def matched_idf(self, terms: Iterable[str]) -> npt.NDArray[np.float64]:
        """For each slot the summed idf of the distinct `terms` that its unit holds; 0 for empty slots."""
        total = np.zeros(self.slots)
        for term in dict.fromkeys(terms):
            holding = self.document_frequency.get(term)
            if holding:
                total[np.frombuffer(self._postings[term], dtype=np.int64)] += positive_idf(self.corpus_size, holding)
        if self._dead:
            total[list(self._dead)] = 0
        return total

    def total_idf(self, terms: Iterable[str]) -> float:
        """The summed idf of the distinct `terms` that are held."""
        held = self.document_frequency
        return sum(positive_idf(self.corpus_size, held[term]) for term in dict.fromkeys(terms) if term in held)

    def slots_of(self, term: str) -> npt.NDArray[np.int64]:
        """The slots of the units that hold a term, in order; emptied ones may be among them."""
        posting = self._postings.get(term)
        return np.frombuffer(posting, dtype=np.int64) if posting else np.zeros(0, dtype=np.int64)

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

    def _frequencies_in(self, term: str, slots: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """How often each slot's unit holds a term that some unit holds."""
        posting = np.frombuffer(self._postings[term], dtype=np.int64)
        place = np.minimum(np.searchsorted(posting, slots), len(posting) - 1)
        held = np.frombuffer(self._frequencies[term], dtype=np.int64)[place]
        return np.where(posting[place] == slots, held, 0)

    def _count(self, units: int, terms: int) -> None:
        self.corpus_size += units
        self.term_total += terms
        self.avgdl = self.term_total / self.corpus_size if self.term_total else 1.0
