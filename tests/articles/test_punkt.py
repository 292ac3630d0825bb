"""Where Punkt lets sentences begin: the same places as NLTK's own search finds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.articles import boundaries
from bot.articles.boundaries import sentence_spans
from bot.articles.punkt import Parameters
from bot.wordlists import WordLists

LISTS = WordLists()
PARAMETERS = {language: Parameters(language, LISTS) for language in ("en", "de", "ru", "")}
PIECES = (
    "The cat sat", "the end", "Mr", "U.S", "e.g", "No", "5", "19", "J", "K", "xi", "Smith", "He", "said", "z", "B",
    "Straße", "Так", "г", ".", "!", "?", "…", "...", ",", ";", '"', "'", "“", "”", "«", "»", "(", ")", "[", "]", "[1]",
    "—", "-", " ", " ", " ", " ", "  ", "\n", "\t", "\u00a0", "\x0b", "o'clock", "don’t", "Yahoo!", "iPhone", "3.14",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


def nltk_starts(text: str, parameters: Parameters) -> list[int]:
    """What NLTK's own tokenizer finds with the same lists."""
    return [start for start, _ in parameters.breaks.punkt.span_tokenize(text)]


@settings(deadline=None)  # the first text waits for NLTK
@given(text=TEXTS, language=st.sampled_from(sorted(PARAMETERS)))
def test_sentences_start_where_nltk_lets_them_start_but_for_what_is_plain(text: str, language: str) -> None:
    parameters = PARAMETERS[language]
    assert set(nltk_starts(text, parameters)) - set(parameters.breaks.starts(text)) == set()


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Smith went to Washington. He left (at last.) Nobody did! \"Why?\" asked J. K. Rowling. It was 5 p.m. So?",
        "It ended...She left. Wow!!! I promise.\tThere is more.\nAnd here. ",
        "One sentence", "", "   ", "A. B.", ".", "He said no.) Then he left.\" So it was.",
    ],
)  # fmt: skip
def test_starts_equal_those_of_nltk(text: str) -> None:
    assert list(PARAMETERS["en"].breaks.starts(text)) == nltk_starts(text, PARAMETERS["en"])


@settings(deadline=None)  # the first text waits for NLTK
@given(text=TEXTS, language=st.sampled_from(sorted(PARAMETERS)))
def test_the_rules_say_of_plain_ends_what_the_short_cut_says(text: str, language: str) -> None:
    parameters = PARAMETERS[language]
    quick = list(sentence_spans(text.strip(), parameters))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(boundaries, "_is_plain", lambda *_: False)
        assert list(sentence_spans(text.strip(), parameters)) == quick
