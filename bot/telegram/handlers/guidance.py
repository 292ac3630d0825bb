"""Guidance: what the bot says of itself, in which language, and what it forgets."""

from telegram import Update

from bot.messages import Messages, languages
from bot.telegram import html, rendering
from bot.telegram.addressing import asker_of
from bot.telegram.callbacks import linked, new_key
from bot.telegram.html import Html
from bot.telegram.keyboards import Button, Keyboard, Place, in_rows, keyboard
from bot.telegram.parts import Context, Parts

HELP = ("help_ask", "help_follow_up", "help_buttons", "help_group", "help_inline", "help_commands")
LANGUAGE_DATA = "lang:"
IN_A_ROW = 3
LONGEST_COMMAND = 40


class Guidance:
    """Says what the bot is, how it is used, and what it keeps; lets one choose a language, and be forgotten."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def start(self, update: Update, context: Context) -> None:
        """/start: a welcome, and how to begin; behind a deep link the quote that it leads to."""
        messages = await self._parts.messages(update)
        link = linked(context.args[0]) if context.args else None
        if link is not None:
            await self._show(update, *link, messages)
            return
        count = await self._parts.desk.run(lambda: self._parts.house.library.statistics().articles)
        lines = [
            html.bold(html.plain(messages.text("telegram.welcome"))),
            html.plain(messages.text("telegram.holds", count=count)),
            html.plain(messages.text("telegram.start_hint")),
        ]
        await self._parts.outbox.reply(update, html.joined(lines, "\n"))

    async def help(self, update: Update, _: Context) -> None:
        """/help: what one can do here."""
        messages = await self._parts.messages(update)
        await self._parts.outbox.reply(update, self._help(messages, admin=self._parts.is_admin(update.effective_user)))

    async def privacy(self, update: Update, _: Context) -> None:
        """/privacy: what is kept, for how long, and how to have it deleted."""
        messages = await self._parts.messages(update)
        lines = [
            html.bold(html.plain(messages.text("telegram.privacy.title"))),
            html.plain(messages.text("telegram.privacy.kept", count=self._parts.settings.keep_days)),
            html.plain(messages.text("telegram.privacy.sealed")),
            html.plain(messages.text("telegram.privacy.forget")),
        ]
        await self._parts.outbox.reply(update, html.joined(lines, "\n\n"))

    async def forget(self, update: Update, _: Context) -> None:
        """/forget: everything that is kept of who sends it is deleted."""
        messages = await self._parts.messages(update)
        if update.effective_message is not None:
            await self._parts.people.forget(asker_of(update.effective_message))
        await self._parts.outbox.reply(update, html.plain(messages.text("telegram.forgotten")))

    async def language(self, update: Update, _: Context) -> None:
        """/language: the languages to choose from."""
        messages = await self._parts.messages(update)
        text = html.plain(messages.text("telegram.choose_language"))
        await self._parts.outbox.reply(update, text, keyboard=self._languages())

    async def chosen(self, update: Update, _: Context) -> None:
        """A pressed language."""
        query = update.callback_query
        if query is None or query.message is None:
            return
        code = (query.data or "").removeprefix(LANGUAGE_DATA)
        if code not in self._codes():
            await self._parts.outbox.acknowledge(query)
            return
        await self._parts.people.set_language(query.from_user.id, code)
        text = html.plain(self._parts.voices.of(code).text("telegram.language_set"))
        await self._parts.outbox.edit(query.message.chat.id, query.message.message_id, text)
        await self._parts.outbox.acknowledge(query)

    async def unknown(self, update: Update, _: Context) -> None:
        """A command that there is not."""
        messages, message = await self._parts.messages(update), update.effective_message
        command = html.cut(html.one_line((message.text or "" if message else "").split()[0]), LONGEST_COMMAND)
        words = messages.text("telegram.no_command", command=command)
        await self._parts.outbox.reply(update, html.plain(words))

    async def _show(self, update: Update, key: str, page: int, messages: Messages) -> None:
        """Give an answer once more, as the visitor's own, at this page; say so when it has expired."""
        chat, user = update.effective_chat, update.effective_user
        kept = await self._parts.answers.by_id(key)
        if kept is None or chat is None or user is None:
            await self._parts.outbox.reply(update, html.plain(messages.text("telegram.expired")))
            return
        own = kept.given_to(new_key(), chat=chat.id, asker=user.id, language=messages.language)
        place = Place(min(page, max(len(rendering.pages(own.answer.quotes)) - 1, 0)))
        await self._parts.outbox.reply(
            update,
            rendering.answer_text(own.answer, messages, page=place.page),
            keyboard=keyboard(own, messages, place),
            note=self._parts.answers.keeping(own),
            kept=own.id,
        )

    def _help(self, messages: Messages, *, admin: bool) -> Html:
        keys = (*HELP, "help_admin") if admin else HELP
        lines = [html.plain(messages.text(f"telegram.{key}", bot=self._parts.me.username or "")) for key in keys]
        return html.joined(lines, "\n\n")

    def _codes(self) -> tuple[str, ...]:
        return languages(self._parts.house.settings.owner_folder)

    def _languages(self) -> Keyboard:
        buttons = [Button(self._parts.voices.name(code), f"{LANGUAGE_DATA}{code}") for code in self._codes()]
        return in_rows(buttons, most=IN_A_ROW)
