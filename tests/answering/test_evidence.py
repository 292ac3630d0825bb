"""Evidence: a quote that holds nothing of what is sought, the signs beside its numbers included."""

from pathlib import Path

import pytest

from bot.answering.evidence import MISSING_SHARE, VAGUE_SHARE, shares_left
from bot.answering.question import QuestionReader
from bot.errors import SettingsError
from bot.retrieval.analysis import Analyzers
from bot.wordlists import WordLists

LISTS = WordLists()
ANALYZERS = Analyzers(LISTS)


def missing(question: str, quote: str, language: str = "en", lists: WordLists = LISTS) -> bool:
    analyzer = ANALYZERS.of(language)
    query = QuestionReader(lists, longest=4096).read(question, language=language, analyzer=analyzer)
    return shares_left(query, [(quote, analyzer.tokens(quote))])[0] < 1


@pytest.mark.parametrize(
    "quote",
    [
        "The bridge was opened in 1934.",
        "The bridge was opened on Monday.",
        "The bridge was opened a week ago.",
        "In March the bridge was opened.",
        "Around 930 BCE the bridge was built.",
        "The bridge was opened after the flood.",
    ],
)
def test_a_when_is_met_by_a_year_a_day_or_a_word_of_time(quote: str) -> None:
    assert not missing("When was the bridge opened?", quote)


def test_a_when_without_any_time_is_missing() -> None:
    assert missing("When was the mayor elected?", "The mayor was elected by the council.")


@pytest.mark.parametrize(
    "quote", ["It has 43 rooms.", "It has forty rooms.", "It has several rooms.", "A third is let."]
)
def test_a_how_many_is_met_by_digits_numbers_in_words_and_quantities(quote: str) -> None:
    assert not missing("How many rooms does the house have?", quote)


def test_the_questions_own_number_is_no_answer() -> None:
    assert missing("How many people live at 12 Harbour Street?", "At 12 Harbour Street the residents took cover.")


def test_a_how_long_is_met_by_a_time() -> None:
    assert not missing("How long was the reporter away?", "The reporter has been away for weeks.")


@pytest.mark.parametrize(
    ("question", "with_sign", "without"),
    [
        ("What did the ticket cost?", "The ticket was $5.", "The ticket was number 5."),
        ("What did the ticket cost?", "The ticket was 5 €.", "The ticket was number 5."),
        ("What percentage came?", "Only 5% of them were there.", "Only 5 of them were there."),
        ("What temperature was it?", "It was 30° at noon.", "It was 30 at noon."),
    ],
)
def test_a_price_a_share_and_a_temperature_need_their_sign_or_unit(question: str, with_sign: str, without: str) -> None:
    assert not missing(question, with_sign)
    assert missing(question, without)


def test_a_name_is_no_evidence_of_a_person_behind_a_word_that_a_place_follows() -> None:
    assert missing("Who was killed?", "Three were killed in Bakhmut.")


def test_a_who_keeps_more_than_a_price_since_other_words_may_answer_it() -> None:
    def left(question: str, quote: str) -> float:
        english = ANALYZERS.of("en")
        query = QuestionReader(LISTS, longest=4096).read(question, language="en", analyzer=english)
        return shares_left(query, [(quote, english.tokens(quote))])[0]

    assert left("Whom does it favour?", "It usually favours defenders.") == VAGUE_SHARE
    assert left("What is the name of the guard?", "The guard winds the clocks.") == MISSING_SHARE
    assert left("What did it cost?", "It was closed.") == MISSING_SHARE


def test_other_questions_and_reasons_without_a_list_ask_for_no_evidence() -> None:
    assert not missing("What is a bridge?", "The bridge was opened.")
    assert not missing("Varför öppnades bron?", "Bron öppnades.", language="sv")


@pytest.mark.parametrize(
    "question", ["When was it?", "Who was it?", "Where was it?", "How much was it?", "How old was it?", "Why was it?"]
)
def test_quotes_are_told_at_once_what_each_is_told_by_itself(question: str) -> None:
    english = ANALYZERS.of("en")
    query = QuestionReader(LISTS, longest=4096).read(question, language="en", analyzer=english)
    texts = [
        "It was a week",
        "ago it was $5.",
        "",
        "Ada was 12 years",
        "old and led the ada team due",
        "to a flood at 5:30.",
    ]
    quotes = [(text, english.tokens(text)) for text in texts]
    assert shares_left(query, quotes) == [share for quote in quotes for share in shares_left(query, [quote])]


def test_a_wrong_line_of_the_owner_is_named(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "en.txt").write_text("soonish\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r'evidence/en\.txt: "soonish": expected a line words = hint'):
        missing("When was it?", "It was.", lists=WordLists(tmp_path))
