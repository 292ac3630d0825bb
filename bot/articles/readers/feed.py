"""Feeds (RSS, Atom, JSON Feed): an article for each entry."""

import calendar
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from bot.articles.article import Article
from bot.articles.dates import iso_date
from bot.articles.readers.html import parsed
from bot.articles.readers.markup import plain_text
from bot.articles.readers.origin import Origin
from bot.errors import ReadingError


class JsonItem(msgspec.Struct, frozen=True):
    """An entry of a JSON Feed."""

    id: str | int | float = ""
    url: str | None = None
    title: str | None = None
    content_html: str | None = None
    content_text: str | None = None
    summary: str | None = None
    date_published: str | None = None
    language: str | None = None


class JsonFeed(msgspec.Struct, frozen=True):
    """A JSON Feed, as much of it as is kept."""

    version: str
    items: list[JsonItem]
    language: str | None = None


def read_feed(data: bytes, origin: Origin) -> Iterator[Article]:
    """An article for each entry that has words: its fullest text, title, link, date. Its source is its link.

    Raises ReadingError when it is no feed or no entry has words.
    """
    entries = (
        _json_entries(data, origin) if data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{") else _entries(data, origin)
    )
    found = False
    for article in entries:
        found = True
        yield article
    if not found:
        raise ReadingError(f"{origin.source}: the feed has no entry with words; add the pages that it links to")


def _entries(data: bytes, origin: Origin) -> Iterator[Article]:
    import feedparser  # 70 ms: only where there is a feed

    if b"<!ENTITY" in data:
        raise ReadingError(
            f"{origin.source}: defines entities of its own, which can be made to fill the memory; it is not read"
        )

    feed: Any = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
    if not feed.get("version"):
        raise ReadingError(f"{origin.source}: is no sound RSS or Atom feed; give a feed's address or file")
    for number, entry in enumerate(feed.entries, start=1):
        text = max((_plain(html) for html in _texts(entry)), key=len, default="")
        link = str(entry.get("link") or "")
        if text:
            yield origin.article(
                text,
                title=_plain(str(entry.get("title") or "")).replace("\n", " "),
                source=link or str(entry.get("id") or "") or f"{origin.source}#{number}",
                published=_moment(entry.get("published_parsed") or entry.get("updated_parsed")),
                language=str(feed.feed.get("language") or "").strip(),
                url=link if link.startswith(("http://", "https://")) else None,
            )


def _texts(entry: Any) -> Iterator[str]:
    for content in entry.get("content", ()):
        yield str(content.get("value") or "")
    yield str(entry.get("summary") or "")


def _json_entries(data: bytes, origin: Origin) -> Iterator[Article]:
    try:
        feed = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=JsonFeed)
    except msgspec.MsgspecError as error:
        raise ReadingError(
            f"{origin.source}: is no sound JSON Feed ({error}); give a feed's address or file"
        ) from error
    for number, item in enumerate(feed.items, start=1):
        text = item.content_text or _plain(item.content_html or "") or item.summary or ""
        if text.strip():
            yield origin.article(
                text,
                title=item.title or "",
                source=item.url or str(item.id) or f"{origin.source}#{number}",
                published=iso_date(item.date_published) if item.date_published else None,
                language=item.language or feed.language or "",
                url=item.url,
            )


def _plain(html: str) -> str:
    if not html.strip():
        return ""
    root = parsed(f"<div>{html}</div>")
    return plain_text(root) if root is not None else ""


def _moment(parts: time.struct_time | None) -> str | None:
    if parts is None:
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(parts), UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return None
