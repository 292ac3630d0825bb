"""A lock on a file: one process at a time holds it, and loses it when it ends, however it does."""

import sys
from pathlib import Path
from typing import IO, Self

if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


class FileLock:
    """A lock that is held from `taken` until it is closed."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    @classmethod
    def taken(cls, path: Path) -> Self | None:
        """The lock, or None when another process or thread holds it. Raises OSError when the file cannot be made."""
        file = path.open("ab")
        try:
            _take(file)
        except BlockingIOError:
            file.close()
            return None
        except PermissionError:
            file.close()
            if sys.platform == "win32":  # what a busy lock raises there
                return None
            raise
        return cls(file)

    def close(self) -> None:
        """Let another one have it."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
