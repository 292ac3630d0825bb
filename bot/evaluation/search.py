"""The product's search over a collection: reading, correcting, searching and ranking as the answerer does."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.answering.commonwords import CommonWords
from bot.answering.conversation import Conversation
from bot.answering.correction import Corrector
from bot.answering.query import Candidate
from bot.answering.question import QuestionReader
from bot.answering.ranking import Ranker
from bot.answering.rewriting import FollowUps
from bot.evaluation.collection import Collection
from bot.evaluation.reqa import Search
from bot.retrieval.analysis import Analyzers
from bot.retrieval.engine import Hit
from bot.settings import SettingsFile
from bot.wordlists import WordLists


class ProductSearch(NamedTuple):
    """What the search and the ranking are made from; the same lists, models and settings as the product's."""

    settings: SettingsFile
    analyzers: Analyzers
    reader: QuestionReader
    ranker: Ranker
    follow_ups: FollowUps
    common: CommonWords

    @classmethod
    def of(cls, settings: SettingsFile, lists: WordLists) -> "ProductSearch":
        """The search under some settings."""
        analyzers = Analyzers(lists)
        reader = QuestionReader(lists, longest=settings.answer.longest_question)
        return cls(settings, analyzers, reader, Ranker.load(analyzers), FollowUps(lists, reader), CommonWords(lists))

    def over(self, collection: Collection, language: str) -> Search:
        """The search over a collection in one language; each hit comes with the ranking's score."""
        engine = collection.engine(self.settings.search)
        corrector = Corrector(engine, self.analyzers, self.common)
        analyzer = self.analyzers.of(language)

        def search(question: str) -> Sequence[Hit]:
            query, _ = corrector.correct(self.reader.read(question, language=language, analyzer=analyzer))
            pool = collection.pool(engine.search(query.terms, limit=self.settings.search.candidates))
            return [_scored(candidate) for candidate in self.ranker.rank(query, pool, engine)]

        return search

    def rewrite(self, question: str, conversation: Conversation) -> str:
        """An English question as the answerer shows that it understood it after this conversation: with what it lacked
        and with what was said already ("besides ..."), as a person's rewriting has both."""
        rewriting = self.follow_ups.rewrite(question, conversation, analyzer=self.analyzers.of("en"))
        return rewriting.change.after if rewriting else question


def _scored(candidate: Candidate) -> Hit:
    return candidate.hit._replace(score=candidate.score)
