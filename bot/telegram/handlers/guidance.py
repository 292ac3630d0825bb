"""Guidance: what the bot says of itself: /start, /help, /privacy."""

from telegram import Update

from bot.messages import Messages
from bot.telegram import html
from bot.telegram.html import Html
from bot.telegram.parts import Context, Parts

HELP = ("help_ask", "help_follow_up", "help_buttons", "help_group", "help_commands")


class Guidance:
    """Says what the bot is, how it is used, and what it keeps."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def start(self, update: Update, _: Context) -> None:
        """/start: a welcome, and how to begin."""
        messages = self._parts.messages(update)
        count = await self._parts.desk.run(lambda: self._parts.library.statistics().articles)
        lines = [
            html.bold(html.plain(messages.text("telegram.welcome"))),
            html.plain(messages.text("telegram.holds", count=count)),
            html.plain(messages.text("telegram.start_hint")),
        ]
        await self._parts.outbox.reply(update, html.joined(lines, "\n"))

    async def help(self, update: Update, _: Context) -> None:
        """/help: what one can do here."""
        await self._parts.outbox.reply(update, self._help(self._parts.messages(update)))

    async def privacy(self, update: Update, _: Context) -> None:
        """/privacy: what is kept, for how long, and how to have it deleted."""
        messages = self._parts.messages(update)
        days = self._parts.settings.values.telegram.keep_days
        lines = [
            html.bold(html.plain(messages.text("telegram.privacy.title"))),
            html.plain(messages.text("telegram.privacy.kept", count=days)),
            html.plain(messages.text("telegram.privacy.sealed")),
            html.plain(messages.text("telegram.privacy.forget")),
        ]
        await self._parts.outbox.reply(update, html.joined(lines, "\n\n"))

    def _help(self, messages: Messages) -> Html:
        lines = [html.plain(messages.text(f"telegram.{key}", bot=self._parts.username)) for key in HELP]
        return html.joined(lines, "\n\n")
