"""Several bot processes behind one token and one proxy, their library and journal in PostgreSQL.

kills: kill -9 of one of the processes, again and again under load. outage: the database restarted under load.
cost: answers for each CPU second of the bots, three processes against one.

Run: python -m tests.benchmarks.telegram_fleet kills|outage|cost [--times 50] [--chats 30] [--seed 1]
"""

import argparse
import asyncio
import itertools
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from tests.benchmarks.telegram_load import OPEN, people, settled, tally
from tests.postgresql import Server, binaries, server
from tests.telegram.botapi import BotApiServer, BotProcess
from tests.telegram.botapi.chats import Act
from tests.telegram.botapi.people import Person
from tests.telegram.botapi.processes import ROOT, bot_environment, start_process
from tests.telegram.botapi.proxy import Proxy

BOTS = 3
QUESTIONS = (
    "Who leads the Wagner group?",
    "Where did Wagner find its convicts?",
    "Who denies withholding ammunition?",
    "Who is the boss of Wagner?",
    "Who is Prigozhin?",
)
"""Each is answered from the sample articles: whoever is told that they do not say was told wrong."""
KEY = {"VERBATIM_TELEGRAM_DATA_KEY": "a key for the benchmark"}


class Fleet:
    """The bots of one run: each is started, killed and started again in its place."""

    def __init__(self, telegram: BotApiServer, proxy: Proxy, place: str) -> None:
        self._telegram = telegram
        self._proxy = proxy
        self._place = place
        self.bots: list[BotProcess] = []
        self.unknown = 0

    async def start(self, count: int) -> None:
        """Start so many bots and wait until all listen."""
        self.bots = [await self._started(number) for number in range(count)]
        await self.listen()

    async def listen(self) -> None:
        """Wait until all listen."""
        await self._proxy.listening(len(self.bots))

    async def kill(self, number: int) -> None:
        """Kill one and start another in its place."""
        await self.bots[number].kill()
        self.unknown += unknown_of(self.bots[number].output)
        self.bots[number] = await self._started(number)

    async def stop(self) -> None:
        """End all of them in order."""
        for bot in self.bots:
            await bot.terminate(timeout_seconds=30.0)
            self.unknown += unknown_of(bot.output)

    def cpu_seconds(self) -> float:
        """What the processes have used so far."""
        ticks = [_ticks(bot.process.pid) for bot in self.bots]
        return sum(ticks) / os.sysconf("SC_CLK_TCK")

    async def _started(self, number: int) -> BotProcess:
        environment = OPEN | KEY | self._proxy.settings(number)
        line = (sys.executable, "-m", "bot", "--library", self._place, "telegram")
        return await start_process(line, bot_environment(self._telegram, environment))


@asynccontextmanager
async def fleet(
    options: argparse.Namespace, running: Server, *, bots: int = BOTS
) -> AsyncIterator[tuple[BotApiServer, Fleet]]:
    """A Bot API server, a proxy and bots behind it, over a new library with the sample articles."""
    place = running.url(options=f"schema=run_{time.monotonic_ns()}")
    for question in QUESTIONS:  # exit status 0: answered
        line = (sys.executable, "-m", "bot", "--library", place, "ask", question)
        await asyncio.to_thread(subprocess.run, line, cwd=ROOT, check=True, capture_output=True)
    async with BotApiServer(latency_seconds=options.latency) as telegram, Proxy(bots) as proxy:
        running_fleet = Fleet(telegram, proxy, place)
        await running_fleet.start(bots)
        yield telegram, running_fleet
        await running_fleet.stop()


async def kills(options: argparse.Namespace, running: Server) -> bool:
    """Whether nothing was lost or doubled, and every chat was answered in order, though bots were killed."""
    dice = random.Random(options.seed)
    async with fleet(options, running) as (telegram, bots):
        everybody, stop = people(telegram, options.chats), asyncio.Event()
        asking = [asyncio.create_task(keep_asking(person, stop, dice)) for person in everybody]
        for _ in range(options.times):
            await asyncio.sleep(dice.uniform(0.5, 2.5))
            await bots.kill(dice.randrange(BOTS))
            await bots.listen()  # the next kill finds all of them at work
        stop.set()
        await asyncio.gather(*asking)
        total, lost, _ = await settled(everybody)
        doubled = sum(map(repeated, everybody))
        longest = max(map(waited, everybody))
        disordered = sum(map(disorder, everybody))
    print(
        f"{options.times} kills of one of {BOTS} bots, {total} questions in {options.chats} chats: {lost} lost, "
        f"{doubled} doubled, {bots.unknown} sends under way at a kill, {disordered} out of order, longest answer "
        f"{longest:.1f} s"
    )
    return lost == 0 and doubled <= bots.unknown and disordered == 0


