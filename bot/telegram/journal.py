"""The journal: every update is written down before Telegram hears that it was received, and answered once."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum
from typing import Any, NamedTuple

import msgspec

from bot.storage.store import Connection
from bot.telegram.vault import Vault
from bot.telegram.writer import Writer

UNKNOWN_ATTEMPTS = 2
"""A send whose outcome is unknown is tried so often in all."""


class State(IntEnum):
    """How far an update has come."""

    PENDING = 0  # received, not yet answered
    SENDING = 1  # its answer is on the way: a process that dies now leaves the outcome unknown
    DONE = 2
    LOST = 3  # its answer's outcome stayed unknown


PARKED: Mapping[str, Any] = {}
"""Stands for the content of an update that waits in the journal alone."""


class Entry(NamedTuple):
    """An update in the journal: its id, as it came (or PARKED), what it is kept in order with, how often its outcome
    was unknown."""

    update_id: int
    update: Mapping[str, Any]
    lane: int
    attempts: int = 0

    @property
    def is_parked(self) -> bool:
        """Whether its content is in the journal alone."""
        return self.update is PARKED

    def parked(self) -> "Entry":
        """The same with its content in the journal alone."""
        return self._replace(update=PARKED)


class Left(NamedTuple):
    """What a process that ended left behind: entries to answer, and how many sends have an unknown outcome."""

    entries: tuple[Entry, ...]
    unknown: int
    dropped: int
    unreadable: int


class Journal:
    """The updates of one bot, in the order in which they came."""

    def __init__(self, writer: Writer, vault: Vault, *, repeat_unknown: bool) -> None:
        self._writer = writer
        self._vault = vault
        self._repeat_unknown = repeat_unknown
        self._finished: set[int] = set()

    async def receive(self, updates: Sequence[Mapping[str, Any]]) -> list[Entry]:
        """Those of the updates that were not in the journal yet; they are in it now, for good.

        An update with the id of a finished one and another content is new: another bot's, or ids that began anew.
        """
        entries = [Entry(update["update_id"], update, lane_of(update)) for update in updates]
        rows = [self._row(one) for one in entries]
        now = time.time()

        def insert(connection: Connection) -> list[bool]:
            return [
                connection.execute(
                    "INSERT INTO updates (update_id, chat, body, digest, state, attempts, received) "
                    "VALUES (?, ?, ?, ?, ?, 0, ?) ON CONFLICT (update_id) DO UPDATE SET chat = excluded.chat, "
                    "body = excluded.body, digest = excluded.digest, state = excluded.state, attempts = 0, "
                    "received = excluded.received WHERE updates.state >= ? AND updates.digest <> excluded.digest",
                    (*row, State.PENDING, now, State.DONE),
                )
                > 0
                for row in rows
            ]

        inserted = await self._writer.run(insert)
        return [entry for entry, is_new in zip(entries, inserted, strict=True) if is_new]

    async def left(self) -> Left:
        """What is to be done of what an earlier process left; call it once, before anything is received."""
        unknown, rows = await self._writer.run(self._leave)
        entries, unreadable = [], 0
        for update_id, body, attempts in rows:
            opened = self._vault.open(body)
            if opened is None:
                unreadable += 1
                await self.done(update_id)
                continue
            update = _decoded(opened)
            entries.append(Entry(update_id, update, lane_of(update), attempts))
        dropped = await self._writer.run(lambda connection: _count(connection, State.LOST))
        return Left(tuple(entries), unknown, dropped, unreadable)

    async def content(self, update_id: int) -> Mapping[str, Any] | None:
        """An update that is not done yet, as it came; None when it is done, or cannot be opened."""
        statement = "SELECT body FROM updates WHERE update_id = ?"
        row = await self._writer.run(lambda connection: connection.row(statement, (update_id,)))
        opened = self._vault.open(row[0]) if row and row[0] is not None else None
        return None if opened is None else _decoded(opened)

    async def pending(self, update_id: int) -> None:
        """Note that what was sent for an update is not all: it needs to be handled again after a restart."""
        statement = "UPDATE updates SET state = ? WHERE update_id = ? AND state < ?"
        values = (State.PENDING, update_id, State.DONE)
        await self._writer.run(lambda connection: connection.execute(statement, values))

    async def answered(self, update_id: int, note: Callable[[Connection], None] | None = None) -> None:
        """Note that an update's answer has arrived, and what else is to be noted with it."""

        def answered(connection: Connection) -> None:
            finish(connection, update_id)
            if note is not None:
                note(connection)

        await self._writer.run(answered)
        self._finished.add(update_id)

    async def done(self, update_id: int) -> None:
        """Note that an update needs nothing more; its content is not kept."""
        if update_id in self._finished:
            self._finished.discard(update_id)
        else:
            await self._writer.run(lambda connection: finish(connection, update_id))

    async def unknown(self, update_id: int) -> bool:
        """Note that a send's outcome is unknown; whether it is to be repeated."""
        most = UNKNOWN_ATTEMPTS if self._repeat_unknown else 1

        def note(connection: Connection) -> bool:
            connection.execute("UPDATE updates SET attempts = attempts + 1 WHERE update_id = ?", (update_id,))
            row = connection.row("SELECT attempts FROM updates WHERE update_id = ?", (update_id,))
            return row is not None and row[0] < most

        return await self._writer.run(note)

    async def lost(self, update_id: int) -> None:
        """Note that an update's answer has an unknown outcome for good."""
        await self._writer.run(lambda connection: finish(connection, update_id, State.LOST))

    async def forget_before(self, moment: float) -> int:
        """How many finished updates from before a moment were there; Telegram repeats none of them by now."""
        statement = "DELETE FROM updates WHERE state >= ? AND received < ?"
        return await self._writer.run(lambda connection: connection.execute(statement, (State.DONE, moment)))

    def _row(self, entry: Entry) -> tuple[int, int, bytes, int]:
        body = _encoded(entry.update)
        return entry.update_id, self._vault.pseudonym(entry.lane), self._vault.seal(body), self._vault.digest(body)

    def _leave(self, connection: Connection) -> tuple[int, list[tuple[Any, ...]]]:
        unknown = _count(connection, State.SENDING)
        connection.execute("UPDATE updates SET attempts = attempts + 1 WHERE state = ?", (State.SENDING,))
        most = UNKNOWN_ATTEMPTS if self._repeat_unknown else 1
        connection.execute(
            "UPDATE updates SET state = ?, body = NULL WHERE state = ? AND attempts >= ?",
            (State.LOST, State.SENDING, most),
        )
        connection.execute("UPDATE updates SET state = ? WHERE state = ?", (State.PENDING, State.SENDING))
        statement = "SELECT update_id, body, attempts FROM updates WHERE state = ? ORDER BY update_id"
        return unknown, list(connection.rows(statement, (State.PENDING,)))


