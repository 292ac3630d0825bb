"""The names in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.followups.names import names_in
from bot.retrieval.analysis import Analyzers
from bot.wordlists import WordLists

ENGLISH = Analyzers(WordLists()).of("en")


def found(text: str) -> set[str]:
    tokens = ENGLISH.tokens(text)
    runs = set(names_in(text, tokens).values())
    return {" ".join(text[tokens[place].start : tokens[place].end] for place in run) for run in runs}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("they met Clara Whitfield in Lyon", {"Clara Whitfield", "Lyon"}),
        ("the compilation Light Into Dark, a hit", {"Light Dark"}),
        ("her Queen of the Night sold", {"Queen Night"}),
        ('she wrote "the iron Bridge" there', {"iron Bridge"}),
        ('she said "we were never so tired of the rain and cold"', set()),
        ("Bridges fall down", set()),
        ("Lyon", {"Lyon"}),
        ("met Clara, Jean", {"Clara", "Jean"}),
        ("", set()),
    ],
)
def test_names_are_runs_of_capitals_and_titles_in_quotation_marks(text: str, names: set[str]) -> None:
    assert found(text) == names


@given(st.text(max_size=80))
def test_each_token_is_part_of_one_name_at_most(text: str) -> None:
    names = names_in(text, ENGLISH.tokens(text))
    assert all(place in run and names[other] == run for place, run in names.items() for other in run)
