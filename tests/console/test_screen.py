"""The screen: plain text for programs, colours and wrapping for people, nothing that an article could smuggle in."""

import io

import pytest

from bot.console.screen import Line, Screen, Span, Style, line, shown, width


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "24")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return Terminal()


LINES = [Line((Span("one "), Span("two", Style.MARKED), Span(" three four five six")), Span("1. ", Style.GOOD))]


def test_a_program_gets_whole_lines_without_any_style() -> None:
    stream = io.StringIO()
    Screen(stream).write([*LINES, line("x" * 300, Style.BAD)])
    assert stream.getvalue() == "1. one two three four five six\n" + "x" * 300 + "\n"


def test_a_terminal_gets_bold_and_colours_and_lines_that_wrap_beside_their_margin(terminal: Terminal) -> None:
    Screen(terminal).write(LINES)
    written = terminal.getvalue()
    assert "\x1b[1mtwo\x1b[0m" in written
    assert "\x1b[32m" in written
    assert len(written.splitlines()) == 2
    assert written.splitlines()[1].startswith("   ")


def test_no_color_keeps_bold_and_drops_colours(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    Screen(terminal).write(LINES)
    assert "\x1b[1mtwo" in terminal.getvalue()
    assert "\x1b[32m" not in terminal.getvalue()


def test_words_that_look_like_markup_are_shown_as_they_are(terminal: Terminal) -> None:
    Screen(terminal).write([line("[bold]x[/] :smile:")])
    assert "[bold]x[/] :smile:" in terminal.getvalue()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x1b[2Jb", "a\N{REPLACEMENT CHARACTER}[2Jb"),
        ("a\x07\x00\x9b", "a" + "\N{REPLACEMENT CHARACTER}" * 3),
        ("one\ntwo\r\n\tthree", "one two   three"),
        ("\u202egnp.exe\u2066", "\u200bgnp.exe\u200b"),
        ("שלום – ok ✉️", "שלום – ok ✉️"),
    ],
)
def test_what_could_steer_a_terminal_is_replaced_one_for_one(text: str, expected: str) -> None:
    assert shown(text) == expected
    assert len(shown(text)) == len(text)


def test_the_width_of_a_text_counts_columns() -> None:
    assert [width(text) for text in ("abc", "漢字", "é", "e\u0301")] == [3, 4, 1, 1]
