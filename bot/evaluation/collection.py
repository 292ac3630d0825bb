"""A library in memory, made from a question file's own sentences: the product's engine and ranking, without a store."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bot.answering.clues import Seen
from bot.answering.query import Candidate, Pool, Query
from bot.articles.article import Kind, Sentence, StoredArticle, StoredPassage
from bot.evaluation.questions import AskedParagraph
from bot.retrieval.analysis import Analyzer, Shape
from bot.retrieval.engine import Hit
from bot.retrieval.memory import ArticleChange, MemoryEngine
from bot.settings import SearchSettings

Place = tuple[int, int]
"""A sentence of a collection: its passage's number and its position there."""


class Piece(NamedTuple):
    """An article to be: paragraphs under a title. One that is not `held` stays out, its questions are asked.

    `origin` names the article that it was cut from, for whoever needs to know which pieces belong together.
    """

    title: str
    paragraphs: Sequence[AskedParagraph]
    held: bool = True
    origin: str = ""


class Posed(NamedTuple):
    """A question with the sentences of the collection that answer it: none when those were left out."""

    query: Query
    gold: frozenset[Place]
    answers: tuple[str, ...]
    origin: str = ""


class Collection:
    """Articles of a question file as a library, cut at the file's own sentence breaks."""

    def __init__(self, pieces: Iterable[Piece], analyzer: Analyzer, *, passage_sentences: int = 0) -> None:
        """Passages are the paragraphs; with `passage_sentences` above 0 they are so many sentences each, as where
        every sentence is a paragraph of its own (news)."""
        self._analyzer = analyzer
        self._passage_sentences = passage_sentences
        self.articles: dict[int, StoredArticle] = {}
        self.passages: dict[int, StoredPassage] = {}
        self.texts: dict[Place, str] = {}
        self.posed: list[Posed] = []
        self._numbers: dict[int, range] = {}
        for piece in pieces:
            self._add(piece)

    def engine(self, settings: SearchSettings) -> MemoryEngine:
        """A memory engine over the collection, ready to search."""
        engine = MemoryEngine(self, settings)
        engine.refresh()
        return engine

    def changes(self, after: int) -> tuple[int, list[ArticleChange]]:
        """Every article as one change."""
        last = len(self.articles)
        return last, [] if after == last else [ArticleChange(number, removed=False) for number in self.articles]

    def passages_of(self, articles: Iterable[int]) -> Iterator[StoredPassage]:
        """The passages of these articles, in order."""
        for article in articles:
            for number in self._numbers[article]:
                yield self.passages[number]

    def sources(self, articles: Iterable[int]) -> dict[int, str]:
        """The sources of these articles."""
        return {article: self.articles[article].source for article in articles}

    def pool(self, hits: Sequence[Hit]) -> Pool:
        """The hits with their passages, the passages beside those, and their articles."""
        wanted = {number + step for number in {hit.passage for hit in hits} for step in (-1, 0, 1)}
        passages = {number: self.passages[number] for number in wanted if number in self.passages}
        articles = {passage.article: self.articles[passage.article] for passage in passages.values()}
        return Pool(hits=tuple(hits), passages=passages, articles=articles)

    def seen(self, candidate: Candidate) -> Seen:
        """A candidate as it is looked at again."""
        number, position = candidate.hit.passage, candidate.hit.position
        text = self.texts[number, position]
        title = self.articles[self.passages[number].article].title
        return Seen(candidate, text, self._analyzer.tokens(text), f"{title} {self._before(number, position)}")

    def _before(self, number: int, position: int) -> str:
        """The text of the sentence before one in its article, "" before the first."""
        if position:
            return self.texts[number, position - 1]
        other = self.passages.get(number - 1)
        if other is None or other.article != self.passages[number].article:
            return ""
        return self.texts[number - 1, len(other.sentences) - 1]

    def _add(self, piece: Piece) -> None:
        places: dict[tuple[int, int], Place] = {}
        if piece.held:
            article = len(self.articles) + 1
            places = self._store(article, piece)
            self.articles[article] = StoredArticle(
                number=article,
                id=str(article),
                title=piece.title,
                source=f"{article:07d}",
                published=None,
                language=self._analyzer.language,
                tags=(),
                url=None,
                sentences=len(places),
                title_terms=" ".join(self._analyzer.terms(piece.title)),
            )
        for number, paragraph in enumerate(piece.paragraphs):
            for asked in paragraph.questions:
                gold = (places.get((number, sentence)) for sentence in paragraph.gold_sentences(asked))
                answers = tuple(answer.text for answer in asked.answers)
                query = plain_query(asked.question, self._analyzer)
                self.posed.append(Posed(query, frozenset(place for place in gold if place), answers, piece.origin))

    def _store(self, article: int, piece: Piece) -> dict[tuple[int, int], Place]:
        """The place of each (paragraph, sentence) of the piece, after storing its passages."""
        first = len(self.passages) + 1
        places: dict[tuple[int, int], Place] = {}
        for group in self._groups(piece):
            number = len(self.passages) + 1
            sentences = []
            for position, (paragraph, sentence, offset) in enumerate(group):
                start, end = piece.paragraphs[paragraph].sentences[sentence]
                text = piece.paragraphs[paragraph].context[start:end]
                sentences.append(analysed(text, self._analyzer, offset + start))
                places[paragraph, sentence] = (number, position)
                self.texts[number, position] = text
            self.passages[number] = StoredPassage(
                number, article, sentences[0].start, sentences[-1].end, tuple(sentences)
            )
        self._numbers[article] = range(first, len(self.passages) + 1)
        return places

    def _groups(self, piece: Piece) -> list[list[tuple[int, int, int]]]:
        """The passages, each a list of (paragraph, sentence, the paragraph's offset in the article)."""
        paragraphs: list[list[tuple[int, int, int]]] = []
        offset = 0
        for number, paragraph in enumerate(piece.paragraphs):
            paragraphs.append([(number, sentence, offset) for sentence in range(len(paragraph.sentences))])
            offset += len(paragraph.context) + 2
        if not self._passage_sentences:
            return [group for group in paragraphs if group]
        flat = [entry for group in paragraphs for entry in group]
        return [flat[i : i + self._passage_sentences] for i in range(0, len(flat), self._passage_sentences)]


def analysed(text: str, analyzer: Analyzer, start: int) -> Sentence:
    """A prose sentence that stands at `start`, with its terms and shapes."""
    tokens = analyzer.tokens(text)
    terms = " ".join(token.term for token in tokens)
    shapes = "".join(token.shape.value for token in tokens)
    return Sentence(start, start + len(text), Kind.PROSE, terms, shapes)


def plain_query(question: str, analyzer: Analyzer) -> Query:
    """A question as a query without corrections: its terms, or all its tokens when it has stop words alone."""
    tokens = tuple(analyzer.tokens(question))
    terms = dict.fromkeys(token.term for token in tokens if token.shape is not Shape.STOP)
    everything = dict.fromkeys(token.term for token in tokens)
    return Query(text=question, language=analyzer.language, tokens=tokens, terms=tuple(terms or everything))
