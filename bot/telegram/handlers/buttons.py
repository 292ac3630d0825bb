"""Buttons: what is pressed under an answer changes the message that holds it."""

from telegram import CallbackQuery, Chat, Update

from bot.answering.followups.conversation import Conversation
from bot.articles.filters import Filters
from bot.messages import Messages
from bot.telegram import html, rendering
from bot.telegram.answers import KeptAnswer
from bot.telegram.callbacks import Action, Callback, link_to, parse
from bot.telegram.html import Html
from bot.telegram.keyboards import Keyboard, Place, keyboard
from bot.telegram.parts import Context, Parts
from bot.telegram.rendering import View

VIEWS = {
    Action.PAGE: View(),
    Action.NEAR: View(),
    Action.CONTEXT: View(context=True),
    Action.WHY: View(why=True),
    Action.SOURCE: View(sources=True),
}
VOTES = {Action.GOOD: True, Action.BAD: False}


class Buttons:
    """Turns pages, opens what lies under an answer, takes votes, asks again without the correction."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def press(self, update: Update, _: Context) -> None:
        """A pressed button; one whose answer is gone says so."""
        query = update.callback_query
        if query is None:
            return
        outbox, messages = self._parts.outbox, await self._parts.messages(update)
        callback = parse(query.data)
        kept = await self._parts.answers.by_id(callback.key) if callback else None
        if callback is None or kept is None or not _belongs(kept, query):
            await outbox.acknowledge(query, messages.text("telegram.expired"), alert=True)
        elif callback.action in VOTES:
            await self._vote(query, kept, callback, messages)
        elif not await self._may_press(query, kept):
            await outbox.acknowledge(query, messages.text("telegram.not_yours"), alert=True)
        else:
            if callback.action is Action.UNCORRECTED:
                kept, callback = await self._ask_again(kept), Callback(Action.PAGE, kept.id)
            await self._show(query, kept, callback)
            await outbox.acknowledge(query)

    async def _vote(self, query: CallbackQuery, kept: KeptAnswer, callback: Callback, messages: Messages) -> None:
        good = VOTES[callback.action]
        await self._parts.feedback.vote(kept, query.from_user.id, good=good)
        self._parts.metrics.feedback.labels("good" if good else "bad").inc()
        await self._parts.outbox.acknowledge(query, messages.text("telegram.thanks"))

    async def _may_press(self, query: CallbackQuery, kept: KeptAnswer) -> bool:
        """Whether a user may page an answer: its asker, an admin of the bot's, an admin of the chat."""
        user = query.from_user
        if user.id == kept.asker or self._parts.is_admin(user):
            return True
        if query.message is None or query.message.chat.type == Chat.PRIVATE:
            return False
        return await self._parts.outbox.is_chat_admin(query.message.chat.id, user.id)

    async def _ask_again(self, kept: KeptAnswer) -> KeptAnswer:
        """The answer to the same question with every word taken as it was written."""
        filters = Filters(tags=(await self._parts.people.chat(kept.chat)).tags)
        answer = await self._parts.desk.answer(
            kept.asked, conversation=kept.conversation, filters=filters, correct=False
        )
        again = kept.again(answer)
        turned = self._parts.desk.remember(Conversation(kept.conversation.turns), answer)
        await self._parts.answers.run(self._parts.answers.keeping(again))
        await self._parts.answers.run(self._parts.answers.remembering(kept.chat, kept.asker, turned))
        return again

    async def _show(self, query: CallbackQuery, kept: KeptAnswer, callback: Callback) -> None:
        text, buttons = shown(kept, callback, self._parts.voices.of(kept.language), bot=self._parts.me.username or "")
        if query.message is not None:
            await self._parts.outbox.edit(query.message.chat.id, query.message.message_id, text, keyboard=buttons)
        elif query.inline_message_id is not None:
            await self._parts.outbox.edit_inline(query.inline_message_id, text, keyboard=buttons)


def shown(kept: KeptAnswer, callback: Callback, messages: Messages, *, bot: str) -> tuple[Html, Keyboard]:
    """What a message holds after a button was pressed: its text and its buttons; under sources a link to the answer."""
    opened, answer = callback.action, kept.answer
    view = VIEWS.get(opened, View())
    if answer.answered:
        text = rendering.answer_text(answer, messages, page=callback.page, view=view)
    elif opened is Action.PAGE:
        text = rendering.answer_text(answer, messages)
    else:
        text = rendering.near_misses_text(answer, messages, view=view)
    last = max(len(rendering.pages(answer.quotes)) - 1, 0)
    place = Place(min(callback.page, last), None if opened is Action.PAGE else opened)
    if opened is Action.SOURCE:
        link = html.link(messages.text("telegram.link"), link_to(kept.id, place.page, bot=bot))
        text = html.joined([text, link], rendering.PARAGRAPH)
    return text, keyboard(kept, messages, place)


def _belongs(kept: KeptAnswer, query: CallbackQuery) -> bool:
    """Whether the pressed button is where the answer was given."""
    return query.message is None or query.message.chat.id == kept.chat
