"""Rescoring: the scores of the memory engine, to the last digit, from passages and counts alone."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.articles.article import Kind, Sentence, StoredPassage
from bot.retrieval.company import Company
from bot.retrieval.engine import Hit
from bot.retrieval.keys import keys_of
from bot.retrieval.memory import MemoryEngine
from bot.retrieval.records import records_of
from bot.retrieval.rescoring import Looked, ranked, rescored
from bot.retrieval.scoring import Terms, company, occurrences
from bot.settings import load_settings
from tests.retrieval.collections import TinySource

SETTINGS = load_settings(environment={}).values.search
TERMS = ["a", "aa", "cat", "dog", "a"]
SENTENCES = st.lists(st.sampled_from(TERMS), max_size=6).map(" ".join)
ARTICLES = st.lists(st.lists(st.lists(SENTENCES, min_size=1, max_size=3), min_size=1, max_size=3), max_size=5)
QUERIES = st.lists(st.sampled_from([*TERMS, "unknown"]), max_size=4, unique=True)


def library_of(articles: list[list[list[str]]]) -> tuple[TinySource, MemoryEngine]:
    source = TinySource()
    for number, passages in enumerate(articles, 1):
        source.put(number, passages)
    engine = MemoryEngine(source, SETTINGS)
    engine.refresh()
    return source, engine


def no_sources(numbers: Iterable[int]) -> dict[int, str]:
    raise AssertionError(f"asked for the sources of {sorted(numbers)}")


def terms_of(terms: list[str], engine: MemoryEngine) -> Terms:
    known = [term for term in terms if engine.held([term])]
    return Terms(keys_of(" ".join(known)), engine.count(known), engine.statistics())


@given(ARTICLES, QUERIES, st.integers(1, 3))
def test_scores_and_order_equal_the_memory_engines_to_the_last_digit(
    articles: list[list[list[str]]], terms: list[str], few: int
) -> None:
    source, engine = library_of(articles)
    passages = list(source.passages_of(range(1, len(articles) + 1)))
    for limit in (100, few):
        found = rescored(passages, terms_of(terms, engine), SETTINGS, limit, source.sources)
        assert found == engine.search(terms, limit=limit)


@given(ARTICLES, st.sampled_from(TERMS), QUERIES)
def test_company_equals_the_memory_engines(articles: list[list[list[str]]], term: str, others: list[str]) -> None:
    source, engine = library_of(articles)
    expected = Company(others, engine.count(others), engine.statistics())
    records = records_of(list(source.passages_of(range(1, len(articles) + 1))))
    numbers = keys_of(" ".join([term, *expected.others]))
    best, around = company(records, numbers[0], numbers[1:], expected.in_sentence, expected.in_passage)
    shared = expected.share(best, float(around.max(initial=0.0)))
    assert shared == pytest.approx(engine.together([term], others)[0])


def test_stop_words_that_look_like_a_term_count_neither_as_occurrences_nor_as_length() -> None:
    sentence = Sentence(0, 9, Kind.PROSE, "it is it work", "A..x")
    plain = Sentence(0, 9, Kind.PROSE, "it work", "Ax")
    _, engine = library_of([[["it work"]]])
    one, other = (
        rescored([StoredPassage(1, 1, 0, 9, (each,))], terms_of(["it"], engine), SETTINGS, 10, no_sources)
        for each in (sentence, plain)
    )
    assert one == other != []


def test_headings_are_no_hits_and_lend_no_score() -> None:
    sentences = (Sentence(0, 3, Kind.HEADING, "cat", "x"), Sentence(4, 9, Kind.PROSE, "dog", "x"))
    _, engine = library_of([[["cat"], ["dog"]]])
    passage = StoredPassage(1, 1, 0, 9, sentences)
    assert rescored([passage], terms_of(["cat"], engine), SETTINGS, 10, no_sources) == []


@pytest.mark.parametrize(
    ("terms", "count"), [("a", 1), ("a a a", 3), ("aa a", 1), ("b", 0), ("", 0), ("a b a", 2), ("ba ab", 0)]
)
def test_repeats_side_by_side_are_all_counted(terms: str, count: int) -> None:
    sentence = Sentence(0, 9, Kind.PROSE, terms, "x" * len(terms.split()))
    records = records_of([StoredPassage(1, 1, 0, 9, (sentence,))])
    sentences, passages = occurrences(records, keys_of("a"))
    assert sum(sentences.frequency.tolist()) == sum(passages.frequency.tolist()) == count


def test_no_passages_have_no_hits() -> None:
    _, engine = library_of([[["cat"]]])
    assert rescored([], terms_of(["cat"], engine), SETTINGS, 10, no_sources) == []


def test_sources_are_asked_for_ties_alone() -> None:
    apart = [Looked(2.0, 1, 0, Hit(1, 0, 2.0)), Looked(3.0, 2, 0, Hit(2, 0, 3.0))]
    assert [hit.passage for hit in ranked(apart, 10, no_sources)] == [2, 1]
    tied = [Looked(2.0, 1, 0, Hit(1, 0, 2.0)), Looked(2.0, 2, 0, Hit(2, 0, 2.0))]
    assert [hit.passage for hit in ranked(tied, 10, lambda _: {1: "b", 2: "a"})] == [2, 1]
    assert [hit.passage for hit in ranked(tied, 1, lambda _: {1: "b", 2: "a"})] == [2]


def test_no_hits_are_asked_for() -> None:
    assert ranked([Looked(2.0, 1, 0, Hit(1, 0, 2.0))], 0, no_sources) == []
