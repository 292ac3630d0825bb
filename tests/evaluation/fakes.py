"""A product small enough to foresee: it answers with the sentence that shares most words with the question."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from bot.answering.answer import Answer, Quote, Source
from bot.answering.followups.conversation import Conversation
from bot.articles.article import Article
from bot.evaluation.bench import Bench, without_progress
from bot.evaluation.collection import Collection
from bot.evaluation.reqa import Search
from bot.retrieval.analysis import Analyzers
from bot.settings import load_settings
from bot.wordlists import WordLists

ANALYZERS = Analyzers(WordLists())
THRESHOLD = 0.5


def words_of(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


class SharedWords:
    """Confidence is the share of the question's words that a sentence holds; the whole sentence is marked."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self.articles = list(articles)

    def answer(self, question: str, *, top: int | None = None) -> Answer:
        ranking = sorted(
            self.quotes(question), key=lambda quote: (-quote.confidence, quote.article.source, quote.start)
        )
        best = tuple(quote for quote in ranking if quote.confidence > 0)[:top]
        confidence = best[0].confidence if best else 0.0
        answered = confidence >= THRESHOLD
        return Answer(
            question=question,
            answered=answered,
            confidence=confidence,
            quotes=best if answered else (),
            near_misses=() if answered else best,
            elapsed_ms=2.0,
        )

    def quotes(self, question: str) -> Iterator[Quote]:
        asked = words_of(question)
        for article in self.articles:
            for match in re.finditer(r"[^.\n]+\.", article.text):
                start = match.start() + len(match[0]) - len(match[0].lstrip())
                text = article.text[start : match.end()]
                yield Quote(
                    text=text,
                    start=start,
                    end=match.end(),
                    confidence=len(asked & words_of(text)) / len(asked),
                    highlights=((0, len(text)),),
                    article=Source(article.source, article.title, article.source, None, "en"),
                )


@contextmanager
def shared_words(articles: Iterable[Article]) -> Iterator[SharedWords]:
    yield SharedWords(articles)


def bm25_over(collection: Collection, language: str) -> Search:
    engine = collection.engine(load_settings(environment={}).values.search)
    return lambda question: engine.search(ANALYZERS.of(language).terms(question), limit=100)


def with_the_title(question: str, conversation: Conversation) -> str:
    return f"{question} ({conversation.turns[-1].title})" if "it" in words_of(question) else question


def bench(*, limit: int | None = None) -> Bench:
    return Bench(
        product=shared_words,
        search_over=bm25_over,
        rewrite=with_the_title,
        analyzers=ANALYZERS,
        threshold=THRESHOLD,
        progress=without_progress,
        limit=limit,
    )
