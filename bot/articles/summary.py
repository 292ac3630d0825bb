"""What a run over documents did, told while it runs and summed up at its end."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Happening(StrEnum):
    """What happened to a document or to its articles."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REMOVED = "removed"
    SKIPPED = "skipped"


class Event(NamedTuple):
    """One thing that happened, to so many articles of one source; of what was skipped the line that says why."""

    happening: Happening
    source: str
    reason: str = ""
    articles: int = 1


Told = Callable[[Event], None]
"""Hears of each event when it is stored for good."""


@dataclass
class Summary:
    """How many articles were added, changed, unchanged and removed, the reasons for what was skipped, and how many
    sample articles made room."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    skipped: list[str] = field(default_factory=list)
    samples: int = 0

    @property
    def stored(self) -> int:
        """How many of the articles are in the library now."""
        return self.added + self.changed + self.unchanged

    def count(self, event: Event) -> None:
        """Take an event in."""
        if event.happening is Happening.SKIPPED:
            self.skipped.append(event.reason)
        else:
            setattr(self, event.happening.value, getattr(self, event.happening.value) + event.articles)
