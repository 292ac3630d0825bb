"""The rendering of an answer for a terminal: what was read differently, the quotes, their sources, their reasons."""

import itertools
from collections.abc import Iterator, Sequence

from bot.answering.answer import Answer, Quote, Reply, Source
from bot.console.contract import Articles
from bot.console.screen import Line, Span, Style, line, shown
from bot.messages import Messages

BLANK = Line()
LISTED = 20
"""How many articles are listed before the list points to `verbatim articles`."""
WORTH = 1 / 3
"""A further quote is shown unasked where it is at least so sure beside the first."""


def answer_lines(
    answer: Answer, shelf: Articles, messages: Messages, *, limit: int, why: bool = False
) -> Iterator[Line]:
    """The answer as lines, with at most `limit` quotes, or as many near misses when the articles do not say."""
    yield from _changes(answer, messages)
    if answer.answered:
        yield from quote_lines(answer.quotes[:limit], messages, why=why)
    elif answer.reply is Reply.GREETING:
        yield line(messages.text("answer.greeting"))
        yield from _samples(answer, messages)
    elif answer.reply is Reply.OVERVIEW:
        yield from shelf_lines(shelf, messages)
        yield from _samples(answer, messages)
    else:
        yield line(messages.text("answer.language" if answer.reply is Reply.LANGUAGE else "answer.nothing"))
        yield from _near_misses(answer, messages, limit=limit, why=why)


def worth_showing(answer: Answer, limit: int) -> int:
    """How many quotes (at most `limit`) to show where nobody asked for more: the first, and what is nearly as sure."""
    quotes = answer.quotes if answer.answered else answer.near_misses
    sure = itertools.takewhile(lambda quote: quote.confidence >= WORTH * quotes[0].confidence, quotes)
    return min(limit, len(list(sure))) if answer.answered else min(limit, len(quotes))


def quote_lines(
    quotes: Sequence[Quote], messages: Messages, *, first: int = 1, why: bool = False, context: bool = False
) -> Iterator[Line]:
    """Quotes, numbered from `first`: the marked sentence (or that and its neighbours), its source, its reasons."""
    for number, quote in enumerate(quotes, first):
        if number > first:
            yield BLANK
        spans = _in_context(quote) if context else marked(quote)
        margin = f"{number}. "
        indent = " " * len(margin)
        yield Line(spans, Span(margin, Style.QUIET))
        yield Line((Span(_origin(quote, messages), Style.QUIET),), Span(indent))
        if why:
            yield from _reasons(quote, messages, indent)


def marked(quote: Quote) -> tuple[Span, ...]:
    """The quote's text, its highlights marked."""
    text, spans, position = shown(quote.text), [], 0
    for start, end in sorted(quote.highlights):
        spans += [Span(text[position:start]), Span(text[max(start, position) : end], Style.MARKED)]
        position = max(position, end)
    return tuple(span for span in (*spans, Span(text[position:])) if span.text)


def name(source: Source) -> str:
    """What an article is called: its title, or where it came from when it has none."""
    return shown(source.title or source.source)


def origin_lines(quotes: Sequence[Quote], messages: Messages) -> Iterator[Line]:
    """The articles that the quotes were cut from, each once, with their full sources."""
    articles = {
        article.id: article
        for quote in quotes
        for article in (quote.article, *(twin.article for twin in quote.also_in))
    }
    for article in articles.values():
        yield line(name(article), margin="- ")
        where = article.url or article.source
        details = [shown(where)] if where != article.title else []
        details += [messages.text("answer.published", date=article.published[:10])] if article.published else []
        yield Line((Span(" · ".join(details), Style.QUIET),), Span("  "))


def shelf_lines(shelf: Articles, messages: Messages) -> Iterator[Line]:
    """What the library holds: its first LISTED articles, and how many more."""
    count = shelf.statistics().articles
    if not count:
        yield line(messages.text("console.empty"))
        return
    yield line(messages.text("console.articles", count=count))
    for article in itertools.islice(shelf.articles(), LISTED):
        yield line(shown(article.title or article.source), margin="- ")
        details = [article.published[:10]] if article.published else []
        details.append(messages.text("console.sentences", count=article.sentences))
        yield Line((Span(" · ".join(details), Style.QUIET),), Span("  "))
    if count > LISTED:
        yield line(messages.text("console.articles_more", count=count - LISTED), Style.QUIET)


def _near_misses(answer: Answer, messages: Messages, *, limit: int, why: bool) -> Iterator[Line]:
    if answer.near_misses:
        yield BLANK
        yield line(messages.text("answer.near_misses"), Style.QUIET)
        yield BLANK
        yield from quote_lines(answer.near_misses[:limit], messages, why=why)


def _samples(answer: Answer, messages: Messages) -> Iterator[Line]:
    if answer.samples:
        yield BLANK
        yield line(messages.text("answer.samples"), Style.QUIET)
        for question in answer.samples:
            yield line(shown(question), margin="- ")


def _changes(answer: Answer, messages: Messages) -> Iterator[Line]:
    for change in answer.changes:
        key = "answer.follow_up" if change.kind == "follow-up" else "answer.change"
        yield line(messages.text(key, before=shown(change.before), after=shown(change.after)), Style.QUIET)
    if answer.changes:
        yield BLANK


def _in_context(quote: Quote) -> tuple[Span, ...]:
    before = (Span(f"{shown(quote.before)} ", Style.QUIET),) if quote.before else ()
    after = (Span(f" {shown(quote.after)}", Style.QUIET),) if quote.after else ()
    return (*before, *marked(quote), *after)


def _origin(quote: Quote, messages: Messages) -> str:
    """The line under a quote: title, date, and in how many other articles the same stands."""
    parts = [name(quote.article)]
    if quote.article.published:
        parts.append(quote.article.published[:10])
    others = {twin.article.id for twin in quote.also_in} - {quote.article.id}
    if others:
        parts.append(messages.text("answer.also_in", count=len(others)))
    return " · ".join(parts)


def _reasons(quote: Quote, messages: Messages, indent: str) -> Iterator[Line]:
    yield line(messages.text("answer.confidence", percent=round(100 * quote.confidence)), Style.NOTE, margin=indent)
    for reason in sorted(quote.why, key=lambda each: -abs(each.weight)):
        yield line(
            f"{100 * reason.weight:+4.0f} %  {shown(messages.text(reason.key, **reason.values))}",
            Style.NOTE,
            margin=indent,
        )
