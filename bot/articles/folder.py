"""A folder of documents: what lies in it now, and what of it is gone."""

import os
import stat
from collections.abc import Callable, Collection, Iterator
from pathlib import Path, PurePath
from typing import NamedTuple

from bot.articles.change import FileState

Told = Callable[[str], None]
"""Hears one line about what cannot be looked at."""


class File(NamedTuple):
    """A file as the file system describes it: absolute path, bytes, time of modification in nanoseconds."""

    path: str
    size: int
    modified_ns: int

    def is_as(self, state: FileState | None, readers: str) -> bool:
        """Whether the file is what was read then, by the same readers."""
        return state is not None and (self.size, self.modified_ns, readers) == (
            state.size,
            state.modified_ns,
            state.readers,
        )


def file_at(path: str) -> File:
    """The file at a path, links followed. Raises OSError when there is none."""
    status = Path(path).stat()
    return File(path, status.st_size, status.st_mtime_ns)


def files_in(folder: str, suffixes: Collection[str], unreadable: Told) -> list[File]:
    """The documents in a folder and its sub-folders by path, hidden ones left out; `unreadable` hears of the rest.

    Links are followed, each folder is looked into once.
    """
    found: list[File] = []
    seen: set[tuple[int, int]] = set()
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        try:
            status = Path(path).stat()
            if (status.st_dev, status.st_ino) in seen:
                continue
            seen.add((status.st_dev, status.st_ino))
            with os.scandir(path) as entries:
                for entry in entries:
                    if not entry.name.startswith("."):
                        _look_at(entry, suffixes, found, waiting, unreadable)
        except OSError as error:
            unreadable(f"{path}: the folder cannot be read ({error.strerror}); check its permissions")
    found.sort()
    return found


def gone(known: Collection[str], found: Collection[File]) -> Iterator[str]:
    """The known paths where nothing lies any more; one that cannot be looked at is not gone."""
    there = {file.path for file in found}
    for path in known:
        if path in there:
            continue
        try:
            Path(path).stat()
        except (FileNotFoundError, NotADirectoryError):
            yield path
        except OSError:
            continue


def _look_at(
    entry: os.DirEntry[str], suffixes: Collection[str], found: list[File], waiting: list[str], unreadable: Told
) -> None:
    try:
        if entry.is_dir():
            waiting.append(entry.path)
            return
        if PurePath(entry.name).suffix.lower() not in suffixes:
            return
        status = entry.stat()
    except FileNotFoundError:
        return  # a link to nowhere, or a file that was just removed
    except OSError as error:
        unreadable(f"{entry.path}: cannot be read ({error.strerror}); check its permissions")
        return
    if stat.S_ISREG(status.st_mode):
        found.append(File(entry.path, status.st_size, status.st_mtime_ns))
