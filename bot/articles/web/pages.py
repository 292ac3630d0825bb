"""Pages: what came from an address becomes an article, or does not, and then what was there before stays."""

import re
from datetime import date

import msgspec

from bot.articles.article import Article
from bot.articles.change import AddressState, Incoming
from bot.articles.shelf import Shelf
from bot.articles.web.address import canonical, day_in, identity
from bot.articles.web.content import HTML, kind_of
from bot.articles.web.finding import Finding
from bot.articles.web.frontier import Task
from bot.articles.web.listing import MOST_FAILURES, UNLISTED
from bot.articles.web.shells import Shells
from bot.articles.web.visiting import Visit

GONE = 410
MISSING = 404
_REFUSALS = {
    401: "wants a log-in",
    402: "wants to be paid",
    403: "does not let programs read it",
    404: "is not there",
    410: "is gone for good",
    451: "is withheld for legal reasons",
}
_WORD = re.compile(r"\w{4,}")
ALIKE_SHARE = 0.4
"""An address that leads elsewhere now still has its article when as much of its words is there."""


class Pages:
    """Takes pages in, against what the library knows."""

    def __init__(self, library: Shelf, shells: Shells, *, latest: date) -> None:
        self._library = library
        self._shells = shells
        self._latest = latest

    def published(self, state: AddressState, url: str) -> str | None:
        """The date of a page that does not tell it: its feed's, or the one in its address."""
        known = self._library.by_source(state.target) if state.target else None
        day = (known.published if known is not None else None) or day_in(url)
        return day if day is not None and day[:10] <= self._latest.isoformat() else None

    def dated(self, article: Article) -> Article:
        """The article, without a date that lies in the future: nobody but its site could correct it."""
        if article.published is None or article.published[:10] <= self._latest.isoformat():
            return article
        return msgspec.structs.replace(article, published=None)

    def take(self, article: Article, visit: Visit, task: Task, finding: Finding) -> str:
        """Take a page's article in; else why it is none: "" when it was taken."""
        if kind_of(visit.headers) in HTML or article.url:
            source = canonical(visit.address, article.url)
        else:
            source = identity(visit.address)
        article = msgspec.structs.replace(article, source=source, url=source)
        before = task.state.target
        stored = self._library.characters(before) if before else None
        if stored is None:
            stored = self._library.characters(source)
        is_teaser = bool(before) and task.state.read_at == 0 and task.state.parent != ""
        if is_teaser and stored is not None and len(article.text) < stored:
            finding.state = task.state._replace(status=visit.answer.status, failures=MOST_FAILURES)
            finding.unchanged += 1  # the feed's entry is the fuller one, until it says something new
            return ""
        why = self._shells.in_place_of(article, visit.answer.content, stored_characters=stored)
        if why:
            return why
        was = self._library.by_source(before) if before and before != source else None
        if was is not None and not is_teaser and not self._is_like(was.number, article.text):
            return f"leads to another page now ({source})"
        if was is not None and self._library.by_source(source) is not None:
            finding.gone.append((was.number, was.source))
            was = None
        finding.incoming.append(Incoming(article, source, was.number if was is not None else None))
        finding.state = finding.state._replace(target=source)
        finding.replaces = before if is_teaser else ""
        return ""

    def refused(self, visit: Visit, task: Task, finding: Finding) -> str:
        """Why an answer is no document; the article leaves with it when two signs say so.

        These are: "gone" (410) twice in a row, or a page that left its sitemap and is not there (404, 410).
        """
        status = visit.answer.status
        is_gone = status == GONE and task.state.status == GONE
        is_missing = status in (GONE, MISSING) and task.state.listed == UNLISTED
        if (is_gone or is_missing) and task.state.target:
            numbers = self._library.origin(task.state.target)
            finding.gone.extend((number, source) for number, source, _ in numbers)
            if numbers:
                finding.state = finding.state._replace(failures=MOST_FAILURES)
                return ""
        return f"{_REFUSALS.get(status, 'is not given out')} ({status})"

    def _is_like(self, number: int, text: str) -> bool:
        before, after = set(_WORD.findall(self._library.text(number))), set(_WORD.findall(text))
        return len(before & after) >= ALIKE_SHARE * len(before)
