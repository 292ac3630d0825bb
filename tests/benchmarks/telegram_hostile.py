"""Malformed, hostile and oversized updates and texts: no crash, no good question unanswered, no markup put in.

Run: python -m tests.benchmarks.telegram_hostile [--updates 10000] [--seed 1]
"""

import argparse
import asyncio
import random
import tempfile

from tests.benchmarks.telegram_load import QUESTIONS, replies, settled, started
from tests.telegram.botapi import BotApiServer
from tests.telegram.botapi.people import Person
from tests.telegram.botapi.schema import JsonObject

TEXTS = (
    "<b>bold</b><a href='tg://user?id=1'>x</a>", "&lt;script&gt;&amp;&#60;", "\u202egnorw\u202c who?",
    "\u200b\u200d\ufeff",
    "🦄" * 2048, "a" * 4096, "?" * 4096, "\x00\x07\x1b[31m", "e\u0301" * 1000, "/ask@verbatim_bot", "/ask <i>who</i>",
    "</blockquote><b>", "{count} %s %(x)s {0.__class__}", "'; DROP TABLE updates; --", "../../etc/passwd",
    "\ud83e half",
        "@verbatim_bot", "https://example.org/" + "x" * 3000, "ـ" * 500, "1" * 1000, " \n\t ", "SELECT * FROM answers",
)  # fmt: skip
BROKEN: tuple[JsonObject, ...] = (
    {"message": None}, {"message": []}, {"message": {"chat": {"id": "x"}}}, {"message": {"message_id": 1}},
    {"message": {"message_id": 1, "date": "soon", "chat": {"id": 5, "type": "private"}}}, {"callback_query": {}},
    {"callback_query": {"id": "1", "from": 7, "data": "p:x:1"}}, {"inline_query": {"id": 1}}, {"my_chat_member": "x"},
    {"edited_message": {"message_id": -1, "date": 0, "chat": {"id": 0, "type": "galaxy"}}}, {}, {"poll": {"id": 3}},
)  # fmt: skip
DATA = ("", "p", "p:" + "x" * 32 + ":1", "p:../..:1", "u:0:0", "lang:xx", "lang:", "set:lang:zz", "set:tag:" + "f" * 16,
        "\x00", "p:a:9999", "<b>", "g:nobody:0")  # fmt: skip
GOOD_EVERY = 20


async def attack(server: BotApiServer, person: Person, dice: random.Random) -> None:
    """One hostile thing."""
    match dice.randrange(3):
        case 0:
            server.sends_raw(dict(dice.choice(BROKEN)))
        case 1:
            text = dice.choice(TEXTS) + dice.choice(TEXTS)[: dice.randrange(40)]
            await person.says(text[:4096].encode("utf-8", "replace").decode())
        case _:
            gone = await person.says("/start")
            await person.presses_data(gone, dice.choice(DATA) or "?")


async def run(options: argparse.Namespace) -> bool:
    """Attack, ask good questions among it, and look at what came of both."""
    dice = random.Random(options.seed)
    async with BotApiServer() as server:
        with tempfile.TemporaryDirectory() as library:
            bot = await started(server, library)
            attackers = [server.private_chat(f"Attacker {number}") for number in range(20)]
            askers = [server.private_chat(f"Asker {number}") for number in range(20)]
            for number in range(options.updates):
                await attack(server, dice.choice(attackers), dice)
                if number % GOOD_EVERY == 0:
                    await dice.choice(askers).says(dice.choice(QUESTIONS))
                    await asyncio.sleep(0.05)
            total, lost, doubled = await settled(askers)
            running = bot.running
            await bot.terminate(timeout_seconds=60)
        entities = {entity["type"] for person in attackers for entity in sent_entities(person)}
        answered = sum(len(replies(person.chat)) for person in attackers)
    ours = {"bold", "italic", "blockquote", "expandable_blockquote", "text_link"}
    found = {"mention", "hashtag", "bot_command", "url", "cashtag", "email", "phone_number"}
    odd = sorted(entities - ours - found)
    print(f"{options.updates} hostile updates, {answered} of them replied to; {total} good questions: {lost} lost, "
          f"{doubled} doubled; still running: {running}; markup put in: {odd or 'none'}; "
          f"refused calls: {[str(one) for one in server.violations][:3] or 'none'}")  # fmt: skip
    return running and not lost and not doubled and not odd and not server.violations


def sent_entities(person: Person) -> list[JsonObject]:
    """The entities of all that the bot sent to somebody."""
    return [entity for deed in person.chat.deeds for entity in deed.payload.get("entities", ())]


def main() -> None:
    """Read the options, run, and end with 1 when something got through."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--updates", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    raise SystemExit(0 if asyncio.run(run(parser.parse_args())) else 1)


if __name__ == "__main__":
    main()
