"""Inline mode: "@bot question" in any chat offers quotes, each ready to be sent with its source."""

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InputTextMessageContent,
    Update,
)
from telegram.constants import ParseMode

from bot.answering.answer import Answer, Quote
from bot.errors import QuestionError
from bot.messages import Messages
from bot.telegram import html, rendering
from bot.telegram.answers import KeptAnswer
from bot.telegram.callbacks import link_to, new_key
from bot.telegram.outbox import NO_PREVIEW
from bot.telegram.parts import Context, Parts
from bot.telegram.patience import AWAY

OFFERED = 8
LONGEST_DESCRIPTION = 200
CACHE_SECONDS = 60
SHORTEST = 3
"""Characters from which on what is being typed is looked up."""


class Inline:
    """Offers quotes while somebody types a question into any chat."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def offer(self, update: Update, _: Context) -> None:
        """Answer an inline query with the quotes that it finds."""
        query = update.inline_query
        if query is None:
            return
        messages = await self._parts.messages(update)
        question = html.sendable(query.query).strip()
        if len(question) < SHORTEST:
            await self._parts.outbox.hint(query, messages.text("telegram.inline_hint"))
            return
        self._parts.metrics.questions.labels("inline").inc()
        try:
            answer = await self._parts.desk.answer(question)
        except QuestionError:
            await self._parts.outbox.hint(query, messages.text("telegram.inline_hint"))
            return
        except AWAY:
            await self._parts.outbox.hint(query, messages.text("telegram.unavailable"))
            return
        self._parts.metrics.replies.labels(answer.reply.value).inc()
        if not answer.answered:
            await self._parts.outbox.hint(query, messages.text("answer.nothing"))
            return
        kept = self._kept(query, question, answer, messages)
        await self._parts.answers.run(self._parts.answers.keeping(kept))
        results = [self._result(quote, number, kept.id, messages) for number, quote in _first(answer)]
        await self._parts.outbox.offer(query, results, cache_time=CACHE_SECONDS)

    def _kept(self, query: InlineQuery, question: str, answer: Answer, messages: Messages) -> KeptAnswer:
        user = query.from_user.id
        return KeptAnswer(
            id=new_key(),
            chat=user,
            asker=user,
            question=None,
            asked=question,
            language=messages.language,
            answer=answer,
        )

    def _result(self, quote: Quote, number: int, key: str, messages: Messages) -> InlineQueryResultArticle:
        page = rendering.page_of(number)
        link = link_to(key, page, bot=self._parts.me.username or "")
        more = InlineKeyboardButton(messages.text("telegram.button.open"), url=link)
        return InlineQueryResultArticle(
            id=f"{key}.{number}",
            title=html.cut(html.one_line(quote.text), LONGEST_DESCRIPTION),
            description=rendering.name(quote.article),
            input_message_content=InputTextMessageContent(
                rendering.quote_text(quote, messages).markup,
                parse_mode=ParseMode.HTML,
                link_preview_options=NO_PREVIEW,
            ),
            reply_markup=InlineKeyboardMarkup([[more]]),
        )


def _first(answer: Answer) -> list[tuple[int, Quote]]:
    return list(enumerate(answer.quotes[:OFFERED]))
