"""The properties of units and spans: by hand, and against those of one sentence made as texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.marking.properties import (
    LONGEST,
    PATTERN,
    VALUES,
    number_of_pattern,
    numbers,
    pattern_from,
    patterns,
    row_of,
    texts,
)
from bot.answering.marking.spanviews import lens
from bot.answering.marking.units import AnswerWords, Unit, units
from tests.answering import naive_properties
from tests.answering.worlds import ANALYZERS, LISTS, READER

ENGLISH = ANALYZERS.of("en")
WORDS = AnswerWords(LISTS, "en")
SENTENCES = st.lists(
    st.lists(
        st.sampled_from(
            ["Lyon", "city", "cities", "ran", "running", "the", "in", "was", "it", "May", "1999", "12", "$5", "40%",
             "NATO", "well-known", "“Ada,", "(so)", "first,", "–", "ten"]
        ),
        min_size=1,
        max_size=30,
    ).map(" ".join),
    min_size=1,
    max_size=4,
)  # fmt: skip
QUESTIONS = st.sampled_from(
    ["Who ran?", "Which city was it?", "How many of them ran in May?", "Why", "What did the first runner see in Lyon?"]
)


def read(text: str) -> list[Unit]:
    return units(text, ENGLISH.tokens(text), WORDS)


def named(question: str, text: str) -> dict[str, list[str]]:
    row = row_of([read(text)])
    through = lens(READER.read(question, language="en", analyzer=ENGLISH))
    found = zip(VALUES, numbers(through, row).tolist(), strict=True)
    return {**texts(row), **{name: [VALUES[name][number] for number in own] for name, own in found}}


def test_distances_are_told_by_side_and_by_the_role_of_the_words_there() -> None:
    found = named("Which city did Ada leave?", "In May the city that Ada left was Lyon.")
    assert found["matches"][3] == "-h-"
    assert found["head"] == ["-3", "-2", "-1", "0", "+1", "+2", "+3", "+4", "+4"]
    assert found["left"][4:6] == ["1h", "2h"]
    assert found["right"][:5] == ["3h", "2h", "1h", "2v", "1v"]
    assert found["near"][4] == "1|1"
    assert found["sides"][0] == "0<3"
    assert found["sides"][-1] == "3<0"


def test_words_and_looks_beside_a_unit_end_with_the_sentence() -> None:
    found = named("Who ran?", "The dog ran.")
    assert found["word before"] == ["^", "the", "dog"]
    assert found["word after"] == ["dog", "ran", "$"]
    assert found["looks before"] == ["^+stop", "stop+lower", "lower+lower"]
    assert found["two looks after"] == ["lower+lower", "lower+$", "$+$$"]
    assert (found["is first"], found["is last"]) == (["yes", "no", "no"], ["no", "no", "yes"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The dog ran.", [".", ".x", ".x+"]),
        ("Ran dogs, cats, rats.", ["F", "Fx", "Fx,x", "Fx,x,x"]),
        ("It cost Ada Bell Carr Dunn 5 francs.", [".", ".x", ".xN", ".xN+", ".xN+", ".xN+", ".xN+8", ".xN+8x"]),
        ("It cost Ada 5 francs in May 1999.",
         [".", ".x", ".xN", ".xN8", ".xN8x", ".xN8x.", ".xN8x.M", ".xN8~MY"]),
    ],
)  # fmt: skip
def test_patterns_spell_the_looks_of_a_span(text: str, expected: list[str]) -> None:
    found = [pattern_from(number) for number in patterns(row_of([read(text)]))[0].tolist()]
    assert found[: len(expected)] == expected


@given(QUESTIONS, SENTENCES)
def test_all_sentences_at_once_are_seen_as_each_by_itself_in_texts(question: str, sentences: list[str]) -> None:
    found = [sentence for text in sentences if (sentence := read(text))]
    if not found:
        return
    through = lens(READER.read(question, language="en", analyzer=ENGLISH))
    row = row_of(found)
    numbered = dict(zip(VALUES, numbers(through, row).tolist(), strict=True))
    told, spelt = texts(row), patterns(row).tolist()
    for sentence, start, end in zip(found, row.starts.tolist(), row.ends.tolist(), strict=True):
        for name, expected in naive_properties.unit_values(through, sentence).items():
            own = told[name] if name in told else [VALUES[name][number] for number in numbered[name]]
            assert own[start:end] == expected, name
        for place, expected in enumerate(naive_properties.patterns(sentence)):
            assert [pattern_from(number) for number in spelt[start + place][: len(expected)]] == expected


@given(st.text("abcdefgh~+,.", max_size=PATTERN))
def test_a_pattern_is_its_number(text: str) -> None:
    assert pattern_from(number_of_pattern(text)) == text


def test_no_span_is_longer_than_the_longest() -> None:
    assert patterns(row_of([read("a b c")])).shape == (3, LONGEST)
