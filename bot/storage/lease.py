"""The lease: a name that one process at a time holds, of all that share a store, until it lets go or its time is up.

Times are the store's own clock's, so that machines need not agree on theirs.
"""

import secrets
import time
from collections.abc import Callable

from bot.storage.store import Connection, Store

LEASES = (
    "CREATE TABLE leases (name {text} NOT NULL PRIMARY KEY, holder TEXT NOT NULL, expires DOUBLE PRECISION NOT NULL) "
    "{by_key}"
)
"""The statement of a migration that makes the table of leases."""

_TAKE = (
    "INSERT INTO leases (name, holder, expires) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET "
    "holder = excluded.holder, expires = excluded.expires WHERE leases.holder = excluded.holder OR leases.expires <= ?"
)


class Lease:
    """One process's claim to a name, for `seconds` at a time; its store's migrations hold LEASES.

    `holder` is what the process is known by where others look after it; without one it gets a name of its own.
    """

    def __init__(
        self,
        store: Store,
        name: str,
        *,
        seconds: float,
        holder: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._name = name
        self._seconds = seconds
        self._clock = clock
        self._holder = holder or secrets.token_hex(8)
        self._ends = float("-inf")

    def take(self) -> bool:
        """Whether this process holds the name now, for `seconds` from here: taken anew, or held for longer.

        Raises LibraryError when the store cannot be written.
        """
        asked = self._clock()
        with self._store.writing(alone=False) as connection:
            now = connection.now()
            values = (self._name, self._holder, now + self._seconds, now)
            taken = connection.execute(_TAKE, values) > 0
        # Counted from before the store was asked: no other process can have it before this one knows it ended.
        self._ends = asked + self._seconds if taken else float("-inf")
        return taken

    def holds(self) -> bool:
        """Whether the time of the last `take` is not over yet, without asking the store."""
        return self._clock() < self._ends

    def is_held(self, connection: Connection) -> bool:
        """Whether this process holds the name within a transaction that writes; nobody takes it before that ends."""
        statement = "UPDATE leases SET holder = holder WHERE name = ? AND holder = ? AND expires > ?"
        return connection.execute(statement, (self._name, self._holder, connection.now())) > 0

    def release(self) -> None:
        """Let the next process have it at once; nothing happens where another holds it."""
        self._ends = float("-inf")
        with self._store.writing(alone=False) as connection:
            connection.execute("DELETE FROM leases WHERE name = ? AND holder = ?", (self._name, self._holder))
