"""The forward file: every passage's terms, sentence by sentence, as numbers; what candidates are scored from.

A record is a run of 32-bit words, lowest byte first: how many words it has, how many sentences, the lower half of the
passage's number; then for each sentence its place in the passage and how many terms it has; then the terms of all
sentences, each as `number_of` it. Records are only ever added at the end, and are found by their place in words.
"""

import mmap
import os
import sys
import zlib
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from bot.retrieval.disk.damage import IndexDamagedError
from bot.retrieval.records import Places, Records, Words

HEADER = 3  # words of a record before its sentences
PER_SENTENCE = 2
WORD_BYTES = 4
LOWER_HALF = 0xFFFFFFFF
BUFFERED = 1 << 20  # words that wait to be written together
REMEMBERED = 1 << 18  # terms whose numbers are kept while a file is written


def number_of(term: str) -> int:
    """The 32 bits that stand for a term. Two terms of a vocabulary of a million share theirs with a chance of one in
    four thousand each; a query with such a term scores a candidate that holds the other one too high."""
    return zlib.crc32(term.encode())


def numbers_of(terms: Iterable[str]) -> Words:
    """The 32 bits that stand for each of some terms."""
    return np.array([number_of(term) for term in terms], dtype=np.uint32)


class Numbers(dict[str, int]):
    """Terms with their numbers, made when they are first asked for."""

    def __missing__(self, term: str) -> int:
        if len(self) >= REMEMBERED:
            self.clear()
        number = self[term] = number_of(term)
        return number


class ForwardWriter:
    """Adds records to a forward file, from the word `end` on: what lies behind was never committed."""

    def __init__(self, path: Path, end: int) -> None:
        held = path.stat().st_size if path.exists() else 0
        if held < end * WORD_BYTES:
            raise IndexDamagedError(f"{path}: ends before its last record")
        self._file = path.open("r+b" if path.exists() else "w+b")
        self._file.truncate(end * WORD_BYTES)
        self._file.seek(0, os.SEEK_END)
        self._waiting = array("I")
        self._written = end
        self._numbers = Numbers()

    @property
    def end(self) -> int:
        """Where the next record will stand, in words."""
        return self._written + len(self._waiting)

    def add(self, passage: int, sentences: Sequence[tuple[int, Sequence[str]]]) -> int:
        """Where the record of a passage stands; `sentences` come with their places and terms."""
        place = self.end
        heads: list[int] = []
        terms: list[int] = []
        numbers = self._numbers
        for position, words in sentences:
            heads += (position, len(words))
            terms += [numbers[word] for word in words]
        size = HEADER + len(heads) + len(terms)
        self._waiting.extend((size, len(sentences), passage & LOWER_HALF, *heads, *terms))
        if len(self._waiting) >= BUFFERED:
            self._write()
        return place

    def sync(self) -> None:
        """Return when all records are on the disk."""
        self._write()
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Let go of the file; what was not synced is lost."""
        self._waiting = array("I")
        self._file.close()

    def _write(self) -> None:
        if sys.byteorder == "big":
            self._waiting.byteswap()
        self._file.write(self._waiting.tobytes())
        self._written += len(self._waiting)
        self._waiting = array("I")


class Forward:
    """A forward file as it was at a commit, mapped into memory; threads may share it."""

    def __init__(self, path: Path, end: int) -> None:
        """Raises IndexDamagedError when the file is missing, or shorter than `end` words."""
        self._path = path
        if end == 0:
            self._words: Words = np.zeros(0, dtype="<u4")
            return
        try:
            with path.open("rb") as file:
                mapped = mmap.mmap(file.fileno(), end * WORD_BYTES, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise IndexDamagedError(f"{path}: cannot be read to its end ({error})") from error
        if hasattr(mmap, "MADV_RANDOM"):
            mapped.madvise(mmap.MADV_RANDOM)
        self._words = np.frombuffer(mapped, dtype="<u4")

    def records(self, places: Iterable[int], passages: Sequence[int]) -> Records:
        """The records at these places, which are those of these passages.

        Raises IndexDamagedError when other records stand there.
        """
        starts = np.fromiter(places, dtype=np.int64, count=len(passages))
        if len(starts) and (starts.min() < 0 or starts.max() + HEADER > len(self._words)):
            raise IndexDamagedError(f"{self._path}: a record lies behind its end")
        sizes, counts = self._words[starts].astype(np.int64), self._words[starts + 1].astype(np.int64)
        held = sizes - HEADER - PER_SENTENCE * counts
        own = np.array([passage & LOWER_HALF for passage in passages], dtype=np.uint32)
        if (held < 0).any() or (starts + sizes > len(self._words)).any() or (self._words[starts + 2] != own).any():
            raise IndexDamagedError(f"{self._path}: other records than expected")
        heads = self._words[_runs(starts + HEADER, PER_SENTENCE * counts)].astype(np.int64).reshape(-1, PER_SENTENCE)
        lengths = heads[:, 1]
        passage_of = np.repeat(np.arange(len(starts)), counts)
        if (np.bincount(passage_of, weights=lengths, minlength=len(starts)) != held).any():
            raise IndexDamagedError(f"{self._path}: a record's sentences have other lengths than its terms")
        return Records(
            positions=heads[:, 0],
            lengths=lengths,
            passage_of=passage_of,
            terms=self._words[_runs(starts + HEADER + PER_SENTENCE * counts, held)],
            sentence_of=np.repeat(np.arange(len(lengths)), lengths),
            passages=len(starts),
        )


def _runs(starts: Places, lengths: Places) -> Places:
    """The places of runs of words, one after the other."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.repeat(starts - (ends - lengths), lengths) + np.arange(total)
