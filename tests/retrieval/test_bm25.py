"""BM25: hand-worked numbers, a naive scorer as oracle, and units that come and go."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retrieval.bm25 import Bm25, positive_idf

TERMS = st.lists(st.sampled_from("abcdefgh"), max_size=8)


def naive_score(query: list[str], units: list[list[str]], unit: list[str], k1: float, b: float) -> float:
    total = sum(len(u) for u in units)
    avgdl = total / len(units) if total else 1.0
    score = 0.0
    for term in query:
        df = sum(term in u for u in units)
        tf = unit.count(term)
        idf = math.log(1 + (len(units) - df + 0.5) / (df + 0.5))
        score += idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * len(unit) / avgdl)) if df and tf else 0.0
    return score


def test_a_hand_worked_score() -> None:
    index = Bm25(k1=1.0, b=0.5)
    for unit in (["cat", "cat", "dog"], ["dog"]):
        index.add(unit)
    # avgdl 2; "cat": idf ln(1 + 1.5/1.5) = ln 2, tf 2, norm 1*(0.5 + 0.5*3/2) = 1.25 -> ln 2 * 4 / 3.25
    assert index.scores(["cat"], [0, 1]).tolist() == pytest.approx([math.log(2) * 4 / 3.25, 0.0])


def test_a_term_in_every_unit_keeps_a_positive_idf() -> None:
    assert positive_idf(5, 5) == pytest.approx(math.log(1 + 0.5 / 5.5))
    index = Bm25(k1=0.6, b=0.3)
    for _ in range(5):
        index.add(["everywhere"])
    assert (index.scores(["everywhere"], range(5)) > 0).all()


def test_an_empty_index_scores_nothing_and_raises_nothing() -> None:
    index = Bm25(k1=0.6, b=0.3)
    assert index.matched_idf(["cat"]).tolist() == []
    assert index.scores(["cat"], []).tolist() == []


def test_an_unknown_term_scores_zero() -> None:
    index = Bm25(k1=0.6, b=0.3)
    index.add(["cat"])
    assert index.scores(["dog"], [0]).tolist() == [0.0]
    assert index.matched_idf(["dog"]).tolist() == [0.0]


def test_a_unit_without_terms_is_counted_and_scores_zero() -> None:
    index = Bm25(k1=0.6, b=0.3)
    index.add([])
    assert index.corpus_size == 1
    assert index.scores(["cat"], [0]).tolist() == [0.0]


@given(units=st.lists(TERMS, min_size=1, max_size=12), query=TERMS, k1=st.floats(0.1, 2), b=st.floats(0, 1))
def test_scores_equal_the_naive_scorers(units: list[list[str]], query: list[str], k1: float, b: float) -> None:
    index = Bm25(k1=k1, b=b)
    slots = [index.add(unit) for unit in units]
    distinct = list(dict.fromkeys(query))
    expected = [naive_score(distinct, units, unit, k1, b) for unit in units]
    assert index.scores(distinct, slots).tolist() == pytest.approx(expected)


@given(units=st.lists(TERMS, min_size=1, max_size=12), removed=st.sets(st.integers(0, 11)), query=TERMS)
def test_scores_are_rank_bm25s_own_to_the_last_digit(
    units: list[list[str]], removed: set[int], query: list[str]
) -> None:
    index = Bm25(k1=0.6, b=0.3)
    slots = [index.add(unit) for unit in units]
    for slot in removed & set(slots[1:]):
        index.remove(slot)
    index._calc_idf(index.document_frequency)
    held = [term for term in query if term in index.document_frequency]
    assert index.scores(query, slots).tolist() == index.get_batch_scores(held, slots)


@given(units=st.lists(TERMS, max_size=12), removed=st.sets(st.integers(0, 11)), query=TERMS)
def test_an_index_changed_step_by_step_equals_one_built_afresh(
    units: list[list[str]], removed: set[int], query: list[str]
) -> None:
    stepwise, fresh = Bm25(k1=0.6, b=0.3), Bm25(k1=0.6, b=0.3)
    slots = [stepwise.add(unit) for unit in units]
    for place in removed & set(range(len(units))):
        stepwise.remove(slots[place])
    kept = [place for place in range(len(units)) if place not in removed]
    for place in kept:
        fresh.add(units[place])
    assert stepwise.document_frequency == fresh.document_frequency
    assert (stepwise.corpus_size, stepwise.term_total) == (fresh.corpus_size, fresh.term_total)
    left = [slots[place] for place in kept]
    assert stepwise.scores(query, left).tolist() == fresh.scores(query, range(len(kept))).tolist()
    matched = stepwise.matched_idf(query)
    assert matched[left].tolist() == fresh.matched_idf(query).tolist()
    assert all(matched[slots[place]] == 0 for place in removed & set(range(len(units))))


@given(units=st.lists(TERMS, max_size=12), cut=st.integers(0, 12), query=TERMS)
def test_units_added_together_are_as_units_added_one_by_one(units: list[list[str]], cut: int, query: list[str]) -> None:
    together, one_by_one = Bm25(k1=0.6, b=0.3), Bm25(k1=0.6, b=0.3)
    slots = [*together.add_many(units[:cut]), *together.add_many(units[cut:])]
    assert slots == [one_by_one.add(unit) for unit in units]
    assert together.document_frequency == one_by_one.document_frequency
    assert list(together.doc_freqs) == [{term: unit.count(term) for term in unit} for unit in units]
    assert together.scores(query, slots).tolist() == one_by_one.scores(query, slots).tolist()
    assert [together.slots_of(term).tolist() for term in query] == [
        one_by_one.slots_of(term).tolist() for term in query
    ]
