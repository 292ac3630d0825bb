"""What the answer needs is away for a while: questions are kept, their askers hear so once, and are answered later."""

import sys
from pathlib import Path

from bot.telegram.patience import Patience

from .articles import KEEPER, KEPT
from .botapi import BotApiServer, bot_process

BUILT = "When was the lighthouse of Karvala built?"
AWAY = """
import pathlib, sys
from bot.answering.answerer import Answerer
from bot.errors import UnavailableError
flag = pathlib.Path(sys.argv[1])
answer = Answerer.answer
def answer_when_there(self, *arguments, **options):
    if flag.exists():
        raise UnavailableError("the cluster is away")
    return answer(self, *arguments, **options)
Answerer.answer = answer_when_there
from bot.cli import main
sys.exit(main(sys.argv[2:]))
"""
NOTES_FAIL = """
import sys
from bot.errors import LibraryBusyError
from bot.telegram.journal import Journal
answered, failed = Journal.answered, set()
async def answered_the_second_time(self, update_id, note=None):
    if update_id not in failed:
        failed.add(update_id)
        raise LibraryBusyError("the store is locked")
    await answered(self, update_id, note)
Journal.answered = answered_the_second_time
from bot.cli import main
sys.exit(main(sys.argv[1:]))
"""


def away_while(flag: Path, library: Path) -> list[str]:
    """The command of a bot whose articles are away as long as a file is there."""
    return [sys.executable, "-c", AWAY, str(flag), "--library", str(library), "telegram"]


async def test_questions_are_kept_while_the_articles_are_away(
    server: BotApiServer, library: Path, tmp_path: Path
) -> None:
    olena, petro = server.private_chat("Olena"), server.private_chat("Petro", language_code="de")
    flag = tmp_path / "away"
    flag.touch()
    async with bot_process(server, library, command=away_while(flag, library)):
        first = await olena.says(KEEPER)
        second = await olena.says(BUILT)
        notice = await olena.receives()
        assert "What you sent is kept" in notice.text
        assert notice.reply_to_id == first.id
        await petro.says(KEEPER)
        assert "aufgehoben" in (await petro.receives()).text
        offered = await petro.asks_inline(KEEPER)
        assert "nicht in die Artikel" in (offered.button or {})["text"]
        flag.unlink()
        answer, other = await olena.receives(), await olena.receives()
        assert (answer.reply_to_id, answer.parts("blockquote")) == (first.id, [KEPT])
        assert other.reply_to_id == second.id
        assert "1871" in other.text
        assert (await petro.receives()).parts("blockquote") == [KEPT]
        await petro.says("/privacy")
        assert "Tage" in (await petro.receives()).text


async def test_a_bot_that_starts_anew_meanwhile_answers_without_saying_it_twice(
    server: BotApiServer, library: Path, tmp_path: Path
) -> None:
    olena = server.private_chat("Olena")
    flag = tmp_path / "away"
    flag.touch()
    async with bot_process(server, library, command=away_while(flag, library)) as process:
        await olena.says(KEEPER)
        await olena.receives()
        await process.kill()
    async with bot_process(server, library, command=away_while(flag, library)):
        await olena.says(BUILT)
        flag.unlink()
        assert (await olena.receives()).parts("blockquote") == [KEPT]
        assert "1871" in (await olena.receives()).text


async def test_who_waits_is_not_counted_as_asking_too_much(server: BotApiServer, library: Path, tmp_path: Path) -> None:
    olena = server.private_chat("Olena")
    flag = tmp_path / "away"
    flag.touch()
    environment = {"VERBATIM_TELEGRAM_QUESTIONS_PER_MINUTE": "1"}
    async with bot_process(server, library, command=away_while(flag, library), environment=environment) as process:
        await olena.says(KEEPER)
        await olena.receives()
        while process.output.count("UnavailableError") < 2:
            await olena.receives_nothing()
        flag.unlink()
        assert (await olena.receives()).parts("blockquote") == [KEPT]


async def test_a_note_that_fails_sends_nothing_twice(server: BotApiServer, library: Path) -> None:
    olena = server.private_chat("Olena")
    command = [sys.executable, "-c", NOTES_FAIL, "--library", str(library), "telegram"]
    async with bot_process(server, library, command=command):
        for question in (KEEPER, BUILT):
            asked = await olena.says(question)
            assert (await olena.receives()).reply_to_id == asked.id
    assert server.call_counts["sendMessage"] == 2


def test_an_update_waits_longer_each_time_and_its_sender_hears_so_once() -> None:
    patience = Patience()
    assert [patience.again(7), patience.pause(7), patience.again(7), patience.pause(7)] == [True, 1.0, False, 2.0]
    assert patience.waits(7)
    for _ in range(20):
        patience.again(7)
    assert patience.pause(7) == 15.0
    assert patience.pause(7) == 0.0
    assert not patience.waits(7)
    patience.quietly(8)
    assert not patience.again(8)
