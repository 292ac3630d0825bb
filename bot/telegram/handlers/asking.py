"""Asking: a question in a private chat or behind /ask, and its answer."""

import asyncio

from telegram import Message, Update

from bot.answering.answer import Reply
from bot.errors import QuestionError
from bot.telegram import html, rendering
from bot.telegram.answers import KeptAnswer
from bot.telegram.callbacks import new_key
from bot.telegram.handlers.shelf import article_lines
from bot.telegram.keyboards import Place, keyboard
from bot.telegram.parts import Context, Parts


class Asking:
    """Answers questions."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def message(self, update: Update, _: Context) -> None:
        """A plain message in a private chat is a question."""
        message = update.effective_message
        if message is not None:
            await self._ask(update, message, message.text or message.caption or "")

    async def command(self, update: Update, _: Context) -> None:
        """/ask with a question behind it, anywhere."""
        message = update.effective_message
        if message is None:
            return
        question = (message.text or "").partition(" ")[2]
        if question.strip():
            await self._ask(update, message, question)
        else:
            hint = self._parts.messages(update).text("telegram.ask_hint")
            await self._parts.outbox.reply(update, html.plain(hint))

    async def other(self, update: Update, _: Context) -> None:
        """What cannot be a question: a picture, a sticker, a place."""
        hint = self._parts.messages(update).text("telegram.text_only")
        await self._parts.outbox.reply(update, html.plain(hint))

    async def _ask(self, update: Update, message: Message, question: str) -> None:
        parts, chat, user = self._parts, message.chat, update.effective_user
        asker = user.id if user else chat.id
        messages = parts.messages(update)
        parts.metrics.questions.labels(str(chat.type)).inc()
        conversation = await parts.answers.conversation(chat.id, asker)
        try:
            _, answer = await asyncio.gather(
                parts.outbox.typing(update),
                parts.desk.answer(html.sendable(question), conversation=conversation),
            )
        except QuestionError as error:
            await parts.outbox.reply(update, html.plain(messages.text("telegram.no_question", problem=str(error))))
            return
        parts.metrics.replies.labels(answer.reply.value).inc()
        kept = KeptAnswer(
            id=new_key(),
            chat=chat.id,
            asker=asker,
            question=message.message_id,
            asked=question,
            language=messages.language,
            answer=answer,
        )
        keep = parts.answers.keeping(kept)
        remember = parts.answers.remembering(chat.id, asker, parts.desk.remember(conversation, answer))
        text = rendering.answer_text(answer, messages)
        if answer.reply is Reply.OVERVIEW:
            text = await article_lines(parts, messages, head=messages.text("answer.overview"))
        await parts.outbox.reply(
            update,
            text,
            keyboard=keyboard(answer, kept.id, messages, Place()),
            note=lambda connection: (keep(connection), remember(connection))[1],
        )
