"""The first look: what it counts, by hand, and whom it lets through."""

import numpy as np
import pytest

from bot.retrieval.memory import MemoryEngine
from bot.retrieval.shortlist import AFTER, ARTICLE, BEFORE, OWN, PASSAGE, Matches, looked_at
from bot.settings import load_settings
from tests.retrieval.collections import TinySource

SETTINGS = load_settings(environment={}).values.search


def flags(*rows: str) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """[terms, candidates] true where a row has an x."""
    return np.array([[sign == "x" for sign in row] for row in rows])


def test_a_term_counts_where_it_stands_nearest_and_once_more_for_its_article() -> None:
    matches = Matches(
        own=flags("x----"),
        before=flags("xx---"),
        after=flags("-xx--"),
        passage=flags("xxxx-"),
        article=np.array([1, 2, 3, 4, 4]),
    )
    found = looked_at(np.array([1.0, 0, 0, 0, 0]), matches, np.array([2.0]))
    in_article = 2 * ARTICLE
    expected = [1 + 2 * OWN, 2 * BEFORE, 2 * AFTER, 2 * PASSAGE, 0]
    assert found.tolist() == pytest.approx([score + in_article for score in expected])


def test_terms_add_up_by_their_rarity() -> None:
    nowhere = flags("-", "-")
    matches = Matches(
        own=flags("x", "x"), before=nowhere, after=nowhere, passage=flags("x", "x"), article=np.array([1])
    )
    found = looked_at(np.zeros(1), matches, np.array([1.0, 3.0]))
    assert found.tolist() == pytest.approx([4 * (OWN + ARTICLE)])


def test_a_sentence_beside_the_rest_of_the_question_comes_before_one_that_stands_alone() -> None:
    source = TinySource()
    source.put(1, [["ferry ran aground", "captain slept"], ["rain fell", "rain fell"]])
    source.put(2, [["captain ate", "rain fell"]])
    engine = MemoryEngine(source, SETTINGS)
    engine.refresh()
    first, second, *_ = engine.search(["captain", "ferry"], limit=2)
    assert {first.passage, second.passage} == {1}


def test_neighbours_in_other_passages_are_none() -> None:
    source = TinySource()
    source.put(1, [["cat"], ["dog"], ["cat", "dog"]])
    engine = MemoryEngine(source, SETTINGS)
    engine.refresh()
    scores = {(hit.passage, hit.position): hit.score for hit in engine.search(["cat", "dog"], limit=10)}
    assert scores[3, 0] > scores[1, 0]
    assert scores[3, 1] > scores[2, 0]
