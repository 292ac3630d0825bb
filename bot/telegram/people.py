"""People and chats: the language that each chose, who blocked the bot, what a group's admins set; and forgetting."""

import time
from collections import OrderedDict
from typing import TypeVar

import msgspec

from bot.storage.store import Connection
from bot.telegram.claims import State
from bot.telegram.fleet import Fleet
from bot.telegram.vault import Vault
from bot.telegram.writer import Writer

MOST_CACHED = 10_000
T = TypeVar("T")


class Person(msgspec.Struct, frozen=True):
    """What is known of a user: the language that they chose ("" for none), whether they blocked the bot, and since when
    all this is so (seconds since 1970)."""

    language: str = ""
    blocked: bool = False
    since: float = 0.0


class ChatChoices(msgspec.Struct, frozen=True):
    """What the admins of a chat chose: the language of its answers, and the tags of the articles that answer there."""

    language: str = ""
    tags: tuple[str, ...] = ()


class People:
    """What is kept of people and chats, under pseudonyms; what is looked up often is remembered, unless another process
    of the fleet may have changed it."""

    def __init__(self, writer: Writer, vault: Vault, fleet: Fleet | None = None) -> None:
        self._writer = writer
        self._vault = vault
        self._fleet = fleet or Fleet()
        self._people: OrderedDict[int, Person] = OrderedDict()
        self._chats: OrderedDict[int, ChatChoices] = OrderedDict()

    async def person(self, user: int) -> Person:
        """What is known of a user."""
        if self._fleet.is_alone and user in self._people:
            return self._people[user]
        values = (self._vault.pseudonym(user),)
        row = await self._writer.run(
            lambda connection: connection.row("SELECT language, blocked, seen FROM people WHERE person = ?", values)
        )
        return _cached(self._people, user, Person(row[0], bool(row[1]), row[2]) if row else Person())

    async def set_language(self, user: int, language: str) -> None:
        """Answer a user in this language from now on."""
        await self._keep(user, msgspec.structs.replace(await self.person(user), language=language))

    async def set_blocked(self, user: int, blocked: bool) -> None:
        """Remember whether a user blocked the bot."""
        person = await self.person(user)
        if person.blocked != blocked:
            await self._keep(user, msgspec.structs.replace(person, blocked=blocked))

    async def chat(self, chat: int) -> ChatChoices:
        """What the admins of a chat chose."""
        if self._fleet.is_alone and chat in self._chats:
            return self._chats[chat]
        values = (self._vault.pseudonym(chat),)
        row = await self._writer.run(lambda connection: connection.row("SELECT body FROM chats WHERE chat = ?", values))
        opened = self._vault.open(row[0]) if row else None
        return _cached(self._chats, chat, msgspec.json.decode(opened, type=ChatChoices) if opened else ChatChoices())

    async def set_chat(self, chat: int, choices: ChatChoices) -> None:
        """Keep what the admins of a chat chose."""
        row = (self._vault.pseudonym(chat), self._vault.seal(msgspec.json.encode(choices)))
        await self._writer.run(
            lambda connection: connection.execute(
                "INSERT INTO chats (chat, body) VALUES (?, ?) ON CONFLICT (chat) DO UPDATE SET body = excluded.body",
                row,
            )
        )
        _cached(self._chats, chat, choices)

    async def forget(self, user: int) -> int:
        """How many rows of a user's there were; none is left."""
        person = self._vault.pseudonym(user)

        def forget(connection: Connection) -> int:
            connection.execute("UPDATE updates SET chat = 0 WHERE chat = ? AND state >= ?", (person, State.DONE))
            return sum(
                [
                    connection.execute("DELETE FROM answers WHERE asker = ?", (person,)),
                    connection.execute("DELETE FROM conversations WHERE asker = ?", (person,)),
                    connection.execute("DELETE FROM feedback WHERE person = ?", (person,)),
                    connection.execute("DELETE FROM unanswered WHERE person = ?", (person,)),
                    connection.execute("DELETE FROM people WHERE person = ?", (person,)),
                    connection.execute("DELETE FROM chats WHERE chat = ?", (person,)),
                ]
            )

        self._people.pop(user, None)
        self._chats.pop(user, None)
        return await self._writer.run(forget)

    async def count(self) -> tuple[int, int]:
        """How many people chose or did something that is kept, and how many of them blocked the bot."""
        row = await self._writer.run(
            lambda connection: connection.row("SELECT COUNT(*), COALESCE(SUM(blocked), 0) FROM people")
        )
        return (int(row[0]), int(row[1])) if row else (0, 0)

    async def _keep(self, user: int, person: Person) -> None:
        person = msgspec.structs.replace(person, since=time.time())
        row = (self._vault.pseudonym(user), person.language, int(person.blocked), person.since)
        await self._writer.run(
            lambda connection: connection.execute(
                "INSERT INTO people (person, language, blocked, seen) VALUES (?, ?, ?, ?) ON CONFLICT (person) DO "
                "UPDATE SET language = excluded.language, blocked = excluded.blocked, seen = excluded.seen",
                row,
            )
        )
        _cached(self._people, user, person)


def _cached(cache: "OrderedDict[int, T]", key: int, value: T) -> T:
    cache[key] = value
    cache.move_to_end(key)
    if len(cache) > MOST_CACHED:
        cache.popitem(last=False)
    return value
