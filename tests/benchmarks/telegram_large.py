"""The memory of `verbatim telegram` while it serves a large library: private and resident, after questions of many.

    python -m tests.benchmarks.telegram_large QUESTIONS.json.gz --library DIR [--questions 1000] [--chats 16]

`tests.benchmarks.resampled` makes such a library. Asked are the file's own questions, no two alike, by so many chats at
once. Private memory (RssAnon) is what the process shares with nobody; the rest is the index's pages, which the system
takes back when others need room.
"""

import argparse
import asyncio
import random
import time
from collections.abc import Sequence
from pathlib import Path

from bot.evaluation.questions import load_articles
from tests.benchmarks.telegram_load import people, started
from tests.telegram.botapi import BotApiServer, BotProcess
from tests.telegram.botapi.people import Person

SEED = 20230308


def megabytes(bot: BotProcess, name: str) -> float:
    """A figure of the process's memory, as the system calls it."""
    lines = Path(f"/proc/{bot.process.pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) / 1024


async def ask(person: Person, questions: Sequence[str]) -> None:
    """Ask one after the other, each when the last answer has come."""
    for question in questions:
        await person.says(question)
        await person.receives(timeout_seconds=120)


async def run(options: argparse.Namespace) -> None:
    """Serve, ask, print."""
    every = [asked.question for article in load_articles(options.file) for asked in article.questions()]
    drawn = random.Random(SEED).sample(every, options.questions)
    async with BotApiServer() as server:
        bot = await started(server, options.library, {"VERBATIM_ENGINE": "disk"})
        idle = megabytes(bot, "RssAnon")
        everybody = people(server, options.chats)
        begin = time.monotonic()
        await asyncio.gather(*(ask(person, drawn[number :: options.chats]) for number, person in enumerate(everybody)))
        seconds = time.monotonic() - begin
        print(
            f"{len(drawn)} questions of {options.chats} chats in {seconds:.0f} s: "
            f"private {megabytes(bot, 'RssAnon'):.0f} MB (idle {idle:.0f}), resident {megabytes(bot, 'VmRSS'):.0f} MB"
        )
        await bot.terminate(timeout_seconds=60)


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--library", required=True)
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--chats", type=int, default=16)
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
