"""The rendering of an answer for Telegram: quotations with their sources, in pages that a message can hold."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from bot.answering.answer import Answer, Change, Quote, Reason, Reply, Source
from bot.messages import Messages
from bot.telegram import html
from bot.telegram.html import Html

LONGEST_QUOTE = 2000
LONGEST_NEIGHBOUR = 500
LONGEST_TITLE = 200
LONGEST_WORDS = 120
"""UTF-16 units of a quote, of each of its neighbours, of a title, and of what a change repeats of the question."""
MOST_MARKS = 25
"""Stretches in bold in one quote."""
FURTHER_QUOTES = 3
"""Quotes on each page after the first, which shows the best one alone."""
LISTED_SOURCES = 20
ROOM_UNITS = html.MOST_UNITS - 96
ROOM_ENTITIES = html.MOST_ENTITIES - 5
REASONS_SHOWN = 6
PARAGRAPH = "\n\n"


class View(NamedTuple):
    """What is shown under each quote: its neighbours, its reasons, its sources."""

    context: bool = False
    why: bool = False
    sources: bool = False


PLAIN = View()


def pages(quotes: Sequence[Quote]) -> list[Sequence[Quote]]:
    """The quotes as they share messages: the best one alone, the others three and three."""
    further = [quotes[start : start + FURTHER_QUOTES] for start in range(1, len(quotes), FURTHER_QUOTES)]
    return [quotes[:1], *further] if quotes else []


def page_of(number: int) -> int:
    """The page on which the quote with this place in the answer (from 0) stands."""
    return 0 if number == 0 else 1 + (number - 1) // FURTHER_QUOTES


def answer_text(answer: Answer, messages: Messages, *, page: int = 0, view: View = PLAIN) -> Html:
    """One page of an answer's quotes under what was read differently; or why there are none."""
    turned = pages(answer.quotes)
    if not answer.answered or not turned:
        return html.joined([_changes(answer.changes, messages), nothing_text(answer, messages)], PARAGRAPH)
    shown = turned[min(page, len(turned) - 1)]
    head = _changes(answer.changes, messages) if page == 0 else html.EMPTY
    return _fitted(head, [quote_text(quote, messages, view=view) for quote in shown])


def near_misses_text(answer: Answer, messages: Messages, *, view: View = PLAIN) -> Html:
    """The nearest that the articles hold, when they do not say."""
    head = html.joined(
        [html.plain(messages.text("answer.nothing")), html.plain(messages.text("answer.near_misses"))], PARAGRAPH
    )
    return _fitted(head, [quote_text(quote, messages, view=view) for quote in answer.near_misses[:FURTHER_QUOTES]])


def nothing_text(answer: Answer, messages: Messages) -> Html:
    """Why an answer has no quotes, in a sentence, with questions to try where it knows some."""
    keys = {Reply.GREETING: "answer.greeting", Reply.LANGUAGE: "answer.language"}
    lines = [html.bold(html.plain(messages.text(keys.get(answer.reply, "answer.nothing"))))]
    if answer.reply is Reply.GREETING:
        lines = [html.plain(messages.text(keys[answer.reply]))]
    if answer.samples:
        lines.append(html.plain(messages.text("answer.samples")))
        lines += [html.joined([html.plain("• "), html.italic(html.plain(one))]) for one in answer.samples]
    return html.joined(lines, "\n")


def quote_text(quote: Quote, messages: Messages, *, view: View = PLAIN) -> Html:
    """A quotation and, under it, where it stands."""
    lines = [html.blockquote(html.marked(quote.text, quote.highlights[:MOST_MARKS], most=LONGEST_QUOTE))]
    if view.context:
        lines.append(_neighbours(quote, messages))
    lines.append(origin_text(quote, messages))
    if view.sources:
        lines += [html.joined([html.plain("• "), source_text(one, messages)]) for one in _articles(quote)]
    if view.why:
        lines += _reasons(quote, messages)
    return html.joined(lines, "\n")


def origin_text(quote: Quote, messages: Messages) -> Html:
    """Title (linked), date, and in how many other articles the same stands, on one line."""
    parts = [source_text(quote.article, messages)]
    others = {twin.article.id for twin in quote.also_in} - {quote.article.id}
    if others:
        parts.append(html.plain(messages.text("answer.also_in", count=len(others))))
    return html.joined(parts, " · ")


