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

from tests.benchmarks.telegram_load import QUESTIONS, people, settled, started
from tests.telegram.botapi import BotApiServer, Break
from tests.telegram.botapi.faults import bad_gateway, broken, flood, internal_error, slow
from tests.telegram.botapi.people import Person

HEALTH_PORT = 18_431
LIGHT: tuple[tuple[str, Callable[[BotApiServer], None]], ...] = (
    ("429 on sends", lambda server: server.faults.inject("sendMessage", flood(1), times=5)),
    ("500 on sends", lambda server: server.faults.inject("sendMessage", internal_error(), times=5)),
    ("502 page on sends", lambda server: server.faults.inject("sendMessage", bad_gateway(), times=5)),
    ("slow sends", lambda server: server.faults.inject("sendMessage", slow(3.0), times=5)),
    (
        "connections closed before",
        lambda server: server.faults.inject("sendMessage", broken(Break.DROP_BEFORE), times=2),
    ),
    ("connections closed after", lambda server: server.faults.inject("sendMessage", broken(Break.DROP_AFTER), times=2)),
    ("answers cut", lambda server: server.faults.inject("sendMessage", broken(Break.CUT_ANSWER), times=2)),
    ("half-open connections", lambda server: server.faults.inject("sendMessage", broken(Break.HANG_AFTER), times=1)),
    ("500 on polls", lambda server: server.faults.inject("getUpdates", internal_error(), times=3)),
    ("429 on polls", lambda server: server.faults.inject("getUpdates", flood(1))),
    ("a hung poll", lambda server: server.faults.inject("getUpdates", broken(Break.HANG_BEFORE))),
    ("409 on one poll", lambda server: server.faults.inject("getUpdates", broken(Break.DROP_BEFORE))),
)
"""What goes wrong, and how; a second poller's 409 ends a bot by design and is tested elsewhere."""


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


async def run(options: argparse.Namespace) -> bool:
    """Ask while everything goes wrong, then count; whether the promise was kept."""
    dice = random.Random(options.seed)
    extra = {"VERBATIM_TELEGRAM_HEALTH_PORT": str(HEALTH_PORT), "VERBATIM_TELEGRAM_POLL_SECONDS": "5"}
    async with BotApiServer(latency_seconds=0.02) as server:
        with tempfile.TemporaryDirectory() as library:
            everybody = people(server, options.chats)
            bot = await started(server, library, extra)
            await asyncio.gather(
                ask(everybody, options.questions, dice, options.seconds), harm(server, options.seconds)
            )
            ended = time.monotonic()
            total, lost, doubled = await settled(everybody)
            recovery = time.monotonic() - ended - 1.0
            unknown = await unknown_outcomes()
            await bot.terminate()
    faults = f"{len(LIGHT) + 1} kinds of faults, {server.faults.met} met"
    counts = f"{lost} lost, {doubled} doubled, {unknown} unknown outcomes"
    print(f"{total} questions, {faults}: {counts}; all answered {recovery:.1f} s after the last fault")
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
    parser.add_argument("--seconds", type=float, default=40.0)
    parser.add_argument("--seed", type=int, default=1)
    raise SystemExit(0 if asyncio.run(run(parser.parse_args())) else 1)


if __name__ == "__main__":
    main()
