"""The journal: what came is answered once, by one of any number of processes, each chat's updates in order."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.storage.migrations import migrate
from bot.storage.store import Connection
from bot.telegram.claims import State
from bot.telegram.fleet import ALIVE_SECONDS, Fleet
from bot.telegram.journal import Journal
from bot.telegram.process import has_ended, own_process
from bot.telegram.schema import MIGRATIONS
from bot.telegram.vault import open_vault
from bot.telegram.writer import Writer
from tests.stores import Stores

Process = Callable[..., Journal]


@pytest.fixture
async def writer(stores: Stores, tmp_path: Path) -> AsyncIterator[Writer]:
    store = stores.open(tmp_path / "telegram_data.sqlite")
    migrate(store, MIGRATIONS)
    running = Writer(store)
    yield running
    await running.close()


@pytest.fixture
def process(writer: Writer, tmp_path: Path) -> Process:
    """Makes the journal of a process of its own; `ended` for one that is not there any more."""

    def made(*, repeat: bool = True, ended: bool = False, fleet: Fleet | None = None) -> Journal:
        vault = open_vault("", tmp_path / "telegram_data.key")
        chosen = fleet or Fleet(process=ended_process() if ended else None)
        return Journal(writer, vault, repeat_unknown=repeat, fleet=chosen)

    return made


def ended_process() -> str:
    """The name of a process of this machine that has ended: no process has so high a number."""
    machine, _, started, name = own_process().split("/")
    return f"{machine}/99999999/{started}/{name}"


def remote_process() -> str:
    """The name of a process of which nothing is known here but its beats."""
    return own_process().replace("/", "elsewhere/", 1)


def update(number: int, text: str = "Who?", *, chat: int = 5) -> dict[str, object]:
    return {"update_id": number, "message": {"text": text, "chat": {"id": chat}}}


async def leaves(writer: Writer, journal: Journal, number: int) -> bool:
    """Whether an update's answer may leave."""
    return await writer.run(lambda connection: journal.sending(connection, number))


async def bury(writer: Writer, journal: Journal) -> None:
    """Take a process off the list."""
    values = (journal.fleet.process,)
    await writer.run(lambda connection: connection.execute("DELETE FROM processes WHERE process = ?", values))


def ids(entries: object) -> list[int]:
    assert isinstance(entries, tuple)
    return [entry.update_id for entry in entries]


async def test_what_came_is_left_until_it_is_done_and_is_new_only_once(process: Process) -> None:
    first = process(ended=True)
    assert ids((await first.receive([update(1), update(2)])).entries) == [1, 2]
    again = await first.receive([update(2)])
    assert (again.new, again.entries) == ((), ())
    await first.done(1)
    assert (await first.receive([update(1)])).new == ()
    left = await process().left()
    assert [entry.update for entry in left.entries] == [update(2)]
    assert left.unknown == 0


async def test_another_bots_update_of_the_same_number_is_new(process: Process) -> None:
    journal = process()
    await journal.receive([update(1)])
    await journal.done(1)
    assert ids((await journal.receive([update(1, "What?")])).new) == [1]


@pytest.mark.parametrize(("repeat", "again"), [(True, [1, 0]), (False, [0, 0])])
async def test_a_send_under_way_at_a_death_is_repeated_once_or_not_at_all(
    process: Process, writer: Writer, repeat: bool, again: list[int]
) -> None:
    found: list[int] = []
    journal = process(repeat=repeat, ended=True)
    await journal.receive([update(1)])
    for _ in range(2):
        await leaves(writer, journal, 1)
        journal = process(repeat=repeat, ended=True)
        left = await journal.left()
        found.append(len(left.entries))
    assert found == again
    assert left.dropped == 1


async def test_texts_that_are_no_unicode_survive(process: Process) -> None:
    odd = update(1, "half \ud83e and \x00")
    await process(ended=True).receive([odd])
    (entry,) = (await process().left()).entries
    assert entry.update == odd


