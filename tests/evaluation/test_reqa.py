"""The ReQA protocol on a collection that can be ranked by hand."""

import pytest

from bot.evaluation.collection import Collection
from bot.evaluation.questions import AskedArticle, AskedParagraph, AskedQuestion, GoldAnswer
from bot.evaluation.reqa import QuestionRank, ScoredText, collect, gold_texts, mean_rank, rank_questions
from bot.retrieval.analysis import Analyzers
from bot.retrieval.engine import Hit
from bot.settings import load_settings
from bot.wordlists import WordLists

ENGLISH = Analyzers(WordLists()).of("en")


@pytest.fixture
def collection(articles: tuple[AskedArticle, ...]) -> Collection:
    return collect(articles, ENGLISH)


def candidates(*pairs: tuple[str, float]) -> list[ScoredText]:
    return [ScoredText(*pair) for pair in pairs]


def test_a_rank_counts_what_scores_higher() -> None:
    assert mean_rank(candidates(("a", 3), ("b", 2), ("c", 1)), frozenset({"b"})) == 2


def test_ties_count_their_mean_rank() -> None:
    tied = candidates(("a", 3), ("b", 2), ("c", 2), ("d", 2), ("e", 1))
    assert mean_rank(tied, frozenset({"c"})) == 3  # ranks 2, 3 and 4
    assert mean_rank(candidates(("a", 1), ("b", 1)), frozenset({"b"})) == 1.5


def test_the_best_of_several_golds_counts_and_none_is_none() -> None:
    ranked = candidates(("a", 3), ("b", 2), ("c", 1))
    assert mean_rank(ranked, frozenset({"c", "a"})) == 1
    assert mean_rank(ranked, frozenset({"z"})) is None
    assert mean_rank([], frozenset({"a"})) is None


def test_a_question_that_occurs_twice_is_one_question(
    collection: Collection, articles: tuple[AskedArticle, ...]
) -> None:
    found = gold_texts(articles)
    assert [gold.question for gold in found] == ["What flows through Paris?", "What is long?", "What does Prague have?"]
    assert found[1].texts == (frozenset({"It is long."}), frozenset({"It is long."}))


def test_a_question_that_occurs_twice_counts_with_its_best_rank() -> None:
    def article(context: str) -> AskedArticle:
        asked = AskedQuestion("Q?", (GoldAnswer(0, context),))
        return AskedArticle("", (AskedParagraph(context, (asked,), ((0, len(context)),)),))

    articles = [article("First."), article("Second.")]
    hits = [Hit(2, 0, 9.0), Hit(1, 0, 5.0)]
    assert list(rank_questions(collect(articles, ENGLISH), gold_texts(articles), lambda _: hits)) == [
        QuestionRank("Q?", 1, 1.0)
    ]


def test_a_sentence_of_the_same_text_elsewhere_is_a_hit_too(
    collection: Collection, articles: tuple[AskedArticle, ...]
) -> None:
    other = [gold for gold in gold_texts(articles) if gold.question == "What is long?"]
    hits = [Hit(1, 0, 3.0), Hit(2, 1, 2.0), Hit(1, 2, 1.0)]
    assert [rank.rank for rank in rank_questions(collection, other, lambda _: hits)] == [2]


def test_a_sentence_repeated_in_its_paragraph_is_one_candidate() -> None:
    context = "Again. Again. Gold."
    asked = AskedQuestion("Q?", (GoldAnswer(14, "Gold"),))
    paragraph = AskedParagraph(context, (asked,), ((0, 6), (7, 13), (14, 19)))
    articles = [AskedArticle("", (paragraph,))]
    hits = [Hit(1, 0, 3.0), Hit(1, 1, 3.0), Hit(1, 2, 1.0)]
    assert next(rank_questions(collect(articles, ENGLISH), gold_texts(articles), lambda _: hits)).rank == 2


def test_a_question_without_hits_has_no_rank_and_counts_nothing(
    collection: Collection, articles: tuple[AskedArticle, ...]
) -> None:
    nothing = next(rank_questions(collection, gold_texts(articles), lambda _: []))
    assert nothing.rank is None
    assert nothing.reciprocal == 0
    assert not nothing.is_within(10)


def test_a_half_rank_is_not_within_the_lower_one() -> None:
    half = QuestionRank("Q?", 1, 1.5)
    assert not half.is_within(1)
    assert half.is_within(2)
    assert half.reciprocal == pytest.approx(2 / 3)


def test_the_product_engine_searches_a_collection(collection: Collection, articles: tuple[AskedArticle, ...]) -> None:
    engine = collection.engine(load_settings(environment={}).values.search)
    ranks = rank_questions(
        collection, gold_texts(articles), lambda question: engine.search(ENGLISH.terms(question), limit=100)
    )
    assert [rank.rank for rank in ranks] == [1, 1, 1]
    assert engine.statistics().sentences == 5


def test_a_pool_holds_the_passages_beside_a_hits() -> None:
    long = AskedArticle("Long", tuple(AskedParagraph(f"Text {n}.", (), ((0, 7),)) for n in range(4)))
    collection = collect([long, long], ENGLISH)
    pool = collection.pool([Hit(3, 0, 1.0), Hit(6, 0, 0.5)])
    assert sorted(pool.passages) == [2, 3, 4, 5, 6, 7]
    assert collection.texts[6, 0] == "Text 1."
    assert pool.article(pool.hits[1]).title == "Long"