def sending(connection: Connection, update_id: int) -> None:
    """Note in a transaction that an update's answer leaves now."""
    statement = "UPDATE updates SET state = ? WHERE update_id = ? AND state < ?"
    connection.execute(statement, (State.SENDING, update_id, State.DONE))


def finish(connection: Connection, update_id: int, state: State = State.DONE) -> None:
    """Note in a transaction that an update needs nothing more."""
    statement = "UPDATE updates SET state = ?, body = NULL WHERE update_id = ? AND state < ?"
    connection.execute(statement, (state, update_id, State.DONE))


def lane_of(update: Mapping[str, Any]) -> int:
    """The id of what an update is kept in order with: its chat, else its sender; 0 when it has neither."""
    for kind, content in update.items():
        if kind == "update_id" or not isinstance(content, Mapping):
            continue
        message = content.get("message")
        inner = message if isinstance(message, Mapping) else {}
        for owner in (content.get("chat"), inner.get("chat"), content.get("from"), content.get("user")):
            if isinstance(owner, Mapping) and isinstance(owner.get("id"), int):
                return int(owner["id"])
    return 0


def _encoded(update: Mapping[str, Any]) -> bytes:
    try:
        return msgspec.json.encode(update)
    except UnicodeEncodeError:  # half of a surrogate pair in some text
        return json.dumps(update).encode()


def _decoded(body: bytes) -> Mapping[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.DecodeError:
        update: dict[str, Any] = json.loads(body)
        return update


def _count(connection: Connection, state: State) -> int:
    row = connection.row("SELECT COUNT(*) FROM updates WHERE state = ?", (state,))
    return int(row[0]) if row else 0