async def outage(options: argparse.Namespace, running: Server) -> bool:
    """Whether nothing was lost, doubled or told not to be in the articles, though the database was restarted."""
    dice = random.Random(options.seed)
    async with fleet(options, running) as (telegram, bots):
        everybody, stop = people(telegram, options.chats), asyncio.Event()
        asking = [asyncio.create_task(keep_asking(person, stop, dice)) for person in everybody]
        for number in range(options.times):
            await asyncio.sleep(dice.uniform(2.0, 6.0))
            await asyncio.to_thread(running.stop)
            await asyncio.sleep(options.away if number == 0 else dice.uniform(0.0, 3.0))
            running.start()
        await asyncio.sleep(3.0)
        stop.set()
        await asyncio.gather(*asking)
        total, lost, _ = await settled(everybody)
        doubled = sum(map(repeated, everybody))
        said = sum(says_nothing(person) for person in everybody)
        waiting = sum(is_told_to_wait(person) for person in everybody)
        disordered = sum(map(disorder, everybody))
    print(
        f"{options.times} restarts of the database, the first away for {options.away:g} s, {total} questions: {lost} "
        f"lost, {doubled} doubled, {bots.unknown} unknown outcomes, {said} times 'the articles do not say', "
        f"{waiting} times told to wait, {disordered} out of order"
    )
    return lost == 0 and doubled <= bots.unknown and said == 0 and disordered == 0


async def cost(options: argparse.Namespace, running: Server) -> bool:
    """Whether three processes answer as much for a CPU second as one does, within a tenth.

    Three that share nothing work at the same time as each other, so that the machine is as busy for them as for three
    that share all: a processor second is worth less where many want one.
    """
    ratios = []
    for _ in range(options.times):
        async with AsyncExitStack() as stack:
            apart = [await stack.enter_async_context(fleet(options, running, bots=1)) for _ in range(BOTS)]
            each = await asyncio.gather(*[_answers_per_cpu_second(options, *one) for one in apart])
        alone = sum(each) / len(each)
        async with fleet(options, running) as (telegram, bots):
            together = await _answers_per_cpu_second(options, telegram, bots)
        ratios.append(together / alone)
        print(f"answers for each CPU second: {alone:.1f} by one, {together:.1f} by {BOTS} together", flush=True)
    median = sorted(ratios)[len(ratios) // 2]
    print(f"{BOTS} processes answer {median:.3f} of what one does for the same time of the processor (median)")
    return median > 0.9


async def _answers_per_cpu_second(options: argparse.Namespace, telegram: BotApiServer, bots: Fleet) -> float:
    """Each bot has as many chats as one alone, and no question comes twice: none is answered from memory."""
    everybody = people(telegram, options.chats * len(bots.bots))
    names = itertools.count()

    async def ask() -> None:
        for question in QUESTIONS:
            await asyncio.gather(*[person.says(f"Tell Mr. N{next(names)}: {question}") for person in everybody])
        await settled(everybody)

    await ask()
    before, spent = tally(everybody)[0], bots.cpu_seconds()
    for _ in range(2):
        await ask()
    return (tally(everybody)[0] - before) / (bots.cpu_seconds() - spent)


async def keep_asking(person: Person, stop: asyncio.Event, dice: random.Random) -> None:
    """Ask at random moments until told to stop, whether answered or not."""
    while not stop.is_set():
        await person.says(dice.choice(QUESTIONS))
        await asyncio.sleep(dice.uniform(0.2, 2.5))


def unknown_of(output: str) -> int:
    """How many unknown outcomes a bot found."""
    return sum(int(number) for number in re.findall(r"unknown=(\d+)", output))


def answers(person: Person) -> list[int]:
    """The numbers of the questions that the answers in a chat are to, in the order in which they came."""
    numbers = (
        deed.payload.get("reply_to_message", {}).get("message_id")
        for deed in person.chat.deeds
        if deed.act is Act.SENT and not _is_notice(deed.payload)
    )
    return [number for number in numbers if number is not None]


def repeated(person: Person) -> int:
    """How many questions of a chat were answered more than once."""
    return sum(times > 1 for times in Counter(answers(person)).values())


def disorder(person: Person) -> int:
    """How many first answers of a chat came before that to an earlier question."""
    return sum(later < earlier for earlier, later in itertools.pairwise(dict.fromkeys(answers(person))))


def waited(person: Person) -> float:
    """The longest time between a question and its first answer."""
    moments: dict[int, float] = {}
    for deed in person.chat.deeds:
        number = deed.payload.get("reply_to_message", {}).get("message_id") if deed.act is Act.SENT else None
        if number is not None:
            moments.setdefault(number, deed.payload["date"])
    return max((at - person.chat.messages[number]["date"] for number, at in moments.items()), default=0.0)


def says_nothing(person: Person) -> int:
    """How often a chat was told that the articles do not say."""
    return sum("do not say" in deed.payload.get("text", "") for deed in person.chat.deeds)


def is_told_to_wait(person: Person) -> int:
    """How often a chat was told to wait."""
    return sum(_is_notice(deed.payload) for deed in person.chat.deeds)


def _is_notice(payload: Mapping[str, object]) -> bool:
    return "kept" in str(payload.get("text", "")) and "articles" in str(payload.get("text", ""))


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def main() -> None:
    """Read the options, run, and end with 1 when the promise was broken."""
    modes = {"kills": kills, "outage": outage, "cost": cost}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=modes)
    parser.add_argument("--times", type=int, default=None)
    parser.add_argument("--chats", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--away", type=float, default=30.0, help="seconds of the first outage")
    parser.add_argument("--latency", type=float, default=0.05, help="seconds that each call to Telegram takes")
    options = parser.parse_args()
    options.times = options.times or {"kills": 50, "outage": 5, "cost": 3}[options.what]
    programs = binaries()
    if programs is None:
        raise SystemExit("PostgreSQL's programs are not here: apt-get install postgresql")
    with server(programs) as running:
        raise SystemExit(0 if asyncio.run(modes[options.what](options, running)) else 1)


if __name__ == "__main__":
    main()
