"""The folder of an index: its generations, which of them is the current one, and the lock for who writes.

A generation is built beside the current one and takes its place by one rename, so that there always is an index to
ask; processes that still read the one before keep it until they look again.
"""

import os
import shutil
from pathlib import Path
from typing import NamedTuple

from bot.retrieval.disk.damage import IndexDamagedError, told_of
from bot.retrieval.disk.index import OpenIndex
from bot.storage.filelock import FileLock

FORMAT = 1
"""Raise it when an index of before cannot be used: another one is then built by itself."""

CURRENT, LOCK, META = "current", "lock", "meta.json"


class Generation(NamedTuple):
    """An index's folder, and the identity of the library that it was built from."""

    folder: Path
    library: str

    @property
    def number(self) -> int:
        """The generation's number, from 1."""
        return int(self.folder.name.partition("-")[2])


class IndexFolder:
    """Where an index lives."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def current(self) -> Generation | None:
        """The generation to ask; None where there is none that this version can read."""
        try:
            name, library, *_ = (self.path / CURRENT).read_text(encoding="utf-8").split("\n")
        except (OSError, ValueError):
            return None
        form, _, number = name.partition("-")
        if form != str(FORMAT) or not number.isdecimal() or not (self.path / name / META).exists():
            return None
        return Generation(self.path / name, library)

    def mark(self) -> tuple[object, ...]:
        """What differs when another process committed or switched to another generation."""
        current = self.current()
        if current is None:
            return ()
        try:
            stat = (current.folder / META).stat()
        except OSError:
            return ()
        return (*current, stat.st_mtime_ns, stat.st_ino, stat.st_size)

    def lock(self) -> FileLock | None:
        """The right to write, or None when another process has it. Raises LibraryError where nobody can write."""
        with told_of(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            return FileLock.taken(self.path / LOCK)

    def fresh(self, library: str) -> tuple[Generation, OpenIndex]:
        """A new generation of nothing, for who holds the lock; what was left half-made is cleared away."""
        current = self.current()
        self._clear(current)
        number = current.number + 1 if current else 1
        generation = Generation(self.path / f"{FORMAT}-{number:06}", library)
        with told_of(self.path):
            generation.folder.mkdir()
        return generation, OpenIndex.create(generation.folder)

    def switch(self, generation: Generation) -> None:
        """Make a generation the current one, and take the others away."""
        with told_of(self.path):
            part = self.path / f"{CURRENT}.part"
            with part.open("w", encoding="utf-8") as file:
                file.write(f"{generation.folder.name}\n{generation.library}\n")
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.path / CURRENT)
        self._clear(generation)

    def open(self, library: str) -> tuple[Generation, OpenIndex]:
        """The current generation. Raises IndexDamagedError when there is none, or it is another library's."""
        current = self.current()
        if current is None:
            raise IndexDamagedError(f"{self.path}: holds no index that this version can read")
        if current.library != library:
            raise IndexDamagedError(f"{self.path}: is the index of another library")
        return current, OpenIndex(current.folder)

    def size_bytes(self) -> int:
        """How much room the current generation takes; 0 where there is none."""
        current = self.current()
        if current is None:
            return 0
        return sum(entry.stat().st_size for entry in os.scandir(current.folder) if entry.is_file())

    def _clear(self, kept: Generation | None) -> None:
        for path in list(self.path.iterdir()):
            if path.is_dir() and "-" in path.name and (kept is None or path != kept.folder):
                shutil.rmtree(path, ignore_errors=True)
