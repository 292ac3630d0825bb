"""Feeds and sitemaps: which articles stand in them, and which addresses they lead to."""

import hashlib
from collections.abc import Callable, Iterable, Sequence

import msgspec

from bot.articles.article import Article
from bot.articles.change import AddressState, Incoming
from bot.articles.readers.sitemap import Entry
from bot.articles.shelf import Shelf
from bot.articles.web.address import Address, identity, is_address, parsed, site
from bot.articles.web.finding import Finding
from bot.articles.web.frontier import Task
from bot.errors import ReadingError

FULL_CHARACTERS = 1500
"""A feed's entry with at least as many is the article; a shorter one may be its beginning, and its page is read."""

MOST_FAILURES = 5
"""A listed page that failed in so many runs is left alone until its feed or sitemap says something new of it."""

MOST_DEPTH = 3
REVISIT_SECONDS = 86_400
"""A listed page whose sitemap does not say when it changed is asked for again after so long."""

UNLISTED = "unlisted"
"""What is kept of a page that its sitemap lists no more: another sign and it is gone."""


def own_address(written: str) -> Address:
    """The address as the one that stands for its page. Raises ReadingError when it is none."""
    return parsed(identity(parsed(written)))


class Listing:
    """Takes feeds and sitemaps in, against what the library knows."""

    def __init__(self, library: Shelf, *, follows: bool, now: Callable[[], float]) -> None:
        self._library = library
        self._follows = follows
        self._now = now

    def take_feed(self, articles: Iterable[Article], task: Task, finding: Finding) -> None:
        """Take the entries of a feed in: whole ones are articles, short ones until their pages have been read."""
        own = {source for _, source, _ in self._library.origin(task.state.address)}
        for article in articles:
            address = _linked(article, task.address)
            if address is None:
                finding.incoming.append(Incoming(_beneath(article, task.address), task.state.address))
                continue
            entry = msgspec.structs.replace(article, source=address.url, url=address.url)
            if site(address.host) != site(task.address.host) and self._is_another_s(entry.source, own):
                finding.unchanged += 1
                continue
            self._take_entry(entry, address, task, finding)

    def take_sitemap(self, entries: Sequence[Entry], task: Task, finding: Finding) -> None:
        """Take the pages of a sitemap in, or the sitemaps of an index: those first that changed last."""
        if not self._follows:
            finding.skipped.append(
                f"{task.address.url}: is a sitemap, a list of {len(entries):,} addresses; add it with verbatim add"
            )
            return
        listed: set[str] = set()
        for entry in sorted(entries, key=lambda one: one.modified or "", reverse=True):
            try:
                address = own_address(entry.url)
            except ReadingError as error:
                finding.skipped.append(str(error))
                continue
            listed.add(address.url)
            if entry.is_sitemap:
                if task.depth < MOST_DEPTH and task.root.takes_sitemap():
                    known = self._library.address(address.url) or AddressState(address.url)
                    finding.tasks.append(Task(address, known, task.root, task.depth + 1))
            elif task.root.takes_page():
                self._take_page(address, entry.modified or "", task, finding)
        if listed:
            self._take_unlisted(listed, task, finding)

    def take_unchanged(self, task: Task, finding: Finding) -> None:
        """Take in what is still to be read of a feed or sitemap that is as it was."""
        finding.unchanged += len(self._library.origin(task.state.target or task.state.address))
        for state in self._library.addresses_in(task.state.address).values():
            if self._is_due(state, state.listed) and task.root.takes_page():
                finding.tasks.append(Task(parsed(state.address), state, task.root, task.depth + 1))
            elif state.target:
                finding.unchanged += self._library.characters(state.target) is not None

    def _take_entry(self, entry: Article, address: Address, task: Task, finding: Finding) -> None:
        listed = _digest(entry)
        known = self._library.address(address.url)
        was_read = known is not None and known.read_at > 0
        if known is not None and was_read and (known.listed == listed or known.parent != task.state.address):
            finding.unchanged += 1  # its page has been read, which holds more
            return
        if not was_read:
            finding.incoming.append(Incoming(entry, task.state.address))
            if len(entry.text) >= FULL_CHARACTERS:
                return
        if not self._follows:
            return
        state = _relisted(known, address, task, listed)._replace(target=known.target if known else entry.source)
        finding.children.append(state)
        is_wanted = known is None or known.listed != listed or self._is_due(state, listed)
        if is_wanted and task.root.takes_page():
            finding.tasks.append(Task(address, state, task.root, task.depth + 1))

    def _take_page(self, address: Address, modified: str, task: Task, finding: Finding) -> None:
        known = self._library.address(address.url)
        if known is not None and known.parent != task.state.address and known.read_at > 0:
            return  # a feed that is followed, or the owner by name, found it first
        is_new = known is None or known.listed != modified
        state = _relisted(known, address, task, modified)
        if is_new:
            finding.children.append(state)
        if is_new or self._is_due(state, modified):
            finding.tasks.append(Task(address, state, task.root, task.depth + 1))
        else:
            finding.unchanged += self._library.characters(state.target) is not None

    def _take_unlisted(self, listed: set[str], task: Task, finding: Finding) -> None:
        for url, state in self._library.addresses_in(task.state.address).items():
            if url not in listed and state.read_at and state.listed != UNLISTED:
                unlisted = state._replace(listed=UNLISTED, etag="", modified="")
                finding.children.append(unlisted)
                finding.tasks.append(Task(parsed(url), unlisted, task.root, task.depth + 1))

    def _is_due(self, state: AddressState, listed: str) -> bool:
        """Whether a listed page is to be asked for though nothing new is said of it."""
        if not state.read_at or state.failures:
            return state.failures < MOST_FAILURES
        return not listed and self._now() - state.read_at > REVISIT_SECONDS

    def _is_another_s(self, source: str, own: set[str]) -> bool:
        """Whether an article came from elsewhere: a feed speaks for its own site, not for others."""
        return source not in own and self._library.characters(source) is not None


def _relisted(known: AddressState | None, address: Address, task: Task, listed: str) -> AddressState:
    """The state of a page of which something new may be said: then it has as many chances as a new one."""
    state = known or AddressState(address.url)
    failures = state.failures if state.listed == listed else 0
    return state._replace(parent=task.state.address, listed=listed, failures=failures)


def _linked(article: Article, feed: Address) -> Address | None:
    """The address that a feed's entry links to; None when it links to none."""
    written = article.url or article.source
    if not is_address(written) and not written.startswith("/"):
        return None
    try:
        return own_address(feed.joined(written).url)
    except ReadingError:
        return None


def _beneath(article: Article, feed: Address) -> Article:
    """The entry with its name as one beneath its feed, since other feeds may call theirs "1" too."""
    if article.source.startswith(feed.url):
        return article
    return msgspec.structs.replace(article, source=f"{feed.url}#{article.source}")


def _digest(entry: Article) -> str:
    return hashlib.blake2b(msgspec.msgpack.encode(entry), digest_size=12).hexdigest()
