"""The console through a real pseudo-terminal: editing, history, completion, keys, colours."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect  # type: ignore[import-untyped]
import pytest

from tests.console.process import ANSWERABLE, ARTICLE, COMMAND, environment, run

READY = r"\?[^\n]*\x1b\[\?25h"
"""The prompt, and after it the cursor shown again: the next key is read."""
CTRL_C, CTRL_D, TAB, UP = "\x03", "\x04", "\t", "\x1b[A"


class Terminal:
    """A person at the console: types keys, reads what is on the screen."""

    def __init__(self, home: Path, *arguments: str, columns: int = 100, **more: str) -> None:
        env = environment(home, TERM="xterm-256color", PROMPT_TOOLKIT_NO_CPR="1", **more)
        program, *before = COMMAND
        self.process = pexpect.spawn(
            program,
            [*before, *arguments],
            env=env,
            cwd=str(home),
            encoding="utf-8",
            dimensions=(50, columns),
            timeout=20,
        )

    def reads(self, text: str) -> str:
        """What came before and with the text, which appears in time."""
        self.process.expect(re.escape(text))
        return str(self.process.before) + str(self.process.after)

    def ready(self) -> str:
        """What came before the prompt, which appears in time."""
        self.process.expect(READY)
        return str(self.process.before)

    def types(self, keys: str) -> None:
        self.process.send(keys)

    def asks(self, line: str) -> None:
        self.process.send(line + "\r")

    def ends(self) -> int:
        self.process.expect(pexpect.EOF)
        self.process.close()
        return int(self.process.exitstatus)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("terminal")
    (folder / "brannow.txt").write_text(ARTICLE, encoding="utf-8")
    assert run(folder, "add", "brannow.txt").status == 0
    return folder


@pytest.fixture
def terminal(home: Path) -> Iterator[Terminal]:
    opened = Terminal(home)
    opened.reads("Verbatim knows 1 article.")
    opened.ready()
    yield opened
    opened.process.close(force=True)


def test_a_question_is_answered_with_its_highlight_in_bold(terminal: Terminal) -> None:
    terminal.asks(ANSWERABLE)
    terminal.reads("1. ")
    assert re.search(r"\x1b\[1m[^\x1b]*Marta Kowalczyk", terminal.ready())
    terminal.types(CTRL_D)
    assert terminal.ends() == 0


def test_commands_complete_and_quit_leaves(terminal: Terminal) -> None:
    terminal.types("/so" + TAB)
    terminal.reads("urces")
    terminal.types("\r")
    terminal.reads("The library holds 1 article:")
    terminal.asks("/quit")
    assert terminal.ends() == 0


def test_ctrl_c_clears_the_line_and_the_session_goes_on(terminal: Terminal) -> None:
    terminal.types("half a quest")
    terminal.reads("half a quest")
    terminal.types(CTRL_C)
    terminal.ready()
    terminal.asks("/help")
    terminal.reads("/context")
    terminal.types(CTRL_D)
    assert terminal.ends() == 0


def test_a_line_can_be_edited_and_the_last_one_comes_back_in_the_next_session(home: Path) -> None:
    first = Terminal(home)
    first.ready()
    first.types("/hepl\x7f\x7flp\r")
    first.reads("Type a question, or one of:")
    first.asks("/quit")
    assert first.ends() == 0
    second = Terminal(home)
    second.ready()
    second.types(UP + UP)
    second.reads("/help")
    second.types("\r")
    second.reads("Type a question, or one of:")
    second.types(CTRL_D)
    assert second.ends() == 0


def test_ask_at_a_terminal_keeps_within_forty_columns(home: Path) -> None:
    narrow = Terminal(home, "ask", ANSWERABLE, columns=40)
    narrow.process.expect(pexpect.EOF)
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in str(narrow.process.before).splitlines()]
    assert max(map(len, lines)) <= 40
    assert "Kowalczyk" in " ".join(lines)
    assert narrow.ends() == 0


def test_no_color_leaves_no_colour(home: Path) -> None:
    plain = Terminal(home, "doctor", NO_COLOR="1")
    plain.process.expect(pexpect.EOF)
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", str(plain.process.before))
    assert plain.ends() == 0


@pytest.mark.parametrize(("reply", "left"), [("n", "1 article"), ("y", "0 articles")])
def test_remove_asks_at_a_terminal(reply: str, left: str, tmp_path: Path) -> None:
    (tmp_path / "brannow.txt").write_text(ARTICLE, encoding="utf-8")
    run(tmp_path, "add", "brannow.txt")
    asked = Terminal(tmp_path, "remove", "*brannow.txt")
    asked.reads("Take 1 article out of the library?")
    asked.asks(reply)
    asked.process.expect(pexpect.EOF)
    asked.process.close()
    assert run(tmp_path, "articles").out.count("\n") == int(left[0])


def test_a_batch_from_a_terminal_says_where_its_questions_come_from(home: Path) -> None:
    typed = Terminal(home, "ask", "--batch")
    typed.reads("--batch reads questions from standard input, which is a terminal here")
    assert typed.ends() == 2


if sys.platform == "win32":
    pytest.skip("a pseudo-terminal needs a POSIX system", allow_module_level=True)
