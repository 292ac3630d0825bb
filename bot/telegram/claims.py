"""The claims: which process answers which update. A chat is claimed whole, so that its updates stay in order.

Every function works within a transaction that is the only one to write at that moment, over all processes.
"""

from collections.abc import Container, Iterable
from enum import IntEnum
from typing import NamedTuple

from bot.storage.store import Connection
from bot.telegram.fleet import Fleet

LEAST_CHATS = 10
"""So few chats of the dead need no sharing out among the living."""


class State(IntEnum):
    """How far an update has come."""

    PENDING = 0  # received, not yet answered
    SENDING = 1  # its answer is on the way: a process that dies now leaves the outcome unknown
    DONE = 2
    LOST = 3  # its answer's outcome stayed unknown


class Claimed(NamedTuple):
    """An update that this process answers now: its id, content (sealed) and how often its outcome was unknown."""

    update_id: int
    body: bytes
    attempts: int


class Claim(NamedTuple):
    """What was claimed, in order; how many sends of processes that ended have an unknown outcome."""

    updates: tuple[Claimed, ...] = ()
    unknown: int = 0


class _Open(NamedTuple):
    update_id: int
    chat: int
    state: int
    attempts: int
    holder: str | None


def claim(connection: Connection, fleet: Fleet, chats: Iterable[int], *, most_attempts: int) -> Claim:
    """Claim all open updates of those of the chats that no other living process has a claim in."""
    statement = "SELECT update_id, chat, state, attempts, holder FROM updates WHERE state < 2 AND chat IN ({})"
    found = [_Open(*row) for row in connection.rows_in(statement, chats)]
    others = fleet.others(connection)
    taken = {one.chat for one in found if one.holder in others}
    free = sorted(one for one in found if one.chat not in taken and one.holder != fleet.process)
    under_way = [one for one in free if one.state == State.SENDING]
    lost = {one.update_id for one in under_way if one.attempts + 1 >= most_attempts}
    for one in under_way:
        if one.update_id in lost:
            finish(connection, one.update_id, State.LOST)
        else:
            statement = "UPDATE updates SET state = ?, attempts = attempts + 1 WHERE update_id = ?"
            connection.execute(statement, (State.PENDING, one.update_id))
    mine = [one.update_id for one in free if one.update_id not in lost]
    connection.execute_many(
        "UPDATE updates SET holder = ? WHERE update_id = ?", [(fleet.process, number) for number in mine]
    )
    bodies = connection.rows_in("SELECT update_id, body, attempts FROM updates WHERE update_id IN ({})", mine)
    return Claim(tuple(sorted(Claimed(*row) for row in bodies)), len(under_way))


def are_ours(connection: Connection, fleet: Fleet, chats: Iterable[int]) -> bool:
    """Whether nothing is open in these chats that this process has not claimed: it may claim what comes at once."""
    statement = "SELECT DISTINCT chat, holder FROM updates WHERE state < 2 AND chat IN ({})"
    return all(holder == fleet.process for _, holder in connection.rows_in(statement, chats))


def claim_left(connection: Connection, fleet: Fleet, *, most_attempts: int) -> Claim:
    """Claim what nobody who lives has claimed: all of it where nobody else lives, else this process's share."""
    rows = connection.rows(
        "SELECT DISTINCT chat FROM updates WHERE state < 2 AND (holder IS NULL OR holder NOT IN "
        "(SELECT process FROM processes))"
    )
    chats = [row[0] for row in rows]
    if not chats:
        return Claim()
    share = max(LEAST_CHATS, -(-len(chats) // (1 + len(fleet.others(connection)))))
    return claim(connection, fleet, chats[:share], most_attempts=most_attempts)


def release(connection: Connection, fleet: Fleet, *, kept: Container[int] = ()) -> None:
    """Let go of all claims of this process but those to the updates that are `kept`."""
    rows = connection.rows("SELECT update_id FROM updates WHERE state < 2 AND holder = ?", (fleet.process,))
    connection.execute_many(
        "UPDATE updates SET holder = NULL WHERE update_id = ?", [row for row in rows if row[0] not in kept]
    )


def finish(connection: Connection, update_id: int, state: State = State.DONE) -> None:
    """Note that an update needs nothing more; its content is not kept."""
    statement = "UPDATE updates SET state = ?, body = NULL WHERE update_id = ? AND state < ?"
    connection.execute(statement, (state, update_id, State.DONE))
