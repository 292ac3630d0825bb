"""The tokens: what stands near the question's, what is joined over a sentence, words by their beginning."""

import numpy as np
import pytest

from bot.answering.features.tokens import FAR, Tokens, starts_of
from tests.answering.worlds import world


@pytest.fixture(scope="module")
def tokens() -> Tokens:
    articles = {"": [["The tower of Їжакевич stands.", "It rained."], ["The towers fell, the tower too."]]}
    return world(articles, language="").view("tower fell").tokens


def test_the_tokens_stand_candidate_after_candidate_with_the_questions_words_told(tokens: Tokens) -> None:
    assert [tokens.word_at(place) for place in range(5)] == ["the", "tower", "of", "їжакевич", "stands"]
    assert tokens.candidate.tolist() == [0] * 5 + [1] * 2 + [2] * 6
    assert [tokens.word_at(place) for place in np.flatnonzero(tokens.asked >= 0)] == ["tower", "fell", "tower"]


def test_distances_end_at_the_sentence(tokens: Tokens) -> None:
    assert tokens.distance.tolist() == [1, 0, 1, 2, 3, FAR, FAR, 2, 1, 0, 1, 0, 1]
    assert tokens.distance_from_start.tolist() == [0, 1, 2, 3, 4, 0, 1, 0, 1, 2, 3, 4, 5]


def test_values_are_joined_over_the_tokens_of_each_sentence(tokens: Tokens) -> None:
    places, values = np.array([0, 3, 7]), np.array([[1.0, 5.0], [2.0, 4.0], [3.0, 0.5]])
    assert tokens.joined(places, values, np.add).tolist() == [[3, 9], [0, 0], [3, 0.5]]
    assert tokens.joined(places, values, np.maximum).tolist() == [[2, 5], [0, 0], [3, 0.5]]
    assert tokens.joined(places[:0], values[:0], np.add).tolist() == [[0, 0]] * 3
    assert tokens.count(places).tolist() == [2, 0, 1]
    assert tokens.sums(places, values[:, 0]).tolist() == [3, 0, 3]


def test_what_is_said_of_a_word_is_said_of_each_of_its_tokens(tokens: Tokens) -> None:
    rained = tokens.term[6]
    tower = tokens.term[1]
    places, says = tokens.said(np.array([tower, rained]), np.array([1, 0]), np.array([0.5, 2.0]), count=2)
    assert places.tolist() == [1, 6, 11]
    assert says.tolist() == [[0, 0.5], [2, 0], [0, 0.5]]


@pytest.mark.parametrize(
    ("letters", "words"), [("towe", {"tower", "towers"}), ("їжак", {"їжакевич"}), ("їжаб", set()), ("rain", {"rained"})]
)
def test_words_are_found_by_their_beginning(tokens: Tokens, letters: str, words: set[str]) -> None:
    found = dict(tokens.beginning_with(letters))
    assert set(found.values()) == words
    assert all(tokens.word_at(tokens.vocabulary.places[number]) == word for number, word in found.items())


def test_a_row_starts_where_another_one_ended() -> None:
    assert starts_of(np.array([2, 2, 5, 5, 5, 1])).tolist() == [0, 2, 5]
    assert starts_of(np.array([], dtype=np.int64)).tolist() == []
