"""The product's search over a collection: reading, correcting, searching and ranking as the answerer does."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bot.answering.commonwords import CommonWords
from bot.answering.correction import Corrector
from bot.answering.followups.conversation import Conversation
from bot.answering.followups.rewriting import FollowUps
from bot.answering.marking.marker import Marker
from bot.answering.query import Candidate
from bot.answering.question import QuestionReader
from bot.answering.ranking import Ranker
from bot.answering.second_look import SecondLook
from bot.answering.speller import Speller, load_spellers
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
    second_look: SecondLook
    follow_ups: FollowUps
    common: CommonWords
    spellers: Mapping[str, Speller]

    @classmethod
    def of(cls, settings: SettingsFile, lists: WordLists) -> "ProductSearch":
        """The search under some settings."""
        analyzers = Analyzers(lists)
        reader = QuestionReader(lists, longest=settings.answer.longest_question)
        second_look = SecondLook.load(Marker(lists))
        follow_ups, common = FollowUps(lists, reader), CommonWords(lists)
        return cls(
            settings, analyzers, reader, Ranker.load(analyzers), second_look, follow_ups, common, load_spellers()
        )

    def over(self, collection: Collection, language: str) -> Search:
        """The search over a collection in one language; each hit comes with the ranking's score."""
        engine = collection.engine(self.settings.search)
        corrector = Corrector(engine, self.analyzers, self.common, self.reader, self.spellers)
        analyzer = self.analyzers.of(language)

        def search(question: str) -> Sequence[Hit]:
            query, _ = corrector.correct(self.reader.read(question, language=language, analyzer=analyzer))
            pool = collection.pool(engine.search(query.terms, limit=self.settings.search.shortlist))
            ranking = self.ranker.rank(query, pool, engine)
            depth = self.second_look.depth(query, ranking)
            seen = [collection.seen(candidate) for candidate in ranking[:depth]]
            looked = [one.candidate for one in self.second_look.look(query, seen)]
            return scored(looked, ranking[depth:])

        return search

    def rewrite(self, question: str, conversation: Conversation) -> str:
        """An English question as the answerer shows that it understood it after this conversation: with what it lacked
        and with what was said already ("besides ..."), as a person's rewriting has both."""
        rewriting = self.follow_ups.rewrite(question, conversation, analyzer=self.analyzers.of("en"))
        return rewriting.change.after if rewriting else question


def scored(looked: Sequence[Candidate], rest: Sequence[Candidate]) -> list[Hit]:
    """The hits of those that were looked at again, then of the rest in its order: their scores fall."""
    both = [candidate.hit._replace(score=candidate.score) for candidate in looked]
    if not looked or not rest:
        return both + [candidate.hit._replace(score=candidate.score) for candidate in rest]
    below = min(candidate.score for candidate in looked) - 1 - rest[0].score
    return both + [candidate.hit._replace(score=candidate.score + below) for candidate in rest]
