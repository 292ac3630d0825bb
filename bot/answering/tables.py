"""The tables: for a word or a sign in the question, numbers that say what its answer looks like.

A table is a text file: a comment that says where its numbers come from, then a line for each key, a tab, and the
numbers. A line is read when a question first needs it, so that loading costs no more than splitting the file.
"""

from pathlib import Path
from typing import NamedTuple

from bot.errors import SettingsError

PARTS = 1000.0  # the files hold whole numbers, thousandths


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
        self._maps: dict[str, dict[str, float]] = {}
        self._words: dict[str, frozenset[str]] = {}

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

    def map(self, key: str) -> dict[str, float]:
        """The named numbers of a line ("word number word number"); empty for a key that the table lacks."""
        found = self._maps.get(key)
        if found is None:
            if key not in self._lines:
                return {}
            fields = self._lines[key].split()
            try:
                pairs = zip(fields[::2], fields[1::2], strict=True)
                found = self._maps[key] = {name: int(number) / PARTS for name, number in pairs}
            except ValueError as error:
                raise self._damaged(key) from error
        return found

    def words(self, key: str) -> frozenset[str]:
        """The words of a line; none for a key that the table lacks."""
        found = self._words.get(key)
        if found is None:
            if key not in self._lines:
                return frozenset()
            found = self._words[key] = frozenset(self._lines[key].split())
        return found

    def _damaged(self, key: str) -> SettingsError:
        return SettingsError(f"{self._path}: the line {key!r} does not hold whole numbers; install the product again")


class Tables(NamedTuple):
    """The tables of one language: those that are fitted, a dictionary's related words and kinds of nouns, and the
    background: how rare each term is in the language at large."""

    terms: Table
    associations: Table
    answers: Table
    related: Table
    kinds: Table
    background: Table


def load_tables(folder: Path) -> Tables | None:
    """The tables in a folder, None when there is no such folder: a language without tables.

    Raises SettingsError when one of them cannot be read.
    """
    if not folder.is_dir():
        return None
    return Tables(*(Table(folder / f"{name}.txt") for name in Tables._fields))
