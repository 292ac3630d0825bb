"""The process: what tells this run of the bot from all others, and whether another on this machine has ended."""

import os
import secrets
import socket
from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

_PROC = Path("/proc")


def own_process() -> str:
    """A name that no other process has, has had or will have."""
    return f"{_machine()}/{os.getpid()}/{_started(os.getpid()) or ''}/{secrets.token_hex(4)}"


def has_ended(process: str) -> bool:
    """Whether a process of this machine is there no more; False for what cannot be known from here."""
    machine, pid, started, _ = process.split("/")
    if machine != _machine() or not started:
        return False
    return _started(int(pid)) != started


@lru_cache(maxsize=1)
def _machine() -> str:
    """A name for all that sees the same processes: a machine since it was started, or one container on it."""
    seen = [socket.gethostname()]
    with suppress(OSError):
        seen.append((_PROC / "sys/kernel/random/boot_id").read_text())
        seen.append(str((_PROC / "self/ns/pid").readlink()))
    return blake2b("\n".join(seen).encode(), digest_size=8).hexdigest()


def _started(pid: int) -> str | None:
    """When a process was started, in the kernel's count; None when it is not there, or the system does not tell."""
    try:
        stat = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return None
    # The name of the program stands in brackets and may hold anything; state is the first field behind it.
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in ("Z", "X") else fields[19]
