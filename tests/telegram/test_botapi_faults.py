"""The local Bot API server's limits and faults, as python-telegram-bot's own client meets them."""

import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from telegram import Bot
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, RetryAfter, TimedOut

from .botapi import BotApiServer, Break, bot_process
from .botapi.errors import BotApiError
from .botapi.faults import Fault, bad_gateway, broken, conflict, error, flood, internal_error, slow, unauthorized
from .botapi.limits import SendLimits, Window


async def test_sends_beyond_the_limits_are_told_to_wait(bot: Bot, server: BotApiServer) -> None:
    server.account.limits.enabled = True
    olena, petro = server.private_chat("Olena"), server.private_chat("Petro")
    await bot.send_message(olena.user.id, "1")
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(olena.user.id, "2")
    assert caught.value.retry_after == timedelta(seconds=1)
    await bot.send_message(petro.user.id, "3")
    assert server.account.limits.refused == 1
    await bot.send_chat_action(olena.user.id, "typing")


def refused(limits: SendLimits, chat_id: int, now: float) -> bool:
    try:
        limits.check(chat_id, now)
    except BotApiError:
        return True
    return False


def test_a_group_gets_twenty_a_minute_and_all_chats_thirty_a_second() -> None:
    limits = SendLimits(enabled=True, per_chat=Window(1000, 1.0))
    assert [refused(limits, -1, now=n * 2.0) for n in range(31)] == [False] * 20 + [True] * 10 + [False]
    limits = SendLimits(enabled=True)
    assert [refused(limits, chat, now=0.5) for chat in range(1, 32)] == [False] * 30 + [True]
    assert not refused(limits, 31, now=1.6)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (flood(7), RetryAfter),
        (internal_error(), NetworkError),
        (bad_gateway(), NetworkError),
        (error(400, "Bad Request: chat not found"), BadRequest),
        (conflict(), Conflict),
        (unauthorized(), InvalidToken),
        (broken(Break.DROP_BEFORE), NetworkError),
        (broken(Break.CUT_ANSWER), NetworkError),
    ],
)
async def test_a_fault_meets_the_next_call_of_its_method_only(
    bot: Bot, server: BotApiServer, fault: Fault, kind: type[Exception]
) -> None:
    olena = server.private_chat("Olena")
    server.faults.inject("sendMessage", fault)
    await bot.get_me()
    with pytest.raises(kind):
        await bot.send_message(olena.user.id, "x")
    assert server.faults.met == 1
    await bot.send_message(olena.user.id, "y")


async def test_a_call_may_be_carried_out_though_the_bot_never_hears(bot: Bot, server: BotApiServer) -> None:
    olena = server.private_chat("Olena")
    server.faults.inject("sendMessage", broken(Break.DROP_AFTER))
    with pytest.raises(NetworkError):
        await bot.send_message(olena.user.id, "x")
    assert (await olena.receives()).text == "x"
    server.faults.inject("sendMessage", broken(Break.HANG_AFTER))
    with pytest.raises(TimedOut):
        await bot.send_message(olena.user.id, "y", read_timeout=0.1)
    assert (await olena.receives()).text == "y"


async def test_a_hung_call_does_nothing(bot: Bot, server: BotApiServer) -> None:
    olena = server.private_chat("Olena")
    server.faults.inject("*", broken(Break.HANG_BEFORE))
    with pytest.raises(TimedOut):
        await bot.send_message(olena.user.id, "x", read_timeout=0.1)
    assert server.calls_of("sendMessage") == []


async def test_a_hung_poll_says_nothing_though_updates_wait(bot: Bot, server: BotApiServer) -> None:
    olena = server.private_chat("Olena")
    await olena.says("hello")
    server.faults.inject("getUpdates", broken(Break.HANG_BEFORE))
    with pytest.raises(TimedOut):
        await bot.get_updates(read_timeout=0.2)
    assert len(await bot.get_updates()) == 1


async def test_latency_and_slow_calls_take_their_time(bot: Bot, server: BotApiServer) -> None:
    server.latency_seconds = 0.05
    server.faults.inject("getMe", slow(0.1))
    begin = time.monotonic()
    await bot.get_me()
    assert time.monotonic() - begin >= 0.15


async def test_an_outage_ends_on_the_same_address(bot: Bot, server: BotApiServer) -> None:
    olena = server.private_chat("Olena")
    address = server.address
    await server.goes_down()
    with pytest.raises(NetworkError):
        await bot.send_message(olena.user.id, "x")
    await server.comes_up()
    assert server.address == address
    await bot.send_message(olena.user.id, "y")
    assert (await olena.receives()).text == "y"


ECHO = """
import asyncio, os, signal, sys
from telegram import Update
from telegram.ext import Application, MessageHandler, filters

async def echo(update, context):
    await update.message.reply_text(update.message.text)

url = os.environ["VERBATIM_TELEGRAM_API_URL"]
app = Application.builder().token(os.environ["VERBATIM_TELEGRAM_TOKEN"]).base_url(url + "/bot").build()
app.add_handler(MessageHandler(filters.TEXT, echo))
print("ready", flush=True)
app.run_polling()
"""


async def test_a_bot_in_its_own_process_answers_and_ends_when_asked(server: BotApiServer, tmp_path: Path) -> None:
    olena = server.private_chat("Olena")
    async with bot_process(server, tmp_path, command=[sys.executable, "-c", ECHO]) as bot:
        for text in ("one", "two"):
            await olena.says(text)
            assert (await olena.receives()).text == text
        assert "ready" in bot.output
    assert bot.process.returncode == 0
    await server.drained()


async def test_a_killed_process_leaves_its_updates_pending(server: BotApiServer, tmp_path: Path) -> None:
    olena = server.private_chat("Olena")
    async with bot_process(server, tmp_path, command=[sys.executable, "-c", ECHO]) as bot:
        await bot.kill()
        await olena.says("lost?")
        assert bot.process.returncode == -9
    assert len(server.account.queue.pending) == 1


@pytest.mark.parametrize(
    ("program", "message"),
    [("raise SystemExit('no token')", "the bot ended with 1:\nno token"),
     ("import time; print('busy', flush=True); time.sleep(60)", "the bot did not poll in 1.0 s")],
)  # fmt: skip
async def test_a_bot_that_never_polls_is_shown_with_what_it_wrote(
    server: BotApiServer, tmp_path: Path, program: str, message: str
) -> None:
    with pytest.raises(AssertionError, match=message):
        async with bot_process(server, tmp_path, command=[sys.executable, "-c", program], wait=False) as bot:
            await bot.polls(server, timeout_seconds=1.0)


async def test_a_bot_that_ignores_the_signal_is_a_failure(server: BotApiServer, tmp_path: Path) -> None:
    deaf = ECHO.replace("app.run_polling()", "signal.signal(15, signal.SIG_IGN); app.run_polling(stop_signals=())")
    async with bot_process(server, tmp_path, command=[sys.executable, "-c", deaf]) as bot:
        with pytest.raises(AssertionError, match=r"still ran after 0\.5 s"):
            await bot.terminate(timeout_seconds=0.5)
        assert not bot.running
