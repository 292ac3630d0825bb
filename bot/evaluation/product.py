"""The whole product under test: articles into an empty library, every question through the answerer."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from bot.answering.answer import Answer, Quote
from bot.articles.article import Article
from bot.evaluation.questions import AskedArticle, GoldAnswer

PARAGRAPH_BREAK = "\n\n"
TOP = 3
"""How many quotes of each answer are looked at."""


class Answering(Protocol):
    """What answers questions; bot.answering.answerer.Answerer does."""

    def answer(self, question: str, *, top: int | None = None) -> Answer:
        """The reply to one question."""


Product = Callable[[Iterable[Article]], AbstractContextManager[Answering]]
"""From articles to an answerer over a new library that holds them alone; the library goes when the context ends."""


class Gold(NamedTuple):
    """An answer's place: an article's source, and the answer with its offset in the article's text."""

    source: str
    answer: GoldAnswer


class ProductQuestion(NamedTuple):
    """A question as users ask it: no gold answer is in the library when `gold` is empty.

    `cluster` is the number of the file's article that the question first occurs in.
    """

    question: str
    cluster: int
    gold: tuple[Gold, ...]


class Outcome(NamedTuple):
    """What came of one question.

    `ranking` holds the quotes, or the near misses where the bot kept quiet; `right` says for each whether it covers
    the start of an answer.
    """

    asked: ProductQuestion
    answered: bool
    confidence: float
    ranking: tuple[Quote, ...]
    right: tuple[bool, ...]
    elapsed_ms: float

    @property
    def first_is_right(self) -> bool:
        """Whether the first of the ranking covers an answer's start."""
        return self.right[:1] == (True,)


class Trial(NamedTuple):
    """What is put in and what is asked."""

    articles: tuple[Article, ...]
    questions: tuple[ProductQuestion, ...]


def trial(articles: Sequence[AskedArticle], clusters: Sequence[int], *, held: Callable[[int], bool]) -> Trial:
    """The trial that puts in the articles whose place (from 0) is `held` and asks the questions of all.

    `clusters` gives each article's cluster. A question string that occurs twice is asked once, with all its answers.
    """
    questions: dict[str, ProductQuestion] = {}
    inside = []
    for place, article in enumerate(articles):
        source = f"{place + 1:06}"
        if held(place):
            inside.append(_article(article, source))
        for asked in _asked(article, source, clusters[place]):
            first = questions.setdefault(asked.question, asked._replace(gold=()))
            if held(place):
                questions[asked.question] = first._replace(gold=first.gold + asked.gold)
    return Trial(tuple(inside), tuple(questions.values()))


def whole_trial(articles: Sequence[AskedArticle]) -> Trial:
    """The trial that puts in every article and asks every question."""
    return trial(articles, range(1, len(articles) + 1), held=lambda _: True)


def run_trial(answering: Answering, questions: Iterable[ProductQuestion]) -> Iterator[Outcome]:
    """What came of each question, one by one as they are asked."""
    for asked in questions:
        yield outcome_of(asked, answering.answer(asked.question, top=TOP))


def outcome_of(asked: ProductQuestion, answer: Answer) -> Outcome:
    """What came of a question with this answer."""
    ranking = answer.quotes if answer.answered else answer.near_misses
    right = tuple(any(covers(quote, gold) for gold in asked.gold) for quote in ranking)
    return Outcome(asked, answer.answered, answer.confidence, ranking, right, answer.elapsed_ms)


def covers(quote: Quote, gold: Gold) -> bool:
    """Whether the answer's start lies in the quote, or in a sentence elsewhere that it was folded with."""
    places = [(quote.article.source, quote.start, quote.end)]
    places += [(twin.article.source, twin.start, twin.end) for twin in quote.also_in]
    return any(source == gold.source and start <= gold.answer.start < end for source, start, end in places)


def _article(article: AskedArticle, source: str) -> Article:
    # Without the file's language: the product finds it out itself, as it does for its owner's articles.
    text = PARAGRAPH_BREAK.join(paragraph.context for paragraph in article.paragraphs)
    return Article(text=text, title=article.plain_title, source=source)


def _asked(article: AskedArticle, source: str, cluster: int) -> Iterator[ProductQuestion]:
    shift = 0
    for paragraph in article.paragraphs:
        for asked in paragraph.questions:
            answers = (GoldAnswer(shift + answer.start, answer.text) for answer in asked.answers)
            yield ProductQuestion(asked.question, cluster, tuple(Gold(source, answer) for answer in answers))
        shift += len(paragraph.context) + len(PARAGRAPH_BREAK)
