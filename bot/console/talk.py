"""The conversation at the console: opened over the run's library, at a terminal or over a pipe."""

import sys

from bot.console.run import Run
from bot.console.screen import Screen
from bot.console.session import Session, listen


def talk(run: Run) -> int:
    """Hold a conversation until it ends; the exit status."""
    messages = run.messages
    with run.app() as app:
        session = Session(app.answerer, app.library, messages, Screen(), top=run.settings.values.answer.top)
        if sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty():
            from bot.console.history import history_file
            from bot.console.prompt import converse  # it loads prompt_toolkit

            converse(session, history_file())
        else:
            listen(session)
    return 0
