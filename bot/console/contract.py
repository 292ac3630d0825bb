"""What the console needs of the rest of the house: something that answers, and a shelf of articles."""

from collections.abc import Iterator
from typing import Protocol

from bot.answering.answer import Answer
from bot.answering.followups.conversation import Conversation
from bot.articles.article import StoredArticle
from bot.articles.filters import Filters
from bot.articles.statistics import Statistics


class Answering(Protocol):
    """What answers questions; bot.answering.answerer.Answerer does."""

    def answer(
        self,
        question: str,
        *,
        conversation: Conversation | None = None,
        filters: Filters = ...,
        top: int | None = None,
    ) -> Answer:
        """The reply to one question, which may lean on the turns of a conversation."""

    def remember(self, conversation: Conversation, answer: Answer) -> Conversation:
        """The conversation with an answer's turn added."""


class Articles(Protocol):
    """What knows the articles; bot.articles.library.Library does."""

    def articles(self) -> Iterator[StoredArticle]:
        """All articles."""

    def statistics(self) -> Statistics:
        """The library's totals."""

    def flag(self, name: str) -> str | None:
        """What is kept beside the articles under a name."""
