"""The owner's questions, what cut-offs do to them, and the one line that is written."""

import tomllib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.answer import Answer, Reply
from bot.errors import ReadingError, SettingsError
from bot.evaluation.tuning import (
    OwnQuestion,
    Row,
    Tried,
    load_own_questions,
    row_at,
    suggested_threshold,
    try_questions,
    with_threshold,
    write_threshold,
)
from tests.evaluation.test_product import quote


def tried(answer: str | msgspec.UnsetType | None, confidence: float, *, right: bool | None = None) -> Tried:
    return Tried(OwnQuestion("Q?", answer), confidence, right, "")


def test_plain_lines_and_objects_may_be_mixed(tmp_path: Path) -> None:
    path = tmp_path / "own.txt"
    path.write_text('Who won?\n\n{"question": "When?", "answer": "8 March"}\n{"question": "Why?", "answer": null}\n')
    found = load_own_questions(path)
    assert [own.question for own in found] == ["Who won?", "When?", "Why?"]
    assert [own.answer for own in found] == [msgspec.UNSET, "8 March", None]
    assert [own.is_answerable for own in found] == [True, True, False]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "line 1: expected"),
        ("Who?\n{}", "line 2: expected.*missing required field `question`"),
        ('{"question": "Q?", "anwser": "x"}', "unknown field `anwser`"),
        ('{"question": " "}', "the question is empty"),
        ('{"question": "Q?", "answer": " "}', "the answer is empty"),
        (" \n", "holds no question"),
    ],
)
def test_wrong_lines_say_what_is_wrong(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "own.txt"
    path.write_text(content)
    with pytest.raises(ReadingError, match=message):
        load_own_questions(path)


def test_an_answer_is_right_when_the_first_quote_holds_it_in_any_case_and_spacing() -> None:
    def answer(question: str) -> Answer:
        return Answer(
            question=question, answered=False, confidence=0.3, near_misses=(quote("On 8  March\nhe left", 0),)
        )

    own = [OwnQuestion("a?", "8 march he"), OwnQuestion("b?", "9 March"), OwnQuestion("c?"), OwnQuestion("d?", None)]
    assert [one.right for one in try_questions(own, answer)] == [True, False, None, None]


def test_a_greeting_counts_as_no_answer() -> None:
    hello = Answer(question="hi", answered=False, confidence=1.0, reply=Reply.GREETING)
    assert next(try_questions([OwnQuestion("hi")], lambda _: hello)).confidence == 0


def test_a_row_counts_each_kind_apart() -> None:
    all_of = [
        tried("x", 0.9, right=True),
        tried("x", 0.8, right=False),
        tried("x", 0.2, right=True),
        tried(None, 0.8),
        tried(None, 0.1),
    ]
    assert row_at(all_of, 0.8) == Row(0.8, answerable=3, answered=2, wrong=1, absent=2, false=1)


def test_the_suggestion_keeps_false_answers_down_and_loses_nothing_right() -> None:
    all_of = [tried("x", 0.9), tried("x", 0.412), *[tried(None, 0.4111)] * 2, *[tried(None, 0.1)] * 18]
    assert suggested_threshold(all_of, false=0.1) == pytest.approx(0.256)  # the middle of .1 and .412
    assert suggested_threshold(all_of, false=0.05) == pytest.approx(0.412)  # the one step in between
    assert row_at(all_of, 0.412).answered == 2
    assert row_at(all_of, 0.412).false == 0


def test_wrong_answers_do_not_hold_the_suggestion_down() -> None:
    all_of = [tried("x", 0.9, right=True), tried("x", 0.2, right=False), tried(None, 0.1)]
    assert suggested_threshold(all_of) == pytest.approx(0.5)


def test_where_no_step_lies_between_the_next_one_is_suggested() -> None:
    assert suggested_threshold([tried("x", 0.41142), tried(None, 0.41141)]) == pytest.approx(0.412)
    assert suggested_threshold([tried("x", 0.2), tried(None, 1.0)]) == 1.0


def test_without_questions_of_both_kinds_nothing_is_suggested() -> None:
    assert suggested_threshold([tried("x", 0.5)]) is None
    assert suggested_threshold([tried(None, 0.5)]) is None
    assert suggested_threshold([]) is None


SETTINGS = """# mine
library = "here"

[answer]   # what is shown
top = 5
threshold = 0.5  # more silence: higher

[search]
candidates = 50
"""


def test_only_the_one_value_changes(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(SETTINGS)
    write_threshold(path, 0.618)
    assert path.read_text() == SETTINGS.replace("threshold = 0.5 ", "threshold = 0.618 ")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "[answer]\nthreshold = 0.6\n"),
        ("library = 'x'", "library = 'x'\n\n[answer]\nthreshold = 0.6\n"),
        ("library = 'x'\n", "library = 'x'\n\n[answer]\nthreshold = 0.6\n"),
        ("[answer]\ntop = 4\n[search]\n", "[answer]\nthreshold = 0.6\ntop = 4\n[search]\n"),
        ("[answer]", "[answer]\nthreshold = 0.6\n"),
        ("[answer]\r\nthreshold=.5\r\n".replace("=.5", "=0.5"), "[answer]\r\nthreshold=0.6\r\n"),
    ],
)
def test_the_value_is_put_where_it_belongs(before: str, after: str) -> None:
    assert with_threshold(before, 0.6) == after
    assert tomllib.loads(after)["answer"]["threshold"] == 0.6


def test_a_file_that_is_not_there_is_made(tmp_path: Path) -> None:
    write_threshold(tmp_path / "new.toml", 0.7)
    assert tomllib.loads((tmp_path / "new.toml").read_text()) == {"answer": {"threshold": 0.7}}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("answer = {top = 4}\n", "set threshold = 0.6 there by hand"),
        ("answer.top = 4\n", "set threshold = 0.6 there by hand"),
        ('note = """\n[answer]\nthreshold = 1\n"""\n', "set threshold = 0.6 there by hand"),
        ("answer = 4\n", "answer is no section"),
        ("answer = \n", "is not valid TOML"),
    ],
)
def test_what_cannot_be_edited_safely_is_left_alone(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "odd.toml"
    path.write_text(content)
    with pytest.raises(SettingsError, match=message):
        write_threshold(path, 0.6)
    assert path.read_text() == content


def test_a_folder_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be written"):
        write_threshold(tmp_path / "nowhere" / "mine.toml", 0.6)


KEYS = st.sampled_from(
    ["top = 3", "threshold = 0.25", "# threshold = 9", "", "  [answer]", "[search]", "x = '[answer]'"]
)


@settings(deadline=None)  # it syncs to disk
@given(st.lists(KEYS, max_size=8))
def test_a_file_reads_as_before_but_for_the_threshold_or_stays(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    path = tmp_path_factory.mktemp("toml") / "mine.toml"
    path.write_text("\n".join(lines))
    try:
        before = tomllib.loads(path.read_text())
    except tomllib.TOMLDecodeError:
        before = None
    try:
        write_threshold(path, 0.6)
    except SettingsError:
        assert path.read_text() == "\n".join(lines)
        return
    assert before is not None
    before.setdefault("answer", {})["threshold"] = 0.6
    assert tomllib.loads(path.read_text()) == before
