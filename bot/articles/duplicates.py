"""Articles that are nearly the same text, such as one agency's report in ten papers, found when one is stored.

Texts are compared by sketches (min-hash with one permutation, Li, Owen and Zhang 2012) of pieces of a few words, cut
where the words say so, so that an edit changes only the piece that it is in. Sketches whose bins agree in one of a
few bands are compared (locality-sensitive hashing); groups are the connected components of what is similar.
"""

import struct
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import chain, compress, count, repeat
from operator import eq
from zlib import crc32

from bot.articles.article import Contents
from bot.storage.store import Connection, rows_in

BINS = 64
BANDS = 8
BAND_BINS = 2
LEAST_SIMILARITY = 0.6
"""Share of the bins that agree, an estimate of the Jaccard similarity of the pieces (standard error .06)."""

MOST_CANDIDATES = 256
"""Articles of one band that are compared: a band of more is a site's own words."""

LEAST_TERMS = 20
"""Shorter texts are alike by chance."""

TERMS_REMEMBERED = 1 << 16

EMPTY = 0xFFFFFFFF
_PACKED = struct.Struct(f"<{BINS}I")
_PACKED_BAND = struct.Struct(f"<I{BAND_BINS}I")
_NO_BINS = (EMPTY,) * BAND_BINS


class Lead(StrEnum):
    """Which of several articles that are nearly the same stands for them."""

    NEWEST = "newest"
    LONGEST = "longest"


_IN_BAND = "SELECT article FROM (SELECT article FROM bands WHERE band = ? LIMIT ?) AS band"

Sketch = tuple[int, ...]
"""The least hash of the pieces in each bin, EMPTY where there is none."""


def sketch_of(contents: Contents) -> Sketch | None:
    """The sketch of an article's prose; None for one that is too short to compare."""
    terms = list(chain.from_iterable(content for sentences in contents for _, content in sentences))
    if len(terms) < LEAST_TERMS:
        return None
    bins = [EMPTY] * BINS
    for hashed in map(crc32, map(str.encode, map(" ".join, _pieces(terms)))):
        place = hashed % BINS
        if hashed < bins[place]:
            bins[place] = hashed
    return tuple(bins)


def similarity(one: Sketch, other: Sketch) -> float:
    """The share of the bins that agree, of those that are not empty in both; from 0 to 1."""
    empty = list(compress(other, map(eq, one, repeat(EMPTY)))).count(EMPTY)
    agree = sum(map(eq, one, other)) - empty
    return agree / (BINS - empty) if empty < BINS else 0.0


def bands_of(sketch: Sketch) -> list[int]:
    """One number for each band that is not empty; two sketches that share one are compared."""
    found = []
    for band in range(BANDS):
        bins = sketch[band * BAND_BINS : (band + 1) * BAND_BINS]
        if bins != _NO_BINS:
            found.append(crc32(_PACKED_BAND.pack(band, *bins)))
    return found


class Duplicates:
    """The groups of similar articles within one transaction; a group's number is its least article's."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, article: int, contents: Contents) -> None:
        """Put an article into the group of what is similar to it, and join the groups that it connects."""
        sketch = sketch_of(contents)
        if sketch is None:
            return
        bands = set(bands_of(sketch))
        similar = self._similar(article, sketch, bands)
        self._connection.execute(
            "INSERT INTO sketches (article, sketch, leader) VALUES (?, ?, NULL)", (article, _PACKED.pack(*sketch))
        )
        self._connection.execute_many(
            "INSERT INTO bands (band, article) VALUES (?, ?)", [(band, article) for band in bands]
        )
        if similar:
            self._join([article, *similar])

    def remove(self, article: int) -> None:
        """Take an article out; what only it connected falls apart."""
        row = self._connection.row("SELECT sketch, leader FROM sketches WHERE article = ?", (article,))
        if row is None:
            return
        self._connection.execute_many(
            "DELETE FROM bands WHERE band = ? AND article = ?",
            [(band, article) for band in set(bands_of(_PACKED.unpack(row[0])))],
        )
        self._connection.execute("DELETE FROM sketches WHERE article = ?", (article,))
        if row[1] is None:
            return
        left = self._connection.rows("SELECT article, sketch FROM sketches WHERE leader = ?", (row[1],))
        members = {number: _PACKED.unpack(sketch) for number, sketch in left}
        self._connection.execute("UPDATE sketches SET leader = NULL WHERE leader = ?", (row[1],))
        for number, sketch in members.items():
            similar = self._similar(number, sketch, set(bands_of(sketch)))
            if similar:
                self._join([number, *similar])

    def _similar(self, article: int, sketch: Sketch, bands: Iterable[int]) -> list[int]:
        values = [value for band in bands for value in (band, MOST_CANDIDATES)]
        if not values:
            return []
        statement = " UNION ALL ".join([_IN_BAND] * (len(values) // 2))
        candidates = {row[0] for row in self._connection.rows(statement, values)} - {article}
        rows = rows_in(self._connection, "SELECT article, sketch FROM sketches WHERE article IN ({})", candidates)
        return [number for number, packed in rows if similarity(sketch, _PACKED.unpack(packed)) >= LEAST_SIMILARITY]

    def _join(self, articles: list[int]) -> None:
        """Make one group of these articles and of the groups that they are in."""
        statement = "SELECT DISTINCT leader FROM sketches WHERE leader IS NOT NULL AND article IN ({})"
        leaders = {row[0] for row in rows_in(self._connection, statement, articles)}
        leader = min([*articles, *leaders])
        self._connection.execute_many(
            "UPDATE sketches SET leader = ? WHERE leader = ?", [(leader, old) for old in leaders if old != leader]
        )
        self._connection.execute_many(
            "UPDATE sketches SET leader = ? WHERE article = ?", [(leader, article) for article in articles]
        )


class _Ends(dict[str, bool]):
    """Whether a piece ends with a term: remembered, as most terms come again."""

    def __missing__(self, term: str) -> bool:
        if len(self) >= TERMS_REMEMBERED:
            self.clear()
        ends = self[term] = crc32(term.encode()) & 3 == 0
        return ends


_ENDS = _Ends()


def _pieces(terms: list[str]) -> Iterator[list[str]]:
    """The terms in runs of four on average, each ended by a term whose hash says so."""
    start = 0
    for end in list(compress(count(1), map(_ENDS.__getitem__, terms))):
        yield terms[start:end]
        start = end
    if start < len(terms):
        yield terms[start:]
