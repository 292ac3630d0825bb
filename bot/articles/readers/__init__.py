"""The readers, one for each format, and the table that finds the right one for a document."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from bot.articles.article import Article
from bot.articles.readers.apart import Workers
from bot.articles.readers.formats import FORMATS, HEAD_BYTES, JSON_LINES, SUFFIXES, Format, format_of
from bot.articles.readers.jsonl import read_json_lines
from bot.articles.readers.origin import Origin, Reader
from bot.articles.title import Titles
from bot.errors import ReadingError
from bot.wordlists import WordLists

__all__ = ["FORMATS", "READERS_VERSION", "SUFFIXES", "Format", "Origin", "Reader", "Readers"]

READERS_VERSION = 3
"""Raise it when any reader gives another text, title or date for the same bytes."""


MOST_PIECES = 500_000
"""Lines and sentences of one article; each takes some 500 bytes while the article is cut."""

_PIECE_ENDS = (
    "\n",
    "\r",
    "\v",
    "\f",
    "\x1c",
    "\x1d",
    "\x1e",
    "\x85",
    "\u2028",
    "\u2029",
    ". ",
    "! ",
    "? ",
    "。",
    "！",
    "？",
    "।",
)


class Readers:
    """Turns documents of any format into articles. Close it when no more come: that ends the processes that read."""

    def __init__(self, lists: WordLists, *, largest_bytes: int) -> None:
        self._titles = Titles(lists)
        self._largest_bytes = largest_bytes
        self._workers = Workers()

    def close(self) -> None:
        """End the processes that wait for a document; another one starts when one comes."""
        self._workers.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, document: bytes | Path, origin: Origin) -> Iterator[Article]:
        """The articles of one document, one by one, each with a title and never an empty text.

        Raises ReadingError, at the latest at the first article, when the document cannot be read at all; of parts
        that are left out `origin.skip` hears. JSON Lines given by path are read line by line, so that the size limit
        holds for a line.
        """
        if isinstance(document, Path):
            origin = msgspec.structs.replace(origin, name=origin.name or document.name)
        for article in self._articles(document, origin):
            if _pieces(article.text) > MOST_PIECES:
                origin.skip(f"{article.source}: has more than {MOST_PIECES:,} lines and sentences; split it")
            elif article.title:
                yield article
            else:
                yield msgspec.structs.replace(article, title=self._titles.of(article.text))

    def _articles(self, document: bytes | Path, origin: Origin) -> Iterable[Article]:
        try:
            head = document[:HEAD_BYTES] if isinstance(document, bytes) else _head(document)
            format_ = format_of(head, origin)
            if format_ is JSON_LINES and isinstance(document, Path) and not head.startswith(_WIDE):
                return read_json_lines(self._lines(document, origin), origin)
            size = len(document) if isinstance(document, bytes) else document.stat().st_size
            if size > self._largest_bytes:
                raise ReadingError(f"{origin.source}: has {size / 1e6:,.0f} MB; {self._too_large('document')}")
            if format_.apart:
                return self._workers.read(document, origin, format_)
            return format_.read(document if isinstance(document, bytes) else document.read_bytes(), origin)
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

    def _too_large(self, what: str) -> str:
        megabytes = self._largest_bytes / 1e6
        return f"a {what} may have {megabytes:,.0f} MB ([articles] largest_megabytes); split it, or raise the limit"


def _pieces(text: str) -> int:
    """How many lines and sentences a text has at most."""
    return sum(map(text.count, _PIECE_ENDS)) if len(text) > MOST_PIECES else 0


_WIDE = (b"\xff\xfe", b"\xfe\xff")


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def _unreadable(error: OSError, origin: Origin) -> ReadingError:
    return ReadingError(
        f"{origin.source}: cannot be read ({error.strerror or error}); check that it is there and may be read"
    )
