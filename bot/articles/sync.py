"""The sync: the library follows the configured folders and addresses, once or for as long as they are watched."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from bot.articles.intake import Intake
from bot.articles.summary import Summary
from bot.articles.web.rounds import Rounds

MakeIntake = Callable[[], Intake]
"""Makes the intake of one run."""

QUIET_MILLISECONDS = 400
"""Changes that follow each other this closely are one: an editor saves in several steps."""

LONGEST_MILLISECONDS = 5_000
"""However busy a folder is, what changed in it is read after so long."""

LOOK_MILLISECONDS = 1_000
"""So often it is looked whether a folder appeared or disappeared, and what addresses brought."""


def folders_of(configured: Sequence[str], owner_folder: Path | None) -> list[str]:
    """The configured folders as absolute paths; relative ones lie beside the owner's settings file."""
    base = owner_folder or Path.cwd()
    return [str((base / Path(folder).expanduser()).absolute()) for folder in dict.fromkeys(configured)]


def sync(make_intake: MakeIntake, what: Sequence[str]) -> Summary:
    """What bringing the library up to date with these folders and addresses did; what is missing is skipped."""
    return make_intake().add(what)


class Watch:
    """Follows folders, whenever something changes in them, and addresses, every so often in a thread of their own.

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
    ) -> None:
        self._make_intake = make_intake
        self._folders = list(folders)
        self._addresses = list(addresses)
        self._every_seconds = every_seconds
        self._stop = stop
        self._polling = polling
        self._visiting: Intake | None = None

    def summaries(self) -> Iterator[Summary]:
        """What each sync did: one of everything at the start, then one at each change, until it is stopped."""
        if not self._addresses:
            yield from self._all(lambda: iter(()))
            return
        rounds = Rounds(self._visit, every_seconds=self._every_seconds, stop=self._stop, hurry=self._hurry)
        with rounds:
            yield from self._all(rounds.done)
        yield from rounds.done()

    def _all(self, visited: Callable[[], Iterator[Summary]]) -> Iterator[Summary]:
        """What each sync of the folders did, and between them what was `visited` meanwhile."""
        before = self._there()
        if self._folders:
            yield sync(self._make_intake, self._folders)
        while not self._stop.is_set():
            there = self._there()
            if missing := [folder for folder in before if folder not in there]:
                yield sync(self._make_intake, missing)
            before = there
            if there:
                with suppress(FileNotFoundError):  # a folder that has just gone: the next look tells
                    yield from self._followed(there, visited)
            else:
                self._stop.wait(LOOK_MILLISECONDS / 1000)
                yield from visited()

    def _followed(self, there: Sequence[str], visited: Callable[[], Iterator[Summary]]) -> Iterator[Summary]:
        """What each sync did, until a folder appears or disappears."""
        for place, changed in enumerate(self._changes(there)):
            # What changed before the watch stood was told to nobody: the first time all folders are looked through.
            looked_through = there if place == 0 else changed
            if looked_through:
                yield sync(self._make_intake, looked_through)
            yield from visited()
            if self._there() != there:
                return

    def _visit(self) -> Summary:
        """What one round over the addresses did."""
        self._visiting = self._make_intake()
        return self._visiting.add(self._addresses)

    def _hurry(self) -> None:
        if self._visiting is not None:
            self._visiting.stop()

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
