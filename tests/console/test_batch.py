"""The batch: every line gets its object, in order, whatever it holds."""

import io
import json
from typing import Any

import pytest

from bot.articles.filters import Filters
from bot.console.batch import LONGEST_LINE_BYTES, Batch
from bot.messages import Messages
from tests.console.fakes import FakeAnswerer

MESSAGES = Messages.load("en")


def run(questions: bytes, answerer: FakeAnswerer | None = None, *, why: bool = False) -> list[dict[str, Any]]:
    written = io.StringIO()
    batch = Batch(answerer or FakeAnswerer(), MESSAGES, filters=Filters(language="en"), top=5, why=why)
    batch.run(io.BytesIO(questions), written)
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_plain_lines_and_objects_are_answered_in_order() -> None:
    answerer = FakeAnswerer()
    records = run('Who?\n{"question": "Де?", "id": 3}\r\nnothing'.encode(), answerer)
    assert [record["question"] for record in records] == ["Who?", "Де?", "nothing"]
    assert [record.get("id") for record in records] == [None, 3, None]
    assert [record["answered"] for record in records] == [True, True, False]
    assert [asked[2:] for asked in answerer.asked] == [(Filters(language="en"), 5)] * 3


@pytest.mark.parametrize(
    ("line", "identity", "expected"),
    [
        (b"", None, "is empty"),
        (b"  \t", None, "is empty"),
        (b"\xff\xfe?", None, "is not valid UTF-8"),
        (b'{"question": "Who?"', None, "is not a JSON object"),
        (b"{}", None, 'expected a text under "question", found nothing'),
        (b'{"id": 1}', 1, "found nothing"),
        (b'{"question": ["Who?"], "id": "x"}', "x", 'found ["Who?"]'),
        (b'{"question": "Who?", "id": [1]}', None, 'expected a text or a number under "id", found [1]'),
        (b'{"question": "Who?", "id": 9, "conversation": {}}', 9, "expected a text or a number"),
        (b'{"question": "", "id": 4}', 4, "the question is empty; write one"),
        (b'{"question": "crash", "id": 5}', 5, "ZeroDivisionError"),
        (b'{"question": "\\ud800"}', None, "is not a JSON object"),
        (b'{"a":' * 100_000, None, "is not a JSON object"),
        (b"x" * (LONGEST_LINE_BYTES + 1), None, "is longer than"),
        (b"x" * (3 * LONGEST_LINE_BYTES), None, "is longer than"),
    ],
)
def test_a_line_that_cannot_be_answered_gets_an_error_and_the_next_its_answer(
    line: bytes, identity: object, expected: str
) -> None:
    error, after = run(line + b"\nWho?\n")
    assert list(error) == ["id", "error"]
    assert error["id"] == identity
    assert expected in error["error"]
    assert after["question"] == "Who?"


def test_an_error_names_its_line() -> None:
    assert run(b"Who?\n\n")[1]["error"].startswith("line 2: ")


def test_a_byte_order_mark_is_no_part_of_the_first_question() -> None:
    assert run(b"\xef\xbb\xbfWho?\n")[0]["question"] == "Who?"


def test_nothing_in_gives_nothing_out() -> None:
    assert run(b"") == []


def test_a_line_of_exactly_the_longest_length_is_read() -> None:
    (record,) = run(b"x" * LONGEST_LINE_BYTES)
    assert record["answered"]


def test_lines_without_a_conversation_stand_alone() -> None:
    answerer = FakeAnswerer()
    run(b"Who?\nWhen?\n", answerer)
    assert [asked[1] for asked in answerer.asked] == [None, None]


def test_each_object_is_written_before_the_next_line_is_read() -> None:
    written = io.StringIO()
    seen = []

    class Slow(io.BytesIO):
        def readline(self, size: int | None = -1, /) -> bytes:
            seen.append(written.getvalue().count("\n"))
            return super().readline(size)

    Batch(FakeAnswerer(), MESSAGES, filters=Filters(), top=None, why=False).run(Slow(b"Who?\nWhen?\n"), written)
    assert seen == [0, 1, 2]


def test_why_comes_with_each_quote_when_asked_for() -> None:
    assert run(b"Who?\n", why=True)[0]["quotes"][0]["why"]


def test_lines_that_name_a_conversation_follow_each_other_up() -> None:
    answerer = FakeAnswerer()
    lines = [{"question": f"{name} {turn}?", "conversation": name} for turn in (1, 2) for name in ("a", "b", 3)]
    run("\n".join(map(json.dumps, lines)).encode(), answerer)
    held = [[turn.question for turn in asked[1].turns] if asked[1] else None for asked in answerer.asked]
    assert held == [[], [], [], ["a 1?"], ["b 1?"], ["3 1?"]]


def test_the_conversation_that_was_silent_longest_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.console.batch.CONVERSATIONS", 2)
    answerer = FakeAnswerer()
    lines = [{"question": name, "conversation": name} for name in ("a", "b", "a", "c", "a", "b")]
    run("\n".join(map(json.dumps, lines)).encode(), answerer)
    assert [len(asked[1].turns) if asked[1] else None for asked in answerer.asked] == [0, 0, 1, 0, 2, 0]
