"""The clues: what each sees of a sentence beside a question."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.clues import Asked, Glance, Seen, contradicted, evidence, fitting, letters, pieces, room
from bot.answering.marking.marker import Marker
from bot.answering.marking.spanmodel import Spans
from bot.answering.query import Candidate, Features
from bot.retrieval.engine import Hit
from tests.answering.worlds import ANALYZERS, LISTS, READER

ENGLISH = ANALYZERS.of("en")
MARKER = Marker(LISTS)
ANY = Candidate(hit=Hit(1, 0, 0.0), score=0.0, confidence=0.0, table=Features((), np.zeros((1, 0))), place=0)
FIRE = "The lighthouse burned down and was built again."
BUILDER = "The lighthouse was built by Marta Kowalczyk in 1887."


def glance(question: str, text: str, around: str = "") -> Glance:
    query = READER.read(question, language="en", analyzer=ENGLISH)
    tokens = ENGLISH.tokens(text)
    reading = MARKER.read(query, text, tokens)
    assert reading is not None
    assert reading.spans is not None
    return Glance(Asked.of(query), Seen(ANY, text, tokens, around), reading.sentence, reading.spans)


def test_evidence_and_room_are_logs_of_sums() -> None:
    spans = Spans(np.array([0]), np.array([0]), np.array([1.0]), 2.5, 10)
    one = glance("Who built it?", BUILDER)._replace(spans=spans)
    assert evidence(one) == 2.5
    assert room(one) == pytest.approx(np.log(10))


def test_a_sentence_that_names_a_builder_has_more_evidence_than_one_that_does_not() -> None:
    question = "Who built the lighthouse?"
    assert evidence(glance(question, BUILDER)) > evidence(glance(question, FIRE)) + 1


def test_fitting_is_the_probability_of_spans_that_hold_the_expected_kind_beside_the_questions_words() -> None:
    one = glance("Who owns Brannow?", "Brannow pays Marta.")
    spans = Spans(np.array([0, 1, 2]), np.array([0, 1, 2]), np.array([0.5, 0.3, 0.2]), 0.0, 6)
    assert fitting(one._replace(spans=spans)) == pytest.approx(0.2)
    assert fitting(glance("Why is that?", FIRE)) == 1.0


def test_pieces_are_runs_of_four_letters_with_the_blanks_between_words() -> None:
    assert pieces("Fog, so") == {" fog", "fog ", "og s", "g so", " so "}
    assert pieces("") == set()
    assert pieces("маяк") == {" мая", "маяк", "аяк "}


@given(st.text(st.characters(max_codepoint=127), max_size=30))
def test_pieces_of_ascii_are_parted_as_those_of_any_text(text: str) -> None:
    words = " ".join(["", *re.findall(r"\w+", text.lower()), ""]) if re.search(r"\w", text) else "  "
    assert pieces(text) == {words[place : place + 4] for place in range(len(words) - 3)}


def test_letters_count_what_stands_in_the_sentence_or_around_it() -> None:
    assert letters(glance("Fog?", "The fog lifted.")) == 1.0
    assert letters(glance("Fog?", "It lifted.", around="The fog came.")) == 1.0
    assert letters(glance("Fog?", "It lifted.")) == 0.0


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("What burned in 1887?", "It burned in 1912.", 1.0),
        ("What burned in 1887?", "It burned in 1887, not in 1912.", 0.0),
        ("What burned in 1887?", "It burned.", 0.0),
        ("What burned?", "It burned in 1912.", 0.0),
    ],
)
def test_other_numbers_contradict(question: str, text: str, expected: float) -> None:
    assert contradicted(glance(question, text)) == expected
