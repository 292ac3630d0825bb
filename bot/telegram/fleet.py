"""The fleet: the processes that share one bot's records, each known to be alive by its heartbeat.

A process that has missed its beats, or that has ended on this machine, is buried: what it had claimed is free for
the others.
"""

import time
from collections.abc import Callable

from bot.storage.store import Connection
from bot.telegram.process import has_ended, own_process

BEAT_SECONDS = 1.5
ALIVE_SECONDS = 6.0
"""How long a beat counts: four of them, so that a hiccup buries nobody, and what a dead machine held is taken over
within ten seconds."""


class Fleet:
    """The processes as one of them knows them; its `process` is its own name."""

    def __init__(self, *, process: str | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.process = process or own_process()
        self._clock = clock
        self._others = 0
        self._steady_since = self._last = float("-inf")

    @property
    def is_alone(self) -> bool:
        """Whether no other process was there at the last beat."""
        return self._others == 0

    def beat(self, connection: Connection) -> None:
        """Tell the others that this process lives, and bury those that do not."""
        now = connection.now()
        connection.execute(
            "INSERT INTO processes (process, expires) VALUES (?, ?) ON CONFLICT (process) DO UPDATE SET "
            "expires = excluded.expires",
            (self.process, now + ALIVE_SECONDS),
        )
        is_steady = self._is_steady()
        rows = connection.rows("SELECT process, expires FROM processes WHERE process <> ?", (self.process,))
        others = [(process, expires < now and is_steady) for process, expires in rows]
        dead = [process for process, is_silent in others if is_silent or has_ended(process)]
        for process in dead:
            bury(connection, process)
        self._others = len(others) - len(dead)

    def others(self, connection: Connection) -> set[str]:
        """The names of the other processes that are not buried."""
        statement = "SELECT process FROM processes WHERE process <> ?"
        return {row[0] for row in connection.rows(statement, (self.process,))}

    def _is_steady(self) -> bool:
        """Whether this process has beaten without a gap for so long that the others, too, had the time to: after the
        database was away, all of them seem silent."""
        now = self._clock()
        if now - self._last > ALIVE_SECONDS / 2:
            self._steady_since = now
        self._last = now
        return now - self._steady_since >= ALIVE_SECONDS


def bury(connection: Connection, process: str) -> None:
    """Take a process off the list, and its leases with it."""
    connection.execute("DELETE FROM processes WHERE process = ?", (process,))
    connection.execute("DELETE FROM leases WHERE holder = ?", (process,))
