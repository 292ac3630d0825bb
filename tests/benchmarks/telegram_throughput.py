"""How many updates a second are answered: our bot, the same on python-telegram-bot's default client, an aiogram echo.

Run: python -m tests.benchmarks.telegram_throughput [--chats 200] [--seconds 20] [--latency 0.05]

Every chat asks, and asks again as soon as it is answered. Our own limiter is off; each call takes the latency. The
aiogram row needs aiogram, which nothing else here does; without it the row is left out.
"""

import argparse
import asyncio
import importlib.util
import sys
import tempfile
import time
from collections.abc import Sequence

from tests.telegram.botapi import BotApiServer
from tests.telegram.botapi.people import Person
from tests.telegram.botapi.processes import bot_environment, start_process

QUESTIONS = (
    "Who leads the Wagner group?",
    "How many men did Wagner lose?",
    "What did the command support?",
    "Where is Bakhmut?",
    "When did Zelenskyy speak?",
)
OPEN = {
    "VERBATIM_TELEGRAM_CHAT_PER_SECOND": "0",
    "VERBATIM_TELEGRAM_GROUP_PER_MINUTE": "0",
    "VERBATIM_TELEGRAM_OVERALL_PER_SECOND": "0",
    "VERBATIM_TELEGRAM_QUESTIONS_PER_MINUTE": "0",
}
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


async def ask_on(person: Person, number: int, until: float, answered: list[float]) -> None:
    """Ask again and again until the time is up; note when each answer came."""
    while time.monotonic() < until:
        await person.says(QUESTIONS[number % len(QUESTIONS)])
        number += 1
        try:
            await person.receives(timeout_seconds=30)
        except TimeoutError:
            return
        answered.append(time.monotonic())


async def measured(command: Sequence[str], options: argparse.Namespace, **environment: str) -> float:
    """The answered updates a second of one bot, once it is warm."""
    async with BotApiServer(latency_seconds=options.latency) as server:
        bot = await start_process(command, bot_environment(server, OPEN | environment))
        try:
            await bot.polls(server)
            people = [server.private_chat(f"Person {number}") for number in range(options.chats)]
            begin = time.monotonic()
            answered: list[float] = []
            until = begin + options.warm + options.seconds
            await asyncio.gather(*(ask_on(person, at, until, answered) for at, person in enumerate(people)))
            await bot.terminate()
        finally:
            await bot.kill()
        print(f"    {dict(server.call_counts)}")
        counted = sum(begin + options.warm <= moment <= until for moment in answered)
        seconds = float(options.seconds)
        return float(counted / seconds)


async def run(options: argparse.Namespace) -> None:
    """Measure each bot in turn and print what it answered."""
    with tempfile.TemporaryDirectory() as folder:
        rows = [
            ("ours", [sys.executable, "-c", OURS, "--library", f"{folder}/a", "telegram"]),
            (
                "ours on the default client",
                [sys.executable, "-c", DEFAULT_CLIENT, "--library", f"{folder}/b", "telegram"],
            ),
        ]
        if importlib.util.find_spec("aiogram"):
            rows.append(("aiogram, echo", [sys.executable, "-c", AIOGRAM_ECHO]))
        print(f"{options.chats} chats, {options.latency * 1000:.0f} ms a call, {options.seconds} s each")
        rates = {}
        for name, command in rows:
            rates[name] = await measured(command, options)
            print(f"{name:30} {rates[name]:8.1f} answered updates/s")
        for name, rate in rates.items():
            if name != "ours" and rate:
                print(f"ours / {name}: {rates['ours'] / rate:.2f}")


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
