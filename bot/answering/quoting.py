"""From ranked candidates to quotes: each one cut from its article and checked against what was indexed."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.answering.answer import Quote, Reason, Source, Twin
from bot.answering.query import Candidate, Pool
from bot.articles.article import Kind, Sentence, StoredArticle, StoredPassage
from bot.errors import LibraryError
from bot.retrieval.analysis import Analyzers


class TextSource(Protocol):
    """Where the exact text of an article comes from."""

    def slice(self, article: int, start: int, end: int) -> str:
        """The article's stored text from `start` to `end`, in code points."""


class StaleQuoteError(LibraryError):
    """An article changed between the search and the reading of its text: searching again mends it."""


class Quoter:
    """Cuts quotes, their neighbours and their twins out of the stored articles."""

    def __init__(self, texts: TextSource, analyzers: Analyzers) -> None:
        self._texts = texts
        self._analyzers = analyzers

    def text(self, pool: Pool, candidate: Candidate) -> str:
        """The exact text of a candidate's sentence.

        Raises StaleQuoteError when it is no longer the sentence that was indexed.
        """
        sentence, article = pool.sentence(candidate.hit), pool.article(candidate.hit)
        text = self._texts.slice(article.number, sentence.start, sentence.end)
        tokens = self._analyzers.of(article.language).tokens(text)
        if " ".join(token.term for token in tokens) != sentence.terms:
            raise StaleQuoteError(f"{article.source}: changed while it was being quoted; ask again")
        return text

    def quote(
        self,
        pool: Pool,
        candidate: Candidate,
        text: str,
        *,
        highlights: tuple[tuple[int, int], ...],
        twins: Sequence[Candidate],
        why: tuple[Reason, ...],
    ) -> Quote:
        """The quote of one candidate, with its neighbours and those that say the same."""
        sentence, article = pool.sentence(candidate.hit), pool.article(candidate.hit)
        before, after = neighbours(pool.passages, candidate.hit.passage, candidate.hit.position)
        return Quote(
            text=text,
            start=sentence.start,
            end=sentence.end,
            confidence=candidate.confidence,
            highlights=highlights,
            before=self._sentence_text(article, before),
            after=self._sentence_text(article, after),
            article=source_of(article),
            also_in=tuple(self._twin(pool, twin) for twin in twins),
            why=why,
        )

    def _twin(self, pool: Pool, candidate: Candidate) -> Twin:
        sentence = pool.sentence(candidate.hit)
        return Twin(
            text=self.text(pool, candidate),
            start=sentence.start,
            end=sentence.end,
            article=source_of(pool.article(candidate.hit)),
        )

    def _sentence_text(self, article: StoredArticle, sentence: Sentence | None) -> str:
        return self._texts.slice(article.number, sentence.start, sentence.end) if sentence else ""


def neighbours(
    passages: Mapping[int, StoredPassage], passage: int, position: int
) -> tuple[Sentence | None, Sentence | None]:
    """The sentences of prose right before and right after a sentence, in its article; None at its ends."""
    here = passages[passage]
    sentences: list[Sentence] = []
    place = position
    for number in (passage - 1, passage, passage + 1):
        near = passages.get(number)
        if near is None or near.article != here.article:
            continue
        if number == passage:
            place = len(sentences) + position
        sentences.extend(near.sentences)
    prose = [i for i, sentence in enumerate(sentences) if sentence.kind is Kind.PROSE]
    before = max((i for i in prose if i < place), default=None)
    after = min((i for i in prose if i > place), default=None)
    return (
        None if before is None else sentences[before],
        None if after is None else sentences[after],
    )


def source_of(article: StoredArticle) -> Source:
    """The article as a reader of the answer sees it."""
    return Source(
        id=article.id,
        title=article.title,
        source=article.source,
        published=article.published,
        language=article.language,
        url=article.url,
    )
