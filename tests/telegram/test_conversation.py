"""Conversations with the running bot, as people have them."""

from pathlib import Path

import pytest

from .articles import KEEPER, KEPT
from .botapi import BotApiServer, BotProcess, bot_process
from .botapi.faults import Break as Broken
from .botapi.faults import bad_gateway, broken, flood

BUILT = "When was the lighthouse of Karvala built?"
UNKNOWN = "Who painted the ceiling of the opera in Vienna?"


async def test_a_question_gets_the_sentence_that_answers_with_its_source(
    server: BotApiServer, served: BotProcess
) -> None:
    olena = server.private_chat("Olena", language_code="en")
    await olena.says(KEEPER)
    await olena.sees_action("typing")
    answer = await olena.receives()
    assert answer.parts("blockquote") == [KEPT]
    assert "Marta Hellgren" in "".join(answer.parts("bold"))
    assert answer.parts("text_link") == ["Lights <of> the coast & the islands"]
    assert "2021-05-04" in answer.text
    assert answer.message["link_preview_options"] == {"is_disabled": True}


async def test_a_sentence_that_stands_twice_is_quoted_once_with_both_sources(
    server: BotApiServer, served: BotProcess
) -> None:
    olena = server.private_chat("Olena")
    await olena.says(BUILT)
    answer = await olena.receives()
    assert len(answer.parts("blockquote")) == 1
    assert "1871" in answer.parts("blockquote")[0]


async def test_more_and_context_change_the_message_itself(server: BotApiServer, served: BotProcess) -> None:
    olena = server.private_chat("Olena")
    await olena.says(KEEPER)
    answer = await olena.receives()
    press = await olena.presses(answer, "Context")
    context = await olena.sees_edit(answer)
    assert (await press.answered()).text == ""
    (neighbours,) = context.parts("expandable_blockquote")
    assert "built in 1871" in neighbours
    assert "412 ships" in neighbours
    assert context.parts("blockquote") == answer.parts("blockquote")
    await olena.presses(context, "More")
    more = await olena.sees_edit(context)
    assert answer.parts("blockquote")[0] not in more.parts("blockquote")
    await olena.presses(more, "Back")
    assert (await olena.sees_edit(more)).html == answer.html


async def test_the_articles_do_not_say_and_the_nearest_are_a_press_away(
    server: BotApiServer, served: BotProcess
) -> None:
    olena = server.private_chat("Olena")
    await olena.says(UNKNOWN)
    answer = await olena.receives()
    assert answer.text.endswith("The articles do not say.")
    await olena.says("What colour is the lighthouse of Karvala?")
    nearly = await olena.receives()
    assert nearly.text.endswith("The articles do not say.")
    await olena.presses(nearly, "Show the nearest")
    assert (await olena.sees_edit(nearly)).parts("blockquote")


async def test_a_path_of_the_server_is_never_shown(server: BotApiServer, served: BotProcess) -> None:
    olena = server.private_chat("Olena")
    await olena.says("Who wrote the first newspaper of the island?")
    answer = await olena.receives()
    assert "A paper for the island" in answer.text
    await olena.says("/sources")
    sources = await olena.receives()
    assert "A paper for the island" in sources.text
    assert "/srv" not in answer.html + sources.html


@pytest.mark.parametrize(
    ("command", "word"),
    [("/start", "3 articles"), ("/help", "/ask"), ("/privacy", "30 days"), ("/ask", "/ask Who"), ("hello", "Hello")],
)
async def test_commands_say_what_they_are_for(
    server: BotApiServer, served: BotProcess, command: str, word: str
) -> None:
    olena = server.private_chat("Olena")
    await olena.says(command)
    assert word in (await olena.receives()).text


async def test_ask_answers_like_a_plain_message(server: BotApiServer, served: BotProcess) -> None:
    olena = server.private_chat("Olena")
    await olena.says("/ask Who was the keeper of the lighthouse?")
    assert (await olena.receives()).parts("blockquote") == [KEPT]


async def test_hostile_questions_are_answered_and_put_no_markup_in(server: BotApiServer, served: BotProcess) -> None:
    olena = server.private_chat("Olena")
    texts = ["<b>bold</b> & <script>", "‮revo‬ keeper?", "?" * 4096, "🦄" * 2000, "&lt;a href=x>", "\x00\x01 who", "​"]
    for text in texts:
        await olena.says(text)
        reply = await olena.receives()
        assert "script" not in "".join(reply.parts("bold"))
        assert "‮" not in reply.text
    await olena.says(KEEPER)
    assert (await olena.receives()).parts("blockquote") == [KEPT]


