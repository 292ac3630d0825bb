"""Users, chats and what stands in them."""

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, StrEnum

from .schema import JsonObject, load_schema
from .signals import Signal

# Telegram's own account that copies a channel's posts into the discussion group.
SERVICE_USER_ID = 777000


class ChatType(StrEnum):
    """The values of Chat.type."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class Membership(StrEnum):
    """The values of ChatMember.status."""

    CREATOR = "creator"
    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    RESTRICTED = "restricted"
    LEFT = "left"
    KICKED = "kicked"


PRESENT = frozenset({Membership.CREATOR, Membership.ADMINISTRATOR, Membership.MEMBER, Membership.RESTRICTED})
MEMBER_TYPES = {
    Membership.CREATOR: "ChatMemberOwner",
    Membership.ADMINISTRATOR: "ChatMemberAdministrator",
    Membership.MEMBER: "ChatMemberMember",
    Membership.RESTRICTED: "ChatMemberRestricted",
    Membership.LEFT: "ChatMemberLeft",
    Membership.KICKED: "ChatMemberBanned",
}


@dataclass(frozen=True)
class User:
    """An account of a person or a bot."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False

    def to_json(self) -> JsonObject:
        result: JsonObject = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        optional = {"last_name": self.last_name, "username": self.username, "language_code": self.language_code}
        return result | {key: value for key, value in optional.items() if value}


class Act(Enum):
    """What a bot did in a chat."""

    SENT = "sent"
    EDITED = "edited"
    DELETED = "deleted"
    ACTION = "action"
    REACTED = "reacted"
    LEFT = "left"


@dataclass(frozen=True)
class Deed:
    """One act of the bot in a chat; `payload` is the message as it was then, or the act's particulars."""

    act: Act
    message_id: int
    payload: JsonObject
    at: float


@dataclass
class Chat:
    """A chat with its members, its messages, its topics and the log of what the bot did in it."""

    id: int
    type: ChatType
    title: str | None = None
    username: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    is_forum: bool = False
    linked_chat_id: int | None = None
    members: dict[int, Membership] = field(default_factory=dict)
    messages: dict[int, JsonObject] = field(default_factory=dict)
    topics: dict[int, str] = field(default_factory=dict)
    closed_topics: set[int] = field(default_factory=set)
    deeds: list[Deed] = field(default_factory=list)
    signal: Signal = field(default_factory=Signal)
    message_ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    # A private chat that the user has not opened, or has blocked.
    started: bool = True
    blocked: bool = False
    # Where a group went that became a supergroup.
    migrated_to: int | None = None
    # General commands go to the bot that spoke last (None: no other bot is there).
    last_bot_id: int | None = None

    def to_json(self) -> JsonObject:
        """The chat as messages carry it."""
        optional = {"title": self.title, "username": self.username, "first_name": self.first_name,
                    "last_name": self.last_name, "is_forum": self.is_forum or None}  # fmt: skip
        return {"id": self.id, "type": self.type.value} | {k: v for k, v in optional.items() if v is not None}

    def to_full_json(self) -> JsonObject:
        """The chat as getChat gives it."""
        gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
        result = self.to_json() | {"accent_color_id": 0, "max_reaction_count": 11}
        result["accepted_gift_types"] = dict.fromkeys(gifts, True)
        if self.linked_chat_id:
            result["linked_chat_id"] = self.linked_chat_id
        return result

    @property
    def is_group(self) -> bool:
        return self.type in {ChatType.GROUP, ChatType.SUPERGROUP}

    def member(self, user_id: int) -> Membership:
        """How a user belongs to the chat."""
        return self.members.get(user_id, Membership.LEFT)

    def new_message(self, fields: JsonObject) -> JsonObject:
        """A message that now stands in the chat, with its number and date."""
        message: JsonObject = {"message_id": next(self.message_ids), "date": int(time.time()), "chat": self.to_json()}
        message |= fields
        self.messages[message["message_id"]] = message
        return message

    def record(self, act: Act, message_id: int, payload: JsonObject) -> None:
        """Put down what the bot did, and wake who waits for it."""
        self.deeds.append(Deed(act, message_id, payload, time.monotonic()))
        self.signal.changed()

    def membership_json(self, user: User, status: Membership) -> JsonObject:
        """A ChatMember."""
        # Rights that the type asks for are withheld, dates are "for ever".
        defaults = {"Boolean": False, "Integer": 0}
        fields = load_schema().types[MEMBER_TYPES[status]].fields.values()
        result: JsonObject = {f.name: defaults[f.type] for f in fields if f.required and f.type in defaults}
        if status is Membership.ADMINISTRATOR:
            result["can_manage_chat"] = True
        elif status is Membership.RESTRICTED:
            result["is_member"] = True
        return result | {"status": status.value, "user": user.to_json()}


def quoted(message: JsonObject) -> JsonObject:
    """The message as another's reply_to_message: without the one that it answers itself."""
    return {key: value for key, value in message.items() if key not in {"reply_to_message", "external_reply", "quote"}}
