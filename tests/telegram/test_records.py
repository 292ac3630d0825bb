"""The records: journal, vault, memo, as one process after another finds them."""

import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.answering.answer import Answer
from bot.answering.conversation import Conversation, Turn
from bot.articles.filters import Filters
from bot.errors import LibraryError, SettingsError
from bot.storage.migrations import migrate
from bot.storage.sqlite import SqliteStore
from bot.telegram.answers import Answers, KeptAnswer
from bot.telegram.journal import Journal, sending
from bot.telegram.memo import GOOD_SECONDS, Memo, key_of
from bot.telegram.people import People
from bot.telegram.schema import MIGRATIONS
from bot.telegram.vault import open_vault
from bot.telegram.writer import Writer

ANSWER = Answer(question="Who?", answered=False, confidence=0.0)


@pytest.fixture
async def writer(tmp_path: Path) -> AsyncIterator[Writer]:
    store = SqliteStore(tmp_path / "telegram_data.sqlite")
    migrate(store, MIGRATIONS)
    running = Writer(store)
    yield running
    await running.close()


def journal_of(writer: Writer, folder: Path, *, repeat: bool = True) -> Journal:
    return Journal(writer, open_vault("", folder / "telegram_data.key"), repeat_unknown=repeat)


def update(number: int, text: str = "Who?") -> dict[str, object]:
    return {"update_id": number, "message": {"text": text, "chat": {"id": 5}}}


async def test_what_came_is_left_until_it_is_done_and_is_new_only_once(writer: Writer, tmp_path: Path) -> None:
    journal = journal_of(writer, tmp_path)
    first = await journal.receive([update(1), update(2)])
    assert [entry.update_id for entry in first] == [1, 2]
    assert await journal.receive([update(2)]) == []
    await journal.done(1)
    assert await journal.receive([update(1)]) == []
    left = await journal_of(writer, tmp_path).left()
    assert [entry.update for entry in left.entries] == [update(2)]
    assert left.unknown == 0


async def test_another_bots_update_of_the_same_number_is_new(writer: Writer, tmp_path: Path) -> None:
    journal = journal_of(writer, tmp_path)
    await journal.receive([update(1)])
    await journal.done(1)
    assert [entry.update_id for entry in await journal.receive([update(1, "What?")])] == [1]


@pytest.mark.parametrize(("repeat", "again"), [(True, [1, 0]), (False, [0, 0])])
async def test_a_send_under_way_at_a_death_is_repeated_once_or_not_at_all(
    writer: Writer, tmp_path: Path, repeat: bool, again: list[int]
) -> None:
    await journal_of(writer, tmp_path).receive([update(1)])
    found = []
    for _ in range(2):
        await writer.run(lambda connection: sending(connection, 1))
        left = await journal_of(writer, tmp_path, repeat=repeat).left()
        found.append(len(left.entries))
    assert found == again


async def test_texts_that_are_no_unicode_survive(writer: Writer, tmp_path: Path) -> None:
    odd = update(1, "half \ud83e and \x00")
    await journal_of(writer, tmp_path).receive([odd])
    (entry,) = (await journal_of(writer, tmp_path).left()).entries
    assert entry.update == odd


async def test_entries_of_a_lost_key_are_counted_and_let_go(writer: Writer, tmp_path: Path) -> None:
    await journal_of(writer, tmp_path).receive([update(1)])
    (tmp_path / "telegram_data.key").unlink()
    left = await journal_of(writer, tmp_path).left()
    assert (left.entries, left.unreadable) == ((), 1)
    assert (await journal_of(writer, tmp_path).left()).unreadable == 0


async def test_an_operation_that_fails_takes_no_other_with_it(writer: Writer) -> None:
    good = writer.run(lambda connection: connection.execute("UPDATE updates SET state = 1"))
    bad = writer.run(lambda connection: connection.execute("no statement at all"))
    with pytest.raises(LibraryError):
        await bad
    assert await good == 0


async def test_forgetting_leaves_nothing_of_a_person_and_all_of_others(writer: Writer, tmp_path: Path) -> None:
    vault = open_vault("", tmp_path / "telegram_data.key")
    answers, people = Answers(writer, vault), People(writer, vault)
    for person in (5, 6):
        kept = KeptAnswer(
            id=f"k{person}", chat=person, asker=person, question=1, asked="?", language="en", answer=ANSWER
        )
        await writer.run(answers.keeping(kept))
        turns = Conversation((Turn(question="?", at=1.0),))
        await writer.run(answers.remembering(person, person, turns))
        await people.set_language(person, "uk")
    await people.forget(5)
    assert await answers.by_id("k5") is None
    assert await answers.conversation(5, 5) == Conversation()
    assert (await people.person(5)).language == ""
    assert await answers.by_id("k6") is not None
    assert (await people.person(6)).language == "uk"


def test_a_key_is_made_once_for_its_owner_alone_and_any_secret_will_do(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "telegram_data.key"
    sealed = open_vault("", file).seal(b"words")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert open_vault("", file).open(sealed) == b"words"
    assert open_vault("a passphrase", file).open(sealed) is None
    assert open_vault("a passphrase", file).open(open_vault("a passphrase", file).seal(b"x")) == b"x"
    assert open_vault("", file).pseudonym(5) != open_vault("a passphrase", file).pseudonym(5) != 5


def test_a_damaged_key_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "telegram_data.key").write_text("no key")
    with pytest.raises(SettingsError, match=r"telegram_data\.key: is no key"):
        open_vault("", tmp_path / "telegram_data.key")


def test_the_memo_forgets_when_the_library_changes_and_with_time() -> None:
    now = [0.0]
    memo = Memo(clock=lambda: now[0])
    key = key_of("Who?", Conversation(), Filters(), correct=True)
    memo.put(key, 1, ANSWER)
    assert memo.get(key, 1) == ANSWER
    assert memo.get(key_of("Who?", Conversation(), Filters(), correct=False), 1) is None
    assert memo.get(key_of("Who?", Conversation((Turn(question="x", at=0),)), Filters(), correct=True), 1) is None
    now[0] = GOOD_SECONDS + 1
    assert memo.get(key, 1) is None
    memo.put(key, 1, ANSWER)
    assert memo.get(key, 2) is None
