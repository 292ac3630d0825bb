"""Small libraries in memory for the tests of the ranking."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bot.answering.features.view import View
from bot.answering.query import Pool, Query
from bot.answering.question import QuestionReader
from bot.answering.ranking import Ranker
from bot.evaluation.collection import Collection, Piece
from bot.evaluation.questions import AskedParagraph
from bot.retrieval.analysis import Analyzers
from bot.retrieval.engine import Hit
from bot.retrieval.memory import MemoryEngine
from bot.settings import load_settings
from bot.wordlists import WordLists

LISTS = WordLists()
ANALYZERS = Analyzers(LISTS)
READER = QuestionReader(LISTS, longest=4096)
SEARCH = load_settings(environment={}).values.search

Paragraphs = Sequence[Sequence[str]]
"""Paragraphs, each a list of sentences."""


class World(NamedTuple):
    """A library with a ranker."""

    collection: Collection
    engine: MemoryEngine
    ranker: Ranker
    language: str

    def query(self, question: str) -> Query:
        """The question as the product reads it."""
        return READER.read(question, language=self.language, analyzer=ANALYZERS.of(self.language))

    def pool(self, question: str) -> Pool:
        """What the search finds."""
        return self.collection.pool(self.engine.search(self.query(question).terms, limit=100))

    def whole_pool(self) -> Pool:
        """Every sentence in order, whether it shares a word or not."""
        return self.collection.pool([Hit(passage, position, 1.0) for passage, position in self.collection.texts])

    def view(self, question: str) -> View:
        """What the features look at, over every sentence in order."""
        return self.ranker.view(self.query(question), self.whole_pool(), self.engine)

    def ranked(self, question: str) -> list[str]:
        """The texts of the ranking, best first."""
        candidates = self.ranker.rank(self.query(question), self.pool(question), self.engine)
        return [self.collection.texts[candidate.hit.passage, candidate.hit.position] for candidate in candidates]


def world(articles: Mapping[str, Paragraphs], *, language: str = "en", ranker: Ranker | None = None) -> World:
    """A library of articles by title."""
    pieces = [Piece(title, [paragraph(each) for each in paragraphs]) for title, paragraphs in articles.items()]
    collection = Collection(pieces, ANALYZERS.of(language))
    return World(collection, collection.engine(SEARCH), ranker or Ranker.load(ANALYZERS), language)


def paragraph(sentences: Sequence[str]) -> AskedParagraph:
    """A paragraph of these sentences."""
    breaks, start = [], 0
    for sentence in sentences:
        breaks.append((start, start + len(sentence)))
        start += len(sentence) + 1
    return AskedParagraph(" ".join(sentences), (), tuple(breaks))
