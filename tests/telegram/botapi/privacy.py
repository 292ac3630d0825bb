"""Which messages of a group reach the bot: what Telegram calls privacy mode."""

from .account import BotAccount
from .chats import PRESENT, Chat, ChatType, Membership
from .schema import JsonObject

# A message that holds one of these is a service message, and every bot of the group gets it.
SERVICE_FIELDS = frozenset({
    "new_chat_members", "left_chat_member", "new_chat_title", "new_chat_photo", "delete_chat_photo", "pinned_message",
    "group_chat_created", "supergroup_chat_created", "channel_chat_created", "migrate_to_chat_id",
    "migrate_from_chat_id", "forum_topic_created", "forum_topic_closed", "forum_topic_reopened", "forum_topic_edited",
})  # fmt: skip


def hears(account: BotAccount, chat: Chat, message: JsonObject) -> bool:
    """Whether a message in the chat reaches the bot."""
    status = chat.member(account.user.id)
    if chat.type is ChatType.PRIVATE:
        return not chat.blocked
    if status not in PRESENT:
        return False
    if chat.type is ChatType.CHANNEL or status is Membership.ADMINISTRATOR or not account.privacy_mode:
        return True
    return bool(SERVICE_FIELDS & message.keys()) or _is_meant(account, chat, message)


def _is_meant(account: BotAccount, chat: Chat, message: JsonObject) -> bool:
    if message.get("via_bot", {}).get("id") == account.user.id:
        return True
    if message.get("reply_to_message", {}).get("from", {}).get("id") == account.user.id:
        return True
    own = f"@{account.user.username}".lower()
    for kind, said in _addresses(message):
        if kind == "mention" and said == own:
            return True
        if kind == "bot_command" and said.endswith(own):
            return True
        # A command to nobody in particular goes to the bot that spoke last.
        if kind == "bot_command" and "@" not in said and chat.last_bot_id in {None, account.user.id}:
            return True
    return any(e.get("user", {}).get("id") == account.user.id for e in message.get("entities", ()))


def _addresses(message: JsonObject) -> list[tuple[str, str]]:
    """The kind and the lower-cased text of every entity of the message."""
    text = message.get("text") or message.get("caption") or ""
    units = text.encode("utf-16-le")
    found = []
    for entity in [*message.get("entities", ()), *message.get("caption_entities", ())]:
        begin, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
        found.append((entity["type"], units[begin:end].decode("utf-16-le").lower()))
    return found
