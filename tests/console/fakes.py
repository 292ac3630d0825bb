"""Stand-ins for what lies under the console: an answerer that says what it is told, and a shelf of given articles."""

from collections.abc import Iterator

from bot.answering.answer import Answer, Change, Quote, Reason, Source, Twin
from bot.answering.followups.conversation import Conversation, Turn
from bot.articles.article import StoredArticle
from bot.articles.filters import Filters
from bot.articles.statistics import Statistics
from bot.errors import QuestionError

TEXT = "He said 1,600 men had left the city on Monday."


def source(number: int, *, title: str | None = None, published: str | None = "2023-03-08") -> Source:
    name = f"Report {number}" if title is None else title
    return Source(id=f"id{number}", title=name, source=f"news/{number}.txt", published=published, language="en")


def quote(number: int = 1, *, confidence: float = 0.9, text: str = TEXT, twins: int = 0) -> Quote:
    return Quote(
        text=text,
        start=100,
        end=100 + len(text),
        confidence=confidence,
        highlights=((8, 17),),
        before="It rained.",
        after="They walked.",
        article=source(number),
        also_in=tuple(Twin("The same.", 5, 14, source(number + 1 + twin)) for twin in range(twins)),
        why=(Reason("answer.published", {"date": "2023-03-08"}, 0.5),),
    )


def answered(question: str = "How many?", *, quotes: int = 2, changes: tuple[Change, ...] = ()) -> Answer:
    return Answer(
        question=question,
        answered=True,
        confidence=0.93456789,
        quotes=tuple(quote(number, twins=2 if number == 1 else 0) for number in range(1, quotes + 1)),
        changes=changes,
        elapsed_ms=3.14159,
    )


def not_said(question: str = "How many?", *, near_misses: int = 1) -> Answer:
    near = tuple(quote(number, confidence=0.2) for number in range(1, near_misses + 1))
    return Answer(question=question, answered=False, confidence=0.2, near_misses=near, elapsed_ms=1.0)


class FakeAnswerer:
    """Answers every question with two quotes, "nothing" with a near miss, "" and "crash" with errors."""

    def __init__(self, *, quotes: int = 2) -> None:
        self.quotes = quotes
        self.asked: list[tuple[str, Conversation | None, Filters, int | None]] = []

    def answer(
        self,
        question: str,
        *,
        conversation: Conversation | None = None,
        filters: Filters = Filters(),  # noqa: B008 - frozen
        top: int | None = None,
    ) -> Answer:
        self.asked.append((question, conversation, filters, top))
        if not question.strip():
            raise QuestionError("the question is empty; write one")
        if question == "crash":
            raise ZeroDivisionError
        return not_said(question) if question == "nothing" else answered(question, quotes=self.quotes)

    def remember(self, conversation: Conversation, answer: Answer) -> Conversation:
        return conversation.after(Turn(question=answer.question, at=0.0))


class FakeShelf:
    """A library of so many articles."""

    def __init__(self, articles: int, *, samples: bool = False) -> None:
        self._articles = articles
        self._samples = samples

    def articles(self) -> Iterator[StoredArticle]:
        for number in range(1, self._articles + 1):
            yield StoredArticle(
                number=number,
                id=f"id{number}",
                title=f"Report {number}",
                source=f"news/{number}.txt",
                published="2023-03-08",
                language="en",
                tags=(),
                url=None,
                sentences=number,
            )

    def statistics(self) -> Statistics:
        return Statistics(articles=self._articles, passages=0, sentences=0, terms=0)

    def flag(self, name: str) -> str | None:
        return "in" if name == "samples" and self._samples else None