async def test_entries_of_a_lost_key_are_counted_and_let_go(process: Process, tmp_path: Path) -> None:
    await process(ended=True).receive([update(1)])
    (tmp_path / "telegram_data.key").unlink()
    left = await process(ended=True).left()
    assert (left.entries, left.unreadable) == ((), 1)
    assert (await process().left()).unreadable == 0


async def test_a_chat_is_answered_by_one_process_and_its_next_question_by_the_same(process: Process) -> None:
    first, second = process(), process()
    await first.left()
    await second.left()
    assert (await first.beat()).entries == ()
    assert ids((await first.receive([update(1)])).entries) == [1]
    kept_for_the_first = await second.receive([update(2), update(3, chat=6)])
    assert ids(kept_for_the_first.new) == [2, 3]
    assert ids(kept_for_the_first.entries) == [3]
    assert (await second.beat()).entries == ()
    await first.answered(1)
    assert ids((await first.found()).entries) == [2]
    await first.done(2)
    assert ids((await second.receive([update(4)])).entries) == [4]
    assert ids((await second.receive([update(1), update(4)])).new) == []


async def test_what_a_dead_process_had_claimed_is_taken_over_in_order_before_what_came_later(process: Process) -> None:
    dead, living = process(ended=True), process()
    await dead.left()
    await dead.receive([update(1), update(2), update(3, chat=6)])
    assert ids((await living.left()).entries) == [1, 2, 3]
    assert (await living.beat()).entries == ()
    assert (await process().left()).entries == ()


async def test_the_living_share_what_a_dead_process_left(process: Process) -> None:
    dead, first, second = process(ended=True), process(), process()
    for one in (dead, first, second):
        await one.left()
    await dead.receive([update(number, chat=number) for number in range(40)])
    taken = [len((await living.beat()).entries) for living in (first, second, first, second)]
    assert taken[0] < 40
    assert sum(taken) + len((await second.beat()).entries) == 40
    assert taken[1] > 0


async def test_a_newer_question_waits_for_what_is_left_of_its_chat(process: Process, writer: Writer) -> None:
    dead, living = process(fleet=Fleet(process=remote_process())), process()
    await dead.left()
    await living.left()
    await dead.receive([update(1), update(2)])
    assert (await living.receive([update(3)])).entries == ()
    await bury(writer, dead)
    assert ids((await living.receive([update(4)])).entries) == [1, 2, 3, 4]


async def test_a_machine_that_falls_silent_is_buried_but_not_before_the_others_had_time_to_beat(
    process: Process, writer: Writer
) -> None:
    moments = iter(range(100))
    living = process(fleet=Fleet(clock=lambda: float(next(moments))))
    silent = process(fleet=Fleet(process=remote_process()))
    await silent.left()
    await silent.receive([update(1)])
    await writer.run(lambda connection: connection.execute("UPDATE processes SET expires = 1.0"))
    assert (await living.left()).entries == ()
    taken: list[int] = []
    beats = 0
    while not taken:
        taken = ids((await living.beat()).entries)
        beats += 1
    assert taken == [1]
    assert beats == ALIVE_SECONDS


async def test_who_lost_a_claim_sends_nothing_and_finishes_nothing(process: Process, writer: Writer) -> None:
    frozen, living = process(fleet=Fleet(process=remote_process())), process()
    await frozen.left()
    await frozen.receive([update(1)])
    await writer.run(lambda connection: connection.execute("DELETE FROM processes"))
    assert ids((await living.left()).entries) == [1]
    assert not await leaves(writer, frozen, 1)
    await frozen.done(1)
    assert await leaves(writer, living, 1)
    assert await state_of(writer, 1) == State.SENDING


async def state_of(writer: Writer, number: int) -> int:
    def read(connection: Connection) -> int:
        row = connection.row("SELECT state FROM updates WHERE update_id = ?", (number,))
        return int(row[0]) if row else -1

    return await writer.run(read)


