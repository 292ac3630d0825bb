"""The desk: where questions go to the answerer, off the event loop."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from bot.answering.answer import Answer
from bot.answering.followups.conversation import Conversation
from bot.articles.filters import Filters
from bot.articles.shelf import Shelf
from bot.telegram.memo import Memo, key_of
from bot.telegram.metrics import Metrics

ASKERS = 1
"""Threads that answer: an answer is Python's own work for the most part, and two at once take turns so often that
together they are a third slower. More cores want more processes (bot.telegram.crew)."""
WAITING_ASKERS = 8
"""Threads that answer where each waits for other machines most of its time."""

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

    def __init__(
        self,
        answerer: Answering,
        shelf: Shelf,
        metrics: Metrics,
        *,
        top: int,
        expires_minutes: float,
        askers: int = ASKERS,
        let_go: Callable[[], None] = lambda: None,
    ) -> None:
        """`askers` questions are answered at once; `let_go` is called before the threads end."""
        self._answerer = answerer
        self._metrics = metrics
        self._shelf = shelf
        self._memo = Memo()
        self._state = 0
        self._top = top
        self._expires_minutes = expires_minutes
        self._asked = ThreadPoolExecutor(askers, thread_name_prefix="telegram-answers")
        self._let_go = let_go
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="telegram-desk")

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
            return await asyncio.get_running_loop().run_in_executor(
                self._asked,
                lambda: self._found(question, conversation or Conversation(), filters, correct=correct),
            )

    def remember(self, conversation: Conversation, answer: Answer) -> Conversation:
        """The conversation with an answer's turn added."""
        return self._answerer.remember(conversation, answer)

    def _found(self, question: str, conversation: Conversation, filters: Filters, *, correct: bool) -> Answer:
        """The answer, from the memo where the library is still as it was when the same was asked."""
        self._state, _ = self._shelf.changes(self._state)
        state = self._state
        current = conversation.at(time.time(), expires_minutes=self._expires_minutes)
        key = key_of(question, current, filters, correct=correct)
        answer = self._memo.get(key, state)
        if answer is None:
            answer = self._answerer.answer(
                question, conversation=current, filters=filters, top=self._top, correct=correct
            )
            self._memo.put(key, state, answer)
        return answer

    @staticmethod
    def now() -> float:
        """The moment, in seconds since 1970, as conversations count them."""
        return time.time()

    async def run(self, work: Callable[[], T]) -> T:
        """What some other work returned, done in a thread beside those that answer."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    def close(self) -> None:
        """Let the threads end."""
        self._let_go()
        for pool in (self._asked, self._pool):
            pool.shutdown(wait=True, cancel_futures=True)
