"""Keys of words: equal for equal words, different for others, whatever the script and the length."""

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.retrieval.keys import keys_of

WORDS = st.lists(st.text(st.characters(exclude_characters=" ", exclude_categories=["Cs"]), min_size=1, max_size=40))


@given(WORDS)
def test_words_have_equal_keys_when_they_are_equal_and_only_then(words: list[str]) -> None:
    keys = keys_of(" ".join(words)).tolist()
    assert len(keys) == len(words)
    assert len(set(zip(words, keys, strict=True))) == len(set(words)) == len(set(keys))


def test_a_word_has_the_same_key_wherever_it_stands() -> None:
    assert keys_of("the incomprehensibilities of the")[[0, 1, 3]].tolist() == [
        *keys_of("the incomprehensibilities").tolist(),
        *keys_of("the").tolist(),
    ]


def test_words_that_differ_in_their_last_letters_alone_are_apart() -> None:
    long = "a" * 23
    assert len(set(keys_of(f"{long} {long}a {long}b {long}ab {long}ba aaaaaaaa aaaaaaab aaaaaaaaa").tolist())) == 8


@given(WORDS, st.randoms())
def test_the_chosen_words_have_the_keys_that_they_have_among_all(words: list[str], draw: Random) -> None:
    chosen = np.array([draw.random() < 0.5 for _ in words], dtype=np.bool_)
    text = " ".join(words)
    assert keys_of(text, chosen).tolist() == keys_of(text)[chosen].tolist()


def test_no_text_has_no_keys() -> None:
    assert keys_of("").tolist() == []
