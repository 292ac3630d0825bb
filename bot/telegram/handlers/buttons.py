"""Buttons: what is pressed under an answer changes the message that holds it."""

from telegram import CallbackQuery, InlineKeyboardMarkup, Update

from bot.messages import Messages
from bot.telegram import rendering
from bot.telegram.answers import KeptAnswer
from bot.telegram.callbacks import Action, Callback, parse
from bot.telegram.html import Html
from bot.telegram.keyboards import Place, keyboard
from bot.telegram.parts import Context, Parts
from bot.telegram.rendering import View

VIEWS = {
    Action.PAGE: View(),
    Action.CONTEXT: View(context=True),
    Action.WHY: View(why=True),
    Action.SOURCE: View(sources=True),
}


class Buttons:
    """Turns pages and opens what lies under an answer."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def press(self, update: Update, _: Context) -> None:
        """A pressed button; one whose answer is gone says so."""
        query = update.callback_query
        if query is None:
            return
        messages = self._parts.messages(update)
        callback = parse(query.data)
        kept = await self._parts.answers.by_id(callback.key) if callback else None
        if callback is None or kept is None or not _belongs(kept, query):
            await self._parts.outbox.acknowledge(query, messages.text("telegram.expired"), alert=True)
            return
        if query.from_user.id != kept.asker:
            await self._parts.outbox.acknowledge(query, messages.text("telegram.not_yours"), alert=True)
            return
        await self._show(query, kept, callback)
        await self._parts.outbox.acknowledge(query)

    async def _show(self, query: CallbackQuery, kept: KeptAnswer, callback: Callback) -> None:
        messages = self._parts.voices.of(kept.language)
        text, buttons = shown(kept, callback, messages)
        if query.message is not None:
            await self._parts.outbox.edit(query.message.chat.id, query.message.message_id, text, keyboard=buttons)
        elif query.inline_message_id is not None:
            await self._parts.outbox.edit_inline(query.inline_message_id, text, keyboard=buttons)


def shown(kept: KeptAnswer, callback: Callback, messages: Messages) -> tuple[Html, InlineKeyboardMarkup | None]:
    """What a message holds after a button was pressed: its text and its buttons."""
    opened = callback.action
    if opened is Action.NEAR:
        text = rendering.near_misses_text(kept.answer, messages)
    else:
        text = rendering.answer_text(kept.answer, messages, page=callback.page, view=VIEWS[opened])
    last = max(len(rendering.pages(kept.answer.quotes)) - 1, 0)
    place = Place(min(callback.page, last), None if opened is Action.PAGE else opened)
    return text, keyboard(kept.answer, kept.id, messages, place)


def _belongs(kept: KeptAnswer, query: CallbackQuery) -> bool:
    """Whether the pressed button is where the answer was given."""
    return query.message is None or query.message.chat.id == kept.chat
