"""The shelf: which articles there are, and which came last."""

from collections.abc import Iterable, Iterator
from heapq import nlargest
from itertools import islice

from telegram import Update

from bot.answering.answer import Source
from bot.articles.article import StoredArticle
from bot.messages import Messages
from bot.telegram import html, rendering
from bot.telegram.html import Html
from bot.telegram.parts import Context, Parts

LISTED = 20
LATEST = 10


class Shelf:
    """Lists what the library holds."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def sources(self, update: Update, _: Context) -> None:
        """/sources: the articles, by title."""
        messages = await self._parts.messages(update)
        await self._parts.outbox.reply(update, await article_lines(self._parts, messages))

    async def latest(self, update: Update, _: Context) -> None:
        """/latest: the articles that were published last."""
        messages = await self._parts.messages(update)
        articles = await self._parts.desk.run(
            lambda: nlargest(LATEST, _dated(self._parts.house.library.articles()), key=lambda one: one.published or "")
        )
        if articles:
            lines = [article_line(article, messages) for article in articles]
            text = rendering.listing(messages.text("telegram.latest"), lines)
        else:
            text = html.plain(messages.text("telegram.none_dated"))
        await self._parts.outbox.reply(update, text)


async def article_lines(parts: Parts, messages: Messages) -> Html:
    """The first articles of the library as a list, and how many more there are."""
    articles, count = await parts.desk.run(
        lambda: (list(islice(parts.house.library.articles(), LISTED)), parts.house.library.statistics().articles)
    )
    if not count:
        return html.plain(messages.text("telegram.empty"))
    head = messages.text("telegram.articles", count=count)
    tail = messages.text("telegram.articles_more", count=count - LISTED) if count > LISTED else ""
    return rendering.listing(head, [article_line(article, messages) for article in articles], tail=tail)


def article_line(article: StoredArticle, messages: Messages) -> Html:
    """Title (linked) and date of an article."""
    source = Source(
        id=article.id,
        title=article.title,
        source=article.source,
        published=article.published,
        language=article.language,
        url=article.url,
    )
    return rendering.source_text(source, messages)


def _dated(articles: Iterable[StoredArticle]) -> Iterator[StoredArticle]:
    return (article for article in articles if article.published)
