"""Visits: an address asked for as its site wants it, again after a failure, along the redirects that it gives."""

import random
import time
from collections.abc import Mapping
from typing import NamedTuple

from bot.articles.web.address import Address
from bot.articles.web.fetching import PRODUCT, WHOLE, Answer, Fetcher
from bot.articles.web.guard import Guard
from bot.articles.web.politeness import LONGEST_PAUSE_SECONDS, Politeness, retry_after
from bot.articles.web.robots import MOST_BYTES, Robots
from bot.errors import ReadingError, UnavailableError

MOST_REDIRECTS = 10
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""The answers after which asking again may help."""

FIRST_PAUSE_SECONDS = 1.0
GROWTH = 3.0
NOT_MODIFIED = 304

LONGEST_VISIT_SECONDS = 300.0
"""Over all redirects and attempts: a chain of slow answers could take a quarter of an hour."""


class Visit(NamedTuple):
    """Where the redirects ended, and what was answered there."""

    address: Address
    answer: Answer

    @property
    def is_whole(self) -> bool:
        """Whether the document came."""
        return self.answer.status in WHOLE

    @property
    def is_unchanged(self) -> bool:
        """Whether the document is as it was when it was asked for last."""
        return self.answer.status == NOT_MODIFIED

    @property
    def headers(self) -> Mapping[str, str]:
        """The answer's headers by lower-case name."""
        return self.answer.headers


class Visitor:
    """Visits addresses for one run."""

    def __init__(
        self, fetcher: Fetcher, guard: Guard, politeness: Politeness, *, attempts: int, obeys_robots: bool = True
    ) -> None:
        self._fetcher = fetcher
        self._guard = guard
        self._politeness = politeness
        self._attempts = attempts
        self._obeys_robots = obeys_robots
        self.robots = Robots(self._rules, product=PRODUCT)

    def visit(self, address: Address, *, etag: str = "", modified: str = "") -> Visit:
        """What an address leads to in the end, whatever its status; only what is new when the conditions are given.

        Raises ReadingError for what may not or cannot be read, UnavailableError when the site is away for now.
        """
        return self._along(address, etag, modified, with_robots=self._obeys_robots, most_bytes=None)

    def _along(self, address: Address, etag: str, modified: str, *, with_robots: bool, most_bytes: int | None) -> Visit:
        at, seen = address, {address.url}
        ends = time.monotonic() + LONGEST_VISIT_SECONDS
        for _ in range(MOST_REDIRECTS + 1):
            # The conditions go along: what they are compared with is the document at the end of the way.
            self._guard.check(at)
            if with_robots:
                self.robots.check(at)
            answer = self._insistently(at, etag, modified, with_robots=with_robots, most_bytes=most_bytes, ends=ends)
            target = answer.headers.get("location", "")
            if answer.status not in REDIRECTS or not target:
                return Visit(at, answer)
            at = at.joined(_in_utf8(target))
            if at.url in seen:
                raise ReadingError(f"{address.url}: leads in a circle (to {at.url} again); try it in a browser")
            seen.add(at.url)
        raise ReadingError(f"{address.url}: leads on more than {MOST_REDIRECTS} times; give the address at the end")

    def _insistently(
        self, address: Address, etag: str, modified: str, *, with_robots: bool, most_bytes: int | None, ends: float
    ) -> Answer:
        """The answer, after as many attempts as it takes or as are allowed."""
        delay = self.robots.delay(address) if with_robots else None
        problem = UnavailableError(f"{address.url}: could not be asked for; try again later")
        for attempt in range(1, self._attempts + 1):
            if time.monotonic() > ends:
                break
            self._refuse_resting(address)
            try:
                with self._politeness.turn(address.host, delay_seconds=delay):
                    answer = self._fetcher.fetch(address, etag=etag, modified=modified, most_bytes=most_bytes)
            except UnavailableError as error:
                problem, asked = error, None
            else:
                if answer.status not in PASSING:
                    return answer
                problem, asked = _away(address, answer.status), retry_after(answer.headers)
            if asked is not None or attempt < self._attempts:
                self._politeness.rest(address.host, asked if asked is not None else _pause(attempt))
        raise problem

    def _refuse_resting(self, address: Address) -> None:
        wait = self._politeness.waiting(address.host)
        if wait > LONGEST_PAUSE_SECONDS:
            raise UnavailableError(
                f"{address.url}: {address.host} asks to be left alone for another {wait / 60:,.0f} minutes; "
                "try again then"
            )

    def _rules(self, address: Address) -> bytes | None:
        visit = self._along(address, "", "", with_robots=False, most_bytes=MOST_BYTES * 4)
        if visit.answer.status >= 500:
            raise _away(visit.address, visit.answer.status)
        return visit.answer.content if visit.is_whole else None


def _pause(attempt: int) -> float:
    """The seconds before another attempt, spread so that many that failed at once do not come back at once."""
    return FIRST_PAUSE_SECONDS * GROWTH ** (attempt - 1) * random.uniform(0.75, 1.25)  # noqa: S311 - no secret


def _away(address: Address, status: int) -> UnavailableError:
    if status == 429:
        return UnavailableError(f"{address.url}: {address.host} has been asked too often (429); try again later")
    return UnavailableError(f"{address.url}: the server is in trouble ({status}); try again later")


def _in_utf8(header: str) -> str:
    """A header's value, which was read byte for byte, as the UTF-8 that it usually is."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header
