"""Owning: what admins do with the library and see of its use: /remove, /sync, /stats, /unanswered."""

import asyncio

from telegram import Update

from bot.articles.article import StoredArticle
from bot.articles.intake import Intake
from bot.articles.sync import folders_of, sync
from bot.telegram import html, rendering
from bot.telegram.handlers.feeding import summary_text
from bot.telegram.parts import Context, Parts

LISTED = 20
LONGEST_QUESTION = 150


class Owning:
    """The admins' commands; bot.telegram.bot lets nobody else through to them."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def remove(self, update: Update, context: Context) -> None:
        """/remove with an article's id, source or title: it leaves the library."""
        messages = await self._parts.messages(update)
        name = " ".join(context.args or ())
        if not name:
            await self._parts.outbox.reply(update, html.plain(messages.text("telegram.remove_hint")))
            return
        library = self._parts.house.library

        def found() -> "list[int]":
            by_name = library.find(name) or [one for one in library.articles() if _is_called(one, name)]
            return [article.number for article in by_name]

        count = await self._parts.desk.run(lambda: library.remove(found()))
        key = "telegram.removed" if count else "telegram.unknown_article"
        await self._parts.outbox.reply(update, html.plain(messages.text(key, count=count, name=html.one_line(name))))

    async def sync(self, update: Update, _: Context) -> None:
        """/sync: the folders and feeds of the settings are read again."""
        messages = await self._parts.messages(update)
        house = self._parts.house
        following = house.settings.values.sync
        sources = [*folders_of(following.folders, house.settings.owner_folder), *following.feeds]
        if not sources:
            await self._parts.outbox.reply(update, html.plain(messages.text("telegram.nothing_to_sync")))
            return
        summary = await self._parts.outbox.with_typing(
            update,
            asyncio.to_thread(lambda: sync(lambda: Intake(house.library, house.readers, web=house.web), sources)),
        )
        await self._parts.outbox.reply(update, summary_text(summary, messages))

    async def stats(self, update: Update, _: Context) -> None:
        """/stats: what the library holds, what was asked since the start, what people thought of it."""
        parts, messages = self._parts, await self._parts.messages(update)
        held = await parts.desk.run(parts.house.library.statistics)
        good, bad = await parts.feedback.votes()
        people, blocked = await parts.people.count()
        counts = parts.metrics.totals()
        lines = [
            messages.text("telegram.stats.library", articles=held.articles, sentences=held.sentences),
            messages.text("telegram.stats.questions", count=int(counts.questions)),
            messages.text("telegram.stats.answered", answered=int(counts.answered), nothing=int(counts.nothing)),
            messages.text("telegram.stats.votes", good=good, bad=bad),
            messages.text("telegram.stats.people", people=people, blocked=blocked),
            messages.text("telegram.stats.sends", retries=int(counts.retries), unknown=int(counts.unknown)),
        ]
        text = rendering.listing(messages.text("telegram.stats.title"), [html.plain(line) for line in lines])
        await parts.outbox.reply(update, text)

    async def unanswered(self, update: Update, _: Context) -> None:
        """/unanswered: what the articles could not answer this week, without names."""
        messages = await self._parts.messages(update)
        asked = (await self._parts.feedback.unanswered())[:LISTED]
        if not asked:
            await self._parts.outbox.reply(update, html.plain(messages.text("telegram.all_answered")))
            return
        lines = []
        for one in asked:
            question = html.cut(html.one_line(one.question), LONGEST_QUESTION)
            lines.append(html.plain(f"{question} (×{one.times})" if one.times > 1 else question))
        await self._parts.outbox.reply(update, rendering.listing(messages.text("telegram.unanswered"), lines))

    async def refused(self, update: Update, _: Context) -> None:
        """An admin's command from somebody who is none."""
        messages = await self._parts.messages(update)
        await self._parts.outbox.reply(update, html.plain(messages.text("telegram.admins_only")))


def _is_called(article: StoredArticle, name: str) -> bool:
    """Whether an article has this title, or came from a file of this name."""
    file = rendering.last_part(article.source)
    return name.casefold() in {one.casefold() for one in (article.title, file, file.rpartition(".")[0]) if one}
