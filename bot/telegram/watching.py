"""Watching: the library follows the configured folders and feeds while the bot serves."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bot.articles.intake import Intake
from bot.articles.sync import Watch, folders_of
from bot.errors import VerbatimError
from bot.house import House
from bot.telegram.patience import AWAY, pause_after

_log = logging.getLogger(__name__)
LONGEST_END_SECONDS = 5.0
"""So long the service waits at its end for what is being read; the library holds each article whole or not at all."""


@contextmanager
def watched(house: House) -> Iterator[None]:
    """The library is brought up to date and kept so, in a thread of its own, until the block is left; nothing happens
    where the settings name nothing to follow."""
    following = house.settings.values.sync
    folders = folders_of(following.folders, house.settings.owner_folder)
    if not folders and not following.feeds:
        yield
        return
    stop = threading.Event()
    watch = Watch(
        lambda: Intake(house.library, house.readers, web=house.web),
        folders,
        addresses=list(following.feeds),
        every_seconds=60.0 * following.feeds_minutes,
        stop=stop,
        polling=following.polling,
    )
    thread = threading.Thread(target=_follow, args=(watch, stop), name="watching", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        house.web.stop()
        thread.join(LONGEST_END_SECONDS)


def _follow(watch: Watch, stop: threading.Event) -> None:
    failures = 0
    while not stop.is_set():
        try:
            for summary in watch.summaries():
                failures = 0
                if summary.added or summary.changed or summary.removed or summary.skipped:
                    _log.info(
                        "library: added=%d changed=%d removed=%d skipped=%d",
                        summary.added, summary.changed, summary.removed, len(summary.skipped),
                    )  # fmt: skip
        except AWAY as error:
            failures += 1
            _log.warning("the library is away: cause=%s", type(error).__name__)
            stop.wait(pause_after(failures))
        except VerbatimError as error:
            _log.error("the library is followed no more: cause=%s", type(error).__name__)
            return
