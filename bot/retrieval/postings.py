"""Postings: which units hold a term, and how often, in a few sorted arrays instead of one for each term."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int32]

GROWTH = 4
"""A segment is joined with the one before it that is not so many times its size: there are few, and each posting is
moved a few times."""

REMEMBERED = 256
"""Terms whose postings are kept at hand: a question asks four times for each."""

_NONE: Numbers = np.zeros(0, dtype=np.int32)


class Posting(NamedTuple):
    """The units that hold a term, by slot in order, and how often each does: 0 for one that was removed."""

    slots: npt.NDArray[np.int64]  # what NumPy indexes with
    frequencies: Numbers


class _Segment(NamedTuple):
    """Postings of units that came together, by term, then by slot; `starts` says where each term's begin and end."""

    terms: Numbers
    starts: npt.NDArray[np.int64]
    slots: Numbers
    frequencies: Numbers

    def bounds(self, term: int) -> tuple[int, int]:
        """Where a term's postings begin and end; equal where there are none."""
        place = int(np.searchsorted(self.terms, np.int32(term)))
        if place == len(self.terms) or self.terms[place] != term:
            return 0, 0
        return int(self.starts[place]), int(self.starts[place + 1])


class Postings:
    """The postings of terms, by their numbers; units come with rising slots."""

    def __init__(self) -> None:
        self._segments: list[_Segment] = []
        self._found: dict[int, Posting] = {}

    def add(self, terms: Numbers, slots: Numbers, frequencies: Numbers) -> tuple[Numbers, npt.NDArray[np.int64]]:
        """Each distinct term and in how many of these units it is; the three say it of each pair of term and unit, by
        term, then by slot."""
        self._found = {}
        segment = _segment(terms, slots, frequencies)
        if len(terms):
            self._segments.append(segment)
        while len(self._segments) > 1 and len(self._segments[-2].slots) < GROWTH * len(self._segments[-1].slots):
            last = self._segments.pop()
            self._segments[-1] = _joined(self._segments[-1], last)
        return segment.terms, np.diff(segment.starts)

    def of(self, term: int) -> Posting:
        """The posting of one term; empty where no unit holds it."""
        posting = self._found.get(term)
        if posting is None:
            if len(self._found) >= REMEMBERED:
                self._found = {}
            posting = self._found[term] = self._collected(term)
        return posting

    def _collected(self, term: int) -> Posting:
        """What the segments hold of one term."""
        bounds = [segment.bounds(term) for segment in self._segments]
        slots = [segment.slots[start:end] for segment, (start, end) in zip(self._segments, bounds, strict=True)]
        counts = [segment.frequencies[start:end] for segment, (start, end) in zip(self._segments, bounds, strict=True)]
        return Posting(np.concatenate([_NONE, *slots]).astype(np.int64), np.concatenate([_NONE, *counts]))

    def remove(self, term: int, slot: int) -> None:
        """Let a unit that holds a term hold it no more."""
        self._found = {}
        for segment in self._segments:
            start, end = segment.bounds(term)
            place = start + int(np.searchsorted(segment.slots[start:end], np.int32(slot)))
            if place < end and segment.slots[place] == slot:
                segment.frequencies[place] = 0
                return


def _segment(terms: Numbers, slots: Numbers, frequencies: Numbers) -> _Segment:
    """The postings of pairs that come by term, then by slot."""
    starts = np.flatnonzero(np.diff(terms, prepend=np.int32(-1)))
    return _Segment(terms[starts], np.append(starts, len(terms)), slots, frequencies)


def _joined(before: _Segment, after: _Segment) -> _Segment:
    """Two segments as one; the slots of the second lie above those of the first."""
    terms = np.concatenate([np.repeat(one.terms, np.diff(one.starts)) for one in (before, after)])
    order = np.argsort(terms, kind="stable")
    slots = np.concatenate([before.slots, after.slots])[order]
    return _segment(terms[order], slots, np.concatenate([before.frequencies, after.frequencies])[order])
