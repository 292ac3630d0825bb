"""The journal: every update is written down before Telegram hears that it was received, and answered once.

Any number of processes may share it: each update is claimed by one of them, and the updates of a chat by the same.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from bot.errors import VerbatimError
from bot.storage.store import Connection
from bot.telegram.claims import Claim, State, are_ours, claim, claim_left, finish, release
from bot.telegram.entry import Entry, decoded, encoded, lane_of
from bot.telegram.fleet import Fleet, bury
from bot.telegram.vault import Vault
from bot.telegram.writer import Writer

UNKNOWN_ATTEMPTS = 2
"""A send whose outcome is unknown is tried so often in all."""

_NEXT = (
    "SELECT o.chat FROM updates u JOIN updates o ON o.chat = u.chat AND o.state < 2 WHERE u.update_id = ? "
    "AND (o.holder IS NULL OR o.holder <> ?) LIMIT 1"
)
_RECEIVE = (
    "INSERT INTO updates (update_id, chat, body, digest, state, attempts, received, holder) "
    "VALUES (?, ?, ?, ?, ?, 0, ?, ?) ON CONFLICT (update_id) DO UPDATE SET chat = excluded.chat, "
    "body = excluded.body, digest = excluded.digest, state = excluded.state, attempts = 0, "
    "received = excluded.received, holder = excluded.holder "
    "WHERE updates.state >= ? AND updates.digest <> excluded.digest"
)


T = TypeVar("T")


class Left(NamedTuple):
    """What processes that ended left behind: entries to answer here, and how many sends have an unknown outcome;
    how many updates were dropped for that so far, and how many could not be opened."""

    entries: tuple[Entry, ...]
    unknown: int = 0
    dropped: int = 0
    unreadable: int = 0


class Received(NamedTuple):
    """What came: the updates that were not in the journal yet, and the entries to answer here.

    Those are not the same where another process answers a chat, or left something of it undone.
    """

    new: tuple[Entry, ...]
    entries: tuple[Entry, ...]


class ClaimLostError(VerbatimError):
    """Another process answers the update by now: nothing may be sent for it from here."""


class Journal:
    """The updates of one bot, in the order in which they came; `fleet` is the processes that share them."""

    def __init__(self, writer: Writer, vault: Vault, *, repeat_unknown: bool, fleet: Fleet | None = None) -> None:
        self.fleet = fleet or Fleet()
        self._writer = writer
        self._vault = vault
        self._most_attempts = UNKNOWN_ATTEMPTS if repeat_unknown else 1
        self._finished: set[int] = set()
        self._found: deque[Claim] = deque()
        self._held: set[int] = set()
        self._gained: list[int] = []
        self._is_doubtful = False
        self._is_closing = False

    async def receive(self, updates: Sequence[Mapping[str, Any]]) -> Received:
        """What of the updates is new, and what is to be answered here; all are in the journal now, for good.

        An update with the id of a finished one and another content is new: another bot's, or ids that began anew.
        """
        entries = [Entry(update["update_id"], update, lane_of(update)) for update in updates]
        rows = [self._row(one) for one in entries]
        now = time.time()

        def insert(connection: Connection) -> tuple[list[bool], Claim | None]:
            chats = {row[1] for row in rows}
            is_open = not self._is_closing and are_ours(connection, self.fleet, chats)
            holder = self.fleet.process if is_open else None
            inserted = [
                connection.execute(_RECEIVE, (*row, State.PENDING, now, holder, State.DONE)) > 0 for row in rows
            ]
            if is_open:
                self._hold([row[0] for row, is_new in zip(rows, inserted, strict=True) if is_new])
                return inserted, None
            return inserted, Claim() if self._is_closing else self._claim(connection, chats)

        inserted, claimed = await self._run(insert)
        new = tuple(entry for entry, is_new in zip(entries, inserted, strict=True) if is_new)
        return Received(new, new if claimed is None else (await self._opened(claimed, new)).entries)

    async def left(self) -> Left:
        """What processes that ended left undone; call it before anything is received."""

        def leave(connection: Connection) -> tuple[Claim, int]:
            self.fleet.beat(connection)
            return self._claim_left(connection), _count(connection, State.LOST)

        claimed, dropped = await self._run(leave)
        return (await self._opened(claimed))._replace(dropped=dropped)

    async def beat(self) -> Left:
        """Tell the other processes that this one lives; what has come to be answered here since the last time."""

        is_doubtful, self._is_doubtful = self._is_doubtful, False

        def beat(connection: Connection) -> Claim:
            self.fleet.beat(connection)
            if self._is_closing:
                return Claim()
            if is_doubtful:
                # A transaction may have been kept whose end was not heard of: what is claimed there is claimed anew.
                release(connection, self.fleet, kept=self._held)
            return self._claim_left(connection)

        return await self._opened(await self._run(beat))

    async def found(self) -> Left:
        """What other processes received for chats that were answered here, and is to be answered here, too."""
        left = Left(())
        while self._found:
            more = await self._opened(self._found.popleft())
            left = Left(left.entries + more.entries, left.unknown + more.unknown)
        return left

    def close(self) -> None:
        """Claim nothing more."""
        self._is_closing = True

    async def release(self) -> None:
        """Leave what is not done to the other processes, at once."""
        self.close()

        def leave(connection: Connection) -> None:
            release(connection, self.fleet)
            bury(connection, self.fleet.process)

        await self._run(leave)

    async def content(self, update_id: int) -> Mapping[str, Any] | None:
        """An update that is not done yet, as it came; None when it is done, or cannot be opened."""
        statement = "SELECT body FROM updates WHERE update_id = ?"
        row = await self._writer.run(lambda connection: connection.row(statement, (update_id,)))
        opened = self._vault.open(row[0]) if row and row[0] is not None else None
        return None if opened is None else decoded(opened)

    async def pending(self, update_id: int) -> None:
        """Note that what was sent for an update is not all: it needs to be handled again after a restart."""
        statement = "UPDATE updates SET state = ? WHERE update_id = ? AND state < ?"
        values = (State.PENDING, update_id, State.DONE)
        await self._writer.run(lambda connection: connection.execute(statement, values))

    async def answered(self, update_id: int, note: Callable[[Connection], None] | None = None) -> None:
        """Note that an update's answer has arrived, and what else is to be noted with it."""

        def answered(connection: Connection) -> Claim:
            finish(connection, update_id)
            if note is not None:
                note(connection)
            return self._next_of(connection, update_id)

        self._found.append(await self._run(answered))
        self._finished.add(update_id)

    async def done(self, update_id: int) -> None:
        """Note that an update needs nothing more, unless another process answers it by now; its content is not kept."""
        self._held.discard(update_id)
        if update_id in self._finished:
            self._finished.discard(update_id)
            return

        def done(connection: Connection) -> Claim:
            row = connection.row("SELECT holder FROM updates WHERE update_id = ?", (update_id,))
            if row is None or row[0] != self.fleet.process:
                return Claim()
            finish(connection, update_id)
            return self._next_of(connection, update_id)

        self._found.append(await self._run(done))

    def sending(self, connection: Connection, update_id: int) -> bool:
        """Note in a transaction that an update's answer leaves now; False when it must not, as it is not ours."""
        statement = "UPDATE updates SET state = ? WHERE update_id = ? AND state < ? AND holder = ?"
        if connection.execute(statement, (State.SENDING, update_id, State.DONE, self.fleet.process)):
            return True
        row = connection.row("SELECT holder FROM updates WHERE update_id = ?", (update_id,))
        return row is None or row[0] == self.fleet.process

    async def unknown(self, update_id: int) -> bool:
        """Note that a send's outcome is unknown; whether it is to be repeated."""

        def note(connection: Connection) -> bool:
            connection.execute("UPDATE updates SET attempts = attempts + 1 WHERE update_id = ?", (update_id,))
            row = connection.row("SELECT attempts FROM updates WHERE update_id = ?", (update_id,))
            return row is not None and row[0] < self._most_attempts

        return await self._writer.run(note)

    async def lost(self, update_id: int) -> None:
        """Note that an update's answer has an unknown outcome for good."""
        await self._writer.run(lambda connection: finish(connection, update_id, State.LOST))

    async def forget_before(self, moment: float) -> int:
        """How many finished updates from before a moment were there; Telegram repeats none of them by now."""
        statement = "DELETE FROM updates WHERE state >= ? AND received < ?"
        return await self._writer.run(lambda connection: connection.execute(statement, (State.DONE, moment)))

    def _row(self, entry: Entry) -> tuple[int, int, bytes, int]:
        body = encoded(entry.update)
        return entry.update_id, self._vault.pseudonym(entry.lane), self._vault.seal(body), self._vault.digest(body)

    def _next_of(self, connection: Connection, update_id: int) -> Claim:
        """What other processes have received meanwhile for the chat of an update that is done here."""
        if self.fleet.is_alone or self._is_closing:
            return Claim()
        row = connection.row(_NEXT, (update_id, self.fleet.process))
        return self._claim(connection, row) if row else Claim()

    def _claim(self, connection: Connection, chats: Iterable[int]) -> Claim:
        claimed = claim(connection, self.fleet, chats, most_attempts=self._most_attempts)
        self._hold([one.update_id for one in claimed.updates])
        return claimed

    def _claim_left(self, connection: Connection) -> Claim:
        claimed = claim_left(connection, self.fleet, most_attempts=self._most_attempts)
        self._hold([one.update_id for one in claimed.updates])
        return claimed

    def _hold(self, updates: Sequence[int]) -> None:
        self._held.update(updates)
        self._gained.extend(updates)

    async def _run(self, operation: Callable[[Connection], T]) -> T:
        """What an operation that may claim returned; whether it did is doubtful when it failed."""
        gained: list[int] = []

        def run(connection: Connection) -> T:
            self._gained = gained  # operations run one after the other
            return operation(connection)

        try:
            return await self._writer.run(run)
        except Exception:
            self._held.difference_update(gained)
            self._is_doubtful = True
            raise

    async def _opened(self, claimed: Claim, known: Sequence[Entry] = ()) -> Left:
        """The entries of what was claimed; what cannot be opened is done."""
        by_id = {entry.update_id: entry for entry in known}
        entries, unreadable = [], 0
        for update_id, body, attempts in claimed.updates:
            entry = by_id.get(update_id)
            if entry is None:
                opened = self._vault.open(body)
                if opened is None:
                    unreadable += 1
                    await self.done(update_id)
                    continue
                update = decoded(opened)
                entry = Entry(update_id, update, lane_of(update), attempts)
            entries.append(entry)
        return Left(tuple(entries), claimed.unknown, unreadable=unreadable)


def _count(connection: Connection, state: State) -> int:
    row = connection.row("SELECT COUNT(*) FROM updates WHERE state = ?", (state,))
    return int(row[0]) if row else 0
