"""Telegram's limits over several processes: whoever sends, no window holds more than it may."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.migrations import migrate
from bot.storage.store import Connection
from bot.telegram.fleet import Fleet
from bot.telegram.journal import Journal
from bot.telegram.limiter import Rates, Span, chat_spans, overall_spans
from bot.telegram.pace import ALL, SharedLimiter, forget_paces, take_turn, turn_of
from bot.telegram.schema import MIGRATIONS
from bot.telegram.vault import open_vault
from bot.telegram.writer import Writer
from tests.stores import Stores

RATES = Rates(chat_per_second=1.0, group_per_minute=20.0, overall_per_second=30.0)


@pytest.fixture
async def writers(stores: Stores, tmp_path: Path) -> AsyncIterator[list[Writer]]:
    """Three processes' ways to the records that they share."""
    running = []
    for _ in range(3):
        store = stores.open(tmp_path / "telegram_data.sqlite")
        migrate(store, MIGRATIONS)
        running.append(Writer(store))
    yield running
    for writer in running:
        await writer.close()


async def moments(writers: list[Writer], lane: int, spans: list[Span], count: int) -> list[float]:
    """When so many sends that three processes ask for at once are due, in order."""

    def take(connection: Connection) -> float:
        return connection.now() + take_turn(connection, lane, spans)

    return sorted(await asyncio.gather(*[writers[number % 3].run(take) for number in range(count)]))


@pytest.mark.parametrize(
    ("lane", "spans", "count"),
    [(7, chat_spans(RATES, 7), 5), (-7, chat_spans(RATES, -7), 45), (ALL, overall_spans(RATES), 100)],
)
async def test_no_window_holds_more_sends_than_it_may(
    writers: list[Writer], lane: int, spans: list[Span], count: int
) -> None:
    due = await moments(writers, lane, spans, count)
    assert len(due) == count
    for span in spans:
        for first, after in zip(due, due[span.most :], strict=False):
            # A turn is counted from the moment within its transaction, and read a moment later here.
            assert after - first > span.seconds - 0.05


async def test_a_chat_that_waits_takes_no_place_from_the_others(writers: list[Writer]) -> None:
    own, overall = chat_spans(RATES, 5), [Span(2, 60.0)]
    turns = [await writers[0].run(lambda connection: turn_of(connection, 5, own, overall)) for _ in range(3)]
    assert turns[0].overall_seconds == 0.0
    assert [turn.overall_seconds for turn in turns[1:]] == [None, None]
    other = await writers[1].run(lambda connection: turn_of(connection, 6, own, overall))
    assert (other.chat_seconds, other.overall_seconds) == (0.0, 0.0)


async def test_one_process_alone_writes_nothing_down_and_two_do(writers: list[Writer], tmp_path: Path) -> None:
    vault = open_vault("", tmp_path / "telegram_data.key")
    first, second = (Journal(writer, vault, repeat_unknown=True, fleet=Fleet()) for writer in writers[:2])
    limiter = SharedLimiter(RATES, writers[0], vault, first.fleet)
    await first.left()
    await limiter.turn(5)
    assert await written(writers[0]) == 0
    await second.left()
    await first.beat()
    await limiter.turn(6)
    assert await written(writers[0]) == 2
    await writers[0].run(lambda connection: connection.execute("UPDATE paces SET expires = 0.0"))
    await writers[0].run(forget_paces)
    assert await written(writers[0]) == 0


async def written(writer: Writer) -> int:
    """How many lanes' sends are written down."""
    return len(await writer.run(lambda connection: list(connection.rows("SELECT lane FROM paces"))))
