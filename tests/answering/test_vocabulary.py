"""The vocabulary: distinct words by their keys, and which of others are among them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.vocabulary import NO_WORD, numbered, places_in
from bot.retrieval.keys import keys_of

WORDS = st.lists(st.text("abй", min_size=1, max_size=12))


@given(WORDS, WORDS)
def test_words_have_the_same_number_where_they_are_the_same(words: list[str], others: list[str]) -> None:
    vocabulary, numbers = numbered(keys_of(" ".join(words)))
    assert len(vocabulary.keys) == len(set(words))
    number_of = dict(zip(words, numbers.tolist(), strict=True))
    assert sorted(number_of.values()) == list(range(len(number_of)))
    assert [words[place] for place in vocabulary.places] == sorted(number_of, key=lambda word: number_of[word])
    found = vocabulary.numbers(keys_of(" ".join(others))).tolist()
    assert found == [number_of.get(word, NO_WORD) for word in others]


def test_nothing_is_among_no_keys() -> None:
    assert places_in(keys_of(""), keys_of("one two")).tolist() == [NO_WORD, NO_WORD]
    assert places_in(np.sort(keys_of("one two")), keys_of("")).tolist() == []
