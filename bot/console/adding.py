"""Adding at the command line: what goes in, what was skipped and why, and the exit status that says so."""

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from bot.articles.intake import Intake, Progress
from bot.articles.summary import Event, Happening, Summary
from bot.console.progress import progress_bar
from bot.console.screen import Screen, line, shown
from bot.errors import VerbatimError
from bot.house import House
from bot.messages import Messages
from bot.resources import seeds_folder

ALL_IN, SKIPPED = 0, 2
EVERY_SECONDS = 5.0


def add_articles(house: House, what: Sequence[str], messages: Messages, *, tags: Sequence[str] = ()) -> int:
    """Put in what the names stand for and write a summary; ALL_IN, or SKIPPED with a line for each reason.

    `tags` go to the articles that bring none.
    """
    with progress_bar(messages.text("add.reading")) as progress, followed(house):
        intake = intake_of(house, messages, tags=tags, progress=progress)
        summary = intake.add(what, stdin=sys.stdin.buffer if sys.stdin is not None else None)
    try:
        house.catch_up()
    finally:
        write_summary(summary, messages)
    return SKIPPED if summary.skipped else ALL_IN


@contextmanager
def followed(house: House) -> Iterator[None]:
    """The index follows what is stored while the block runs, so that others find it soon and little is left to do."""
    library, done = house.library, threading.Event()

    def follow() -> None:
        seen = library.last_change()
        while not done.wait(EVERY_SECONDS):
            last = library.last_change()
            if last != seen:
                seen = last
                with suppress(VerbatimError):  # it is tried again, and told, in the end
                    house.catch_up()

    thread = threading.Thread(target=follow, name="following", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def intake_of(
    house: House, messages: Messages, *, tags: Sequence[str] = (), progress: Progress | None = None
) -> Intake:
    """What takes articles in and writes a line to standard error for each thing that it skips."""

    def told(event: Event) -> None:
        if event.happening is Happening.SKIPPED:
            skipped = messages.text("add.skipped", reason=shown(event.reason))
            print(messages.text("error.line", problem=skipped), file=sys.stderr)  # noqa: T201 - the user waits for it

    return Intake(house.library, house.readers, web=house.web, tags=tags, told=told, progress=progress)


def write_summary(summary: Summary, messages: Messages) -> None:
    """Write what happened in a line or two."""
    Screen().write([line(sentence) for sentence in _sentences(summary, messages)])


def _sentences(summary: Summary, messages: Messages) -> list[str]:
    counts = [
        messages.text(key, count=count)
        for key, count in (
            ("add.added", summary.added),
            ("add.changed", summary.changed),
            ("add.unchanged", summary.unchanged),
            ("add.removed", summary.removed),
            ("add.skipped_count", len(summary.skipped)),
        )
        if count or key == "add.added"
    ]
    sentences = [messages.text("add.summary", counts=", ".join(counts))]
    if summary.samples:
        sentences.append(messages.text("add.samples", count=summary.samples, folder=str(seeds_folder())))
    return sentences
