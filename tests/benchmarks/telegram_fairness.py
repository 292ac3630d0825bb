"""One chat floods the bot with a thousand messages: how long the others wait, beside how long they wait without it.

The rounds last about as long as the flood does, and its first five seconds are told apart: there the bot takes it up.
A flood that is there at once, as after an outage, is also a queue at Telegram's: getUpdates hands updates over in their
order, at most a hundred a call, so that what was asked behind the flood comes with the tenth call. That part of the
wait is Telegram's; what is left of it is the bot's own. A webhook has no such queue: there Telegram delivers the chats
side by side.

Run: python -m tests.benchmarks.telegram_fairness [--flood 1000] [--chats 20] [--rounds 50] [--webhook]
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tests.benchmarks.telegram_load import QUESTIONS, hooked, people, started
from tests.telegram.botapi import BotApiServer
from tests.telegram.botapi.people import Person
from tests.telegram.botapi.updates import UpdateQueue

PAUSE_SECONDS = 0.5
FIRST_SECONDS = 5.0
MOST_TIMES = 2.0


class Wait(NamedTuple):
    """One question's wait, in seconds: when it was asked after the flood, until the answer came, and how much of that
    Telegram's queue took."""

    begin: float
    total: float
    queued: float

    @property
    def own(self) -> float:
        """What the bot took once it had the question."""
        return self.total - self.queued


async def handed_over(queue: UpdateQueue, update_id: int) -> float:
    """The moment at which an update has been handed to the bot."""
    await queue.until(lambda: queue.handed >= update_id, timeout_seconds=60)
    return time.monotonic()


async def waits(person: Person, number: int, rounds: int, start: float, *, polled: bool) -> list[Wait]:
    """How long one person waited for each answer."""
    await asyncio.sleep(PAUSE_SECONDS * number / 20)
    queue = person.account.queue
    found = []
    for turn in range(rounds):
        begin = time.monotonic()
        await person.says(QUESTIONS[(number + turn) % len(QUESTIONS)])
        handed = asyncio.create_task(handed_over(queue, queue.pending[-1]["update_id"])) if polled else None
        await person.receives(timeout_seconds=60)
        total = time.monotonic() - begin
        found.append(Wait(begin - start, total, await handed - begin if handed else 0.0))
        await asyncio.sleep(PAUSE_SECONDS)
    return found


async def all_waits(everybody: Sequence[Person], rounds: int, *, polled: bool) -> list[Wait]:
    """All their waits."""
    start = time.monotonic()
    found = await asyncio.gather(
        *(waits(person, number, rounds, start, polled=polled) for number, person in enumerate(everybody))
    )
    return [one for some in found for one in some]


def p95(seconds: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(seconds, n=20)[-1]


async def measured(server: BotApiServer, options: argparse.Namespace) -> tuple[list[Wait], list[Wait]]:
    """The others' waits without the flood, and from the moment on at which it is there."""
    environment: Mapping[str, str] = hooked() if options.webhook else {}
    polled = not options.webhook
    with tempfile.TemporaryDirectory() as library:
        everybody = people(server, options.chats)
        bot = await started(server, library, environment)
        await all_waits(everybody, 2, polled=polled)
        before = await all_waits(everybody, options.rounds, polled=polled)
        flooder = server.private_chat("Flooder")
        for number in range(options.flood):
            await flooder.says(QUESTIONS[number % len(QUESTIONS)])
        during = await all_waits(everybody, options.rounds, polled=polled)
        await bot.terminate(timeout_seconds=60)
    return before, during


async def run(options: argparse.Namespace) -> bool:
    """Measure and print; whether the others' waits stayed within twice, over the whole flood and, of what the bot
    itself takes, in its first seconds."""
    async with BotApiServer(latency_seconds=0.05) as server:
        before, during = await measured(server, options)
    early = [one for one in during if one.begin < FIRST_SECONDS]
    print(f"{options.chats} chats while one sends {options.flood} messages, by "
          f"{'webhook' if options.webhook else 'polling'}; p95 of their waits:")  # fmt: skip
    rows = [
        ("over the whole flood", [one.total for one in before], [one.total for one in during]),
        ("asked in its first 5 s", [one.total for one in before], [one.total for one in early]),
        ("the same, without Telegram's queue", [one.own for one in before], [one.own for one in early]),
    ]
    times = []
    for name, alone, flooded in rows:
        times.append(p95(flooded) / p95(alone))
        print(f"{name:36} {p95(alone) * 1000:5.0f} ms alone {p95(flooded) * 1000:5.0f} ms {times[-1]:5.2f} times")
    return times[0] <= MOST_TIMES and times[2] <= MOST_TIMES


def main() -> None:
    """Read the options, run, and end with 1 when the promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--flood", type=int, default=1000)
    parser.add_argument("--chats", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--webhook", action="store_true")
    raise SystemExit(0 if asyncio.run(run(parser.parse_args())) else 1)


if __name__ == "__main__":
    main()
