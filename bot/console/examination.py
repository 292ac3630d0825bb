"""The examination: every check of the doctor, in order, over one run's settings and library."""

import sys
from collections.abc import Iterator
from pathlib import Path

from bot.console.doctor import Doctor, Finding, State, finding_lines, now, stream_encoding
from bot.console.history import history_file
from bot.console.run import Run
from bot.console.screen import Screen
from bot.errors import SettingsError
from bot.house import Searching

HEALTHY, WRONG = 0, 2
KEY_FILE = "telegram_data.key"
"""Where the Telegram service keeps its key, in the library's folder."""


def examine(run: Run) -> int:
    """Write what stands well and what does not; HEALTHY, or WRONG with a line on standard error."""
    screen, words = Screen(), run.words
    wrong = []
    for finding in _findings(run):
        screen.write(finding_lines([finding], words))
        if finding.state is State.WRONG:
            wrong.append(finding.subject)
    if not wrong:
        return HEALTHY
    problem = words.text("doctor.unhealthy", count=len(wrong), subjects=", ".join(dict.fromkeys(wrong)))
    sys.stdout.flush()
    print(words.text("error.line", problem=problem), file=sys.stderr)  # noqa: T201 - the summary is no output
    return WRONG


def _findings(run: Run) -> Iterator[Finding]:
    try:
        doctor = Doctor(run.settings, run.messages)
    except SettingsError as error:
        yield Finding(run.words.text("doctor.settings"), State.WRONG, str(error))
        return
    yield from doctor.settings(run.config)
    try:
        where = run.where
    except SettingsError as error:
        yield Finding(run.words.text("doctor.library"), State.WRONG, str(error))
        return
    folder = where if isinstance(where, Path) else None
    yield from doctor.library(str(folder or run.place), run.library)
    yield from doctor.engine(lambda: _searching(run))
    if folder is not None:
        yield from doctor.folder(folder)
    yield from doctor.history(history_file())
    yield from doctor.clock(now=now(), kept=folder)
    yield from doctor.terminal(stream_encoding())
    yield from doctor.token()
    yield from doctor.stored_data(folder / KEY_FILE if folder is not None else None)


def _searching(run: Run) -> Searching | None:
    """What searches the library; None where there is none yet."""
    with run.library() as library:
        if library is None:
            return None
    with run.app() as house:
        return house.searching()
