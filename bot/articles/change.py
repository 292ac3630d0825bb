"""What happens to articles in a library."""

from enum import StrEnum
from typing import NamedTuple


class Outcome(StrEnum):
    """What storing an article did."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class ArticleChange(NamedTuple):
    """An article that was stored (anew or again) or removed, by its number."""

    article: int
    removed: bool
