"""Sitemaps: the addresses of a site's pages, which hold no text of their own."""

from collections.abc import Iterator
from typing import NamedTuple

from bot.articles.article import Article
from bot.articles.dates import iso_date
from bot.articles.readers.origin import Origin
from bot.articles.readers.xml import parsed_xml
from bot.errors import ReadingError


class Entry(NamedTuple):
    """A page, or another sitemap, with the date of its last change where it is given."""

    url: str
    modified: str | None
    is_sitemap: bool


def sitemap_entries(data: bytes, name: str) -> list[Entry]:
    """What a sitemap, or an index of sitemaps, lists, in its order. Raises ReadingError when it is neither."""
    root = parsed_xml(data, name, "sitemap")
    kind = str(root.tag).rpartition("}")[2]
    if kind not in ("urlset", "sitemapindex"):
        raise ReadingError(f"{name}: is no sitemap (its root is <{kind}>); expected <urlset> or <sitemapindex>")
    entries = []
    for element in root.iter("{*}url", "{*}sitemap"):
        url = (element.findtext("{*}loc") or "").strip()
        changed = (element.findtext("{*}lastmod") or "").strip()
        if url.startswith(("http://", "https://")):
            entries.append(Entry(url, iso_date(changed) if changed else None, kind == "sitemapindex"))
    return entries


def read_sitemap(data: bytes, origin: Origin) -> Iterator[Article]:
    """No article: raises ReadingError that says how to add the pages instead."""
    count = len(sitemap_entries(data, origin.source))
    raise ReadingError(
        f"{origin.source}: is a sitemap, a list of {count:,} addresses without text; add its own address"
    )
    yield  # a generator like the other readers
