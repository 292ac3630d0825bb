"""Collections: question files as libraries in memory, with the files' own sentence breaks."""

from collections.abc import Iterable, Iterator, Sequence

from bot.answering.query import Pool
from bot.articles.article import Kind, Sentence, StoredArticle, StoredPassage
from bot.evaluation.questions import AskedArticle, AskedParagraph
from bot.retrieval.analysis import Analyzer, Analyzers
from bot.retrieval.engine import Hit
from bot.retrieval.memory import ArticleChange

PARAGRAPH_BREAK = "\n\n"
DEFAULT_LANGUAGE = "en"
"""The language of files that do not say theirs; SQuAD's are English."""


class Collection:
    """What the engine and the ranking need of a library, for articles whose sentences are known beforehand.

    One passage per paragraph, one stored sentence per published break; nothing is cleaned, joined or left out, so
    that figures compare with published ones. Article numbers run from 1 in the order given, passage numbers from 1.
    """

    def __init__(self, articles: Sequence[AskedArticle], analyzers: Analyzers) -> None:
        self.asked = tuple(articles)
        self._articles: dict[int, StoredArticle] = {}
        self._passages: dict[int, StoredPassage] = {}
        self._paragraphs: dict[int, AskedParagraph] = {}
        self._texts: dict[int, str] = {}
        self._spans: dict[int, range] = {}
        for number, article in enumerate(self.asked, 1):
            self._store(number, article, analyzers.of(article.language or DEFAULT_LANGUAGE))

    def changes(self, after: int) -> tuple[int, list[ArticleChange]]:
        """Every article as stored at the change of its own number."""
        return len(self._articles), [
            ArticleChange(number, removed=False) for number in self._articles if number > after
        ]

    def passages_of(self, articles: Iterable[int]) -> Iterator[StoredPassage]:
        """The passages of these articles, in order."""
        for article in articles:
            for number in self._spans[article]:
                yield self._passages[number]

    def sources(self, articles: Iterable[int]) -> dict[int, str]:
        """The sources of these articles by number."""
        return {number: self._articles[number].source for number in articles}

    def pool(self, hits: Sequence[Hit]) -> Pool:
        """The hits with their passages, the passages beside those, and their articles."""
        passages: dict[int, StoredPassage] = {}
        for hit in hits:
            span = self._spans[self._passages[hit.passage].article]
            for number in range(max(span.start, hit.passage - 1), min(span.stop, hit.passage + 2)):
                passages[number] = self._passages[number]
        numbers = {self._passages[hit.passage].article for hit in hits}
        return Pool(hits=tuple(hits), passages=passages, articles={n: self._articles[n] for n in sorted(numbers)})

    def text_of(self, article: int) -> str:
        """The text of an article by number, into which its sentences' offsets point."""
        return self._texts[article]

    def sentence_text(self, hit: Hit) -> str:
        """The text of a hit's sentence."""
        passage = self._passages[hit.passage]
        sentence = passage.sentences[hit.position]
        return self._texts[passage.article][sentence.start : sentence.end]

    def paragraph(self, passage: int) -> AskedParagraph:
        """The paragraph, with its questions, that a passage was made from."""
        return self._paragraphs[passage]

    def passages(self) -> Iterator[StoredPassage]:
        """All passages in order."""
        yield from self._passages.values()

    def _store(self, number: int, article: AskedArticle, analyzer: Analyzer) -> None:
        first = len(self._passages) + 1
        start = 0
        sentences = 0
        for place, paragraph in enumerate(article.paragraphs):
            cut = tuple(_sentence(paragraph.context, start, break_, analyzer) for break_ in paragraph.sentences)
            end = start + len(paragraph.context)
            self._passages[first + place] = StoredPassage(first + place, number, start, end, cut)
            self._paragraphs[first + place] = paragraph
            start = end + len(PARAGRAPH_BREAK)
            sentences += len(cut)
        self._texts[number] = PARAGRAPH_BREAK.join(paragraph.context for paragraph in article.paragraphs)
        self._spans[number] = range(first, first + len(article.paragraphs))
        self._articles[number] = StoredArticle(
            number=number,
            id=f"{number:06}",
            title=article.plain_title,
            source=f"{number:06}",
            published=None,
            language=article.language or DEFAULT_LANGUAGE,
            tags=(),
            url=None,
            sentences=sentences,
        )


def _sentence(context: str, shift: int, span: tuple[int, int], analyzer: Analyzer) -> Sentence:
    start, end = span
    tokens = analyzer.tokens(context[start:end])
    return Sentence(
        shift + start,
        shift + end,
        Kind.PROSE,
        " ".join(token.term for token in tokens),
        "".join(token.shape for token in tokens),
    )
