"""What an engine finds: the memory engine's hits and scores, after whatever changes, within whatever articles."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.articles.article import Article
from bot.retrieval.engine import Statistics, TermCount
from tests.retrieval.conformance.engines import Bench, Maker, bench, reference

TERMS = ("cat", "dog", "rat", "sat", "cat-flap", "猫は", "élan")
PHRASES = st.lists(st.sampled_from([*TERMS, "the", "of"]), min_size=1, max_size=5).map(" ".join)
TEXTS = st.lists(st.lists(PHRASES, min_size=1, max_size=3).map(". ".join), min_size=1, max_size=4).map("\n".join)
STEPS = st.lists(st.tuples(st.integers(1, 4), st.one_of(st.none(), TEXTS), st.booleans()), min_size=1, max_size=8)
QUERIES = st.lists(st.sampled_from(["cat", "dog", "rat", "sat", "flap", "猫は", "élan", "unknown"]), max_size=4)
EXAMPLES = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@EXAMPLES
@given(steps=STEPS, query=QUERIES, within=st.sets(st.integers(1, 5)))
def test_after_any_changes_it_says_what_the_memory_engine_says_of_the_library_as_it_is(
    make: Maker, steps: list[tuple[int, str | None, bool]], query: list[str], within: set[int]
) -> None:
    with bench(make) as at:
        for number, text, looks in steps:
            if text is None:
                at.remove(f"source-{number}")
            else:
                at.put(f"source-{number}", text)
            if looks:
                at.engine.catch_up()
        at.engine.catch_up()
        expected = reference(at.library)
        assert at.engine.search(query, limit=100) == expected.search(query, limit=100)
        assert at.engine.search(query, limit=2) == expected.search(query, limit=2)
        assert at.engine.search(query, limit=9, within=within) == expected.search(query, limit=9, within=within)
        assert at.engine.count(query) == expected.count(query)
        assert at.engine.statistics() == expected.statistics() == at.library.statistics()
        assert at.engine.held(query) == expected.held(query)
        assert sorted(at.engine.starting(["c", "ca", "é"])) == sorted(expected.starting(["c", "ca", "é"]))
        found = at.engine.together(["cat", "猫は", "unknown"], query)
        assert found == pytest.approx(expected.together(["cat", "猫は", "unknown"], query))


def test_an_empty_library_finds_nothing(at: Bench) -> None:
    at.engine.refresh()
    assert at.engine.search(["cat"], limit=10) == []
    assert at.engine.statistics() == Statistics(0, 0, 0, 0)
    assert at.engine.count(["cat"]) == [TermCount(0, 0)]
    assert at.engine.held(["cat"]) == set()
    assert at.engine.starting(["c"]) == []
    assert at.engine.together(["cat"], ["dog"]) == [0.0]


def test_the_company_of_common_and_of_rare_terms_is_the_best_of_all_their_passages(at: Bench) -> None:
    for number in range(90):
        at.put(f"source-{number}", f"A fox ran past house {number}. It rained. {'Hens slept.' if number == 7 else ''}")
    at.put("rare", "One lynx slept. Hens cackled at another lynx.")
    at.engine.catch_up()
    others = ["hen", "slept", "rain"]
    expected = reference(at.library).together(["fox", "lynx"], others)
    assert at.engine.together(["fox", "lynx"], others) == pytest.approx(expected)
    assert 0 < expected[0] < expected[1]


def test_unknown_terms_no_terms_and_no_hits_wanted_find_nothing(at: Bench) -> None:
    at.put("a", "The cat sat.")
    at.engine.catch_up()
    assert at.engine.search(["dog"], limit=10) == []
    assert at.engine.search([], limit=10) == []
    assert at.engine.search(["cat"], limit=0) == []
    assert at.engine.search(["cat"], limit=10, within=set()) == []
    assert at.engine.search(["cat"], limit=10, within={99}) == []


def test_an_article_is_found_when_it_is_in_changed_when_it_changed_and_gone_when_it_is_out(at: Bench) -> None:
    at.put("a", "The cat sat.")
    at.engine.catch_up()
    assert at.shown(at.engine.search(["cat"], limit=10)) == [("a", "The cat sat.")]
    at.put("a", "The dog ran.")
    at.engine.catch_up()
    assert at.engine.search(["cat"], limit=10) == []
    assert at.shown(at.engine.search(["dog"], limit=10)) == [("a", "The dog ran.")]
    at.remove("a")
    at.engine.catch_up()
    assert at.engine.search(["dog"], limit=10) == []


def test_a_library_that_was_emptied_is_empty(at: Bench) -> None:
    for name in "abc":
        at.put(name, "The cat sat. A dog ran.")
    at.engine.catch_up()
    at.library.remove(at.numbers().values())
    at.engine.catch_up()
    assert at.engine.search(["cat", "dog"], limit=10) == []
    assert at.engine.statistics() == Statistics(0, 0, 0, 0)


def test_ties_go_by_source_then_start_whatever_the_order_of_arrival(at: Bench) -> None:
    for name in ("b", "c", "a"):
        at.put(name, "the cat sat\ncat sat")
    at.engine.catch_up()
    found = at.engine.search(["cat"], limit=100)
    assert at.shown(found) == [(name, said) for name in "abc" for said in ("the cat sat", "cat sat")]
    assert at.engine.search(["cat"], limit=3) == found[:3]


def test_headings_boilerplate_and_stop_words_are_not_found(at: Bench) -> None:
    at.put("a", "# cat\n! cat\nThe dog sat.")
    at.engine.catch_up()
    assert at.engine.search(["cat"], limit=10) == []
    assert at.engine.search(["the"], limit=10) == []
    assert at.shown(at.engine.search(["dog"], limit=10)) == [("a", "The dog sat.")]


@pytest.mark.parametrize("share", [0.02, 0.5, 0.98])
def test_a_filter_of_any_size_gives_all_that_it_lets_through(at: Bench, share: float) -> None:
    drawn = random.Random(int(100 * share))
    words = ["cat", "dog", "rat", "sat", "bat"]
    texts = ["\n".join(" ".join(drawn.choices(words, k=4)) for _ in range(3)) for _ in range(300)]
    for _ in at.library.put_many(Article(text=text, source=f"s{n:03}") for n, text in enumerate(texts)):
        pass
    at.engine.catch_up()
    numbers = sorted(at.numbers().values())
    within = set(drawn.sample(numbers, max(1, int(share * len(numbers)))))
    whole = reference(at.library).search(["cat", "dog"], limit=10_000)
    article_of = {number: one.article for number, one in at.library.passages(hit.passage for hit in whole).items()}
    expected = [hit for hit in whole if article_of[hit.passage] in within]
    assert at.engine.search(["cat", "dog"], limit=10_000, within=within) == expected
    assert at.engine.search(["cat", "dog"], limit=5, within=within) == expected[:5]
    assert at.engine.search(["cat", "dog"], limit=5, within=frozenset(numbers)) == whole[:5]
