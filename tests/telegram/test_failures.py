"""What goes wrong between the bot and Telegram, and what the bot makes of it."""

import shutil
from pathlib import Path

import pytest

from .articles import KEEPER, KEPT
from .botapi import BotApiServer, BotProcess, Break, bot_process
from .botapi.faults import broken, conflict, error, flood, internal_error, slow, unauthorized

QUICK_POLLS = {"VERBATIM_TELEGRAM_POLL_SECONDS": "1"}


async def test_a_second_process_is_named_and_ends_the_bot(server: BotApiServer, library: Path) -> None:
    async with bot_process(server, library, environment=QUICK_POLLS) as process:
        server.faults.inject("getUpdates", conflict(), times=10)
        assert await process.ends(timeout_seconds=40.0) == 2
    last = process.output.splitlines()[-1]
    assert "409 Conflict" in last
    assert "stop the other one" in last


async def test_a_newer_process_takes_an_older_ones_place(server: BotApiServer, library: Path, tmp_path: Path) -> None:
    olena = server.private_chat("Olena")
    newer = Path(shutil.copytree(library, tmp_path / "newer"))
    async with (
        bot_process(server, library, environment=QUICK_POLLS) as old,
        bot_process(server, newer, environment=QUICK_POLLS),
    ):
        await old.terminate()
        await olena.says(KEEPER)
        assert (await olena.receives()).parts("blockquote") == [KEPT]


async def test_one_conflict_is_no_reason_to_stop(server: BotApiServer, library: Path) -> None:
    async with bot_process(server, library, environment=QUICK_POLLS):
        server.faults.inject("getUpdates", conflict())
        olena = server.private_chat("Olena")
        await olena.says(KEEPER)
        assert (await olena.receives()).parts("blockquote") == [KEPT]


async def test_a_token_that_is_revoked_ends_the_bot_and_keeps_the_question(server: BotApiServer, library: Path) -> None:
    olena = server.private_chat("Olena")
    async with bot_process(server, library) as process:
        server.faults.inject("sendMessage", unauthorized())
        await olena.says(KEEPER)
        assert await process.ends() == 2
        assert "401" in process.output.splitlines()[-1]
    async with bot_process(server, library):
        assert (await olena.receives()).parts("blockquote") == [KEPT]


async def test_a_user_who_blocked_the_bot_is_left_alone_until_they_are_back(
    server: BotApiServer, served: BotProcess
) -> None:
    olena, petro = server.private_chat("Olena"), server.private_chat("Petro")
    await olena.says(KEEPER)
    await olena.receives()
    await olena.blocks_bot()
    await server.drained()
    await olena.unblocks_bot()
    await olena.says(KEEPER)
    assert (await olena.receives()).parts("blockquote") == [KEPT]
    olena.chat.blocked = True
    await olena.says(KEEPER)
    await petro.says(KEEPER)
    assert (await petro.receives()).parts("blockquote") == [KEPT]
    olena.chat.blocked = False
    await olena.says("/privacy")
    assert "What I keep" in (await olena.receives()).text


async def test_a_hung_poll_is_noticed(server: BotApiServer, library: Path) -> None:
    async with bot_process(server, library, environment=QUICK_POLLS) as process:
        olena = server.private_chat("Olena")
        server.faults.inject("getUpdates", broken(Break.HANG_BEFORE))
        await server.drained()
        for _ in range(2):
            await olena.says(KEEPER)
            assert (await olena.receives(timeout_seconds=20)).parts("blockquote") == [KEPT]
    assert "poll failed: cause=TimeoutError" in process.output or "poll failed: cause=UnknownOutcome" in process.output


async def test_an_outage_is_waited_out(server: BotApiServer, library: Path) -> None:
    async with bot_process(server, library, environment=QUICK_POLLS):
        olena = server.private_chat("Olena")
        await server.goes_down()
        await olena.says(KEEPER)
        await server.comes_up()
        assert (await olena.receives(timeout_seconds=20)).parts("blockquote") == [KEPT]


async def test_an_unknown_outcome_is_repeated_once(server: BotApiServer, library: Path) -> None:
    async with bot_process(server, library):
        olena = server.private_chat("Olena")
        server.faults.inject("sendMessage", broken(Break.DROP_AFTER))
        question = await olena.says(KEEPER)
        first, second = await olena.receives(), await olena.receives()
        assert first.text == second.text
        assert first.reply_to_id == second.reply_to_id == question.id
        server.faults.inject("sendMessage", broken(Break.DROP_AFTER), times=3)
        await olena.says("/privacy")
        await olena.receives()
        await olena.receives()
        server.faults.clear()
        await olena.says(KEEPER)
        assert (await olena.receives()).parts("blockquote") == [KEPT]


async def test_an_unknown_outcome_is_let_be_where_the_owner_wants_it(server: BotApiServer, library: Path) -> None:
    async with bot_process(server, library, environment={"VERBATIM_TELEGRAM_REPEAT_UNKNOWN": "false"}):
        olena = server.private_chat("Olena")
        server.faults.inject("sendMessage", broken(Break.DROP_AFTER))
        await olena.says(KEEPER)
        await olena.receives()
        await olena.says("/privacy")
        assert "What I keep" in (await olena.receives()).text


