"""Memory over many updates: what the bot holds after the first tenth, and at the end.

Run: python -m tests.benchmarks.telegram_memory [--updates 100000] [--chats 200]
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

from tests.benchmarks.telegram_load import QUESTIONS, people, started
from tests.telegram.botapi import BotApiServer, BotProcess
from tests.telegram.botapi.people import Person

MOST_GROWTH = 1.10
KEPT_DEEDS = 200


def resident_megabytes(bot: BotProcess) -> float:
    """What the process holds in memory."""
    lines = Path(f"/proc/{bot.process.pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


async def ask(person: Person, number: int, times: int) -> None:
    """Ask so often, each time when the last answer has come; forget old messages, which are the rig's own memory."""
    for turn in range(times):
        await person.says(QUESTIONS[(number + turn) % len(QUESTIONS)])
        await person.receives(timeout_seconds=120)
        while len(person.chat.messages) > KEPT_DEEDS:
            person.chat.messages.pop(next(iter(person.chat.messages)))


async def run(options: argparse.Namespace) -> bool:
    """Ask, look at the memory, ask nine times as much, look again."""
    async with BotApiServer() as server:
        with tempfile.TemporaryDirectory() as library:
            bot = await started(server, library)
            everybody = people(server, options.chats)
            tenth = options.updates // options.chats // 10
            begin = time.monotonic()
            await asyncio.gather(*(ask(person, number, tenth) for number, person in enumerate(everybody)))
            early = resident_megabytes(bot)
            await asyncio.gather(*(ask(person, number, 9 * tenth) for number, person in enumerate(everybody)))
            late = resident_megabytes(bot)
            seconds = time.monotonic() - begin
            await bot.terminate(timeout_seconds=60)
    count = 10 * tenth * options.chats
    print(f"{count} updates in {seconds:.0f} s: {early:.1f} MB after a tenth, {late:.1f} MB at the end "
          f"({late / early - 1:+.1%})")  # fmt: skip
    return late <= early * MOST_GROWTH


def main() -> None:
    """Read the options, run, and end with 1 when memory grew by more than a tenth."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--updates", type=int, default=100_000)
    parser.add_argument("--chats", type=int, default=200)
    raise SystemExit(0 if asyncio.run(run(parser.parse_args())) else 1)


if __name__ == "__main__":
    main()
