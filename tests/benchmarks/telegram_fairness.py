"""One chat floods the bot with a thousand messages: how long the others wait, beside how long they wait without it.

The rounds last about as long as the flood does; its first second, in which polling hands over the flood a hundred
updates at a time, is the worst of it.

Run: python -m tests.benchmarks.telegram_fairness [--flood 1000] [--chats 20] [--rounds 50]
"""

import argparse
import asyncio
import statistics
import tempfile
import time

from tests.benchmarks.telegram_load import QUESTIONS, people, started
from tests.telegram.botapi import BotApiServer
from tests.telegram.botapi.people import Person

PAUSE_SECONDS = 0.5


async def waits(person: Person, rounds: int, number: int) -> list[float]:
    """How long one person waited for each answer, in seconds."""
    await asyncio.sleep(PAUSE_SECONDS * number / 20)
    found = []
    for turn in range(rounds):
        begin = time.monotonic()
        await person.says(QUESTIONS[(number + turn) % len(QUESTIONS)])
        await person.receives(timeout_seconds=60)
        found.append(time.monotonic() - begin)
        await asyncio.sleep(PAUSE_SECONDS)
    return found


async def p95(everybody: list[Person], rounds: int) -> float:
    """The 95th percentile of all their waits."""
    found = await asyncio.gather(*(waits(person, rounds, number) for number, person in enumerate(everybody)))
    return statistics.quantiles([one for some in found for one in some], n=20)[-1]


async def run(options: argparse.Namespace) -> bool:
    """Measure without and with the flood; whether the others' wait stayed within twice."""
    async with BotApiServer(latency_seconds=0.05) as server:
        with tempfile.TemporaryDirectory() as library:
            everybody = people(server, options.chats)
            bot = await started(server, library)
            await p95(everybody, 2)
            before = await p95(everybody, options.rounds)
            flooder = server.private_chat("Flooder")
            for number in range(options.flood):
                await flooder.says(QUESTIONS[number % len(QUESTIONS)])
            during = await p95(everybody, options.rounds)
            await bot.terminate(timeout_seconds=60)
    print(f"{options.chats} chats' p95: {before * 1000:.0f} ms alone, {during * 1000:.0f} ms while one chat sends "
          f"{options.flood} messages: {during / before:.2f} times")  # fmt: skip
    return during <= 2 * before


def main() -> None:
    """Read the options, run, and end with 1 when the promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--flood", type=int, default=1000)
    parser.add_argument("--chats", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=50)
    raise SystemExit(0 if asyncio.run(run(parser.parse_args())) else 1)


if __name__ == "__main__":
    main()