@pytest.mark.parametrize("repeat", ["true", "false"])
async def test_a_kill_during_a_send_leaves_an_unknown_outcome(server: BotApiServer, library: Path, repeat: str) -> None:
    environment = {"VERBATIM_TELEGRAM_REPEAT_UNKNOWN": repeat}
    olena = server.private_chat("Olena")
    async with bot_process(server, library, environment=environment) as process:
        server.faults.inject("sendMessage", broken(Break.HANG_AFTER))
        await olena.says(KEEPER)
        await olena.receives()
        await process.kill()
    async with bot_process(server, library, environment=environment) as process:
        await olena.says("/privacy")
        if repeat == "true":
            assert (await olena.receives()).parts("blockquote") == [KEPT]
        assert "What I keep" in (await olena.receives()).text
    assert "unknown=1" in process.output


async def test_a_slow_chat_keeps_no_other_waiting(server: BotApiServer, library: Path) -> None:
    async with bot_process(server, library):
        slow_one, quick_one = server.private_chat("Slow"), server.private_chat("Quick")
        server.faults.inject("sendMessage", flood(3))
        await slow_one.says(KEEPER)
        await server.drained()
        await quick_one.says(KEEPER)
        quick = await quick_one.receives()
        assert (await slow_one.receives()).at > quick.at


async def test_one_chats_questions_are_answered_in_their_order(server: BotApiServer, library: Path) -> None:
    async with bot_process(server, library, environment={"VERBATIM_TELEGRAM_CHAT_PER_SECOND": "0"}):
        olena = server.private_chat("Olena")
        server.faults.inject("sendMessage", slow(0.5))
        server.faults.inject("sendMessage", internal_error())
        asked = [(await olena.says(text)).id for text in (KEEPER, "/privacy", KEEPER, "/help", "/sources")]
        assert [(await olena.receives()).reply_to_id for _ in asked] == asked


async def test_our_limiter_keeps_to_telegrams_limits(server: BotApiServer, served: BotProcess) -> None:
    server.account.limits.enabled = True
    olena, petro = server.private_chat("Olena"), server.private_chat("Petro")
    for person in (olena, petro):
        for text in (KEEPER, "/privacy", "/help"):
            await person.says(text)
    for person in (olena, petro):
        for _ in range(3):
            await person.receives()
    assert server.account.limits.refused == 0


async def test_no_failure_writes_the_token_or_a_word_of_a_user(server: BotApiServer, library: Path) -> None:
    faults = [flood(1), internal_error(), error(400, "Bad Request: can't parse entities"), error(403, "Forbidden: x"),
              broken(Break.DROP_BEFORE), broken(Break.DROP_AFTER), broken(Break.CUT_ANSWER)]  # fmt: skip
    async with bot_process(server, library, environment=QUICK_POLLS) as process:
        olena = server.private_chat("Olena")
        for fault in faults:
            server.faults.inject("sendMessage", fault)
            await olena.says("Is Rumpelstiltskin the keeper?")
        for method in ("getUpdates", "sendChatAction"):
            server.faults.inject(method, broken(Break.CUT_ANSWER))
            server.faults.inject(method, unauthorized() if method == "sendChatAction" else internal_error())
        server.sends_raw({"message": {"text": "Rumpelstiltskin"}})
        await olena.unblocks_bot()
        await olena.says("/privacy")
        while "What I keep" not in (await olena.receives(timeout_seconds=20)).text:
            continue
    for secret in (server.account.token, server.account.token.partition(":")[2], "Rumpelstiltskin", str(olena.user.id)):
        assert secret not in process.output


@pytest.mark.parametrize(
    ("name", "content"), [("telegram_data.sqlite", b"no database" * 99), ("telegram_data.key", b"no key")]
)
async def test_a_damaged_file_is_one_clear_line(server: BotApiServer, library: Path, name: str, content: bytes) -> None:
    damage(library / name, content)
    async with bot_process(server, library, wait=False) as process:
        assert await process.ends() == 2
    assert name in process.output.splitlines()[-1]
    assert "Traceback" not in process.output


def damage(path: Path, content: bytes) -> None:
    path.write_bytes(content)


async def test_an_admin_hears_what_failed_and_nothing_of_whom(server: BotApiServer, library: Path) -> None:
    ada = server.private_chat("Ada")
    async with bot_process(server, library, environment={"VERBATIM_TELEGRAM_ADMINS": str(ada.user.id)}):
        olena = server.private_chat("Olena")
        refusal = error(400, "Bad Request: not enough rights")
        for _ in range(2):
            server.faults.inject("sendMessage", refusal)
            await olena.says("Is Rumpelstiltskin the keeper?")
            assert "went wrong" in (await olena.receives()).text
        report = await ada.receives()
        assert "BadRequest" in report.text
        assert "Rumpelstiltskin" not in report.text
        await ada.receives_nothing()
