"""What more answering processes bring, and what adding articles costs those who ask meanwhile.

    python -m tests.benchmarks.telegram_processes QUESTIONS.json.gz [--processes 2] [--library DIR] [--seconds 20]

One bot after the other serves a copy of the same library (of so many resampled sentences, or one that is there): with
one process, then with more, and so again for each round. First every chat asks as soon as it is answered, no two
questions alike: answered updates a second, the processor time of all processes for each, and their private memory
together. Then a few chats ask at a steady pace, in quiet and while `verbatim add` puts articles in beside: how long
each waits for its answer. The local Bot API server and the chats need a core's share, too, so that two cores are not
twice one.
"""

import argparse
import asyncio
import random
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from bot.app import open_app
from bot.evaluation.questions import load_articles
from bot.settings import load_settings
from tests.benchmarks.answering_beside import adding
from tests.benchmarks.resampled import Profile, articles, profile, source_paragraphs
from tests.benchmarks.telegram_load import LOOK_SECONDS, people, started
from tests.benchmarks.telegram_throughput import ask_on, processor_seconds
from tests.telegram.botapi import BotApiServer, BotProcess
from tests.telegram.botapi.people import Person

SEED = 20230308
PACED_CHATS = 4
LOADED_SECONDS = 60.0
READY = re.compile(r"answering process ready: pid=(\d+)")


class Measured(NamedTuple):
    """One bot: answered updates a second, milliseconds of processor for each, megabytes, and how many seconds each
    answer took in quiet and while articles went in."""

    updates: float
    processor: float
    memory: float
    quiet: list[float]
    beside: list[float]


def everything(bot: BotProcess) -> list[int]:
    """The numbers of the service's process and of those that answer for it."""
    return [bot.process.pid, *map(int, READY.findall(bot.output))]


def private_megabytes(process: int) -> float:
    """The memory that a process shares with nobody."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon:")) / 1024


async def loaded(bot: BotProcess, processes: int) -> None:
    """Return when all processes can be asked."""
    for _ in range(int(LOADED_SECONDS / LOOK_SECONDS)):
        if processes == 1 or f"count={processes}" in bot.output:
            return
        await asyncio.sleep(LOOK_SECONDS)
    raise TimeoutError(bot.output)


async def paced(person: Person, questions: Iterator[str], until: float, pause: float, taken: list[float]) -> None:
    """Ask one question after each pause; note how long the answers took."""
    while time.monotonic() < until:
        await asyncio.sleep(pause * random.uniform(0.5, 1.5))
        begin = time.monotonic()
        await person.says(next(questions))
        await person.receives(timeout_seconds=60)
        taken.append(time.monotonic() - begin)


async def waits(server: BotApiServer, questions: Iterator[str], options: argparse.Namespace) -> list[float]:
    """How many seconds answers took at a steady pace."""
    taken: list[float] = []
    until, pause = time.monotonic() + options.seconds, PACED_CHATS / options.pace
    await asyncio.gather(*(paced(one, questions, until, pause, taken) for one in people(server, PACED_CHATS)))
    return taken


async def rate(server: BotApiServer, bot: BotProcess, questions: Iterator[str], options: argparse.Namespace) -> float:
    """Answered updates a second when every chat asks on and on."""
    answered: list[float] = []
    begin = time.monotonic()
    until = begin + options.seconds
    await asyncio.gather(*(ask_on(one, questions, until, answered) for one in people(server, options.chats)))
    return len(answered) / (time.monotonic() - begin)


async def measured(library: Path, words: Profile, processes: int, options: argparse.Namespace, number: int) -> Measured:
    """One bot over a library of its own, asked in three ways."""
    questions = drawn(options.file)
    async with BotApiServer() as server:
        bot = await started(server, str(library), {"VERBATIM_TELEGRAM_PROCESSES": str(processes)})
        try:
            await loaded(bot, processes)
            await waits(server, questions, argparse.Namespace(seconds=3, pace=options.pace))  # warm
            before, begin = sum(map(processor_seconds, everything(bot))), time.monotonic()
            updates = await rate(server, bot, questions, options)
            spent = sum(map(processor_seconds, everything(bot))) - before
            processor = 1000 * spent / max(updates * (time.monotonic() - begin), 1)
            memory = sum(map(private_megabytes, everything(bot)))
            quiet = await waits(server, questions, options)
            with ExitStack() as stack:
                await asyncio.to_thread(stack.enter_context, adding(words, library, number))
                beside = await waits(server, questions, options)
            await bot.terminate(timeout_seconds=60)
        finally:
            await bot.kill()
    return Measured(updates, processor, memory, quiet, beside)


def drawn(file: Path) -> Iterator[str]:
    """The file's questions, no two alike, always in the same order."""
    every = sorted({one.question for article in load_articles(file) for one in article.questions()})
    random.Random(SEED).shuffle(every)
    return iter(every)


def percentile(seconds: list[float], share: float) -> float:
    """The time, in milliseconds, that this share of the answers took at most."""
    ordered = sorted(seconds)
    return 1000 * ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def row(processes: int, found: Measured) -> str:
    """The table's row of one bot."""
    quiet, beside = percentile(found.quiet, 0.99), percentile(found.beside, 0.99)
    return (
        f"{processes:9} {found.updates:9.1f} {found.processor:9.2f} {found.memory:9.0f} "
        f"{percentile(found.quiet, 0.5):9.1f} {quiet:9.1f} {percentile(found.beside, 0.5):9.1f} {beside:9.1f} "
        f"{beside / quiet:9.2f}"
    )


async def run(options: argparse.Namespace) -> None:
    """Make the library, measure the bots in turn, print."""
    words = profile(source_paragraphs(options.file))
    heads = ("processes", "updates/s", "CPU ms", "MB", "p50 quiet", "p99 quiet", "p50 adds", "p99 adds", "p99 ratio")
    print(
        f"{options.chats} chats, {options.seconds:.0f} s each; then {options.pace:.0f} questions a second; waits in ms"
    )
    print(" ".join(f"{head:>9}" for head in heads))
    with tempfile.TemporaryDirectory() as folder:
        source = options.library or Path(folder) / "source"
        if options.library is None:
            with open_app(load_settings(environment={}), library=str(source)) as app:
                for _ in app.library.put_many(articles(words, options.sentences)):
                    pass
        for number in range(2 * options.rounds):
            processes = options.processes if number % 2 else 1
            library = Path(shutil.copytree(source, Path(folder) / f"bot-{number}" / "library"))
            print(row(processes, await measured(library, words, processes, options, number)), flush=True)


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--library", type=Path)
    parser.add_argument("--sentences", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--chats", type=int, default=50)
    parser.add_argument("--pace", type=float, default=10.0, help="questions a second, all chats together")
    parser.add_argument("--seconds", type=float, default=20.0)
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
