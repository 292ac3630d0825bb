"""Feeding: admins send a file, a link or a forwarded post, and it goes into the library."""

import asyncio
import hashlib
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path, PurePath

from telegram import Document, Message, MessageOriginChannel, Update

from bot.articles.article import Article
from bot.articles.intake import Intake
from bot.articles.readers import SUFFIXES, Origin
from bot.articles.samples import take_samples_out
from bot.articles.summary import Event, Happening, Summary
from bot.errors import ReadingError, VerbatimError
from bot.messages import Messages
from bot.telegram import html, rendering
from bot.telegram.html import Html
from bot.telegram.parts import Context, Parts
from bot.telegram.patience import AWAY
from bot.telegram.request import TooLongError

MEGABYTE = 1_000_000
LARGEST_FROM_TELEGRAM = 20 * MEGABYTE
"""Telegram's own servers hand out nothing larger to bots."""
REASONS_SHOWN = 5
LONGEST_REASON = 300
TITLE_CHARACTERS = 100

Read = Callable[[Path], Summary]


class Feeding:
    """Puts what admins send into the library, and says what became of it."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def document(self, update: Update, _: Context) -> None:
        """A file."""
        message = update.effective_message
        if message is None or message.document is None:
            return
        messages = await self._parts.messages(update)
        problem = self._problem(message.document, messages)
        if problem:
            await self._parts.outbox.reply(update, html.plain(problem))
            return
        await self._with_progress(
            update, messages, asyncio.ensure_future(self._from_document(message.document, messages))
        )

    async def link(self, update: Update, _: Context) -> None:
        """A message that is a web address and nothing else."""
        address = (update.effective_message.text or "").strip() if update.effective_message else ""
        messages = await self._parts.messages(update)
        await self._with_progress(update, messages, self._in_thread(lambda: self._from_address(address)))

    async def forwarded(self, update: Update, _: Context) -> None:
        """A forwarded post."""
        message = update.effective_message
        if message is None:
            return
        article = article_of(message)
        messages = await self._parts.messages(update)
        await self._with_progress(update, messages, self._in_thread(lambda: self._store([article])))

    async def _with_progress(self, update: Update, messages: Messages, work: "asyncio.Future[Summary]") -> None:
        """Say that something is being read, and put in its place what became of it."""
        outbox, chat = self._parts.outbox, update.effective_chat
        task = asyncio.ensure_future(work)
        sent = await outbox.reply(update, html.plain(messages.text("telegram.reading")), final=False)
        try:
            text = summary_text(await outbox.with_typing(update, _waited(task)), messages)
        except TooLongError:
            text = html.plain(messages.text("telegram.too_large", count=self._most_bytes() // MEGABYTE))
        except AWAY:
            text = html.plain(messages.text("telegram.unavailable"))
        except VerbatimError as error:
            head = html.plain(messages.text("telegram.not_read"))
            text = html.joined([head, *_details([str(error)], messages)], "\n")
        if sent is not None and chat is not None:
            await outbox.edit(chat.id, sent, text)

    def _problem(self, document: Document, messages: Messages) -> str:
        """Why a file cannot be read, told before a byte of it is fetched; "" when it may be."""
        if (document.file_size or 0) > self._most_bytes():
            return messages.text("telegram.too_large", count=self._most_bytes() // MEGABYTE)
        suffix = PurePath(document.file_name or "").suffix.lower()
        if suffix not in SUFFIXES:
            return messages.text("telegram.wrong_kind", suffixes=", ".join(sorted(SUFFIXES)))
        return ""

    async def _from_document(self, document: Document, messages: Messages) -> Summary:
        name = html.one_line(PurePath((document.file_name or "").replace("\\", "/")).name)
        with tempfile.TemporaryDirectory(prefix="verbatim-") as folder:
            path = Path(folder) / f"document{PurePath(name).suffix.lower()}"
            file = await self._parts.bot.get_file(document.file_id)
            if not file.file_path:
                raise ReadingError(messages.text("telegram.not_fetched"))
            await self._parts.request.download(file.file_path, path, most_bytes=self._most_bytes())
            return await self._in_thread(lambda: self._read(path, name))

    def _read(self, path: Path, name: str) -> Summary:
        skipped: list[str] = []
        origin = Origin(source=f"telegram:{name}", name=name, skip=skipped.append)
        try:
            summary = self._store(list(self._parts.house.readers.read(path, origin)))
        except ReadingError as error:
            summary = Summary()
            skipped.append(str(error))
        summary.skipped += skipped
        return summary

    def _from_address(self, address: str) -> Summary:
        house = self._parts.house
        return Intake(house.library, house.readers, web=house.web, follows=False).add([address])

    def _store(self, articles: list[Article]) -> Summary:
        summary = Summary()
        library = self._parts.house.library
        for article, outcome in zip(articles, library.put_many(articles), strict=True):
            summary.count(Event(Happening(outcome.value), article.source))
        if summary.stored:
            summary.samples = take_samples_out(library)
        return summary

    def _in_thread(self, work: Callable[[], Summary]) -> "asyncio.Future[Summary]":
        # Not in the desk's threads: what takes long to read must keep nobody's question waiting.
        return asyncio.ensure_future(asyncio.to_thread(work))

    def _most_bytes(self) -> int:
        own = self._parts.house.settings.values.articles.largest_megabytes * MEGABYTE
        return own if self._parts.settings.api_url else min(own, LARGEST_FROM_TELEGRAM)


def article_of(message: Message) -> Article:
    """A forwarded post as an article; its source is the post's address where it has one."""
    text = message.text or message.caption or ""
    origin = message.forward_origin
    title = html.cut(html.one_line(text.lstrip().partition("\n")[0]), TITLE_CHARACTERS)
    url, source = None, f"telegram:{hashlib.blake2b(text.encode('utf-8', 'replace'), digest_size=6).hexdigest()}"
    if isinstance(origin, MessageOriginChannel):
        source = f"telegram:{origin.chat.id}/{origin.message_id}"
        if origin.chat.username:
            url = source = f"https://t.me/{origin.chat.username}/{origin.message_id}"
        title = title or html.one_line(origin.chat.title or "")
    day = origin.date.date().isoformat() if origin else None
    return Article(text=html.sendable(text), title=title, source=source, published=day, url=url)


