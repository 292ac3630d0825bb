"""The desk: where questions go to the answerer, off the event loop."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from bot.answering.answer import Answer
from bot.answering.conversation import Conversation
from bot.articles.filters import Filters
from bot.telegram.metrics import Metrics

WORKERS = 2
"""The answerer takes one question at a time; the other thread lists articles meanwhile."""

T = TypeVar("T")
NO_FILTERS = Filters()


class Answering(Protocol):
    """What answers questions; bot.answering.answerer.Answerer does."""

    def answer(
        self,
        question: str,
        *,
        conversation: Conversation | None = None,
        filters: Filters = ...,
        top: int | None = None,
        correct: bool = True,
    ) -> Answer:
        """The reply to one question, which may lean on the turns of a conversation."""

    def remember(self, conversation: Conversation, answer: Answer) -> Conversation:
        """The conversation with an answer's turn added."""


class Desk:
    """Answers one question after the other in threads of its own."""

    def __init__(self, answerer: Answering, metrics: Metrics, *, top: int) -> None:
        self._answerer = answerer
        self._metrics = metrics
        self._top = top
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="telegram-desk")

    async def answer(
        self,
        question: str,
        *,
        conversation: Conversation | None = None,
        filters: Filters = NO_FILTERS,
        correct: bool = True,
    ) -> Answer:
        """The reply to a question. Raises QuestionError for one that cannot be read."""
        with self._metrics.latency.time():
            return await self.run(
                lambda: self._answerer.answer(
                    question, conversation=conversation, filters=filters, top=self._top, correct=correct
                )
            )

    def remember(self, conversation: Conversation, answer: Answer) -> Conversation:
        """The conversation with an answer's turn added."""
        return self._answerer.remember(conversation, answer)

    @staticmethod
    def now() -> float:
        """The moment, in seconds since 1970, as conversations count them."""
        return time.time()

    async def run(self, work: Callable[[], T]) -> T:
        """What some work in a thread of the desk returned."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    def close(self) -> None:
        """Let the threads end."""
        self._pool.shutdown(wait=True, cancel_futures=True)
