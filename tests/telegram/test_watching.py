"""Watching: what changes in a followed folder is answered from while the bot serves."""

import asyncio
from pathlib import Path

from .botapi import BotApiServer, BotProcess, bot_process

TALLEST = "The tallest crane of the port of Ossa is 92 metres high."
ASKED = "How high is the tallest crane of the port of Ossa?"


async def test_an_article_put_into_a_followed_folder_is_answered_from_without_a_pause(
    server: BotApiServer, library: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "followed"
    folder.mkdir()
    (folder / "bridge.txt").write_text("The bridge over the Ossa was opened in 1931.", encoding="utf-8")
    async with bot_process(server, library, environment={"VERBATIM_SYNC_FOLDERS": str(folder)}) as process:
        olena = server.private_chat("Olena")
        await added(process, 1)
        await olena.says("When was the bridge over the Ossa opened?")
        assert "1931" in (await olena.receives()).text
        (folder / "crane.txt").write_text(TALLEST, encoding="utf-8")
        await added(process, 2)
        await olena.says(ASKED)
        assert "92 metres" in (await olena.receives()).text
        assert "crane" not in process.output


async def added(process: BotProcess, times: int) -> None:
    """Return when the bot has said so often that an article was added."""
    async with asyncio.timeout(20):
        while process.output.count("library: added=1") < times:  # noqa: ASYNC110  # another process writes it
            await asyncio.sleep(0.05)
