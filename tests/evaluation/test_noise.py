"""One random edit in one content word."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from bot.evaluation.noise import Noise
from tests.evaluation.fakes import ANALYZERS

ENGLISH = ANALYZERS.of("en")
QUESTIONS = ["When did the Ministry of Defence publish the report?", "What did Wagner's mercenaries do about Soledar?"]


@given(st.text(alphabet=string.ascii_letters + "  '-", min_size=1, max_size=60), st.integers(0, 5))
def test_a_copy_is_at_most_one_edit_away(question: str, seed: int) -> None:
    copy = Noise([*QUESTIONS, question], ENGLISH, seed=seed).copy(question)
    assert OSA.distance(question, copy) <= 1


def test_the_edit_is_in_a_content_word_of_five_letters_or_more() -> None:
    copies = [Noise(QUESTIONS, ENGLISH, seed=seed).copy(QUESTIONS[0]) for seed in range(200)]
    kept = ("When did the ", " of ", " the ", "?")
    assert all(all(part in copy for part in kept) for copy in copies)
    assert all(OSA.distance(QUESTIONS[0], copy) == 1 for copy in copies)
    edited = {word for copy in copies for word in ("Ministry", "Defence", "publish", "report") if word not in copy}
    assert edited == {"Ministry", "Defence", "publish", "report"}


def test_the_same_seed_makes_the_same_copy_whatever_else_is_asked() -> None:
    alone = Noise(QUESTIONS, ENGLISH).copy(QUESTIONS[1])
    noise = Noise(QUESTIONS, ENGLISH)
    assert [noise.copy(question) for question in QUESTIONS][1] == alone


@pytest.mark.parametrize("question", ["Who is he?", "What about 2023 and 16000?", "???", ""])
def test_a_question_without_such_a_word_stays_as_it_is(question: str) -> None:
    assert Noise(QUESTIONS, ENGLISH).copy(question) == question


def test_letters_that_are_put_in_are_of_the_words_own_script() -> None:
    questions = ["Где находится Соледар?", "What is the Кремль press service?"]
    copies = [Noise(questions, ANALYZERS.of("ru"), seed=seed).copy(questions[0]) for seed in range(100)]
    assert not any(letter.isascii() and letter.isalpha() for copy in copies for letter in copy)


def test_letters_of_foreign_names_are_not_put_in() -> None:
    questions = [*QUESTIONS * 100, "Who is Märta?"]
    copies = [Noise(questions, ENGLISH, seed=seed).copy(QUESTIONS[0]) for seed in range(300)]
    assert all(copy.isascii() for copy in copies)
