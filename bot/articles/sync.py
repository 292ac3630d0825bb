"""The sync: the library follows the configured folders, once or for as long as they are watched."""

import threading
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
"""So often it is looked whether a folder appeared or disappeared."""


def folders_of(configured: Sequence[str], owner_folder: Path | None) -> list[str]:
    """The configured folders as absolute paths; relative ones lie beside the owner's settings file."""
    base = owner_folder or Path.cwd()
    return [str((base / Path(folder).expanduser()).absolute()) for folder in dict.fromkeys(configured)]


def sync(make_intake: MakeIntake, folders: Sequence[str]) -> Summary:
    """What bringing the library up to date with these folders did; a folder that is missing is skipped."""
    return make_intake().add(folders)


def watch(
    make_intake: MakeIntake, folders: Sequence[str], *, stop: threading.Event, polling: bool = False
) -> Iterator[Summary]:
    """What each sync did: one at the start, then one whenever something changed in a folder, until `stop` is set.

    `polling` looks at the files themselves, for network folders that tell no changes. A folder that is missing is
    looked for again every second.
    """
    before = _there(folders)
    yield sync(make_intake, folders)
    while not stop.is_set():
        there = _there(folders)
        if missing := [folder for folder in before if folder not in there]:
            yield sync(make_intake, missing)
        before = there
        if not there:
            stop.wait(LOOK_MILLISECONDS / 1000)
            continue
        with suppress(FileNotFoundError):  # a folder that has just gone: the next look tells
            yield from _followed(make_intake, folders, there, _changes(there, stop, polling=polling))


def _followed(
    make_intake: MakeIntake, folders: Sequence[str], there: Sequence[str], changes: Iterator[list[str]]
) -> Iterator[Summary]:
    """What each sync did, until one of the `folders` appears or disappears."""
    for place, changed in enumerate(changes):
        # What changed before the watch stood was told to nobody, so the first time all folders are looked through.
        looked_through = there if place == 0 else changed
        if looked_through:
            yield sync(make_intake, looked_through)
        if _there(folders) != there:
            return


def _there(folders: Sequence[str]) -> list[str]:
    return [folder for folder in folders if Path(folder).is_dir()]


def _changes(folders: Sequence[str], stop: threading.Event, *, polling: bool) -> Iterator[list[str]]:
    """The folders in which something changed, time and again; an empty list when nothing did for a while."""
    from watchfiles import watch as watched  # 50 ms: only where folders are watched

    changes = watched(
        *folders,
        watch_filter=None,
        debounce=LONGEST_MILLISECONDS,
        step=QUIET_MILLISECONDS,
        stop_event=stop,
        rust_timeout=LOOK_MILLISECONDS,
        yield_on_timeout=True,
        raise_interrupt=True,
        force_polling=polling,
    )
    for found in changes:
        paths = [Path(path) for _, path in found]
        yield [folder for folder in folders if any(path.is_relative_to(folder) for path in paths)]
