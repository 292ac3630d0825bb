"""The memory engine: what it finds, in what order, and that changing it step by step equals building it afresh."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.articles.article import Kind, Sentence, StoredPassage
from bot.retrieval.engine import Hit, Statistics, TermCount
from bot.retrieval.memory import MemoryEngine
from bot.settings import load_settings
from tests.retrieval.collections import TinySource

SETTINGS = load_settings(environment={}).values.search


def engine_over(source: TinySource) -> MemoryEngine:
    engine = MemoryEngine(source, SETTINGS)
    engine.refresh()
    return engine


def places(hits: list[Hit]) -> list[tuple[int, int]]:
    return [(hit.passage, hit.position) for hit in hits]


def test_an_empty_library_finds_nothing() -> None:
    engine = engine_over(TinySource())
    assert engine.search(["cat"], limit=10) == []
    assert engine.statistics() == Statistics(articles=0, passages=0, sentences=0, terms=0)


def test_unknown_terms_and_no_terms_find_nothing() -> None:
    source = TinySource()
    source.put(1, [["cat sat"]])
    engine = engine_over(source)
    assert engine.search(["dog"], limit=10) == []
    assert engine.search([], limit=10) == []
    assert engine.count(["dog", "cat"]) == [TermCount(0, 0), TermCount(1, 1)]


def test_one_sentence_alone_is_found_by_its_term() -> None:
    source = TinySource()
    source.put(1, [["cat"]])
    assert places(engine_over(source).search(["cat"], limit=10)) == [(1, 0)]


def test_a_term_in_every_sentence_still_finds_them() -> None:
    source = TinySource()
    source.put(1, [["cat sat"], ["cat ran"], ["cat ate"]])
    hits = engine_over(source).search(["cat"], limit=10)
    assert len(hits) == 3
    assert all(hit.score > 0 for hit in hits)


def test_a_sentence_is_found_by_what_its_passage_says() -> None:
    source = TinySource()
    source.put(1, [["wagner fought", "he spoke"], ["rain fell"]])
    hits = engine_over(source).search(["wagner"], limit=10)
    assert places(hits) == [(1, 0), (1, 1)]


def test_ties_go_by_source_then_start() -> None:
    source = TinySource()
    source.put(1, [["cat sat"], ["cat sat"]], source="b")
    source.put(2, [["cat sat"], ["cat sat"]], source="a")
    assert places(engine_over(source).search(["cat"], limit=10)) == [(3, 0), (4, 0), (1, 0), (2, 0)]


def test_a_limit_beyond_the_library_gives_all_and_a_small_one_the_best() -> None:
    source = TinySource()
    source.put(1, [["cat dog"], ["cat bird"], ["fish"]])
    engine = engine_over(source)
    assert len(engine.search(["cat", "dog"], limit=1000)) == 2
    assert places(engine.search(["cat", "dog"], limit=1)) == [(1, 0)]


def test_only_the_articles_within_are_searched() -> None:
    source = TinySource()
    source.put(1, [["cat"]])
    source.put(2, [["cat"]])
    engine = engine_over(source)
    assert places(engine.search(["cat"], limit=10, within={2})) == [(2, 0)]
    assert engine.search(["cat"], limit=10, within=set()) == []


def test_headings_and_boilerplate_are_neither_found_nor_counted() -> None:
    class WithHeading(TinySource):
        def _passage(self, article: int, place: int, sentences: list[str]) -> StoredPassage:
            passage = super()._passage(article, place, sentences)
            extra = Sentence(900, 903, Kind.HEADING, "cat", "x")
            return StoredPassage(passage.number, article, passage.start, passage.end, (*passage.sentences, extra))

    source = WithHeading()
    source.put(1, [["dog"]])
    engine = engine_over(source)
    assert engine.search(["cat"], limit=10) == []
    assert engine.statistics().sentences == 1


def test_a_removed_article_is_found_and_counted_no_more() -> None:
    source = TinySource()
    source.put(1, [["cat"]])
    source.put(2, [["cat dog"]])
    engine = engine_over(source)
    source.remove(1)
    engine.refresh()
    assert places(engine.search(["cat"], limit=10)) == [(2, 0)]
    assert engine.count(["cat"]) == [TermCount(1, 1)]


STEP = st.tuples(
    st.integers(1, 4),
    st.one_of(
        st.none(),
        st.lists(
            st.lists(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=4).map(" ".join), min_size=1, max_size=3),
            min_size=1,
            max_size=3,
        ),
    ),
)


@given(steps=st.lists(STEP, max_size=12), query=st.lists(st.sampled_from("abcdefg"), max_size=4))
def test_changing_step_by_step_equals_building_afresh(
    steps: list[tuple[int, list[list[str]] | None]], query: list[str]
) -> None:
    source = TinySource()
    stepwise = MemoryEngine(source, SETTINGS)
    for article, passages in steps:
        if passages is None:
            source.remove(article)
        else:
            source.put(article, passages)
        stepwise.refresh()
    fresh = engine_over(source)
    assert stepwise.statistics() == fresh.statistics()
    assert stepwise.count(list("abcdefg")) == fresh.count(list("abcdefg"))
    assert stepwise.search(query, limit=5) == fresh.search(query, limit=5)


def test_scores_do_not_depend_on_the_order_of_arrival() -> None:
    forwards, backwards = TinySource(), TinySource()
    forwards.put(1, [["cat sat here"]], source="a")
    forwards.put(2, [["cat ran"]], source="b")
    backwards.put(2, [["cat ran"]], source="b")
    backwards.put(1, [["cat sat here"]], source="a")
    scores = [
        [hit.score for hit in engine_over(source).search(["cat", "ran"], limit=5)] for source in (forwards, backwards)
    ]
    assert scores[0] == pytest.approx(scores[1], rel=0, abs=0)
