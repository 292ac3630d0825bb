"""kill -9 at random moments under load: no question is lost, none doubled but those whose send was under way.

A send that was under way at two kills has an unknown outcome twice: it is given up by design, and may be missing.

Run: python -m tests.benchmarks.telegram_kills [--kills 100] [--chats 20] [--seed 1]
"""

import argparse
import asyncio
import random
import re
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from bot.telegram.claims import State
from bot.telegram.schema import FILE_NAME
from tests.benchmarks.telegram_load import QUESTIONS, people, settled, started
from tests.telegram.botapi import BotApiServer
from tests.telegram.botapi.people import Person


async def keep_asking(person: Person, stop: asyncio.Event, dice: random.Random) -> None:
    """Ask at random moments until told to stop, whether answered or not."""
    while not stop.is_set():
        await person.says(dice.choice(QUESTIONS))
        await asyncio.sleep(dice.uniform(0.2, 2.0))


async def run(options: argparse.Namespace) -> bool:
    """Kill and restart the bot, then count; whether the promise was kept."""
    dice = random.Random(options.seed)
    unknown = 0
    async with BotApiServer(latency_seconds=0.05) as server:
        with tempfile.TemporaryDirectory() as library:
            everybody, stop = people(server, options.chats), asyncio.Event()
            asking = [asyncio.create_task(keep_asking(person, stop, dice)) for person in everybody]
            bot = await started(server, library)
            for _ in range(options.kills):
                await asyncio.sleep(dice.uniform(0.05, 1.0))
                await bot.kill()
                unknown += unknown_of(bot.output)
                bot = await started(server, library)
            stop.set()
            await asyncio.gather(*asking)
            total, lost, doubled = await settled(everybody)
            await bot.terminate()
            unknown += unknown_of(bot.output)
            twice = given_up(Path(library))
    sends = f"{unknown} sends under way at a kill, {twice} of them at two"
    print(f"{options.kills} kills, {total} questions: {lost} lost, {doubled} doubled, {sends}")
    return lost <= twice and doubled <= unknown


def given_up(library: Path) -> int:
    """How many sends the journal gave up, their outcome unknown twice."""
    with closing(sqlite3.connect(library / FILE_NAME)) as connection:
        row = connection.execute("SELECT COUNT(*) FROM updates WHERE state = ?", (State.LOST,)).fetchone()
    return int(row[0])


def unknown_of(output: str) -> int:
    """How many unknown outcomes a bot found when it started."""
    return sum(int(number) for number in re.findall(r"unknown=(\d+)", output))


def main() -> None:
    """Read the options, run, and end with 1 when the promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--chats", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    raise SystemExit(0 if asyncio.run(run(parser.parse_args())) else 1)


if __name__ == "__main__":
    main()
