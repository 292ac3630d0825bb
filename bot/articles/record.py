"""An article as rows of the library's tables."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from bot.articles.article import Article, Passage, StoredArticle, StoredPassage
from bot.articles.dates import iso_date
from bot.errors import ReadingError
from bot.storage.store import Connection, Row

COLUMNS = "number, id, title, source, published, language, tags, url, sentences, title_terms"
"""The columns of an article's row that `stored_article` reads, in its order."""

CHUNK_CHARACTERS = 8192
"""Code points of a text that lie in one row; most news articles fit into one."""

_encode = msgspec.msgpack.Encoder().encode
_encode_json = msgspec.json.Encoder().encode
_decode_tags = msgspec.json.Decoder(tuple[str, ...]).decode
_decode_passage = msgspec.msgpack.Decoder(Passage).decode


def checksum(article: Article) -> bytes:
    """16 bytes that differ when anything differs that the article came with."""
    return hashlib.blake2b(_encode(article), digest_size=16).digest()


def text_checksum(text: str) -> bytes:
    """16 bytes that differ when the text differs."""
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def public_id(source: str, digits: int) -> str:
    """The first hexadecimal digits of the hash of a source."""
    return hashlib.blake2b(source.encode(), digest_size=16).hexdigest()[:digits]


def encoded_tags(tags: Sequence[str]) -> str:
    """The tags as one column."""
    return _encode_json(tags).decode()


def stored_article(row: Row) -> StoredArticle:
    """The article of a row with COLUMNS."""
    number, id_, title, source, published, language, tags, url, sentences, title_terms = row
    return StoredArticle(
        number=number,
        id=id_,
        title=title,
        source=source,
        published=published,
        language=language,
        tags=() if tags == "[]" else _decode_tags(tags),
        url=url,
        sentences=sentences,
        title_terms=title_terms,
    )


def encoded_passage(passage: Passage) -> bytes:
    """The passage as one column."""
    return _encode(passage)


def passages_in(connection: Connection, first: int, count: int) -> list[Passage]:
    """So many passages from the one with the number `first`, in order."""
    statement = "SELECT content FROM passages WHERE number BETWEEN ? AND ? ORDER BY number"
    return [_decode_passage(row[0]) for row in connection.rows(statement, (first, first + count - 1))]


def text_of(connection: Connection, article: int) -> str:
    """The text of the article with this number; "" when there is none."""
    rows = connection.rows("SELECT content FROM texts WHERE article = ? ORDER BY chunk", (article,))
    return b"".join([row[0] for row in rows]).decode()


def stored_passage(row: Row) -> StoredPassage:
    """The passage of a row with number, article and content."""
    number, article, content = row
    passage = _decode_passage(content)
    return StoredPassage(number, article, passage.start, passage.end, passage.sentences, passage.heading)


def chunks(text: str) -> Iterator[tuple[int, bytes]]:
    """The rows of a text: the number of each chunk, from 0, and its content."""
    for number, start in enumerate(range(0, len(text), CHUNK_CHARACTERS)):
        yield number, text[start : start + CHUNK_CHARACTERS].encode()


def check(article: Article, *, latest: date | None = None) -> None:
    """Raise ReadingError for an article that no database can keep, that has no identity, or a date that is none.

    No date may lie after `latest`.
    """
    if not article.source.strip():
        raise ReadingError("an article without a source cannot be stored; give it one: a path, an address or a name")
    columns = {
        "title": article.title,
        "source": article.source,
        "tags": "".join(article.tags),
        "language": article.language,
        "address": article.url or "",
    }
    for name, value in columns.items():
        if "\0" in value:
            raise ReadingError(f"{article.source!r}: its {name} holds a NUL character; take it out")
    for name, value in (("text", article.text), *columns.items()):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise ReadingError(
                f"{article.source!r}: its {name} holds half of a character (U+{ord(value[error.start]):04X}); save it "
                "as UTF-8"
            ) from error
    _check_date(article, latest)


def _check_date(article: Article, latest: date | None) -> None:
    written = article.published
    if written is None:
        return
    if iso_date(written) != written or len(written) < 10:
        raise ReadingError(f"{article.source}: its date is {written!r}; expected an ISO 8601 date such as 2023-03-08")
    if latest is not None and written[:10] > latest.isoformat():
        raise ReadingError(f"{article.source}: its date, {written}, lies in the future; correct it or leave it out")


GIVEN_COLUMNS = "title, source, published, given_language, tags, url"
"""The columns that `given_article` reads, in its order."""


def given_article(row: Row, text: str) -> Article:
    """The article as it was given, of a row with GIVEN_COLUMNS and its text."""
    title, source, published, language, tags, url = row
    return Article(
        text=text,
        title=title,
        source=source,
        published=published,
        language=language,
        tags=_decode_tags(tags),
        url=url,
    )