def summary_text(summary: Summary, messages: Messages) -> Html:
    """What became of what was sent, in a few lines."""
    counts = [
        messages.text(f"telegram.fed.{name}", count=count)
        for name, count in (
            ("added", summary.added),
            ("changed", summary.changed),
            ("unchanged", summary.unchanged),
            ("removed", summary.removed),
            ("skipped", len(summary.skipped)),
        )
        if count
    ]
    lines = [html.plain(", ".join(counts) or messages.text("telegram.fed.nothing"))]
    lines += _details(summary.skipped[:REASONS_SHOWN], messages)
    if summary.samples:
        lines.append(html.plain(messages.text("telegram.fed.samples", count=summary.samples)))
    return html.joined(lines, "\n")


def _details(reasons: Sequence[str], messages: Messages) -> list[Html]:
    """What the readers say of what they could not read: in their own words, which are English in every language."""
    if not reasons:
        return []
    told = [html.joined([html.plain("• "), html.code(html.plain(_shown(one)))]) for one in reasons]
    return [html.plain(messages.text("telegram.in_detail")), *told]


async def _waited(task: "asyncio.Future[Summary]") -> Summary:
    return await task


def _shown(reason: str) -> str:
    """A reason on one line, without the folders of this machine."""
    words = [rendering.last_part(word) if word.startswith("/") else word for word in html.one_line(reason).split(" ")]
    return html.cut(" ".join(words), LONGEST_REASON)
