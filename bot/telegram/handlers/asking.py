"""Asking: a question in a private chat, in a group, behind /ask or in an edited message, and its answer."""

from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

import msgspec
from telegram import Message, Update
from telegram.error import BadRequest

from bot.answering.answer import Answer, Change, Reply
from bot.answering.followups.conversation import Conversation, Turn
from bot.articles.filters import Filters
from bot.errors import QuestionError
from bot.messages import Messages
from bot.storage.store import Connection
from bot.telegram import html, rendering
from bot.telegram.addressing import Addressed, addressed, asker_of
from bot.telegram.answers import KeptAnswer
from bot.telegram.callbacks import new_key
from bot.telegram.handlers.shelf import article_lines
from bot.telegram.html import Html
from bot.telegram.keyboards import Place, keyboard
from bot.telegram.parts import Context, Parts

LONGEST_SUBJECT = 500
"""Characters of a quoted fragment that count as a question's subject."""


class Found(NamedTuple):
    """An answer on its way out: what is kept of it, what is shown first, and what to write down with it."""

    kept: KeptAnswer
    text: Html
    conversation: Conversation


class Asking:
    """Answers questions."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def message(self, update: Update, _: Context) -> None:
        """A message that asks the bot."""
        message = update.effective_message
        asked = addressed(message, self._parts.me) if message else None
        if message is None or asked is None:
            return
        if asked.question or asked.subject:
            await self._answer(update, message, asked)
        else:
            hint = (await self._parts.messages(update)).text("telegram.ask_hint")
            await self._parts.outbox.reply(update, html.plain(hint))

    async def edited(self, update: Update, _: Context) -> None:
        """An edited question edits its answer; one that had none yet gets one."""
        message = update.effective_message
        asked = addressed(message, self._parts.me) if message else None
        if message is None or asked is None or not asked.question:
            return
        old = await self._parts.answers.to_question(message.chat.id, message.message_id)
        if old is not None and old.asked == asked.question:
            return
        await self._answer(update, message, asked, old=old)

    async def other(self, update: Update, _: Context) -> None:
        """What cannot be a question: a picture, a sticker, a place."""
        hint = (await self._parts.messages(update)).text("telegram.text_only")
        await self._parts.outbox.reply(update, html.plain(hint))

    async def _answer(
        self, update: Update, message: Message, asked: Addressed, *, old: KeptAnswer | None = None
    ) -> None:
        """Find an answer and send it, or put it in the place of an old one."""
        parts = self._parts
        if not parts.patience.waits(update.update_id):
            parts.metrics.questions.labels(str(message.chat.type)).inc()
        messages = await parts.messages(update)
        try:
            found = await parts.outbox.with_typing(update, self._found(message, asked, messages, old))
        except QuestionError as error:
            text = html.plain(messages.text(error.key, **error.values))
            await parts.outbox.reply(update, text)
            return
        answer = found.kept.answer
        parts.metrics.replies.labels(answer.reply.value).inc()
        if answer.reply is Reply.NOTHING:
            await parts.feedback.note_unanswered(answer.understood or asked.question, found.kept.asker)
        buttons = keyboard(found.kept, messages, Place())
        note = self._note(found)
        if old is not None and old.message is not None:
            with suppress(BadRequest):  # somebody deleted the answer: the question gets another
                await parts.answers.run(note)
                await parts.outbox.edit(message.chat.id, old.message, found.text, keyboard=buttons)
                return
        await parts.outbox.reply(update, found.text, keyboard=buttons, note=note, kept=found.kept.id)

    async def _found(self, message: Message, asked: Addressed, messages: Messages, old: KeptAnswer | None) -> Found:
        parts, chat, asker = self._parts, message.chat.id, asker_of(message)
        conversation = await self._conversation(message, asked, asker)
        filters = Filters(tags=(await parts.people.chat(chat)).tags)
        question = html.sendable(asked.question or asked.subject)
        answer = await parts.desk.answer(question, conversation=conversation, filters=filters)
        if not answer.answered and asked.question and asked.subject:
            answer = await self._about(asked, filters) or answer
        kept = KeptAnswer(
            id=old.id if old else new_key(),
            chat=chat,
            asker=asker,
            question=message.message_id,
            asked=question,
            language=messages.language,
            answer=answer,
            conversation=conversation,
        )
        text = rendering.answer_text(answer, messages)
        if answer.reply is Reply.OVERVIEW:
            text = await article_lines(parts, messages)
        return Found(kept, text, parts.desk.remember(conversation, answer))

    async def _about(self, asked: Addressed, filters: Filters) -> Answer | None:
        """The answer to a question that names the quoted fragment itself; None when that finds none either."""
        named = f"{asked.question} ({html.one_line(asked.subject)[:LONGEST_SUBJECT]})"
        answer = await self._parts.desk.answer(html.sendable(named), filters=filters)
        if not answer.answered:
            return None
        change = Change("follow-up", asked.question, named)
        return msgspec.structs.replace(answer, changes=(change, *answer.changes))

    async def _conversation(self, message: Message, asked: Addressed, asker: int) -> Conversation:
        """What a question may lean on: the fragment quoted with it, the answer that it replies to, or what its asker
        asked before."""
        parts = self._parts
        if asked.subject and asked.question:
            fragment = html.sendable(asked.subject)[:LONGEST_SUBJECT]
            return Conversation((Turn(question=fragment, quote=fragment, at=parts.desk.now()),))
        replied = message.reply_to_message
        if replied is not None:
            kept = await parts.answers.in_message(message.chat.id, replied.message_id)
            if kept is not None:
                return parts.desk.remember(Conversation(), kept.answer)
        return await parts.answers.conversation(message.chat.id, asker)

    def _note(self, found: Found) -> Callable[[Connection], None]:
        """What is written down when an answer leaves."""
        kept, answers = found.kept, self._parts.answers
        keep = answers.keeping(kept)
        remember = answers.remembering(kept.chat, kept.asker, found.conversation)

        def note(connection: Connection) -> None:
            keep(connection)
            remember(connection)

        return note
