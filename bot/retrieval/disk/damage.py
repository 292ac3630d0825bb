"""Damage: what is wrong with an index on disk, told from what is wrong with the disk."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import LibraryError

_FULL = ("no space left", "os error 28", "disk quota", "os error 122")
_DENIED = ("permission denied", "os error 13", "read-only file system", "os error 30")
_FULL_CODES = frozenset({errno.ENOSPC, errno.EDQUOT})
_DENIED_CODES = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


class IndexDamagedError(Exception):
    """The index cannot be used as it lies on the disk; it can be made anew from the library, which nobody notices."""


class IndexLockedError(Exception):
    """Another process writes to the index."""


@contextmanager
def told_of(folder: Path) -> Iterator[None]:
    """Turn what tantivy and the system raise into LibraryError for a full or write-protected disk, else into
    IndexDamagedError."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise _translated(error, folder) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # a panic of Rust code; its class cannot be imported
            raise
        raise IndexDamagedError(f"{folder}: {error}") from error


def _translated(error: OSError | ValueError, folder: Path) -> Exception:
    words, code = str(error).lower(), getattr(error, "errno", None)
    if code in _FULL_CODES or any(sign in words for sign in _FULL):
        return LibraryError(
            f"{folder}: the disk is full, so that the index cannot follow the library; make room and try again (the "
            "articles themselves are stored)"
        )
    if code in _DENIED_CODES or any(sign in words for sign in _DENIED):
        return LibraryError(
            f"{folder}: the index cannot be written: the folder is read-only; change its permissions, or choose "
            'engine = "memory"'
        )
    if "lockbusy" in words:
        return IndexLockedError(str(folder))
    return IndexDamagedError(f"{folder}: {error}")