def source_text(source: Source, messages: Messages) -> Html:  # noqa: ARG001 - dates will follow the language
    """Title (linked) and date of an article."""
    parts = [html.link(name(source), web_address(source))]
    if source.published:
        parts.append(html.plain(html.one_line(source.published[:10])))
    return html.joined(parts, " · ")


def name(source: Source) -> str:
    """What an article is called, on one line: its title; else its web page or file, never a path of the server."""
    title = html.one_line(source.title)
    if not title or title == source.source:
        title = html.one_line(last_part(source.source))
    return html.isolated(html.cut(title, LONGEST_TITLE))


def last_part(source: str) -> str:
    """A source without the folders that it lies in; a web page with its host."""
    address = source if html.is_web_address(source) else None
    if address is None:
        file = source.replace("\\", "/").rstrip("/").rpartition("/")[2]
        return file.removeprefix("telegram:") or "–"
    parts = urlsplit(address)
    return f"{parts.hostname}{unquote(parts.path)}".rstrip("/")


def web_address(source: Source) -> str | None:
    """The public address of an article, if it has one."""
    for address in (source.url, source.source):
        if address and html.is_web_address(address):
            return address
    return None


def listing(head: str, lines: Iterable[Html], *, tail: str = "") -> Html:
    """A heading over a bulleted list, as far as a message holds it, and what is said where it does not."""
    shown = html.plain(head)
    rest = html.plain(tail)
    for line in lines:
        longer = html.joined([shown, html.joined([html.plain("• "), line])], "\n")
        if not longer.fits(units=ROOM_UNITS - rest.units, entities=ROOM_ENTITIES):
            break
        shown = longer
    return html.joined([shown, rest], "\n")


def _fitted(head: Html, parts: Iterable[Html]) -> Html:
    """The heading and as many of the parts as fit into one message; cut only between them."""
    shown = head
    for part in parts:
        longer = html.joined([shown, part], PARAGRAPH)
        if not longer.fits(units=ROOM_UNITS, entities=ROOM_ENTITIES):
            break
        shown = longer
    return shown


def _changes(changes: Sequence[Change], messages: Messages) -> Html:
    lines = []
    for change in changes[:5]:
        key = "answer.follow_up" if change.kind == "follow-up" else "answer.change"
        before = html.cut(html.one_line(change.before), LONGEST_WORDS)
        after = html.cut(html.one_line(change.after), LONGEST_WORDS)
        lines.append(html.italic(html.plain(messages.text(key, before=before, after=after))))
    return html.joined(lines, "\n")


def _neighbours(quote: Quote, messages: Messages) -> Html:
    before, after = quote.before.strip(), quote.after.strip()
    if not before and not after:
        return html.italic(html.plain(messages.text("telegram.no_context")))
    inner = [html.plain(_end_of(before)), html.plain("[…]"), html.plain(html.cut(after, LONGEST_NEIGHBOUR))]
    return html.expandable(html.joined(inner, "\n"))


def _end_of(text: str) -> str:
    """The last part of a long text: what stands nearest to the quote."""
    if html.units(text) <= LONGEST_NEIGHBOUR:
        return text
    return html.ELLIPSIS + text[-LONGEST_NEIGHBOUR // 2 :].lstrip()


def _articles(quote: Quote) -> list[Source]:
    """The quote's article and the others that say the same, each once."""
    articles = {one.id: one for one in (quote.article, *(twin.article for twin in quote.also_in))}
    return list(articles.values())[:LISTED_SOURCES]


def _reasons(quote: Quote, messages: Messages) -> list[Html]:
    lines = [html.plain(messages.text("answer.confidence", percent=round(100 * quote.confidence)))]
    strongest = sorted(quote.why, key=lambda reason: -abs(reason.weight))[:REASONS_SHOWN]
    return lines + [html.joined([html.plain("• "), html.plain(reason_words(one, messages))]) for one in strongest]


def reason_words(reason: Reason, messages: Messages) -> str:
    """A reason in the reader's language."""
    values = {key: html.one_line(value) if isinstance(value, str) else value for key, value in reason.values.items()}
    return html.cut(messages.text(reason.key, **values), LONGEST_WORDS)
