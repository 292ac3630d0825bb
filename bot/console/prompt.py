"""The prompt: where a session's lines come from, with editing and history at a terminal, plain from a pipe."""

from collections.abc import Iterable
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.history import FileHistory, History, InMemoryHistory

from bot.console import history
from bot.console.session import COMMANDS, Session

PROMPT = "? "


def converse(session: Session, history_file: Path) -> None:
    """Hold a session at the terminal until /quit or Ctrl-D; Ctrl-C clears the line or stops an answer."""
    prompt: PromptSession[str] = PromptSession(
        history=open_history(history_file),
        completer=WordCompleter(list(COMMANDS), sentence=True),
        complete_while_typing=False,
        enable_open_in_editor=False,
    )
    session.welcome()
    while True:
        try:
            entry = prompt.prompt(PROMPT)
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        try:
            if not session.handle(entry):
                return
        except KeyboardInterrupt:
            session.stopped()


def open_history(path: Path) -> History:
    """The history in the file, or one of this session alone when there can be no file."""
    return _KeptHistory(str(path)) if history.prepare(path) else InMemoryHistory()


class _KeptHistory(FileHistory):
    """A history file whose disk may fill up: what cannot be written is left out."""

    def store_string(self, string: str) -> None:
        try:
            super().store_string(string)
        except OSError:
            return

    def load_history_strings(self) -> Iterable[str]:
        try:
            return list(super().load_history_strings())
        except OSError:
            return []
