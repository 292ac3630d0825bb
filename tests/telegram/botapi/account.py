"""All that Telegram knows of one bot: its chats and users, its settings, its files, its open queries."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from .chats import PRESENT, Chat, ChatType, Membership, User
from .errors import BotApiError, bad_request, forbidden, migrated
from .limits import SendLimits
from .schema import JsonObject, Schema, load_schema
from .signals import Signal
from .updates import UpdateQueue

# How long Telegram waits for the answer to a pressed button and to an inline query.
CALLBACK_SECONDS = 15.0
INLINE_SECONDS = 10.0


@dataclass(frozen=True)
class Violation:
    """Something that a correct bot, or this server, would not have sent."""

    method: str
    text: str

    def __str__(self) -> str:
        return f"{self.method}: {self.text}"


@dataclass(frozen=True)
class StoredFile:
    """A file at Telegram's. `size` is what Telegram says of it, which a test may make differ from the data."""

    file_id: str
    unique_id: str
    name: str
    data: bytes
    size: int
    mime_type: str | None = None

    @property
    def path(self) -> str:
        return f"documents/{self.unique_id}/{self.name}"


@dataclass
class OpenQuery:
    """A pressed button or an inline query that waits for its answer."""

    id: str
    expires: float
    chat_id: int | None = None
    user_id: int = 0
    query: str = ""
    answer: JsonObject | None = None
    signal: Signal = field(default_factory=Signal)


@dataclass
class BotAccount:
    """A bot as Telegram keeps it."""

    token: str
    user: User
    privacy_mode: bool = True
    supports_inline: bool = True
    inline_feedback: bool = True
    schema: Schema = field(default_factory=load_schema)
    queue: UpdateQueue = field(default_factory=UpdateQueue)
    limits: SendLimits = field(default_factory=SendLimits)
    chats: dict[int, Chat] = field(default_factory=dict)
    users: dict[int, User] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    queries: dict[str, OpenQuery] = field(default_factory=dict)
    inline_messages: dict[str, JsonObject] = field(default_factory=dict)
    # Commands, descriptions and the like, by name, scope and language.
    settings: dict[tuple[str, ...], object] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    private_message_ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def violate(self, method: str, text: str) -> None:
        """Put down a violation."""
        self.violations.append(Violation(method, text))

    def update(self, kind: str, payload: JsonObject) -> int | None:
        """Queue an update for the bot, after a look at the schema; its id, None when the bot does not want it."""
        for problem in self.schema.problems("Update", {"update_id": 0, kind: payload}, "update"):
            self.violate(f"update {kind}", str(problem))
        return self.queue.push(kind, payload)

    def chat(self, chat_id: int | str) -> Chat:
        """The chat of a request.

        Raises:
            BotApiError: 400 when the bot knows no such chat.
        """
        if isinstance(chat_id, str):
            name = chat_id.removeprefix("@").lower()
            found = next((c for c in self.chats.values() if (c.username or "").lower() == name and name), None)
        else:
            found = self.chats.get(chat_id)
        if found is None:
            raise bad_request("chat not found")
        return found

    def chat_to_write(self, chat_id: int | str) -> Chat:
        """The chat of a request that puts something into it.

        Raises:
            BotApiError: 400 or 403 when the bot may not write there.
        """
        chat = self.chat(chat_id)
        if chat.type is ChatType.PRIVATE:
            if chat.blocked:
                raise forbidden("bot was blocked by the user")
            if not chat.started:
                raise forbidden("bot can't initiate conversation with a user")
            return chat
        if chat.migrated_to is not None:
            raise migrated(chat.migrated_to)
        self.check_membership(chat)
        if chat.type is ChatType.CHANNEL and chat.member(self.user.id) is not Membership.ADMINISTRATOR:
            raise bad_request("need administrator rights in the channel chat")
        if chat.member(self.user.id) is Membership.RESTRICTED:
            raise bad_request("not enough rights to send text messages to the chat")
        return chat

    def check_membership(self, chat: Chat) -> None:
        """Raises:
        BotApiError: 403 when the bot is not in this group or channel."""
        status = chat.member(self.user.id)
        if status is Membership.KICKED:
            raise forbidden(f"bot was kicked from the {chat.type.value} chat")
        if chat.type is not ChatType.PRIVATE and status not in PRESENT:
            raise forbidden(f"bot is not a member of the {chat.type.value} chat")

    def message(self, chat: Chat, message_id: int | None, purpose: str) -> JsonObject:
        """A message that stands in the chat.

        Raises:
            BotApiError: 400, "message to PURPOSE not found".
        """
        message = chat.messages.get(message_id or 0)
        if message is None:
            raise bad_request(f"message to {purpose} not found")
        return message

    def open_query(self, query_id: str, now: float) -> OpenQuery:
        """A query that still may be answered.

        Raises:
            BotApiError: 400 when it is answered, expired or unknown.
        """
        query = self.queries.get(query_id)
        if query is None or query.expires < now or query.answer is not None:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        return query

    def add_file(self, name: str, data: bytes, mime_type: str | None, size: int | None = None) -> StoredFile:
        """A file that now lies at Telegram's."""
        number = next(self.ids)
        stored = StoredFile(
            f"BQACAgIAAxk{number:08d}", f"AgAD{number:08d}", name, data, len(data) if size is None else size, mime_type
        )
        self.files[stored.file_id] = stored
        return stored

    def file(self, file_id: str) -> StoredFile:
        """The file of that id.

        Raises:
            BotApiError: 400 when there is none.
        """
        if file_id not in self.files:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        return self.files[file_id]


def unknown_token() -> BotApiError:
    """What Telegram answers to a token that it does not know."""
    return BotApiError(401, "Unauthorized")
