"""Syncing at the command line: the library is brought up to date with what the settings name, once or for good."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from bot.articles.sync import Watch, folders_of, sync
from bot.console.adding import ALL_IN, SKIPPED, followed, intake_of, write_summary
from bot.console.progress import progress_bar
from bot.errors import SettingsError
from bot.house import House
from bot.messages import Messages


def sync_library(house: House, messages: Messages, *, watched: bool) -> int:
    """Bring the library up to date with the configured folders and feeds and write a summary; with `watched` go on
    until the process is told to end. The exit status as `add`'s; 0 after a watch.

    Raises SettingsError when the settings name nothing to follow.
    """
    following = house.settings.values.sync
    folders = folders_of(following.folders, house.settings.owner_folder)
    feeds = list(following.feeds)
    if not folders and not feeds:
        raise SettingsError(messages.text("sync.nothing"))
    if watched:
        return _watched(house, messages, folders, feeds)
    with progress_bar(messages.text("add.reading")) as progress, followed(house):
        summary = sync(lambda: intake_of(house, messages, progress=progress), [*folders, *feeds])
    try:
        house.catch_up()
    finally:
        write_summary(summary, messages)
    return SKIPPED if summary.skipped else ALL_IN


def _watched(house: House, messages: Messages, folders: list[str], feeds: list[str]) -> int:
    following = house.settings.values.sync
    with _ended_by_signal() as stop:
        watch = Watch(
            lambda: intake_of(house, messages),
            folders,
            addresses=feeds,
            every_seconds=60.0 * following.feeds_minutes,
            stop=stop,
            polling=following.polling,
        )
        for place, summary in enumerate(watch.summaries()):
            house.catch_up()
            if place == 0 or summary.added or summary.changed or summary.removed:
                write_summary(summary, messages)
                sys.stdout.flush()
    return ALL_IN


@contextmanager
def _ended_by_signal() -> Iterator[threading.Event]:
    """An event that SIGTERM sets instead of ending the process: what is under way is stored first."""
    stop = threading.Event()

    def ended(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = signal.signal(signal.SIGTERM, ended)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGTERM, before)
