"""The pace: Telegram's limits kept by all processes of the fleet together, in the records that they share."""

import time
from array import array
from collections.abc import Callable, Sequence
from typing import NamedTuple

from bot.storage.store import Connection
from bot.telegram.fleet import Fleet
from bot.telegram.limiter import Limiter, Rates, Span, chat_spans, overall_spans
from bot.telegram.vault import Vault
from bot.telegram.writer import Writer

ALL = 0
"""The lane of what is sent to any chat."""
SOON_SECONDS = 0.05
"""A send that is due so soon takes its place among all chats at once."""


class Turn(NamedTuple):
    """In how many seconds a chat may be written to, and in how many after that there is a place among all chats; None
    where that is to be asked for when the first time is over."""

    chat_seconds: float
    overall_seconds: float | None


class SharedLimiter(Limiter):
    """A limiter whose turns are written down while other processes send for the same bot; else it needs no table."""

    def __init__(
        self, rates: Rates, writer: Writer, vault: Vault, fleet: Fleet, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(rates, clock=clock)
        self._writer = writer
        self._vault = vault
        self._fleet = fleet

    async def turn(self, chat: int) -> float:
        """Return when the chat may be written to; how many seconds that took."""
        own, overall = chat_spans(self._rates, chat), overall_spans(self._rates)
        if self._fleet.is_alone or not (own or overall):
            return await super().turn(chat)
        begin, lane = self._clock(), self._vault.pseudonym(chat)
        turn = await self._writer.run(lambda connection: turn_of(connection, lane, own, overall))
        await self._sleep_until(self._clock() + turn.chat_seconds)
        await self._patience(chat)
        left = turn.overall_seconds
        if left is None:
            left = await self._writer.run(lambda connection: take_turn(connection, ALL, overall))
        await self._sleep_until(self._clock() + left)
        return self._clock() - begin


def turn_of(connection: Connection, lane: int, own: Sequence[Span], overall: Sequence[Span]) -> Turn:
    """A place for one more send to a chat, and among all chats if it is due by then."""
    first = take_turn(connection, lane, own)
    return Turn(first, take_turn(connection, ALL, overall) if first <= SOON_SECONDS else None)


def take_turn(connection: Connection, lane: int, spans: Sequence[Span]) -> float:
    """In how many seconds one more send of a lane fits into its limits; it has its place from now on."""
    if not spans:
        return 0.0
    now, most = connection.now(), max(span.most for span in spans)
    row = connection.row("SELECT sends FROM paces WHERE lane = ?", (lane,))
    sends = array("d", row[0]) if row else array("d")
    moment = max([now, *(sends[-span.most] + span.seconds for span in spans if len(sends) >= span.most)])
    sends.append(moment)
    expires = moment + max(span.seconds for span in spans)
    connection.execute(
        "INSERT INTO paces (lane, sends, expires) VALUES (?, ?, ?) ON CONFLICT (lane) DO UPDATE SET "
        "sends = excluded.sends, expires = excluded.expires",
        (lane, sends[-most:].tobytes(), expires),
    )
    return moment - now


def forget_paces(connection: Connection) -> None:
    """Delete what no limit looks back to."""
    connection.execute("DELETE FROM paces WHERE expires < ?", (connection.now(),))
