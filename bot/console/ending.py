"""The ending: how a run of the command leaves, whatever happened, in an exit status and at most one line."""

import errno
import os
import sys

import click

from bot.console.run import Run
from bot.console.screen import shown
from bot.errors import VerbatimError

WRONG = 2
"""Something is wrong: the arguments, the settings, the library, a service."""
INTERRUPTED = 130
PIPE_CLOSED = 141
"""As a program ends that the signal for a closed pipe stopped: the reader of its output had enough."""


def prepare_output() -> None:
    """Make both outputs write UTF-8, also where the locale says otherwise; a terminal keeps its own encoding.

    Raises OSError when there is no standard output at all.
    """
    if sys.stdout is None:
        raise OSError(errno.EBADF, "standard output is closed")
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="replace" if stream.isatty() else "surrogateescape")


def status_of(error: BaseException, run: Run) -> int:
    """The exit status that an exception ends a run with, after its line on standard error, if it needs one."""
    if isinstance(error, click.exceptions.Exit):
        return flushed(error.exit_code, run)
    if isinstance(error, KeyboardInterrupt | click.Abort):
        return INTERRUPTED
    if isinstance(error, BrokenPipeError):
        _let_go_of_output()
        return PIPE_CLOSED
    if run.debug:
        import traceback  # only where somebody looks for a mistake

        traceback.print_exception(error)
    _complain(_problem(error, run), run)
    if isinstance(error, OSError):
        _let_go_of_output()
    return WRONG


def flushed(status: int, run: Run) -> int:
    """The status, when all output has left; otherwise what became of it."""
    try:
        sys.stdout.flush()
    except OSError as error:
        return status_of(error, run)
    return status


def _problem(error: BaseException, run: Run) -> str:
    """What is wrong, in one sentence."""
    if isinstance(error, click.UsageError):
        command = error.ctx.command_path if error.ctx else "verbatim"
        return run.words.text("error.usage", problem=error.format_message(), command=command)
    if isinstance(error, click.ClickException):
        return error.format_message()
    if isinstance(error, VerbatimError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        where = f"{os.fsdecode(error.filename)}: " if error.filename else ""
        return run.words.text("error.system", where=where, reason=error.strerror)
    return run.words.text("error.unexpected", kind=type(error).__name__)


def _complain(problem: str, run: Run) -> None:
    if sys.stderr is None:
        return
    try:
        print(run.words.text("error.line", problem=shown(problem)), file=sys.stderr)  # noqa: T201 - the edge
    except OSError:
        return


def _let_go_of_output() -> None:
    """Point standard output at nothing, or Python would complain at its own end that it cannot be flushed."""
    if sys.stdout is None:
        return
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
