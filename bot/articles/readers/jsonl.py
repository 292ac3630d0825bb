"""JSON Lines: an article a line, the form in which the library is exported."""

from collections.abc import Iterable, Iterator

import msgspec

from bot.articles.article import Article
from bot.articles.dates import iso_date
from bot.articles.encoding import decode
from bot.articles.readers.origin import Origin
from bot.errors import ReadingError


class Line(msgspec.Struct, frozen=True):
    """What a line may hold; fields that are not named here are ignored."""

    text: str
    title: str | None = None
    source: str | None = None
    published: str | None = None
    language: str | None = None
    tags: list[str] | None = None
    url: str | None = None


_decode_line = msgspec.json.Decoder(Line).decode


def read_jsonl(data: bytes, origin: Origin) -> Iterator[Article]:
    """An article for each good line, in order; `origin.skip` hears of each bad one by its number.

    A line without a source gets the document's own with "#" and the line's number. Raises ReadingError when no line
    is good.
    """
    if not data.startswith((b"{", b"[", b'"', b" ", b"\n", b"\r", b"\t")):
        data = decode(data, origin.source).encode()
    return read_json_lines(data.splitlines(), origin)


def read_json_lines(lines: Iterable[bytes], origin: Origin) -> Iterator[Article]:
    """As read_jsonl, from lines that come one by one: a file of any size needs the memory of its longest line."""
    good = bad = 0
    for number, line in enumerate(lines, start=1):
        line = line.removeprefix(b"\xef\xbb\xbf").strip() if number == 1 else line.strip()
        if not line:
            continue
        try:
            article = _article(line, number, origin)
        except ReadingError as error:
            bad += 1
            origin.skip(str(error))
            continue
        good += 1
        yield article
    if not good:
        raise ReadingError(
            f"{origin.source}: holds no article"
            + (f" ({bad:,} bad lines)" if bad else "")
            + '; expected a JSON object with "text" on each line'
        )


def _article(line: bytes, number: int, origin: Origin) -> Article:
    where = f"{origin.source}, line {number:,}"
    try:
        given = _decode_line(line)
    except msgspec.ValidationError as error:
        raise ReadingError(f'{where}: {_plainly(error)}; expected an object with "text" and, if known, '
                           '"title", "source", "published", "language", "tags"') from error  # fmt: skip
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ReadingError(f"{where}: is not valid JSON ({error}); correct the line") from error
    if not given.text.strip():
        raise ReadingError(f'{where}: its "text" is empty; give the article\'s text')
    if "\0" in given.text:
        raise ReadingError(f'{where}: its "text" holds NUL characters, which no text has; take them out')
    published = given.published or None
    if published and iso_date(published) is None:
        raise ReadingError(
            f'{where}: "published" is {published!r}; expected an ISO 8601 date such as 2023-03-08, '
            "with or without a time"
        )
    return origin.article(
        given.text,
        title=given.title or "",
        source=given.source or f"{origin.source}#{number}",
        published=published and iso_date(published),
        language=given.language or "",
        tags=tuple(dict.fromkeys(given.tags or ())),
        url=given.url,
    )


def _plainly(error: msgspec.ValidationError) -> str:
    message = str(error).replace("`", "").replace(" - at $.", " in ")
    return message[:1].lower() + message[1:]
