"""Delivery by webhook, in the place of polling."""

import asyncio
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from .articles import KEEPER, KEPT
from .botapi import BotApiServer, bot_process


def hooked(port: int) -> dict[str, str]:
    """The settings of a bot that listens on this port."""
    return {
        "VERBATIM_TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{port}/updates",
        "VERBATIM_TELEGRAM_WEBHOOK_PORT": str(port),
    }


async def test_a_delivered_question_is_answered_after_a_restart_too(
    server: BotApiServer, library: Path, unused_tcp_port: int
) -> None:
    olena = server.private_chat("Olena")
    for _ in range(2):
        async with bot_process(server, library, environment=hooked(unused_tcp_port), wait=False):
            await olena.says(KEEPER)
            assert (await olena.receives(timeout_seconds=30)).parts("blockquote") == [KEPT]
        await olena.says("/privacy")
        async with bot_process(server, library, environment=hooked(unused_tcp_port), wait=False):
            assert "What I keep" in (await olena.receives(timeout_seconds=30)).text
    assert server.calls_of("getUpdates") == []


@pytest.mark.parametrize("secret", ["", "guessed", "x" * 300])
async def test_who_does_not_know_the_secret_is_refused(
    server: BotApiServer, library: Path, unused_tcp_port: int, secret: str
) -> None:
    async with bot_process(server, library, environment=hooked(unused_tcp_port), wait=False):
        await server.called("setWebhook", timeout_seconds=30)
        status = await asyncio.to_thread(posted, f"http://127.0.0.1:{unused_tcp_port}/updates", secret)
    assert status == 403


async def test_polling_takes_a_webhook_down(server: BotApiServer, library: Path, unused_tcp_port: int) -> None:
    olena = server.private_chat("Olena")
    async with bot_process(server, library, environment=hooked(unused_tcp_port), wait=False):
        await server.called("setWebhook", timeout_seconds=30)
    async with bot_process(server, library):
        await olena.says(KEEPER)
        assert (await olena.receives()).parts("blockquote") == [KEPT]


def posted(url: str, secret: str) -> int:
    """The status that a delivery with this secret gets."""
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
    request = urllib.request.Request(url, data=b'{"update_id": 1}', headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
