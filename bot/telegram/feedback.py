"""Feedback: votes on answers and questions that nobody answered, without names."""

import time
from collections import Counter
from typing import NamedTuple

import msgspec

from bot.storage.store import Connection
from bot.telegram.answers import KeptAnswer
from bot.telegram.vault import Vault
from bot.telegram.writer import Writer

WEEK_SECONDS = 7 * 86_400.0
READ_AT_ONCE = 5_000


class Vote(msgspec.Struct, frozen=True):
    """What a vote was about: the question, and the id of the article whose sentence was shown."""

    question: str
    article: str


class Asked(NamedTuple):
    """A question that the articles could not answer, and how often it was asked."""

    question: str
    times: int


class Feedback:
    """The votes and the unanswered questions of one bot."""

    def __init__(self, writer: Writer, vault: Vault) -> None:
        self._writer = writer
        self._vault = vault

    async def vote(self, kept: KeptAnswer, user: int, *, good: bool) -> None:
        """Keep a user's vote on an answer; a second one takes the first one's place."""
        first = kept.answer.quotes[0].article.id if kept.answer.quotes else ""
        body = self._vault.seal(msgspec.json.encode(Vote(kept.asked, first)))
        row = (kept.id, self._vault.pseudonym(user), 1 if good else -1, time.time(), body)
        await self._writer.run(
            lambda connection: connection.execute(
                "INSERT INTO feedback (answer, person, vote, given, body) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (answer, person) DO UPDATE SET vote = excluded.vote, given = excluded.given",
                row,
            )
        )

    async def votes(self) -> tuple[int, int]:
        """How many votes were good, and how many bad."""
        statement = "SELECT COUNT(CASE WHEN vote > 0 THEN 1 END), COUNT(CASE WHEN vote < 0 THEN 1 END) FROM feedback"
        row = await self._writer.run(lambda connection: connection.row(statement))
        return (int(row[0]), int(row[1])) if row else (0, 0)

    async def note_unanswered(self, question: str, user: int) -> None:
        """Keep a question that the articles did not answer."""
        row = (time.time(), self._vault.pseudonym(user), self._vault.seal(question.encode("utf-8", "replace")))
        await self._writer.run(
            lambda connection: connection.execute("INSERT INTO unanswered (asked, person, body) VALUES (?, ?, ?)", row)
        )

    async def unanswered(self) -> list[Asked]:
        """The questions of this week that the articles did not answer, the most frequent first."""
        statement = "SELECT body FROM unanswered WHERE asked > ? ORDER BY asked DESC LIMIT ?"
        values = (time.time() - WEEK_SECONDS, READ_AT_ONCE)
        rows = await self._writer.run(lambda connection: list(connection.rows(statement, values)))
        opened = [body for (sealed,) in rows if (body := self._vault.open(sealed)) is not None]
        counted = Counter(" ".join(body.decode("utf-8", "replace").split()) for body in opened)
        return [Asked(question, times) for question, times in counted.most_common()]

    async def forget_before(self, moment: float) -> int:
        """How many votes and questions from before a moment there were."""

        def forget(connection: Connection) -> int:
            votes = connection.execute("DELETE FROM feedback WHERE given < ?", (moment,))
            return votes + connection.execute("DELETE FROM unanswered WHERE asked < ?", (moment,))

        return await self._writer.run(forget)
