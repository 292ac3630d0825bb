"""What happens to articles on their way into a library and out of it."""

from enum import StrEnum
from typing import NamedTuple

from bot.articles.article import Article, Passage

STALE = -1
"""The time of modification of a file that must be read again, whatever its own says."""


class Outcome(StrEnum):
    """What storing an article did."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class ArticleChange(NamedTuple):
    """An article that was stored (anew or again) or removed, by its number."""

    article: int
    removed: bool


class Incoming(NamedTuple):
    """An article on its way into the library.

    `origin` is the file or address that it was found in. `was` is the number of an article that this one is, under
    another source: a file that was renamed.
    """

    article: Article
    origin: str | None = None
    was: int | None = None


class Prepared(NamedTuple):
    """What is found in an article: its language ("" when unknown), its passages, in order, and the terms of its title,
    joined by blanks."""

    language: str
    passages: tuple[Passage, ...]
    title_terms: str = ""


class FileState(NamedTuple):
    """A file as it was when its articles were read: size in bytes, time of modification in nanoseconds, the version
    of the readers, and how many articles it held."""

    path: str
    size: int
    modified_ns: int
    readers: str
    articles: int


class AddressState(NamedTuple):
    """An address of the web as it was when it was asked for last.

    `parent` is the feed or sitemap that it was found in, "" when it was named itself; `target` is the source of the
    article that was found there, or the address of the feed; `listed` is what the parent said of it: when it differs,
    the address is asked for again. `etag` and `modified` are as the server sent them. `read_at` is in seconds since
    1970, 0 until it was read; `status` is the last answer's, 0 for none; `failures` counts those since it was read.
    """

    address: str
    parent: str = ""
    target: str = ""
    listed: str = ""
    etag: str = ""
    modified: str = ""
    read_at: int = 0
    status: int = 0
    failures: int = 0
    readers: str = ""
