"""What admins do, who is let in, and what people choose and delete, with the running bot."""

import asyncio
import json
import urllib.request
from pathlib import Path

import pytest

from .articles import KEEPER, KEPT
from .botapi import BotApiServer, BotProcess, Membership, bot_process

ADMIN = {"VERBATIM_TELEGRAM_ADMINS": "@ada", "VERBATIM_TELEGRAM_CHAT_PER_SECOND": "0"}
FLOOD = b"The river Ossa rose to nine metres on Sunday. Nobody was hurt in the flood."
RIVER = "Which river rose to nine metres on Sunday?"


async def test_a_file_an_admin_sends_is_answered_from(server: BotApiServer, library: Path) -> None:
    async with bot_process(server, library, environment=ADMIN):
        ada, olena = server.private_chat(server.user("Ada", username="ada")), server.private_chat("Olena")
        await ada.sends_document("flood.txt", FLOOD)
        reading = await ada.receives()
        assert "1 article added" in (await ada.sees_edit(reading)).text
        await olena.says(RIVER)
        assert "nine metres" in (await olena.receives()).parts("blockquote")[0]
        await ada.sends_document("flood.txt", FLOOD)
        assert "already" in (await ada.sees_edit(await ada.receives())).text
        await ada.says("/remove flood")
        assert "1 article taken out" in (await ada.receives()).text


async def test_a_forwarded_post_goes_in_and_its_channel_is_its_source(server: BotApiServer, library: Path) -> None:
    async with bot_process(server, library, environment=ADMIN):
        ada = server.private_chat(server.user("Ada", username="ada"))
        await ada.forwards(FLOOD.decode())
        assert "1 article added" in (await ada.sees_edit(await ada.receives())).text
        await ada.says(RIVER)
        assert "nine metres" in (await ada.receives()).parts("blockquote")[0]


async def test_what_cannot_be_read_is_said_and_nothing_is_lost(server: BotApiServer, library: Path) -> None:
    async with bot_process(server, library, environment=ADMIN) as process:
        ada = server.private_chat(server.user("Ada", username="ada"))
        await ada.sends_document("tool.exe", b"MZ\x00\x01")
        assert ".txt" in (await ada.receives()).text
        await ada.sends_document("big.txt", b"x", size=21_000_000)
        assert "20 MB" in (await ada.receives()).text
        assert server.calls_of("getFile") == []
        await ada.sends_document("liar.txt", b"A word. " * 3_000_000, size=1000)
        assert "20 MB" in (await ada.sees_edit(await ada.receives())).text
        await ada.sends_document("empty.txt", b"")
        assert "left out" in (await ada.sees_edit(await ada.receives())).text
        await ada.says(KEEPER)
        assert (await ada.receives()).parts("blockquote") == [KEPT]
        assert "Traceback" not in process.output


async def test_sync_reads_the_configured_folders_again(server: BotApiServer, library: Path, tmp_path: Path) -> None:
    folder = tmp_path / "followed"
    fill(folder)
    async with bot_process(server, library, environment=ADMIN | {"VERBATIM_SYNC_FOLDERS": str(folder)}):
        ada = server.private_chat(server.user("Ada", username="ada"))
        await ada.says("/sync")
        assert "1 article" in (await ada.receives()).text  # added, or already there: the folder is watched as well
        await ada.says(RIVER)
        assert "nine metres" in (await ada.receives()).parts("blockquote")[0]


def fill(folder: Path) -> None:
    folder.mkdir()
    (folder / "flood.txt").write_bytes(FLOOD)


async def test_nobody_else_feeds_or_sees_the_use(server: BotApiServer, library: Path) -> None:
    async with bot_process(server, library, environment=ADMIN):
        olena = server.private_chat("Olena")
        await olena.sends_document("flood.txt", FLOOD)
        assert "text alone" in (await olena.receives()).text
        for command in ("/stats", "/unanswered", "/remove Winters", "/sync"):
            await olena.says(command)
            assert "Only the admins" in (await olena.receives()).text
        await olena.says("/sources")
        assert "Winters" in (await olena.receives()).text


async def test_what_was_not_answered_is_listed_without_names(server: BotApiServer, library: Path) -> None:
    async with bot_process(server, library, environment=ADMIN):
        ada, olena = server.private_chat(server.user("Ada", username="ada")), server.private_chat("Olena")
        await olena.says("Who painted the ceiling of the opera in Vienna?")
        await olena.receives()
        await ada.says("/unanswered")
        text = (await ada.receives()).text
        assert "opera in Vienna" in text
        assert "Olena" not in text
        await ada.says("/stats")
        assert "3 articles" in (await ada.receives()).text


