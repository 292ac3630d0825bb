"""The records: vault, answers, people, memo, as one process after another finds them."""

import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.answering.answer import Answer
from bot.answering.followups.conversation import Conversation, Turn
from bot.articles.filters import Filters
from bot.errors import LibraryError, SettingsError
from bot.storage.migrations import migrate
from bot.telegram.answers import Answers, KeptAnswer
from bot.telegram.feedback import Feedback
from bot.telegram.memo import GOOD_SECONDS, Memo, key_of
from bot.telegram.people import People
from bot.telegram.schema import MIGRATIONS
from bot.telegram.vault import open_vault
from bot.telegram.writer import Writer
from tests.stores import Stores

ANSWER = Answer(question="Who?", answered=False, confidence=0.0)


@pytest.fixture
async def writer(stores: Stores, tmp_path: Path) -> AsyncIterator[Writer]:
    store = stores.open(tmp_path / "telegram_data.sqlite")
    migrate(store, MIGRATIONS)
    running = Writer(store)
    yield running
    await running.close()


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
    feedback = Feedback(writer, vault)
    await feedback.note_unanswered("Who?", 5)
    await feedback.note_unanswered("who?", 6)
    for person in (5, 6):
        answer = await answers.by_id(f"k{person}")
        assert answer is not None
        await feedback.vote(answer, person, good=person == 5)
    assert await feedback.votes() == (1, 1)
    assert await people.count() == (2, 0)
    await people.forget(5)
    assert await feedback.votes() == (0, 1)
    assert [asked.question for asked in await feedback.unanswered()] == ["who?"]
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
    said = [Conversation((Turn(question="x", asked=asked, at=0),)) for asked in ("x", "y")]
    assert key_of("Who?", said[0], Filters(), correct=True) != key_of("Who?", said[1], Filters(), correct=True)
    now[0] = GOOD_SECONDS + 1
    assert memo.get(key, 1) is None
    memo.put(key, 1, ANSWER)
    assert memo.get(key, 2) is None
