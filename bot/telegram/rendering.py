"""The rendering of an answer for Telegram: quotations with their sources, in pages that a message can hold."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from bot.answering.answer import Answer, Change, Quote, Reason, Reply, Source
from bot.messages import Messages
from bot.telegram import html
from bot.telegram.html import Html

LONGEST_TITLE = 200
LONGEST_FILE = 80
LONGEST_WORDS = 120
"""UTF-16 units of a title in a list, of a file's name or an address, and of what a change repeats of the question."""
FURTHER_QUOTES = 3
"""Quotes on each page after the first, which shows the best one alone."""
LISTED_SOURCES = 20
ROOM_UNITS = html.MOST_UNITS - 96
ROOM_ENTITIES = html.MOST_ENTITIES - 5
PARAGRAPH = "\n\n"


class Sizes(NamedTuple):
    """How much of a quote is shown: UTF-16 units of it, of each neighbour, of its title and of the list of its sources;
    how many stretches in bold, and how many reasons."""

    quote: int
    neighbour: int
    title: int
    sources: int
    marks: int
    reasons: int


ALONE = Sizes(quote=2000, neighbour=500, title=LONGEST_TITLE, sources=1200, marks=25, reasons=6)
SHARED = Sizes(quote=700, neighbour=180, title=120, sources=280, marks=20, reasons=3)
"""The sizes of a quote that has a message to itself, and of those that share one: all fit, whatever is opened."""


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
    return _fitted(head, _quotes(shown, messages, view))


def near_misses_text(answer: Answer, messages: Messages, *, view: View = PLAIN) -> Html:
    """The nearest that the articles hold, when they do not say."""
    head = html.joined(
        [html.plain(messages.text("answer.nothing")), html.plain(messages.text("answer.near_misses"))], PARAGRAPH
    )
    return _fitted(head, _quotes(answer.near_misses[:FURTHER_QUOTES], messages, view))


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


def quote_text(quote: Quote, messages: Messages, *, view: View = PLAIN, sizes: Sizes = ALONE) -> Html:
    """A quotation and, under it, where it stands."""
    lines = [html.blockquote(html.marked(quote.text, quote.highlights[: sizes.marks], most=sizes.quote))]
    if view.context:
        lines.append(_neighbours(quote, messages, most=sizes.neighbour))
    lines.append(origin_text(quote, messages, most=sizes.title))
    if view.sources:
        lines += _sources(quote, messages, sizes)
    if view.why:
        lines += _reasons(quote, messages, most=sizes.reasons)
    return html.joined(lines, "\n")


def origin_text(quote: Quote, messages: Messages, *, most: int = LONGEST_TITLE) -> Html:
    """Title (linked), date, and in how many other articles the same stands, on one line."""
    parts = [source_text(quote.article, messages, most=most)]
    others = {twin.article.id for twin in quote.also_in} - {quote.article.id}
    if others:
        parts.append(html.plain(messages.text("answer.also_in", count=len(others))))
    return html.joined(parts, " · ")


def source_text(source: Source, messages: Messages, *, most: int = LONGEST_TITLE) -> Html:  # noqa: ARG001 - dates will follow the language
    """Title (linked) and date of an article."""
    parts = [html.link(name(source, most=most), web_address(source))]
    if source.published:
        parts.append(html.plain(html.one_line(source.published[:10])))
    return html.joined(parts, " · ")


def name(source: Source, *, most: int = LONGEST_TITLE) -> str:
    """What an article is called, on one line: its title; else its web page or file, never a path of the server."""
    title = html.one_line(source.title)
    if not title or title == source.source:
        title = html.one_line(last_part(source.source))
    return html.isolated(html.cut(title, most))


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


def _fitted(head: Html, parts: Sequence[Html]) -> Html:
    """The heading and as many of the parts as fit into one message; cut only between them. What is quoted goes before
    a heading that leaves it no room."""
    shown = (
        head if html.joined([head, *parts], PARAGRAPH).fits(units=ROOM_UNITS, entities=ROOM_ENTITIES) else html.EMPTY
    )
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


def _quotes(quotes: Sequence[Quote], messages: Messages, view: View) -> list[Html]:
    """The quotes of one message, each as large as they leave room to each other."""
    sizes = ALONE if len(quotes) == 1 else SHARED
    return [quote_text(quote, messages, view=view, sizes=sizes) for quote in quotes]


def _neighbours(quote: Quote, messages: Messages, *, most: int) -> Html:
    before, after = quote.before.strip(), quote.after.strip()
    if not before and not after:
        return html.italic(html.plain(messages.text("telegram.no_context")))
    inner = [html.plain(_end_of(before, most)), html.plain("[…]"), html.plain(html.cut(after, most))]
    return html.expandable(html.joined(inner, "\n"))


def _end_of(text: str, most: int) -> str:
    """The last part of a long text: what stands nearest to the quote."""
    if html.units(text) <= most:
        return text
    return html.ELLIPSIS + text[-most // 2 :].lstrip()


def _sources(quote: Quote, messages: Messages, sizes: Sizes) -> list[Html]:
    """The articles that hold the quote, a line each with the file or page behind the title, as far as there is room."""
    lines: list[Html] = []
    for source in _articles(quote):
        parts = [source_text(source, messages, most=sizes.title)]
        file = html.one_line(last_part(source.source))
        if file not in {name(source), "–"}:
            parts.append(html.plain(html.isolated(html.cut(file, LONGEST_FILE))))
        line = html.joined([html.plain("• "), html.joined(parts, " · ")])
        if not html.joined([*lines, line], "\n").fits(units=sizes.sources):
            break
        lines.append(line)
    return lines


def _articles(quote: Quote) -> list[Source]:
    """The quote's article and the others that say the same, each once."""
    articles = {one.id: one for one in (quote.article, *(twin.article for twin in quote.also_in))}
    return list(articles.values())[:LISTED_SOURCES]


def _reasons(quote: Quote, messages: Messages, *, most: int) -> list[Html]:
    lines = [html.plain(messages.text("answer.confidence", percent=round(100 * quote.confidence)))]
    strongest = sorted(quote.why, key=lambda reason: -abs(reason.weight))[:most]
    return lines + [html.joined([html.plain("• "), html.plain(reason_words(one, messages))]) for one in strongest]


def reason_words(reason: Reason, messages: Messages) -> str:
    """A reason in the reader's language."""
    values = {key: html.one_line(value) if isinstance(value, str) else value for key, value in reason.values.items()}
    return html.cut(messages.text(reason.key, **values), LONGEST_WORDS)
