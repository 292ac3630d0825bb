"""The whole cluster away while Telegram's users ask: nothing lost or doubled, nothing denied that the articles say.

Run: python -m tests.benchmarks.telegram_cluster [--away 30] [--people 5] [--zip FILE] [--version 2.19.4]

No two questions are alike, so that none is answered from memory. Each final answer is compared with the one that a
library in memory gives: whether it was one at all, and its quote.
"""

import argparse
import asyncio
import itertools
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bot.app import open_app
from bot.messages import Messages
from bot.settings import load_settings
from tests.benchmarks.clusters import CACHE, private_megabytes
from tests.benchmarks.telegram_load import different_questions, people, started
from tests.cluster.nodes import Node, distribution, running, wait_until_ready
from tests.telegram.botapi import BotApiServer
from tests.telegram.botapi.chats import Act, Chat
from tests.telegram.botapi.people import Person

CALM_SECONDS = 10.0
LONGEST_WAIT_SECONDS = 300.0
WORDS = Messages.load("en")
KEPT, NOTHING = WORDS.text("telegram.kept_waiting"), WORDS.text("answer.nothing")


class Tally(NamedTuple):
    """What came of the questions: asked, told to wait, without an answer, with several, and answers that deny what the
    articles say or are others than a library in memory gives."""

    asked: int
    told: int
    lost: int
    doubled: int
    denied: int
    different: int


def replies(chat: Chat) -> dict[int, list[str]]:
    """The texts of the replies to each message of a chat."""
    found: dict[int, list[str]] = {}
    for deed in chat.deeds:
        number = deed.payload.get("reply_to_message", {}).get("message_id") if deed.act is Act.SENT else None
        if number is not None:
            found.setdefault(number, []).append(str(deed.payload.get("text", "")))
    return found


def letters(text: str) -> str:
    """A text without blanks, marks and whatever rendering adds."""
    return "".join(character for character in text if character.isalnum())


def tally(everybody: list[Person], expected: dict[str, str]) -> Tally:
    """The count over all chats; `expected` holds each question's first quote, "" for none."""
    counts = [0] * len(Tally._fields)
    for person in everybody:
        given = replies(person.chat)
        for number, message in person.chat.messages.items():
            if message.get("from", {}).get("is_bot"):
                continue
            texts = given.get(number, [])
            final = [text for text in texts if text != KEPT]
            quote = expected[message["text"]]
            denied = bool(final and quote and final[-1].startswith(NOTHING))
            different = bool(final) and not denied and letters(quote)[:40] not in letters(final[-1])
            row = (1, KEPT in texts, not final, len(final) > 1, denied, different)
            counts = [count + int(one) for count, one in zip(counts, row, strict=True)]
    return Tally(*counts)


async def keep_asking(
    server: BotApiServer, everybody: list[Person], each_second: int, questions: Iterator[str], stop: asyncio.Event
) -> None:
    """Let so many people come every second and ask one question each, so that none leans on another."""
    while not stop.is_set():
        for person in people(server, each_second):
            everybody.append(person)
            await person.says(next(questions))
        await asyncio.sleep(1.0)


async def answered(everybody: list[Person], expected: dict[str, str]) -> float:
    """When all had their answers, or no more were waited for."""
    ends = time.monotonic() + LONGEST_WAIT_SECONDS
    while tally(everybody, expected).lost:
        if time.monotonic() > ends:
            break
        await asyncio.sleep(0.5)
    return time.monotonic()


async def run(options: argparse.Namespace, node: list[Node], library: str) -> bool:
    """Ask, take the cluster away and bring it back; whether the promise was kept."""
    extra = {"VERBATIM_ENGINE": "cluster", "VERBATIM_CLUSTER_URLS": node[0].url}
    asked, expected = quotes(library, (options.people + 1) * int(options.away + 12 * CALM_SECONDS))
    questions = iter(asked)
    async with BotApiServer(latency_seconds=0.02) as server:
        everybody: list[Person] = []
        stop = asyncio.Event()
        bot = await started(server, library, extra)
        asking = asyncio.create_task(keep_asking(server, everybody, options.people, questions, stop))
        await asyncio.sleep(CALM_SECONDS)
        node[0].kill()
        await asyncio.sleep(options.away)
        node[0] = node[0].started_again()
        await asyncio.to_thread(wait_until_ready, node[0], 1)
        back = time.monotonic()
        await asyncio.sleep(CALM_SECONDS)
        stop.set()
        await asking
        waited = await answered(everybody, expected) - back
        await asyncio.sleep(2.0)  # for an answer too many
        found = tally(everybody, expected)
        held = private_megabytes(bot.process.pid)
        await bot.terminate()
    print(f"the bot's private memory {held:.0f} MB")
    print(f"cluster away for {options.away:.0f} s while {options.people} ask every second: {found}")
    print(f"all answered {waited:.0f} s after it was back (questions went on for {CALM_SECONDS:.0f} s of that)")
    return not (found.lost or found.doubled or found.denied or found.different)


def quotes(library: str, count: int) -> tuple[list[str], dict[str, str]]:
    """So many questions, and what a library in memory quotes first for each; "" where it says nothing."""
    asked = list(itertools.islice(different_questions(), count))
    with open_app(load_settings(environment={"VERBATIM_ENGINE": "memory"}), library=library) as app:
        answers = [app.answerer.answer(question) for question in asked]
    return asked, {
        question: one.quotes[0].text if one.quotes else "" for question, one in zip(asked, answers, strict=True)
    }


def main() -> None:
    """Read the options, run, and end with 1 when the promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--away", type=float, default=30.0)
    parser.add_argument("--people", type=int, default=5, help="who ask every second")
    parser.add_argument("--version", default="2.19.4")
    parser.add_argument("--zip", type=Path)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as library,
        running(options.zip or distribution(options.version, CACHE)) as nodes,
    ):
        raise SystemExit(0 if asyncio.run(run(options, nodes, library)) else 1)


if __name__ == "__main__":
    main()
