from collections.abc import Iterator, Sequence
from datetime import date

import pytest

from bot.articles.intake import Intake
from bot.articles.library import Library
from bot.articles.readers import Readers
from bot.articles.summary import Summary
from bot.articles.web.address import Address, parsed
from bot.articles.web.fetching import Fetcher
from bot.articles.web.guard import Guard
from bot.articles.web.politeness import Politeness
from bot.articles.web.visiting import Visitor
from bot.articles.web.web import Web
from bot.settings import FetchingSettings
from bot.wordlists import WordLists
from tests.articles.web.site import Site

MOST_BYTES = 300_000
TODAY = date(2023, 3, 10)
NOW = 1_678_440_000.0


class Time:
    """A clock that pauses turn on."""

    def __init__(self) -> None:
        self.now = NOW
        self.pauses: list[float] = []

    def __call__(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture(scope="session")
def readers() -> Iterator[Readers]:
    with Readers(WordLists(), largest_bytes=MOST_BYTES) as readers:
        yield readers


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def politeness(time: Time) -> Politeness:
    return Politeness(1.0, clock=time, pause=time.pause)


@pytest.fixture
def guard(site: Site) -> Guard:
    return Guard([f"127.0.0.1:{site.port}"])


@pytest.fixture
def fetcher(guard: Guard) -> Iterator[Fetcher]:
    with Fetcher(guard, most_bytes=MOST_BYTES, timeout_seconds=1.0, contact="owner@example.org") as fetcher:
        yield fetcher


@pytest.fixture
def visitor(fetcher: Fetcher, guard: Guard, politeness: Politeness) -> Visitor:
    return Visitor(fetcher, guard, politeness, attempts=3)


class Reading:
    """Reads addresses of the site into a library, with a clock of its own."""

    def __init__(
        self, site: Site, library: Library, readers: Readers, time: Time, *, most_pages: int = 50, timeout: int = 1
    ) -> None:
        self.library = library
        self._site = site
        self.readers = readers
        self.time = time
        settings = FetchingSettings(
            timeout_seconds=timeout,
            attempts=2,
            delay_seconds=0.0,
            robots=True,
            allowed_hosts=(f"127.0.0.1:{site.port}",),
            contact="",
        )
        self.web = Web(
            settings,
            WordLists(),
            most_bytes=MOST_BYTES,
            most_pages=most_pages,
            politeness=Politeness(0.0, clock=time, pause=time.pause),
            now=time,
        )

    def add(self, *paths: str, follows: bool = True, tags: Sequence[str] = ()) -> Summary:
        names = [path if "://" in path else self._site.url(path) for path in paths]
        intake = Intake(self.library, self.readers, tags=tags, web=self.web, follows=follows, today=lambda: TODAY)
        return intake.add(names)

    def texts(self) -> dict[str, str]:
        """The library's texts by the path of their sources."""
        found = {one.source: self.library.text(one.number) for one in self.library.articles()}
        return {source.removeprefix(self._site.url("")): text for source, text in found.items()}


@pytest.fixture
def reading(site: Site, library: Library, readers: Readers, time: Time) -> Reading:
    return Reading(site, library, readers, time)


@pytest.fixture
def address(site: Site) -> Address:
    return parsed(site.url("/page"))
