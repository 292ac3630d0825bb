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
    """What is found in an article: its language ("" when unknown) and its passages, in order."""

    language: str
    passages: tuple[Passage, ...]


class FileState(NamedTuple):
    """A file as it was when its articles were read: size in bytes, time of modification in nanoseconds, the version
    of the readers, and how many articles it held."""

    path: str
    size: int
    modified_ns: int
    readers: str
    articles: int