async def test_strangers_and_made_up_buttons_are_turned_away(server: BotApiServer, served: BotProcess) -> None:
    olena, petro = server.private_chat("Olena"), server.private_chat("Petro")
    await olena.says(KEEPER)
    answer = await olena.receives()
    for data in ("x", "p:unknown:1", "p::", "p:unknown:999", "' OR 1=1", "p:" + "a" * 60):
        press = await olena.presses_data(answer, data)
        assert (await press.answered()).show_alert
    await petro.says("/start")
    welcome = await petro.receives()
    press = await petro.presses_data(welcome, answer.button("Context")["callback_data"])
    assert "do not have" in (await press.answered()).text


async def test_updates_that_nobody_can_read_stop_nothing(server: BotApiServer, served: BotProcess) -> None:
    olena = server.private_chat("Olena")
    server.sends_raw({"message": {"chat": 7}})
    server.sends_raw({"message": "no object"})
    server.sends_raw({"callback_query": {"id": 1}})
    server.sends_raw({"a_kind_of_next_year": {"x": 1}})
    await olena.says(KEEPER)
    assert (await olena.receives()).parts("blockquote") == [KEPT]


async def test_no_answer_is_lost_to_a_failing_network(server: BotApiServer, served: BotProcess) -> None:
    olena = server.private_chat("Olena")
    for fault in (flood(1), bad_gateway(), broken(Broken.DROP_BEFORE)):
        server.faults.inject("sendMessage", fault)
        await olena.says(KEEPER)
        assert (await olena.receives()).parts("blockquote") == [KEPT]


async def test_the_bot_writes_no_word_of_its_users(server: BotApiServer, served: BotProcess) -> None:
    olena = server.private_chat("Olena")
    await olena.says("Is Rumpelstiltskin the keeper?")
    await olena.receives()
    assert "Rumpelstiltskin" not in served.output
    assert str(olena.user.id) not in served.output


async def test_an_update_that_comes_again_is_not_answered_again(server: BotApiServer, served: BotProcess) -> None:
    olena = server.private_chat("Olena")
    asked = await olena.says(BUILT)
    await olena.receives()
    await server.drained()
    again = {"update_id": server.account.queue.first_id, "message": asked.message}
    server.sends_raw(again)
    await olena.says(KEEPER)
    assert (await olena.receives()).parts("blockquote") == [KEPT]


async def test_buttons_work_after_a_restart(server: BotApiServer, library: Path) -> None:
    olena = server.private_chat("Olena")
    async with bot_process(server, library):
        await olena.says(KEEPER)
        answer = await olena.receives()
    async with bot_process(server, library):
        await olena.presses(answer, "Context")
        assert "412 ships" in (await olena.sees_edit(answer)).text


async def test_a_killed_bot_answers_what_was_pending_when_it_is_back(server: BotApiServer, library: Path) -> None:
    olena, petro = server.private_chat("Olena"), server.private_chat("Petro")
    async with bot_process(server, library) as process:
        await process.kill()
        await olena.says(KEEPER)
        await petro.says(BUILT)
    async with bot_process(server, library):
        assert (await olena.receives()).parts("blockquote") == [KEPT]
        assert "1871" in (await petro.receives()).text


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"VERBATIM_TELEGRAM_TOKEN": ""}, "no bot token"),
        ({"VERBATIM_TELEGRAM_TOKEN": "12345678:AAwrong_wrong_wrong_wrong_wrong_wron"}, "refuses the token"),
        ({"VERBATIM_TELEGRAM_TOKEN": "nonsense"}, "refuses the token"),
    ],
)
async def test_without_a_valid_token_one_line_says_what_to_do(
    server: BotApiServer, library: Path, environment: dict[str, str], words: str
) -> None:
    async with bot_process(server, library, environment=environment, wait=False) as process:
        assert await process.ends() == 2
    (line,) = process.output.splitlines()
    assert words in line
    assert "VERBATIM_TELEGRAM_TOKEN" in line
    assert "wrong_wrong" not in line


async def test_the_key_file_is_for_its_owner_alone_and_nothing_is_stored_in_clear(
    server: BotApiServer, library: Path
) -> None:
    olena = server.private_chat("Olena")
    async with bot_process(server, library):
        await olena.says("Was Rumpelstiltskin the keeper of the lighthouse?")
        await olena.receives()
    assert mode_of(library / "telegram_data.key") == 0o600
    stored = stored_bytes(library)
    assert b"Rumpelstiltskin" not in stored
    assert b"Hellgren" not in stored
    assert str(olena.user.id).encode() not in stored


def stored_bytes(library: Path) -> bytes:
    return b"".join(path.read_bytes() for path in library.glob("telegram_data.sqlite*"))


def mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o777
