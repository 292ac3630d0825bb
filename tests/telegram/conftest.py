"""Fixtures of the Telegram tests."""

from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from .botapi import BotApiServer


@pytest.fixture(autouse=True)
def _durations_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """python-telegram-bot warns of the seconds that it still gives as numbers unless it is told to give none."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    """A Bot API server; the test fails when anybody broke the schema and the test did not expect it.

    A test that provokes violations takes them out of `server.violations` once it has looked at them."""
    async with BotApiServer() as running:
        yield running
        assert [str(violation) for violation in running.violations] == []


@pytest.fixture
async def bot(server: BotApiServer) -> AsyncIterator[Bot]:
    """python-telegram-bot's own client, talking to the server."""
    async with Bot(server.account.token, base_url=server.base_url, base_file_url=server.base_file_url) as client:
        yield client
