"""CSV: an article for each row that has a text column, or else the whole table, a row a line."""

import csv
from collections.abc import Iterator
from io import StringIO
from itertools import islice
from pathlib import PurePosixPath

from bot.articles.article import Article
from bot.articles.dates import iso_date
from bot.articles.encoding import decode
from bot.articles.readers.origin import Origin
from bot.errors import ReadingError

_TEXT = ("text", "content", "body", "article")
_TITLE = ("title", "headline", "subject")
_SOURCE = ("source", "url", "link", "id")
_PUBLISHED = ("published", "date", "publication_date", "pubdate")
_LANGUAGE = ("language", "lang")
_LARGEST_FIELD = 10_000_000
_SNIFFED_CHARACTERS = 10_000
_DELIMITERS = ",;\t|"


def read_csv(data: bytes, origin: Origin) -> Iterator[Article]:
    """An article for each row where the head names a column "text" (or "content", "body", "article"), with "title",
    "source", "published", "language" and "tags" (by ";") where there are such columns.

    Else one article, called as the file, in which each row is a line, "Name: Ada; Born: 1815".
    `origin.skip` hears of bad rows.
    """
    text = decode(data, origin.source)
    csv.field_size_limit(_LARGEST_FIELD)
    rows = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        head = [cell.strip() for cell in next(rows)]
        names = {cell.lower(): place for place, cell in enumerate(head)}
        if any(name in names for name in _TEXT):
            yield from _articles(rows, names, origin)
        else:
            title = PurePosixPath(origin.name or origin.source).stem
            yield origin.article(_lines(head, rows, origin), title=title)
    except csv.Error as error:
        raise ReadingError(f"{origin.source}: is no sound CSV ({error}); save it again as CSV in UTF-8") from error


def _delimiter(text: str) -> str:
    """The delimiter that the first lines have most evenly; a comma when there is none."""
    lines = [line for line in islice(text[:_SNIFFED_CHARACTERS].splitlines(), 20) if line.strip()]
    return max(_DELIMITERS, key=lambda mark: min((line.count(mark) for line in lines[:1]), default=0))


def _articles(rows: Iterator[list[str]], names: dict[str, int], origin: Origin) -> Iterator[Article]:
    good = 0
    for number, row in enumerate(rows, start=2):
        text = _cell(row, names, _TEXT)
        published = _cell(row, names, _PUBLISHED).strip()
        if not any(cell.strip() for cell in row):
            continue
        if not text.strip():
            origin.skip(f"{origin.source}, row {number:,}: has no text; fill its text column")
            continue
        if published and iso_date(published) is None:
            origin.skip(f"{origin.source}, row {number:,}: {published!r} is no ISO 8601 date such as 2023-03-08")
            continue
        good += 1
        yield origin.article(
            text,
            title=_cell(row, names, _TITLE).strip(),
            source=_cell(row, names, _SOURCE).strip() or f"{origin.source}#{number}",
            published=iso_date(published) if published else None,
            language=_cell(row, names, _LANGUAGE).strip(),
            tags=tuple(filter(None, (tag.strip() for tag in _cell(row, names, ("tags",)).split(";")))),
        )
    if not good:
        raise ReadingError(f"{origin.source}: has no row with a text; fill its text column")


def _cell(row: list[str], names: dict[str, int], wanted: tuple[str, ...]) -> str:
    place = next((names[name] for name in wanted if name in names), len(row))
    return row[place] if place < len(row) else ""


def _lines(head: list[str], rows: Iterator[list[str]], origin: Origin) -> str:
    lines: list[str] = []
    for row in rows:
        cells = [" ".join(cell.split()) for cell in row]
        named = [f"{head[i]}: {cell}" if i < len(head) and head[i] else cell for i, cell in enumerate(cells) if cell]
        if named:
            lines.append("; ".join(named))
    if not lines:
        raise ReadingError(f"{origin.source}: has no rows under its head; there is nothing to read in it")
    return "\n".join(lines)