async def test_an_allow_list_keeps_others_out_politely(server: BotApiServer, library: Path) -> None:
    olena, petro = server.private_chat("Olena"), server.private_chat("Petro")
    environment = {"VERBATIM_TELEGRAM_ALLOWED": str(olena.user.id)}
    async with bot_process(server, library, environment=environment):
        await petro.says(KEEPER)
        assert "not open to everybody" in (await petro.receives()).text
        await olena.says(KEEPER)
        assert (await olena.receives()).parts("blockquote") == [KEPT]


async def test_who_asks_too_much_is_told_once(server: BotApiServer, library: Path) -> None:
    environment = {"VERBATIM_TELEGRAM_QUESTIONS_PER_MINUTE": "2", "VERBATIM_TELEGRAM_CHAT_PER_SECOND": "0"}
    async with bot_process(server, library, environment=environment):
        olena, petro = server.private_chat("Olena"), server.private_chat("Petro")
        for _ in range(5):
            await olena.says(KEEPER)
        texts = [(await olena.receives()).text for _ in range(3)]
        assert sum("a lot at once" in text for text in texts) == 1
        await petro.says(KEEPER)
        assert (await petro.receives()).parts("blockquote") == [KEPT]
        await olena.receives_nothing()


async def test_a_chosen_language_stays_after_a_restart(server: BotApiServer, library: Path) -> None:
    olena = server.private_chat("Olena", language_code="en")
    async with bot_process(server, library):
        await olena.says("/language")
        choice = await olena.receives()
        await olena.presses(choice, "Українська")
        await olena.sees_edit(choice)
    async with bot_process(server, library):
        await olena.says("/privacy")
        assert "зберігаю" in (await olena.receives()).text


@pytest.mark.parametrize(
    ("code", "word"), [("uk", "статті"), ("ru", "статьи"), ("es", "artículos"), ("de", "artikel"), ("fr", "articles")]
)
async def test_everybody_is_answered_in_their_language(
    server: BotApiServer, served: BotProcess, code: str, word: str
) -> None:
    person = server.private_chat("Someone", language_code=code)
    await person.says("/start")
    assert "I answer" not in (await person.receives()).text
    await person.says("Who painted the ceiling of the opera in Vienna?")
    assert word in (await person.receives()).text.lower()


async def test_a_groups_admins_choose_for_it(server: BotApiServer, served: BotProcess) -> None:
    group = server.group("Readers")
    olena, ada = group.joins(server.user("Olena")), group.joins(server.user("Ada"), Membership.ADMINISTRATOR)
    await olena.says("/settings")
    assert "Only admins" in (await group.receives()).text
    await ada.says("/settings")
    settings = await group.receives()
    press = await olena.presses(settings, "Deutsch")
    assert "Only admins" in (await press.answered()).text
    await ada.presses(settings, "Deutsch")
    await group.sees_edit(settings)
    await olena.says("/ask Who painted the ceiling of the opera in Vienna?")
    assert "Artikel" in (await group.receives()).text


async def test_forget_deletes_what_is_kept(server: BotApiServer, served: BotProcess) -> None:
    olena = server.private_chat("Olena")
    await olena.says(KEEPER)
    answer = await olena.receives()
    await olena.says("/forget")
    assert "deleted" in (await olena.receives()).text
    press = await olena.presses(answer, "Context")
    assert "do not have this answer" in (await press.answered()).text


async def test_commands_are_in_the_menus_of_every_language(server: BotApiServer, served: BotProcess) -> None:
    await server.called("setMyCommands", times=12)
    set_for = {(key[1], key[-1]) for key in server.account.settings if key[0] == "commands"}
    assert {("all_private_chats", ""), ("all_group_chats", ""), ("all_private_chats", "uk")} <= set_for


async def test_health_and_metrics_are_served_without_anybodys_words(
    server: BotApiServer, library: Path, unused_tcp_port: int
) -> None:
    environment = {"VERBATIM_TELEGRAM_HEALTH_PORT": str(unused_tcp_port), "VERBATIM_TELEGRAM_LOG_FORMAT": "json"}
    async with bot_process(server, library, environment=environment) as process:
        olena = server.private_chat("Olena")
        await olena.says(KEEPER)
        await olena.receives()
        health = json.loads(await fetched(f"http://127.0.0.1:{unused_tcp_port}/health"))
        metrics = await fetched(f"http://127.0.0.1:{unused_tcp_port}/metrics")
    assert health["status"] == "ok"
    assert 'verbatim_questions_total{where="private"} 1.0' in metrics
    assert 'verbatim_replies_total{reply="quotes"} 1.0' in metrics
    assert "keeper" not in metrics
    assert [json.loads(line)["level"] for line in process.output.splitlines()] == ["info", "info"]


async def fetched(url: str) -> str:
    return await asyncio.to_thread(lambda: urllib.request.urlopen(url, timeout=5).read().decode())
