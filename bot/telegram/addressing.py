"""Addressing: whether a message asks the bot, and what of it is the question."""

import re
from typing import NamedTuple

from telegram import Chat, Message, MessageEntity, User

ASK = "ask"
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]+))?(?=\s|$)")


class Addressed(NamedTuple):
    """A message that asks: the question, and the fragment that the asker quoted as its subject ("" for none)."""

    question: str
    subject: str = ""


def addressed(message: Message, me: User) -> Addressed | None:
    """What a message asks of the bot; None when it is not meant for it.

    In a private chat everything is meant for the bot; in a group only what mentions it, answers a message of its, or
    comes behind /ask.
    """
    own = [user.id for user in (message.from_user, message.via_bot) if user is not None]
    if message.is_automatic_forward or me.id in own:
        return None
    text, rest = _without_mentions(message, me)
    asks = command_of(message, me) == ASK
    if not (message.chat.type == Chat.PRIVATE or asks or rest != text or _answers(message, me)):
        return None
    question = _COMMAND.sub("", text, count=1) if asks else rest.lstrip().removeprefix("/")
    return Addressed(question.strip(), message.quote.text if message.quote else "")


def command_of(message: Message, me: User) -> str | None:
    """The command that a message begins with, in lower case, if it may be the bot's: "ask" for "/ask@bot who?"."""
    match = _COMMAND.match(message.text or message.caption or "")
    if match is None or (match[2] and match[2].lower() != (me.username or "").lower()):
        return None
    return match[1].lower()


def asker_of(message: Message) -> int:
    """Who wrote a message: a user, or the chat in whose name somebody wrote."""
    if message.sender_chat is not None:
        return message.sender_chat.id
    return message.from_user.id if message.from_user else message.chat.id


def _answers(message: Message, me: User) -> bool:
    """Whether a message answers one of the bot's."""
    replied = message.reply_to_message
    return bool(replied and replied.from_user and replied.from_user.id == me.id and not replied.forum_topic_created)


def _without_mentions(message: Message, me: User) -> tuple[str, str]:
    """A message's text, and the same without mentions of the bot; equal when there is none."""
    text = message.text or message.caption or ""
    entities = message.entities if message.text else message.caption_entities
    encoded = text.encode("utf-16-le", "surrogatepass")
    rest, position = b"", 0
    for entity in entities:
        start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
        if start < position or not _is_me(entity, encoded[start:end].decode("utf-16-le", "replace"), me):
            continue
        rest += encoded[position:start]
        position = end
    return text, (rest + encoded[position:]).decode("utf-16-le", "surrogatepass")


def _is_me(entity: MessageEntity, text: str, me: User) -> bool:
    if entity.type == MessageEntity.TEXT_MENTION:
        return entity.user is not None and entity.user.id == me.id
    return entity.type == MessageEntity.MENTION and text.lower() == f"@{me.username}".lower()
