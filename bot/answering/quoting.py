"""From ranked candidates to quotes: each one cut from its article and checked against what was indexed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from bot.answering.answer import Quote, Reason, Source, Twin
from bot.answering.query import Candidate, Pool
from bot.articles.article import Kind, Sentence, StoredArticle, StoredPassage
from bot.errors import LibraryError
from bot.retrieval.analysis import Analyzers, Token


class TextSource(Protocol):
    """Where the exact text of an article comes from."""

    def slices(self, spans: Iterable[tuple[int, int, int]]) -> list[str]:
        """Of each span (an article's number, start and end, in code points) the article's stored text."""


class StaleQuoteError(LibraryError):
    """An article changed between the search and the reading of its text: searching again mends it."""


class Around(NamedTuple):
    """The sentences of prose before and after a candidate's, None at its article's ends, and the exact text from the
    first of the three to the last."""

    text: str
    before: Sentence | None
    after: Sentence | None


class Cut(NamedTuple):
    """A candidate's sentence as it stands in its article: the exact text, its tokens, its neighbours' texts."""

    text: str
    tokens: Sequence[Token]
    before: str
    after: str


class Quoter:
    """Cuts quotes, their neighbours and their twins out of the stored articles."""

    def __init__(self, texts: TextSource, analyzers: Analyzers) -> None:
        self._texts = texts
        self._analyzers = analyzers

    def around(self, pool: Pool, candidates: Sequence[Candidate]) -> list[Around]:
        """What the cut of each candidate is taken from, all texts read at once."""
        beside = [neighbours(pool.passages, one.hit.passage, one.hit.position) for one in candidates]
        spans = []
        for candidate, (before, after) in zip(candidates, beside, strict=True):
            sentence = pool.sentence(candidate.hit)
            spans.append((pool.article(candidate.hit).number, (before or sentence).start, (after or sentence).end))
        return [Around(text, *both) for text, both in zip(self._texts.slices(spans), beside, strict=True)]

    def cut(self, pool: Pool, candidate: Candidate, around: Around) -> Cut:
        """A candidate's sentence and those beside it, out of what `around` read.

        Raises StaleQuoteError when it is no longer the sentence that was indexed.
        """
        sentence, article = pool.sentence(candidate.hit), pool.article(candidate.hit)
        first = around.before or sentence
        text, left, right = (
            around.text[one.start - first.start : one.end - first.start] if one else ""
            for one in (sentence, around.before, around.after)
        )
        terms = sentence.terms.split(" ") if sentence.terms else []
        tokens = self._analyzers.of(article.language).placed(text, terms, sentence.shapes)
        if " ".join([token.term for token in tokens]) != sentence.terms:
            raise StaleQuoteError(f"{article.source}: changed while it was being quoted; ask again")
        return Cut(text, tokens, left, right)

    def quote(
        self,
        pool: Pool,
        candidate: Candidate,
        cut: Cut,
        *,
        confidence: float,
        highlights: tuple[tuple[int, int], ...],
        twins: Sequence[tuple[Candidate, Cut]],
        why: tuple[Reason, ...],
    ) -> Quote:
        """The quote of one candidate, with its neighbours and those that say the same."""
        sentence, article = pool.sentence(candidate.hit), pool.article(candidate.hit)
        return Quote(
            text=cut.text,
            start=sentence.start,
            end=sentence.end,
            confidence=confidence,
            highlights=highlights,
            before=cut.before,
            after=cut.after,
            article=source_of(article),
            also_in=tuple([_twin(pool, twin, own.text) for twin, own in twins]),
            why=why,
        )


def _twin(pool: Pool, candidate: Candidate, text: str) -> Twin:
    sentence = pool.sentence(candidate.hit)
    return Twin(text=text, start=sentence.start, end=sentence.end, article=source_of(pool.article(candidate.hit)))


def neighbours(
    passages: Mapping[int, StoredPassage], passage: int, position: int
) -> tuple[Sentence | None, Sentence | None]:
    """The sentences of prose right before and right after a sentence, in its article; None at its ends."""
    here = passages[passage].sentences
    before = _first_prose(reversed(here[:position])) or _first_prose(reversed(_beside(passages, passage, -1)))
    after = _first_prose(here[position + 1 :]) or _first_prose(_beside(passages, passage, 1))
    return before, after


def _beside(passages: Mapping[int, StoredPassage], passage: int, step: int) -> tuple[Sentence, ...]:
    """The sentences of the passage before (-1) or after (1) one, in the same article."""
    other = passages.get(passage + step)
    return other.sentences if other is not None and other.article == passages[passage].article else ()


def _first_prose(sentences: Iterable[Sentence]) -> Sentence | None:
    return next((sentence for sentence in sentences if sentence.kind is Kind.PROSE), None)


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
