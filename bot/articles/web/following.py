"""Following: from the addresses that the owner named to the articles that they lead to."""

import re
from collections.abc import Callable, Iterator, Sequence
from html import unescape
from typing import NamedTuple

from bot.articles.article import Article
from bot.articles.change import AddressState, Incoming
from bot.articles.readers import READERS_VERSION, Origin, Readers
from bot.articles.readers.formats import FEED, HEAD_BYTES, SITEMAP, Format, format_of
from bot.articles.readers.sitemap import sitemap_entries
from bot.articles.shelf import Shelf
from bot.articles.web.address import Address, identity
from bot.articles.web.content import in_utf8, name_of
from bot.articles.web.finding import Finding
from bot.articles.web.frontier import Frontier, Root, Task
from bot.articles.web.listing import Listing, own_address
from bot.articles.web.pages import Pages
from bot.articles.web.shells import Shells
from bot.articles.web.unpacking import GZIP_MARK, gunzipped
from bot.articles.web.visiting import Visit, Visitor
from bot.errors import ReadingError, UnavailableError

MOST_TROUBLES = 3
"""After so many failures in a row a host is not asked again in this run."""

_LINK = re.compile(rb"<link\b[^>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_FEEDS = (b"application/rss+xml", b"application/atom+xml", b"application/feed+json")
_HEAD_OF_PAGE = 1 << 18
_LONGEST_CONDITION = 500


class Surroundings(NamedTuple):
    """What a run works with: where it asks, what is known, what reads, and its rules."""

    visitor: Visitor
    frontier: Frontier
    library: Shelf
    readers: Readers
    shells: Shells
    listing: Listing
    pages: Pages
    most_bytes: int
    most_pages: int
    follows: bool
    tags: tuple[str, ...]
    now: Callable[[], float]
    is_stopped: Callable[[], bool]


class Following:
    """One run over addresses; what it finds is to be stored before it is asked for more."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._troubles: dict[str, int] = {}

    def follow(self, names: Sequence[str]) -> Iterator[Finding]:
        """What each address brings to light, those that it leads to included, until nothing is left."""
        around = self._around
        for name in names:
            try:
                yield from self._begin(own_address(name))
            except (ReadingError, UnavailableError) as error:
                yield Finding(AddressState(""), skipped=[str(error)])
        while not around.is_stopped():
            task = around.frontier.next()
            if task is None:
                return
            finding = self._found(task)
            for one in finding.tasks:
                around.frontier.add(one)
            yield finding
            if self._troubles.get(task.address.host, 0) >= MOST_TROUBLES:
                dropped = around.frontier.drop(task.address.host)
                if dropped:
                    line = f"{task.address.host}: is away; {dropped:,} more of its pages are left for the next time"
                    yield Finding(AddressState(""), skipped=[line])

    def _begin(self, address: Address) -> Iterator[Finding]:
        """Take in what a name stands for: for a site's front page its sitemaps or feed, else the address itself."""
        around = self._around
        root = Root(around.most_pages)
        if address.is_front_page and around.follows:
            yield from self._site(address, root)
        else:
            around.frontier.add(self._task(address, root))

    def _site(self, address: Address, root: Root) -> Iterator[Finding]:
        named = []
        for written in self._around.visitor.robots.sitemaps(address):
            try:
                named.append(own_address(written))
            except ReadingError as error:
                yield Finding(AddressState(""), skipped=[str(error)])
        for sitemap in named:
            if root.takes_sitemap():
                self._around.frontier.add(self._task(sitemap, root))
        if named:
            return
        feed = self._feed_of(address)
        if feed is not None:
            self._around.frontier.add(self._task(feed, root))
            return
        usual = self._task(address.joined("/sitemap.xml"), root)
        finding = self._found(usual)
        is_sitemap = bool(finding.state.read_at) and not finding.incoming
        if is_sitemap:
            for one in finding.tasks:
                self._around.frontier.add(one)
            yield finding
        else:
            self._around.frontier.add(self._task(address, root))

    def _feed_of(self, address: Address) -> Address | None:
        """The feed that a front page names."""
        visit = self._around.visitor.visit(address)
        for link in _LINK.findall(visit.answer.content[:_HEAD_OF_PAGE]):
            found = {one[0].lower(): one[1] or one[2] or one[3] for one in _ATTRIBUTE.findall(link)}
            if found.get(b"type", b"").lower() in _FEEDS and b"alternate" in found.get(b"rel", b"").lower():
                try:
                    return visit.address.joined(unescape(found.get(b"href", b"").decode("utf-8", errors="replace")))
                except ReadingError:
                    continue
        return None

    def _task(self, address: Address, root: Root) -> Task:
        known = self._around.library.address(address.url)
        return Task(address, known or AddressState(address.url), root)

    def _found(self, task: Task) -> Finding:
        state = task.state
        is_known = state.read_at > 0 and state.readers == f"{READERS_VERSION}"
        try:
            visit = self._around.visitor.visit(
                task.address, etag=state.etag if is_known else "", modified=state.modified if is_known else ""
            )
        except UnavailableError as error:
            self._troubles[task.address.host] = self._troubles.get(task.address.host, 0) + 1
            return self._failed(task, str(error), status=0)
        except ReadingError as error:
            return self._failed(task, str(error), status=0)
        self._troubles[task.address.host] = 0
        if visit.is_unchanged:
            finding = Finding(state._replace(status=304, failures=0, read_at=int(self._around.now())))
            self._around.listing.take_unchanged(task, finding)
            return finding
        return self._taken(visit, task)

    def _taken(self, visit: Visit, task: Task) -> Finding:
        if not visit.is_whole:
            return self._refused(visit, task)
        door = self._around.shells.at_the_door(task.address, visit.address)
        if door:
            return self._failed(task, f"{task.address.url}: {door}; open it in a browser", status=visit.answer.status)
        finding = Finding(self._state(visit, task))
        try:
            problem = self._read(visit, task, finding)
        except ReadingError as error:
            problem = str(error)
        if problem:
            return self._failed(task, problem, status=visit.answer.status)
        return finding

    def _read(self, visit: Visit, task: Task, finding: Finding) -> str:
        """Take a document in; else why that cannot be. Raises ReadingError when it cannot be read at all."""
        around = self._around
        content = visit.answer.content
        if content.startswith(GZIP_MARK):
            content = gunzipped(content, visit.address.url, most_bytes=around.most_bytes)
        origin = self._origin(visit, task, finding)
        content = in_utf8(content, visit.headers)
        format_ = format_of(content[:HEAD_BYTES], origin)
        if format_ is SITEMAP:
            around.listing.take_sitemap(sitemap_entries(content, visit.address.url), task, finding)
            return ""
        articles = [around.pages.dated(article) for article in around.readers.read(content, origin)]
        return self._kept(articles, format_, visit, task, finding)

    def _kept(self, articles: list[Article], format_: Format, visit: Visit, task: Task, finding: Finding) -> str:
        source = identity(visit.address)
        if format_ is FEED:
            self._around.listing.take_feed(articles, task, finding)
        elif len(articles) == 1 and articles[0].source == source:
            why = self._around.pages.take(articles[0], visit, task, finding)
            if why:
                return f"{task.address.url}: {why}; open it in a browser"
        else:
            finding.incoming.extend(Incoming(article, task.state.address) for article in articles)
        return ""

    def _origin(self, visit: Visit, task: Task, finding: Finding) -> Origin:
        url = identity(visit.address)
        return Origin(
            source=url,
            name=name_of(visit.address, visit.headers),
            published=self._around.pages.published(task.state, url),
            tags=self._around.tags,
            skip=finding.skipped.append,
        )

    def _state(self, visit: Visit, task: Task) -> AddressState:
        return task.state._replace(
            target=task.state.address,
            etag=_short(visit.headers.get("etag", "")),
            modified=_short(visit.headers.get("last-modified", "")),
            read_at=int(self._around.now()),
            status=visit.answer.status,
            failures=0,
            readers=f"{READERS_VERSION}",
        )

    def _refused(self, visit: Visit, task: Task) -> Finding:
        status = visit.answer.status
        finding = Finding(task.state._replace(status=status, failures=task.state.failures + 1))
        problem = self._around.pages.refused(visit, task, finding)
        if problem:
            return self._failed(task, f"{task.address.url}: {problem}", status=status)
        return finding

    def _failed(self, task: Task, problem: str, *, status: int) -> Finding:
        """Nothing was read: what was read there before stays, and the reason says so."""
        state = task.state
        is_kept = bool(state.target) and self._around.library.characters(state.target) is not None
        kept = " (what was read there before stays)" if is_kept else ""
        return Finding(state._replace(status=status, failures=state.failures + 1), skipped=[problem + kept])


def _short(condition: str) -> str:
    """What a server told to be asked with again, unless it is nothing that one would keep for each page."""
    return condition if len(condition) <= _LONGEST_CONDITION else ""
