"""The sync: the library follows the configured folders and addresses, once or for as long as they are watched."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from bot.articles.intake import Intake
from bot.articles.summary import Summary

MakeIntake = Callable[[], Intake]
"""Makes the intake of one run."""

QUIET_MILLISECONDS = 400
"""Changes that follow each other this closely are one: an editor saves in several steps."""

LONGEST_MILLISECONDS = 5_000
"""However busy a folder is, what changed in it is read after so long."""

LOOK_MILLISECONDS = 1_000
"""So often it is looked whether a folder appeared or disappeared, and whether addresses are due."""


def folders_of(configured: Sequence[str], owner_folder: Path | None) -> list[str]:
    """The configured folders as absolute paths; relative ones lie beside the owner's settings file."""
    base = owner_folder or Path.cwd()
    return [str((base / Path(folder).expanduser()).absolute()) for folder in dict.fromkeys(configured)]


def sync(make_intake: MakeIntake, what: Sequence[str]) -> Summary:
    """What bringing the library up to date with these folders and addresses did; what is missing is skipped."""
    return make_intake().add(what)


class Watch:
    """Follows folders, whenever something changes in them, and addresses, every so often.

    `polling` looks at the files themselves, for network folders that tell no changes. A folder that is missing is
    looked for again every second.
    """

    def __init__(
        self,
        make_intake: MakeIntake,
        folders: Sequence[str],
        *,
        addresses: Sequence[str] = (),
        every_seconds: float = 1800.0,
        stop: threading.Event,
        polling: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._make_intake = make_intake
        self._folders = list(folders)
        self._addresses = list(addresses)
        self._every_seconds = every_seconds
        self._stop = stop
        self._polling = polling
        self._clock = clock
        self._due = 0.0

    def summaries(self) -> Iterator[Summary]:
        """What each sync did: one of everything at the start, then one at each change, until it is stopped."""
        before = self._there()
        self._due = self._clock() + self._every_seconds
        yield sync(self._make_intake, [*self._folders, *self._addresses])
        while not self._stop.is_set():
            there = self._there()
            if missing := [folder for folder in before if folder not in there]:
                yield sync(self._make_intake, missing)
            before = there
            if there:
                with suppress(FileNotFoundError):  # a folder that has just gone: the next look tells
                    yield from self._followed(there)
            else:
                self._stop.wait(LOOK_MILLISECONDS / 1000)
                yield from self._visited()

    def _followed(self, there: Sequence[str]) -> Iterator[Summary]:
        """What each sync did, until a folder appears or disappears."""
        for place, changed in enumerate(self._changes(there)):
            # What changed before the watch stood was told to nobody: the first time all folders are looked through.
            looked_through = there if place == 0 else changed
            if looked_through:
                yield sync(self._make_intake, looked_through)
            yield from self._visited()
            if self._there() != there:
                return

    def _visited(self) -> Iterator[Summary]:
        """What the sync of the addresses did, when it is due."""
        if self._addresses and self._clock() >= self._due:
            self._due = self._clock() + self._every_seconds
            yield sync(self._make_intake, self._addresses)

    def _there(self) -> list[str]:
        return [folder for folder in self._folders if Path(folder).is_dir()]

    def _changes(self, folders: Sequence[str]) -> Iterator[list[str]]:
        """The folders in which something changed, time and again; an empty list when nothing did for a while."""
        from watchfiles import watch  # 50 ms: only where folders are watched

        changes = watch(
            *folders,
            watch_filter=None,
            debounce=LONGEST_MILLISECONDS,
            step=QUIET_MILLISECONDS,
            stop_event=self._stop,
            rust_timeout=LOOK_MILLISECONDS,
            yield_on_timeout=True,
            raise_interrupt=True,
            force_polling=self._polling,
        )
        for found in changes:
            paths = [Path(path) for _, path in found]
            yield [folder for folder in folders if any(path.is_relative_to(folder) for path in paths)]
