"""The history: the questions of earlier sessions, in a file that its owner alone can read."""

import os
from pathlib import Path

KEPT_BYTES = 500_000
"""A file that is longer is cut to its newer half when a session starts."""


def history_file() -> Path:
    """Where the history lies: in the user's state folder."""
    from platformdirs import user_state_path  # only a session needs it

    return user_state_path("verbatim", appauthor=False) / "history"


def prepare(path: Path) -> bool:
    """Whether the file is there and can be written: made when missing, for its owner alone, and cut when too long."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
        path.chmod(0o600)
        _shorten(path)
    except OSError:
        return False
    return True


def _shorten(path: Path) -> None:
    """Keep the newer half of a file that grew past KEPT_BYTES, from the start of an entry on ("\\n# ")."""
    if path.stat().st_size <= KEPT_BYTES:
        return
    newer = path.read_bytes()[-KEPT_BYTES // 2 :]
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(temporary, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
        file.write(newer[max(newer.find(b"\n# "), 0) :])
    temporary.replace(path)
