"""The readers, one for each format, and the table that finds the right one for a document."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from bot.articles.article import Article
from bot.articles.readers.jsonl import read_json_lines, read_jsonl
from bot.articles.readers.markdown import read_markdown
from bot.articles.readers.origin import Origin, Reader
from bot.articles.readers.text import read_text
from bot.articles.title import Titles
from bot.errors import ReadingError
from bot.wordlists import WordLists

__all__ = ["FORMATS", "READERS_VERSION", "SUFFIXES", "Format", "Origin", "Reader", "Readers"]

READERS_VERSION = 1
"""Raise it when any reader gives another text, title or date for the same bytes."""


class Format(NamedTuple):
    """A format: its name for people, the suffixes of its files, and its reader."""

    name: str
    suffixes: frozenset[str]
    read: Reader


TEXT = Format("text", frozenset({".txt", ".text"}), read_text)
MARKDOWN = Format("Markdown", frozenset({".md", ".markdown", ".mdown"}), read_markdown)
JSON_LINES = Format("JSON Lines", frozenset({".jsonl", ".ndjson"}), read_jsonl)
FORMATS = (TEXT, MARKDOWN, JSON_LINES)

SUFFIXES = frozenset[str]().union(*(format_.suffixes for format_ in FORMATS))
"""Suffixes of the files that are taken from a folder; a file that is named itself is read whatever its suffix."""


class Readers:
    """Turns documents of any format into articles."""

    def __init__(self, lists: WordLists, *, largest_bytes: int) -> None:
        self._titles = Titles(lists)
        self._largest_bytes = largest_bytes

    def read(self, document: bytes | Path, origin: Origin) -> Iterator[Article]:
        """The articles of one document, one by one, each with a title and never an empty text.

        Raises ReadingError, at the latest at the first article, when the document cannot be read at all; of parts
        that are left out `origin.skip` hears. JSON Lines given by path are read line by line, so that the size limit
        holds for a line.
        """
        if isinstance(document, Path):
            origin = msgspec.structs.replace(origin, name=origin.name or document.name)
        format_ = format_of(origin)
        for article in self._articles(document, origin, format_):
            if article.title:
                yield article
            else:
                yield msgspec.structs.replace(article, title=self._titles.of(article.text))

    def _articles(self, document: bytes | Path, origin: Origin, format_: Format) -> Iterable[Article]:
        if isinstance(document, bytes):
            self._check_size(len(document), origin)
            return format_.read(document, origin)
        try:
            if format_ is JSON_LINES and not _is_wide(document):
                return read_json_lines(self._lines(document, origin), origin)
            self._check_size(document.stat().st_size, origin)
            return format_.read(document.read_bytes(), origin)
        except OSError as error:
            raise _unreadable(error, origin) from error

    def _lines(self, path: Path, origin: Origin) -> Iterator[bytes]:
        """The file's lines; one past the size limit comes as an empty one, and `origin.skip` hears of it."""
        try:
            with path.open("rb") as file:
                number = 0
                while line := file.readline(self._largest_bytes + 1):
                    number += 1
                    if len(line) <= self._largest_bytes:
                        yield line
                        continue
                    while line and not line.endswith(b"\n"):
                        line = file.readline(self._largest_bytes)
                    origin.skip(f"{origin.source}, line {number:,}: {self._too_large('line')}")
                    yield b""
        except OSError as error:
            raise _unreadable(error, origin) from error

    def _check_size(self, size: int, origin: Origin) -> None:
        if size > self._largest_bytes:
            raise ReadingError(f"{origin.source}: has {size / 1e6:,.0f} MB; {self._too_large('document')}")

    def _too_large(self, what: str) -> str:
        megabytes = self._largest_bytes / 1e6
        return f"a {what} may have {megabytes:,.0f} MB ([articles] largest_megabytes); split it, or raise the limit"


def format_of(origin: Origin) -> Format:
    """The format that the suffix tells; text when it tells none."""
    return next((format_ for format_ in FORMATS if origin.suffix in format_.suffixes), TEXT)


def _is_wide(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) in (b"\xff\xfe", b"\xfe\xff")


def _unreadable(error: OSError, origin: Origin) -> ReadingError:

    return ReadingError(
        f"{origin.source}: cannot be read ({error.strerror or error}); check that it is there and may be read"
    )
