"""What the doctor finds of the Telegram side."""

import sys
from pathlib import Path

from .botapi import BotApiServer, bot_process
from .botapi.processes import bot_environment, start_process


async def findings(server: BotApiServer, library: Path, *, status: int = 0) -> str:
    """What the doctor writes; it ends with `status`."""
    line = (sys.executable, "-m", "bot", "--library", str(library), "doctor")
    process = await start_process(line, bot_environment(server))
    assert await process.ends() == status
    assert server.account.token not in process.output
    return process.output


async def test_the_doctor_tells_how_updates_come_and_what_groups_let_through(
    server: BotApiServer, library: Path
) -> None:
    before = await findings(server, library)
    assert "asked for (polling)" in before
    assert "privacy mode is on" in before
    assert "to be encrypted" in before
    async with bot_process(server, library):
        pass
    assert "encrypted with the key in" in await findings(server, library)


async def test_the_doctor_finds_a_foreign_webhook_and_an_open_key(server: BotApiServer, library: Path) -> None:
    async with bot_process(server, library):
        pass
    opened(library / "telegram_data.key")
    await server_sets_webhook(server)
    found = await findings(server, library, status=2)
    assert "another webhook" in found
    assert "chmod 600" in found


def opened(path: Path) -> None:
    path.chmod(0o644)


async def server_sets_webhook(server: BotApiServer) -> None:
    from telegram import Bot

    async with Bot(server.account.token, base_url=server.base_url) as bot:
        await bot.set_webhook("https://elsewhere.example/hook")
