"""The answers that were given, kept so that their buttons work, also after a restart; and the conversations."""

import time
from collections.abc import Callable
from typing import Any

import msgspec

from bot.answering.answer import Answer
from bot.answering.followups.conversation import Conversation
from bot.storage.store import Connection, Value
from bot.telegram.vault import Vault
from bot.telegram.writer import Writer


class KeptAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer with where it was given: chat, asker, the question's message, and the language of its buttons.

    `asked` is the question as it was written, `conversation` what it could lean on; `corrected` tells whether unknown
    words were read as known ones. `message` is where the answer stands.
    """

    id: str
    chat: int
    asker: int
    question: int | None
    asked: str
    language: str
    answer: Answer
    conversation: Conversation = Conversation()
    corrected: bool = True
    message: int | None = None

    def again(self, answer: Answer) -> "KeptAnswer":
        """The same place with the answer that was found without correcting the question."""
        return msgspec.structs.replace(self, answer=answer, corrected=False)

    def given_to(self, key: str, *, chat: int, asker: int, language: str) -> "KeptAnswer":
        """The same answer as somebody else's, elsewhere; what was said before it stays with its asker."""
        return msgspec.structs.replace(
            self,
            id=key,
            chat=chat,
            asker=asker,
            language=language,
            question=None,
            message=None,
            conversation=Conversation(),
        )


class Answers:
    """The kept answers and conversations of one bot."""

    def __init__(self, writer: Writer, vault: Vault) -> None:
        self._writer = writer
        self._vault = vault

    def keeping(self, kept: KeptAnswer) -> Callable[[Connection], None]:
        """What writes an answer down, to run in a transaction."""
        body = self._vault.seal(msgspec.json.encode(kept))
        row = (kept.id, self._of(kept.chat), self._of(kept.asker), kept.question, kept.message, time.time(), body)

        def keep(connection: Connection) -> None:
            connection.execute(
                "INSERT INTO answers (id, chat, asker, question, message, created, body) VALUES (?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET body = excluded.body, question = excluded.question",
                row,
            )

        return keep

    def remembering(self, chat: int, asker: int, conversation: Conversation) -> Callable[[Connection], None]:
        """What writes a conversation down, to run in a transaction."""
        body = self._vault.seal(msgspec.json.encode(conversation))
        row = (self._of(chat), self._of(asker), time.time(), body)

        def remember(connection: Connection) -> None:
            connection.execute(
                "INSERT INTO conversations (chat, asker, changed, body) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (chat, asker) DO UPDATE SET changed = excluded.changed, body = excluded.body",
                row,
            )

        return remember

    async def by_id(self, answer_id: str) -> KeptAnswer | None:
        """The answer with this id; None when it has expired."""
        return await self._one("SELECT message, body FROM answers WHERE id = ?", (answer_id,))

    async def to_question(self, chat: int, question: int) -> KeptAnswer | None:
        """The answer to the question in this message of a chat."""
        statement = "SELECT message, body FROM answers WHERE chat = ? AND question = ? ORDER BY created DESC"
        return await self._one(statement, (self._of(chat), question))

    async def in_message(self, chat: int, message: int) -> KeptAnswer | None:
        """The answer that stands in this message of a chat."""
        statement = "SELECT message, body FROM answers WHERE chat = ? AND message = ? ORDER BY created DESC"
        return await self._one(statement, (self._of(chat), message))

    async def conversation(self, chat: int, asker: int) -> Conversation:
        """The conversation of an asker in a chat; an empty one when there is none."""
        values = (self._of(chat), self._of(asker))
        row = await self._writer.run(
            lambda connection: connection.row("SELECT body FROM conversations WHERE chat = ? AND asker = ?", values)
        )
        opened = self._vault.open(row[0]) if row else None
        return _decoded(opened, Conversation) or Conversation()

    async def run(self, operation: Callable[[Connection], None]) -> None:
        """Write something down by itself."""
        await self._writer.run(operation)

    async def forget_before(self, moment: float) -> int:
        """How many answers and conversations from before a moment there were."""

        def forget(connection: Connection) -> int:
            answers = connection.execute("DELETE FROM answers WHERE created < ?", (moment,))
            return answers + connection.execute("DELETE FROM conversations WHERE changed < ?", (moment,))

        return await self._writer.run(forget)

    def _of(self, number: int) -> int:
        return self._vault.pseudonym(number)

    async def _one(self, statement: str, values: tuple[Value, ...]) -> KeptAnswer | None:
        row = await self._writer.run(lambda connection: connection.row(statement, values))
        kept = _decoded(self._vault.open(row[1]), KeptAnswer) if row else None
        return msgspec.structs.replace(kept, message=row[0]) if kept and row else None


def placing(answer_id: str, message: int) -> Callable[[Connection], None]:
    """What writes down in which message an answer stands, to run in a transaction."""

    def place(connection: Connection) -> None:
        connection.execute("UPDATE answers SET message = ? WHERE id = ?", (message, answer_id))

    return place


def _decoded(body: bytes | None, kind: type[Any]) -> Any:
    """The value in a body; None for none, or for one that another version wrote otherwise."""
    if body is None:
        return None
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None
