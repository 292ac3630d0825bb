"""The frontier: the addresses that are still to be asked for, those first whose host need not be waited for."""

from collections import deque
from typing import NamedTuple

from bot.articles.change import AddressState
from bot.articles.web.address import Address
from bot.articles.web.politeness import Politeness

MOST_SITEMAPS = 50
"""So many are asked for of one site; large ones have thousands, for years back."""


class Root:
    """What the owner named: how many pages and sitemaps may still be taken from it."""

    def __init__(self, most_pages: int) -> None:
        self._pages = most_pages
        self._sitemaps = MOST_SITEMAPS

    def takes_page(self) -> bool:
        """Whether one more page may be taken, which counts it."""
        self._pages -= 1
        return self._pages >= 0

    def takes_sitemap(self) -> bool:
        """Whether one more sitemap may be asked for, which counts it."""
        self._sitemaps -= 1
        return self._sitemaps >= 0 and self._pages > 0


class Task(NamedTuple):
    """An address to ask for, what is known of it, whose it is, and how many sitemaps lead to it."""

    address: Address
    state: AddressState
    root: Root
    depth: int = 0


class Frontier:
    """Tasks by host; each address is taken in once."""

    def __init__(self, politeness: Politeness) -> None:
        self._politeness = politeness
        self._waiting: dict[str, deque[Task]] = {}
        self._seen: set[str] = set()
        self.left = 0

    @property
    def total(self) -> int:
        """How many addresses were taken in."""
        return len(self._seen)

    def add(self, task: Task) -> None:
        """Take a task in, unless its address was taken in before."""
        if task.address.url in self._seen:
            return
        self._seen.add(task.address.url)
        self._waiting.setdefault(task.address.host, deque()).append(task)
        self.left += 1

    def next(self) -> Task | None:
        """The next task; None when all are done."""
        if not self._waiting:
            return None
        host = min(self._waiting, key=self._politeness.waiting)
        task = self._waiting[host].popleft()
        if not self._waiting[host]:
            del self._waiting[host]
        self.left -= 1
        return task

    def drop(self, host: str) -> int:
        """How many tasks of a host there were; there are none any more."""
        dropped = len(self._waiting.pop(host, ()))
        self.left -= dropped
        return dropped
