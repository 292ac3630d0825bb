"""What the Telegram benchmarks share: a bot without limits of its own, questions, and the replies that came to them."""

import asyncio
import re
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, zip_longest

from bot.resources import seeds_folder
from tests.telegram.botapi import BotApiServer, BotProcess
from tests.telegram.botapi.chats import Act, Chat
from tests.telegram.botapi.people import Person
from tests.telegram.botapi.processes import bot_environment, start_process

QUESTIONS = (
    "Who leads the Wagner group?",
    "How many men did Wagner lose?",
    "What did the command support?",
    "Where is Bakhmut?",
    "When did Zelenskyy speak?",
)
STILL_SECONDS = 30.0
LOOK_SECONDS = 0.3
OPEN = {
    "VERBATIM_TELEGRAM_CHAT_PER_SECOND": "0",
    "VERBATIM_TELEGRAM_GROUP_PER_MINUTE": "0",
    "VERBATIM_TELEGRAM_OVERALL_PER_SECOND": "0",
    "VERBATIM_TELEGRAM_QUESTIONS_PER_MINUTE": "0",
}


TEMPLATES = (
    "What is said about {} and {}?",
    "Who spoke of {} {}?",
    "When did {} {}?",
    "Why was {} {}?",
    "Where are {} and {}?",
)
LONGEST_SENTENCE_WORDS = 12


def different_questions() -> Iterator[str]:
    """Questions in words of the sample articles, thousands of them, no two alike; always in the same order."""
    for template in TEMPLATES:
        for pairs in zip_longest(*_pairs_by_line()):
            yield from (template.format(*pair) for pair in pairs if pair is not None)


def _pairs_by_line() -> list[list[tuple[str, str]]]:
    """For each line of the sample articles, the pairs of its longer words; none twice over all lines."""
    lines = [
        line for path in sorted(seeds_folder().iterdir()) for line in path.read_text(encoding="utf-8").splitlines()
    ]
    seen: set[tuple[str, str]] = set()
    found = []
    for line in lines:
        words = list(dict.fromkeys(re.findall(r"[A-Za-z]{4,}", line)))[:LONGEST_SENTENCE_WORDS]
        found.append([pair for pair in combinations(words, 2) if pair not in seen])
        seen.update(found[-1])
    return found


def people(server: BotApiServer, count: int) -> list[Person]:
    """So many people in private chats."""
    return [server.private_chat(f"Person {number}") for number in range(count)]


def hooked() -> dict[str, str]:
    """The settings of a bot that Telegram delivers to, on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return {
        "VERBATIM_TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{port}/updates",
        "VERBATIM_TELEGRAM_WEBHOOK_PORT": str(port),
    }


async def started(server: BotApiServer, library: str, extra: Mapping[str, str] | None = None) -> BotProcess:
    """The bot over a library, at work: polling, or having asked for deliveries."""
    environment = OPEN | dict(extra or {})
    line = (sys.executable, "-m", "bot", "--library", library, "telegram")
    bot = await start_process(line, bot_environment(server, environment))
    if "VERBATIM_TELEGRAM_WEBHOOK_URL" in environment:
        await server.called("setWebhook", timeout_seconds=30.0)
    else:
        await bot.polls(server)
    return bot


def replies(chat: Chat) -> Counter[int]:
    """How many replies each message of a chat got, by its number."""
    answered = (
        deed.payload.get("reply_to_message", {}).get("message_id") for deed in chat.deeds if deed.act is Act.SENT
    )
    return Counter(number for number in answered if number is not None)


def asked(chat: Chat) -> list[int]:
    """The numbers of the messages that people wrote into a chat."""
    return [number for number, message in chat.messages.items() if not message.get("from", {}).get("is_bot")]


async def settled(everybody: list[Person]) -> tuple[int, int, int]:
    """The tally when all are answered, or when nothing more comes for a while."""
    left, moment = tally(everybody)[1], time.monotonic()
    while left and time.monotonic() - moment < STILL_SECONDS:
        await asyncio.sleep(LOOK_SECONDS)
        now = tally(everybody)[1]
        if now != left:
            left, moment = now, time.monotonic()
    await asyncio.sleep(1.0)  # for an answer too many
    return tally(everybody)


def tally(everybody: Iterable[Person]) -> tuple[int, int, int]:
    """How many messages were written, how many got no reply, and how many more than one."""
    total = lost = doubled = 0
    for person in everybody:
        given = replies(person.chat)
        numbers = asked(person.chat)
        total += len(numbers)
        lost += sum(given[number] == 0 for number in numbers)
        doubled += sum(given[number] > 1 for number in numbers)
    return total, lost, doubled
