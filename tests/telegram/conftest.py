"""Fixtures of the Telegram tests."""

import json
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from telegram import Bot

from .articles import ARTICLES
from .botapi import BotApiServer, BotProcess, bot_process
from .botapi.processes import ROOT


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


@pytest.fixture(scope="session")
def filled_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that holds ARTICLES; tests take copies."""
    folder = tmp_path_factory.mktemp("articles")
    lines = folder / "articles.jsonl"
    lines.write_text("".join(json.dumps(article) + "\n" for article in ARTICLES), encoding="utf-8")
    library = folder / "library"
    command = [sys.executable, "-m", "bot", "--library", str(library), "add", str(lines)]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    return library


@pytest.fixture
def library(filled_library: Path, tmp_path: Path) -> Path:
    """A library of the test's own with ARTICLES in it."""
    return Path(shutil.copytree(filled_library, tmp_path / "library"))


@pytest.fixture
async def served(server: BotApiServer, library: Path) -> AsyncIterator[BotProcess]:
    """The bot, running over ARTICLES; it ends well, and never wrote its token."""
    async with bot_process(server, library) as process:
        yield process
    assert server.account.token not in process.output
    assert server.account.token.partition(":")[2] not in process.output
