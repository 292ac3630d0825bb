"""Timing: what a question says about when, with a fixed today (Wednesday, 8 March 2023)."""

from datetime import date
from pathlib import Path

import pytest

from bot.answering.timing import Timings
from bot.errors import SettingsError
from bot.wordlists import WordLists

TODAY = date(2023, 3, 8)
TIMINGS = Timings(WordLists())


def bounds(question: str, language: str = "en") -> tuple[str | None, str | None] | None:
    timing = TIMINGS.read(question, language, TODAY)
    if timing is None:
        return None
    since, until = timing.since, timing.until
    return since.isoformat() if since else None, until.isoformat() if until else None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What happened today?", ("2023-03-08", "2023-03-08")),
        ("What happened yesterday?", ("2023-03-07", "2023-03-07")),
        ("What happened last week?", ("2023-02-27", "2023-03-05")),
        ("What happened this week?", ("2023-03-06", "2023-03-08")),
        ("What happened last month?", ("2023-02-01", "2023-02-28")),
        ("What happened this year?", ("2023-01-01", "2023-03-08")),
        ("What happened last year?", ("2022-01-01", "2022-12-31")),
        ("What has happened since 2022?", ("2022-01-01", None)),
        ("What happened until March 2022?", (None, "2022-03-31")),
        ("What happened before 2022?", (None, "2021-12-31")),
        ("What happened in March?", ("2023-03-01", "2023-03-31")),
        ("What happened in May?", ("2022-05-01", "2022-05-31")),
        ("What happened in December 2021?", ("2021-12-01", "2021-12-31")),
        ("What happened on 24 February 2022?", ("2022-02-24", "2022-02-24")),
        ("What happened on February 24, 2022?", ("2022-02-24", "2022-02-24")),
        ("What happened on February 24th, 2022?", ("2022-02-24", "2022-02-24")),
        ("What happened on 2022-02-24?", ("2022-02-24", "2022-02-24")),
    ],
)
def test_what_can_be_placed_in_the_calendar(question: str, expected: tuple[str | None, str | None]) -> None:
    assert bounds(question) == expected


@pytest.mark.parametrize(
    ("language", "question", "expected", "words"),
    [
        ("en", "News since the 8th of February 2023?", ("2023-02-08", None), "since the 8th of February 2023"),
        ("en", "What of the 24 February 2022 attack?", ("2022-02-24", "2022-02-24"), "of the 24 February 2022"),
        ("de", "Was geschah am 24.02.2022?", ("2022-02-24", "2022-02-24"), "am 24.02.2022"),
        ("de", "Was geschah seit dem 1. Februar?", ("2023-02-01", None), "seit dem 1. Februar"),
        ("fr", "Que s’est-il passé le 1er mars 2022 ?", ("2022-03-01", "2022-03-01"), "le 1er mars 2022"),
        ("fr", "Que s’est-il passé depuis le 8 mars ?", ("2023-03-08", None), "depuis le 8 mars"),
        ("ru", "Что произошло 24 февраля 2022 года?", ("2022-02-24", "2022-02-24"), "24 февраля 2022 года"),
        ("uk", "Що сталося 24 лютого 2022 року?", ("2022-02-24", "2022-02-24"), "24 лютого 2022 року"),
        ("es", "¿Qué pasó el 24 de febrero de 2022?", ("2022-02-24", "2022-02-24"), "el 24 de febrero de 2022"),
    ],
)
def test_a_date_is_read_as_its_language_writes_it(
    language: str, question: str, expected: tuple[str | None, str | None], words: str
) -> None:
    timing = TIMINGS.read(question, language, TODAY)
    assert timing is not None
    assert bounds(question, language) == expected
    assert [question[start:end] for start, end in timing.spans] == [words]


@pytest.mark.parametrize(
    "question",
    [
        "Who is the boss of Wagner?",
        "Who won in the 1990 World Cup?",
        "What is the 8 March about?",
        "What happened on the 30.02.2022?",
        "What happened before the invasion?",
        "What may happen in Bakhmut?",
        "How many were killed in 24 hours?",
        "What will happen in 2099?",
        "What happened on 30 February 2022?",
        "What happened on 2022-13-45?",
        "",
    ],
)
def test_what_cannot_be_placed_says_nothing(question: str) -> None:
    assert bounds(question) is None


def test_the_latest_asks_for_the_newest_and_names_its_words() -> None:
    question = "What is the most recent news about Bakhmut?"
    timing = TIMINGS.read(question, "en", TODAY)
    assert timing is not None
    assert (timing.newest, timing.since, timing.until) == (True, None, None)
    assert [question[start:end] for start, end in timing.spans] == ["most recent"]


def test_the_words_of_a_window_are_named() -> None:
    question = "What did Kyiv say since March 2022 about it?"
    timing = TIMINGS.read(question, "en", TODAY)
    assert timing is not None
    assert [question[start:end] for start, end in timing.spans] == ["since March 2022"]


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("uk", "Що сталося минулого тижня?"),
        ("ru", "Что случилось на прошлой неделе?"),
        ("es", "¿Qué pasó la semana pasada?"),
        ("de", "Was geschah letzte Woche?"),
        ("fr", "Que s'est-il passé la semaine dernière ?"),
    ],
)
def test_other_languages_know_last_week(language: str, question: str) -> None:
    assert bounds(question, language) == ("2023-02-27", "2023-03-05")


def test_a_language_without_a_list_says_nothing() -> None:
    assert bounds("vad hände i mars", "sv") is None


def test_a_wrong_line_of_the_owner_is_named(tmp_path: Path) -> None:
    (tmp_path / "time").mkdir()
    (tmp_path / "time" / "en.txt").write_text("lately = sometime\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r'time/en\.txt: "lately = sometime": expected'):
        Timings(WordLists(tmp_path)).read("x", "en", TODAY)
