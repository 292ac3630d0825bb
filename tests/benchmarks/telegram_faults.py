"""Every fault of the network while questions are under way: all are answered, none twice but unknown outcomes.

Run: python -m tests.benchmarks.telegram_faults [--questions 1000] [--chats 50] [--seed 1]
"""

import argparse
import asyncio
import random
import tempfile
import time
import urllib.request
from collections.abc import Callable

import aiohttp

from tests.benchmarks.telegram_load import QUESTIONS, people, settled, started
from tests.telegram.botapi import BotApiServer, BotProcess, Break
from tests.telegram.botapi.faults import bad_gateway, broken, conflict, flood, internal_error, slow, unauthorized
from tests.telegram.botapi.people import Person

HEALTH_PORT = 18_431
EXTRA = {"VERBATIM_TELEGRAM_HEALTH_PORT": str(HEALTH_PORT), "VERBATIM_TELEGRAM_POLL_SECONDS": "5"}
LIGHT: tuple[tuple[str, Callable[[BotApiServer], None]], ...] = (
    ("429 on sends", lambda server: server.faults.inject("sendMessage", flood(1), times=5)),
    ("500 on sends", lambda server: server.faults.inject("sendMessage", internal_error(), times=5)),
    ("502 page on sends", lambda server: server.faults.inject("sendMessage", bad_gateway(), times=5)),
    ("slow sends", lambda server: server.faults.inject("sendMessage", slow(3.0), times=5)),
    (
        "connections closed before",
        lambda server: server.faults.inject("sendMessage", broken(Break.DROP_BEFORE)),
    ),
    ("connections closed after", lambda server: server.faults.inject("sendMessage", broken(Break.DROP_AFTER))),
    ("answers cut", lambda server: server.faults.inject("sendMessage", broken(Break.CUT_ANSWER))),
    ("half-open connections", lambda server: server.faults.inject("sendMessage", broken(Break.HANG_AFTER))),
    ("500 on polls", lambda server: server.faults.inject("getUpdates", internal_error(), times=3)),
    ("429 on polls", lambda server: server.faults.inject("getUpdates", flood(1))),
    ("a hung poll", lambda server: server.faults.inject("getUpdates", broken(Break.HANG_BEFORE))),
    ("a poll's connection closed", lambda server: server.faults.inject("getUpdates", broken(Break.DROP_BEFORE))),
    ("409 by a process that gives way", lambda server: server.faults.inject("getUpdates", conflict(), times=3)),
)
"""What goes wrong, and how. What breaks a send on its way comes alone: a send whose repetition breaks as well is given
up by design, and counted."""


async def ask(everybody: list[Person], questions: int, dice: random.Random, seconds: float) -> None:
    """Ask so many questions in so many seconds."""
    for _ in range(questions):
        await dice.choice(everybody).says(dice.choice(QUESTIONS))
        await asyncio.sleep(seconds / questions)


async def harm(server: BotApiServer, seconds: float) -> None:
    """Let one fault after the other happen, and an outage of two seconds at the end."""
    for _, inject in LIGHT:
        inject(server)
        await asyncio.sleep(seconds / (len(LIGHT) + 1))
    await server.goes_down()
    await asyncio.sleep(2.0)
    await server.comes_up()


async def other_poller(server: BotApiServer) -> None:
    """Another process that takes the bot's updates and keeps none; cancel it to stop."""
    async with aiohttp.ClientSession() as session:
        while True:
            async with session.get(f"{server.base_url}{server.account.token}/getUpdates?timeout=5&limit=1") as response:
                await response.read()
            await asyncio.sleep(0.3)


async def stopped_twice(server: BotApiServer, bot: BotProcess, library: str) -> tuple[BotProcess, int]:
    """The bot that serves after a refused token and a second poller each ended one, as they shall; and how many sends
    of theirs had an unknown outcome."""
    unknown = await unknown_outcomes()
    server.faults.inject("sendMessage", unauthorized())
    ends = [await bot.ends(timeout_seconds=60)]
    bot = await started(server, library, EXTRA)
    unknown += await unknown_outcomes()
    poller = asyncio.create_task(other_poller(server))
    ends.append(await bot.ends(timeout_seconds=120))
    poller.cancel()
    await asyncio.gather(poller, return_exceptions=True)
    print(f"a 401 and a second poller ended the bot with {ends}, the second: {bot.output.splitlines()[-1]}")
    return await started(server, library, EXTRA), unknown


async def run(options: argparse.Namespace) -> bool:
    """Ask while everything goes wrong, then count; whether the promise was kept."""
    dice = random.Random(options.seed)
    async with BotApiServer(latency_seconds=0.02) as server:
        with tempfile.TemporaryDirectory() as library:
            everybody = people(server, options.chats)
            bot = await started(server, library, EXTRA)
            asking = asyncio.create_task(ask(everybody, options.questions, dice, options.seconds))
            await harm(server, options.seconds / 2)
            bot, unknown = await stopped_twice(server, bot, library)
            await asking
            ended = time.monotonic()
            total, lost, doubled = await settled(everybody)
            recovery = time.monotonic() - ended - 1.0
            unknown += await unknown_outcomes()
            await bot.terminate()
    faults = f"{len(LIGHT) + 3} kinds of faults, {server.faults.met} met"
    counts = f"{lost} lost, {doubled} doubled, {unknown} unknown outcomes"
    print(f"{total} questions, {faults}: {counts}; all answered {recovery:.1f} s after the last question")
    return lost == 0 and doubled <= unknown


async def unknown_outcomes() -> int:
    """How many sends with an unknown outcome the bot counted."""
    page = await asyncio.to_thread(
        lambda: urllib.request.urlopen(f"http://127.0.0.1:{HEALTH_PORT}/metrics", timeout=5).read().decode()
    )
    lines = [line for line in page.splitlines() if line.startswith("verbatim_unknown_outcomes_total ")]
    return int(float(lines[0].split()[1]))


def main() -> None:
    """Read the options, run, and end with 1 when the promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--chats", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=90.0)
    parser.add_argument("--seed", type=int, default=1)
    raise SystemExit(0 if asyncio.run(run(parser.parse_args())) else 1)


if __name__ == "__main__":
    main()
