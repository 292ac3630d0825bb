"""The tables: for a word or a sign in the question, numbers that say what its answer looks like.

A table is a text file: a comment that says where its numbers come from, then a line for each key, a tab, and the
numbers. A line is read when a question first needs it, so that loading costs no more than splitting the file.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bot.answering.vectors import WordVectors
from bot.errors import SettingsError
from bot.retrieval.keys import Keys, keys_of

PARTS = 1000.0  # the files hold whole numbers, thousandths

Floats = npt.NDArray[np.float64]


class Column(NamedTuple):
    """Numbers of words: their keys, which rise, and the number of each; a last one, 0, is of all other words."""

    keys: Keys
    values: Floats

    @classmethod
    def of(cls, words: Sequence[str], values: Floats) -> "Column":
        """The numbers of these words. Raises ValueError when there are not as many as words."""
        keys = keys_of(" ".join(words))
        if len(keys) != len(values):
            raise ValueError(f"{len(words)} words with {len(values)} numbers")
        order = np.argsort(keys)
        return cls(keys[order], np.append(values[order], 0.0))


NOTHING = Column(np.zeros(0, dtype=np.uint64), np.zeros(1))


class Table:
    """Lines by key, each read when it is asked for."""

    def __init__(self, path: Path) -> None:
        """Raises SettingsError when the file is not there or not UTF-8."""
        self._path = path
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{path}: cannot be read ({error}); install the product again") from error
        lines = (line.partition("\t") for line in text.split("\n") if line and line[0] != "#")
        self._lines = {key: rest for key, _, rest in lines}
        self._rows: dict[str, tuple[float, ...]] = {}
        self._columns: dict[str, Column] = {}
        self._words: dict[str, Keys] = {}

    def __len__(self) -> int:
        return len(self._lines)

    def row(self, key: str) -> tuple[float, ...]:
        """The numbers of a line, in order; empty for a key that the table lacks."""
        found = self._rows.get(key)
        if found is None:
            if key not in self._lines:  # nothing is kept of what is only asked for
                return ()
            try:
                found = self._rows[key] = tuple([int(number) / PARTS for number in self._lines[key].split()])
            except ValueError as error:
                raise self._damaged(key) from error
        return found

    def number(self, key: str) -> float:
        """The first number of a line; 0 for a key that the table lacks."""
        row = self._rows.get(key) or self.row(key)
        return row[0] if row else 0.0

    def column(self, key: str) -> Column:
        """The named numbers of a line ("word number word number"); none for a key that the table lacks."""
        found = self._columns.get(key)
        if found is None:
            if key not in self._lines:
                return NOTHING
            fields = self._lines[key].split()
            try:
                values = np.array([int(number) / PARTS for number in fields[1::2]])
                found = self._columns[key] = Column.of(fields[::2], values)
            except ValueError as error:
                raise self._damaged(key) from error
        return found

    def words(self, key: str) -> Keys:
        """The keys of the words of a line, rising; none for a key that the table lacks."""
        found = self._words.get(key)
        if found is None:
            if key not in self._lines:
                return NOTHING.keys
            found = self._words[key] = np.sort(keys_of(" ".join(self._lines[key].split())))
        return found

    def _damaged(self, key: str) -> SettingsError:
        return SettingsError(f"{self._path}: the line {key!r} does not hold whole numbers; install the product again")


class Tables(NamedTuple):
    """The tables of one language: those that are fitted, a dictionary's related words and kinds of nouns, the
    background: how rare each term is in the language at large; and the vectors of words."""

    terms: Table
    associations: Table
    answers: Table
    related: Table
    kinds: Table
    background: Table
    vectors: WordVectors


def load_tables(folder: Path, *, vectors: Path | None = None) -> Tables | None:
    """The tables in a folder, with its vectors or those in another folder; None when there is no such folder: a
    language without tables.

    Raises SettingsError when one of them cannot be read.
    """
    if not folder.is_dir():
        return None
    terms, associations, answers, related, kinds, background = (
        Table(folder / f"{name}.txt") for name in Tables._fields[:-1]
    )
    own = WordVectors.load(vectors or folder / Tables._fields[-1])
    return Tables(terms, associations, answers, related, kinds, background, own)
