"""Several bot processes behind one token: one polls, any takes deliveries, and what a dead one held is answered."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from tests.postgresql import Server
from tests.stores import KINDS, in_database

from .articles import KEEPER, KEPT
from .botapi import BotApiServer, BotProcess, bot_process
from .botapi.processes import ROOT
from .botapi.proxy import Proxy

KEY = {"VERBATIM_TELEGRAM_DATA_KEY": "what all of them know"}
TAKEN_OVER_SECONDS = 20.0
"""Ten, and what a busy machine needs besides."""


@pytest.fixture
def place(postgresql: Server, library: Path, tmp_path: Path) -> str:
    """A library with ARTICLES in a database."""
    place = in_database(postgresql.url()).place(tmp_path / "fleet")
    exported = tmp_path / "exported.jsonl"
    for arguments in ((str(library), "export", str(exported)), (place, "add", str(exported))):
        line = (sys.executable, "-m", "bot", "--library", *arguments)
        subprocess.run(line, check=True, cwd=ROOT, capture_output=True)
    return place


def bot(
    server: BotApiServer, place: str, extra: Mapping[str, str] | None = None, *, wait: bool = True
) -> AbstractAsyncContextManager[BotProcess]:
    """A bot over the library that all share."""
    command = (sys.executable, "-m", "bot", "--library", place, "telegram")
    return bot_process(server, Path(), environment=KEY | dict(extra or {}), command=command, wait=wait)


@asynccontextmanager
async def behind(server: BotApiServer, place: str, proxy: Proxy, count: int) -> AsyncIterator[list[BotProcess]]:
    """So many bots behind a proxy, all listening."""
    async with AsyncExitStack() as stack:
        bots = [
            await stack.enter_async_context(bot(server, place, proxy.settings(number), wait=False))
            for number in range(count)
        ]
        await proxy.listening(count)
        yield bots


@pytest.mark.parametrize("kind", KINDS)
async def test_one_polls_and_the_other_takes_over_when_it_is_killed(
    server: BotApiServer, library: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    olena = server.private_chat("Olena")
    place = str(library) if kind == "sqlite" else request.getfixturevalue("place")
    async with bot(server, place) as first, bot(server, place, wait=False) as second:
        await olena.says(KEEPER)
        assert (await olena.receives()).parts("blockquote") == [KEPT]
        await started(second)
        await first.kill()
        await olena.says(KEEPER)
        assert (await olena.receives(timeout_seconds=TAKEN_OVER_SECONDS)).parts("blockquote") == [KEPT]
        assert "409" not in second.output
        assert second.running


async def test_any_process_takes_deliveries_and_each_chat_is_answered_once_and_in_order(
    server: BotApiServer, place: str
) -> None:
    people = [server.private_chat(f"Person {number}") for number in range(6)]
    async with Proxy(3) as proxy, behind(server, place, proxy, 3):
        for _ in range(4):
            await asyncio.gather(*[person.says(KEEPER) for person in people])
        for person in people:
            answers = [await person.receives(timeout_seconds=30) for _ in range(4)]
            replied = [answer.reply_to_id or 0 for answer in answers]
            assert replied == sorted(set(replied))
            assert all(answer.parts("blockquote") == [KEPT] for answer in answers)
        await asyncio.gather(*[person.receives_nothing(within_seconds=1.0) for person in people])


async def test_a_killed_process_leaves_its_chats_to_the_others(server: BotApiServer, place: str) -> None:
    people = [server.private_chat(f"Person {number}") for number in range(8)]
    server.latency_seconds = 1.0
    async with Proxy(2) as proxy, behind(server, place, proxy, 2) as (first, second):
        await asyncio.gather(*[person.says(KEEPER) for person in people])
        await server.called("sendMessage", timeout_seconds=30)
        await first.kill()
        for person in people:
            answer = await person.receives(timeout_seconds=TAKEN_OVER_SECONDS)
            assert answer.parts("blockquote") == [KEPT]
        assert second.running


async def test_a_process_that_ends_in_order_leaves_nothing_undone(server: BotApiServer, place: str) -> None:
    people = [server.private_chat(f"Person {number}") for number in range(8)]
    async with Proxy(2) as proxy, behind(server, place, proxy, 2) as (first, second):
        await asyncio.gather(*[person.says(KEEPER) for person in people])
        await first.terminate()
        for person in people:
            assert (await person.receives(timeout_seconds=TAKEN_OVER_SECONDS)).parts("blockquote") == [KEPT]
        assert second.running


@pytest.mark.parametrize("by_webhook", [False, True], ids=["polling", "webhook"])
async def test_a_database_that_is_away_keeps_questions_waiting_and_loses_none(
    server: BotApiServer, place: str, postgresql: Server, by_webhook: bool
) -> None:
    olena, taras = server.private_chat("Olena"), server.private_chat("Taras")
    async with AsyncExitStack() as stack:
        extra: dict[str, str] = {}
        if by_webhook:
            proxy = await stack.enter_async_context(Proxy(1))
            extra = proxy.settings(0)
        process = await stack.enter_async_context(bot(server, place, extra, wait=not by_webhook))
        await olena.says(KEEPER)
        assert (await olena.receives(timeout_seconds=30)).parts("blockquote") == [KEPT]
        await asyncio.to_thread(postgresql.stop)
        try:
            await olena.says(KEEPER)
            await taras.says(KEEPER)
            await asyncio.sleep(5.0)  # long enough for a transaction to give up waiting
        finally:
            postgresql.start()
        for person in (olena, taras):
            answer = await person.receives(timeout_seconds=40)
            assert answer.parts("blockquote") == [KEPT]
            await person.receives_nothing(within_seconds=1.0)
        assert "do not say" not in str([deed.payload for person in (olena, taras) for deed in person.chat.deeds])
        assert process.running


async def started(process: BotProcess) -> None:
    """Return when a bot has said that it serves."""
    async with asyncio.timeout(30):
        while "started: bot=" not in process.output:  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0.05)