async def test_what_a_process_releases_is_answered_by_another_at_its_next_beat(process: Process) -> None:
    leaving, staying = process(), process()
    await leaving.left()
    await staying.left()
    await leaving.receive([update(1), update(2)])
    leaving.close()
    assert (await leaving.receive([update(3)])).entries == ()
    await leaving.release()
    assert ids((await staying.beat()).entries) == [1, 2, 3]
    assert staying.fleet.is_alone


async def test_what_was_claimed_in_a_transaction_whose_end_was_not_heard_of_is_found_again(
    process: Process, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = process()
    await journal.left()
    await journal.receive([update(1, chat=1)])
    run = writer.run

    async def unheard(operation: Callable[[Connection], object]) -> object:
        await run(operation)
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(writer, "run", unheard)
        with pytest.raises(ConnectionError):
            await journal.receive([update(2, chat=2)])
    assert (await journal.receive([update(2, chat=2)])).entries == ()
    assert ids((await journal.beat()).entries) == [2]
    assert (await journal.beat()).entries == ()


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("receive"), st.integers(0, 2), st.integers(1, 3)),
        st.tuples(st.just("answer"), st.integers(0, 2), st.just(0)),
        st.tuples(st.just("kill"), st.integers(0, 2), st.just(0)),
        st.tuples(st.just("beat"), st.integers(0, 2), st.just(0)),
    ),
    max_size=40,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
def test_whoever_dies_each_update_is_answered_once_and_each_chats_in_order(
    stores: Stores, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int]]
) -> None:
    asyncio.run(played(stores, tmp_path_factory.mktemp("fleet"), steps))


class Bot:
    """A process as the test plays it: its journal, and the entries that wait in its memory."""

    def __init__(self, writer: Writer, folder: Path) -> None:
        vault = open_vault("", folder / "telegram_data.key")
        self.journal = Journal(writer, vault, repeat_unknown=True, fleet=Fleet(process=remote_process()))
        self.lanes: dict[int, list[int]] = {}

    def take(self, entries: object) -> None:
        assert isinstance(entries, tuple)
        for entry in entries:
            self.lanes.setdefault(entry.lane, []).append(entry.update_id)


async def played(stores: Stores, folder: Path, steps: list[tuple[str, int, int]]) -> None:
    store = stores.open(folder / "telegram_data.sqlite")
    migrate(store, MIGRATIONS)
    writer = Writer(store)
    bots = [Bot(writer, folder) for _ in range(3)]
    for bot in bots:
        bot.take((await bot.journal.left()).entries)
    came: dict[int, list[int]] = {}
    answered: dict[int, list[int]] = {}
    number = 0

    async def answer(bot: Bot) -> None:
        for chat, waiting in list(bot.lanes.items()):
            if waiting:
                one = waiting.pop(0)
                assert await leaves(writer, bot.journal, one)
                answered.setdefault(chat, []).append(one)
                await bot.journal.answered(one)
                await bot.journal.done(one)
                bot.take((await bot.journal.found()).entries)
                return

    for what, which, chat in steps:
        bot = bots[which]
        if what == "receive":
            number += 1
            came.setdefault(chat, []).append(number)
            bot.take((await bot.journal.receive([update(number, chat=chat)])).entries)
        elif what == "answer":
            await answer(bot)
        elif what == "beat":
            bot.take((await bot.journal.beat()).entries)
        else:
            await bury(writer, bot.journal)
            bots[which] = Bot(writer, folder)
            bots[which].take((await bots[which].journal.left()).entries)
    for _ in range(2 * number + 2):
        for bot in bots:
            bot.take((await bot.journal.beat()).entries)
            await answer(bot)
    await writer.close()
    assert answered == came


async def test_a_process_knows_itself_alive_and_others_ended() -> None:
    assert not has_ended(own_process())
    assert has_ended(ended_process())
    assert not has_ended(remote_process())
    assert own_process() != own_process()
