"""The web as a source of articles: built once from the settings, and asked for addresses."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from typing import TYPE_CHECKING

from bot.articles.readers import Readers
from bot.articles.shelf import Shelf
from bot.articles.web.finding import Finding
from bot.articles.web.guard import Guard
from bot.articles.web.politeness import Politeness, Stopped
from bot.articles.web.shells import LIST, Shells
from bot.settings import FetchingSettings
from bot.wordlists import WordLists

if TYPE_CHECKING:
    from bot.articles.web.fetching import Fetcher
    from bot.articles.web.visiting import Visitor

Progress = Callable[[int, int], None]
"""Told how many of how many addresses are done."""


class Web:
    """Reads addresses; threads may share it, and then are polite together. Nothing is connected before it is asked."""

    def __init__(
        self,
        settings: FetchingSettings,
        lists: WordLists,
        *,
        most_bytes: int,
        most_pages: int,
        guard: Guard | None = None,
        politeness: Politeness | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._lists = lists
        self._most_bytes = most_bytes
        self._most_pages = most_pages
        self._stopping = threading.Event()
        self._guard = guard or Guard(settings.allowed_hosts)
        self._politeness = politeness or Politeness(settings.delay_seconds, pause=self._pause)
        self._now = now
        self._lock = threading.Lock()
        self._fetchers: set[Fetcher] = set()

    def stop(self) -> None:
        """Let every run end soon; what it has not read yet is left for the next time."""
        self._stopping.set()
        with self._lock:
            for fetcher in self._fetchers:
                fetcher.stop()

    def read(
        self,
        names: Sequence[str],
        library: Shelf,
        readers: Readers,
        *,
        latest: date,
        tags: Sequence[str] = (),
        follows: bool = True,
        progress: Progress | None = None,
    ) -> Iterator[Finding]:
        """What the named addresses bring to light, each finding to be stored before the next is asked for.

        Without `follows` nothing is read but the addresses themselves: no page of a feed, no sitemap, no site.
        """
        from bot.articles.web.following import Following, Surroundings  # .1 s: only where something is fetched
        from bot.articles.web.frontier import Frontier
        from bot.articles.web.listing import Listing
        from bot.articles.web.pages import Pages

        shells = Shells(self._lists.lines(LIST))
        frontier = Frontier(self._politeness)
        with self._visitor() as visitor, suppress(Stopped):
            around = Surroundings(
                visitor=visitor,
                frontier=frontier,
                library=library,
                readers=readers,
                shells=shells,
                listing=Listing(library, follows=follows, now=self._now),
                pages=Pages(library, shells, latest=latest),
                most_bytes=self._most_bytes,
                most_pages=self._most_pages,
                follows=follows,
                tags=tuple(tags),
                now=self._now,
                is_stopped=self._stopping.is_set,
            )
            for finding in Following(around).follow(names):
                yield finding
                if progress is not None:
                    progress(frontier.total - frontier.left, frontier.total)

    @contextmanager
    def _visitor(self) -> Iterator["Visitor"]:
        """What visits addresses in one run; `stop` reaches it while it is at work."""
        from bot.articles.web.fetching import Fetcher
        from bot.articles.web.visiting import Visitor

        ours = self._settings
        with Fetcher(
            self._guard, most_bytes=self._most_bytes, timeout_seconds=ours.timeout_seconds, contact=ours.contact
        ) as fetcher:
            with self._lock:
                self._fetchers.add(fetcher)
            try:
                yield Visitor(fetcher, self._guard, self._politeness, attempts=ours.attempts, obeys_robots=ours.robots)
            finally:
                with self._lock:
                    self._fetchers.discard(fetcher)

    def _pause(self, seconds: float) -> None:
        if self._stopping.wait(seconds):
            raise Stopped
