"""Sitemaps: the addresses of a site's pages, which hold no text of their own."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from bot.articles.article import Article
from bot.articles.dates import iso_date
from bot.articles.readers.origin import Origin
from bot.articles.readers.xml import refuse_entities
from bot.errors import ReadingError

if TYPE_CHECKING:
    from lxml.etree import _Element


class Entry(NamedTuple):
    """A page, or another sitemap, with the date of its last change where it is given."""

    url: str
    modified: str | None
    is_sitemap: bool


MOST_ENTRIES = 50_000
"""As many as the protocol allows; what comes after them is not read."""

MOST_ELEMENTS = 2_000_000
"""Of which they may be made, a few seconds' work; a hostile sitemap has more."""

_PIECE_BYTES = 1 << 16


def sitemap_entries(data: bytes, name: str) -> list[Entry]:
    """What a sitemap, or an index of sitemaps, lists, in its order. Raises ReadingError when it is neither.

    It is parsed in our own process, so nothing is kept of the document but its entries: a tree of 20 hostile megabytes
    would take 600.
    """
    from lxml.etree import XMLPullParser, XMLSyntaxError

    parser = XMLPullParser(events=("end",), resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    listed = _Listed(name)
    try:
        for start in range(0, len(data), _PIECE_BYTES):
            parser.feed(data[start : start + _PIECE_BYTES])
            if not all(listed.take(element) for _, element in parser.read_events()):
                return listed.entries
        parser.close()
        for _, element in parser.read_events():
            listed.take(element)
    except (XMLSyntaxError, ValueError) as error:
        raise ReadingError(f"{name}: is not a sound sitemap file; save or download it again") from error
    return listed.entries


class _Listed:
    """The entries so far of a sitemap that is being parsed."""

    def __init__(self, name: str) -> None:
        self.entries: list[Entry] = []
        self._name = name
        self._kind = ""
        self._url = self._modified = ""
        self._elements = 0

    def take(self, element: "_Element") -> bool:
        """Take an element in that has ended; False when there are enough of them, or of entries."""
        self._elements += 1
        if not self._kind:
            self._begin(element.getroottree().getroot())
        tag = _local(element)
        parent = element.getparent()
        if parent is not None and tag in ("loc", "lastmod") and _local(parent) in ("url", "sitemap"):
            if tag == "loc":
                self._url = (element.text or "").strip()
            else:
                self._modified = (element.text or "").strip()
        elif tag in ("url", "sitemap"):
            self._end()
        element.clear()
        while parent is not None and element.getprevious() is not None:
            del parent[0]
        return len(self.entries) < MOST_ENTRIES and self._elements < MOST_ELEMENTS

    def _begin(self, root: "_Element") -> None:
        refuse_entities(root, self._name)
        tag = _local(root)
        if tag not in ("urlset", "sitemapindex"):
            raise ReadingError(
                f"{self._name}: is no sitemap (its root is <{tag}>); expected <urlset> or <sitemapindex>"
            )
        self._kind = tag

    def _end(self) -> None:
        if self._url.startswith(("http://", "https://")):
            modified = iso_date(self._modified) if self._modified else None
            self.entries.append(Entry(self._url, modified, self._kind == "sitemapindex"))
        self._url = self._modified = ""


def _local(element: "_Element") -> str:
    return str(element.tag).rpartition("}")[2]


def read_sitemap(data: bytes, origin: Origin) -> Iterator[Article]:
    """No article: raises ReadingError that says how to add the pages instead."""
    count = len(sitemap_entries(data, origin.source))
    raise ReadingError(
        f"{origin.source}: is a sitemap, a list of {count:,} addresses without text; add its own address"
    )
    yield  # a generator like the other readers
