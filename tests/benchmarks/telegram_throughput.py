"""How many updates a second are answered: our bot, the same on python-telegram-bot's default client, an aiogram echo.

Run: python -m tests.benchmarks.telegram_throughput [--chats 200] [--seconds 20] [--latency 0.05]

Every chat asks, and asks again as soon as it is answered: once five questions in turn, which the memo of answers knows
after the first round, and once questions of which no two are alike, so that each is searched for anew. Our own limiter
is off; each call takes the latency. Beside the rate stands how much processor time the bot took for each answered
update. The aiogram row needs aiogram, which nothing else here does; without it the row is left out.
"""

import argparse
import asyncio
import importlib.util
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.telegram_load import OPEN, QUESTIONS, different_questions
from tests.telegram.botapi import BotApiServer
from tests.telegram.botapi.people import Person
from tests.telegram.botapi.processes import bot_environment, start_process

OURS = "import sys; from bot.cli import main; sys.exit(main(sys.argv[1:]))"
DEFAULT_CLIENT = """
import sys
from telegram.request import HTTPXRequest
import bot.telegram.service as service
class Default(HTTPXRequest):
    def __init__(self, *, connections):
        super().__init__(connection_pool_size=connections, pool_timeout=60.0, read_timeout=20.0)
service.AiohttpRequest = Default
from bot.cli import main
sys.exit(main(sys.argv[1:]))
"""
AIOGRAM_ECHO = """
import asyncio, os
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message
dispatcher = Dispatcher()
@dispatcher.message()
async def echo(message: Message) -> None:
    await message.reply(message.text)
server = TelegramAPIServer.from_base(os.environ["VERBATIM_TELEGRAM_API_URL"])
bot = Bot(os.environ["VERBATIM_TELEGRAM_TOKEN"], session=AiohttpSession(api=server))
asyncio.run(dispatcher.start_polling(bot))
"""


class Rate(NamedTuple):
    """Answered updates a second, and the processor time that the bot took for each, in milliseconds."""

    updates: float
    processor: float


Questions = Callable[[int], Iterator[str]]
"""The questions of the chat with this number."""


def in_turn(number: int) -> Iterator[str]:
    """The five questions, each chat at another."""
    return islice(cycle(QUESTIONS), number % len(QUESTIONS), None)


def shared() -> Questions:
    """One question after the other, whichever chat is next."""
    questions = different_questions()
    return lambda _: questions


async def ask_on(person: Person, questions: Iterator[str], until: float, answered: list[float]) -> None:
    """Ask again and again until the time is up; note when each answer came."""
    while time.monotonic() < until:
        await person.says(next(questions))
        try:
            await person.receives(timeout_seconds=30)
        except TimeoutError:
            return
        answered.append(time.monotonic())


async def measured(command: Sequence[str], options: argparse.Namespace, questions: Questions) -> Rate:
    """What one bot manages, once it is warm."""
    async with BotApiServer(latency_seconds=options.latency) as server:
        bot = await start_process(command, bot_environment(server, OPEN))
        try:
            await bot.polls(server)
            people = [server.private_chat(f"Person {number}") for number in range(options.chats)]
            begin, before = time.monotonic(), processor_seconds(bot.process.pid)
            answered: list[float] = []
            until = begin + options.warm + options.seconds
            await asyncio.gather(*(ask_on(one, questions(at), until, answered) for at, one in enumerate(people)))
            taken = processor_seconds(bot.process.pid) - before
            await bot.terminate()
        finally:
            await bot.kill()
        counted = sum(begin + options.warm <= moment <= until for moment in answered)
        return Rate(counted / float(options.seconds), 1000 * taken / max(len(answered), 1))


def processor_seconds(process: int) -> float:
    """The processor time that the process with this number has taken so far."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def run(options: argparse.Namespace) -> None:
    """Measure each bot in turn and print what it answered."""
    kinds: dict[str, Callable[[], Questions]] = {"five questions": lambda: in_turn, "no two alike": shared}
    print(f"{options.chats} chats, {options.latency * 1000:.0f} ms a call, {options.seconds:.0f} s each")
    echo = None
    if importlib.util.find_spec("aiogram"):
        echo = await measured([sys.executable, "-c", AIOGRAM_ECHO], options, in_turn)
        print(f"{'aiogram, echo':45} {echo.updates:6.1f} updates/s {echo.processor:5.2f} ms each")
    for kind, questions in kinds.items():
        ours, default = [await ours_by(program, options, questions()) for program in (OURS, DEFAULT_CLIENT)]
        print(f"{'ours, ' + kind:45} {ours.updates:6.1f} updates/s {ours.processor:5.2f} ms each")
        name = f"the same on the default client, {kind}"
        print(f"{name:45} {default.updates:6.1f} updates/s {default.processor:5.2f} ms each")
        ratios = [f"{ours.updates / default.updates:.2f} times the default client"]
        ratios += [f"{ours.updates / echo.updates:.2f} times the echo"] if echo else []
        print(f"{kind}: {', '.join(ratios)}")


async def ours_by(program: str, options: argparse.Namespace, questions: Questions) -> Rate:
    """What our bot manages over a library of its own."""
    with tempfile.TemporaryDirectory() as library:
        return await measured([sys.executable, "-c", program, "--library", library, "telegram"], options, questions)


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--chats", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--warm", type=float, default=3.0)
    parser.add_argument("--latency", type=float, default=0.05)
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
