"""A journal that cannot be written for a while: nothing is confirmed, nothing is lost."""

import sqlite3
from pathlib import Path

from .articles import KEEPER, KEPT
from .botapi import BotApiServer, bot_process


async def test_updates_stay_with_telegram_until_the_journal_takes_them(server: BotApiServer, library: Path) -> None:
    async with bot_process(server, library, environment={"VERBATIM_TELEGRAM_POLL_SECONDS": "1"}) as process:
        broken(library, "ALTER TABLE updates RENAME TO elsewhere")
        olena = server.private_chat("Olena")
        await olena.says(KEEPER)
        await server.called("getUpdates", times=server.call_counts["getUpdates"] + 2)
        assert "journal cannot be written" in process.output
        assert server.account.queue.pending
        broken(library, "ALTER TABLE elsewhere RENAME TO updates")
        assert (await olena.receives(timeout_seconds=20)).parts("blockquote") == [KEPT]


def broken(library: Path, statement: str) -> None:
    connection = sqlite3.connect(library / "telegram_data.sqlite", timeout=10)
    with connection:
        connection.execute(statement)
    connection.close()
