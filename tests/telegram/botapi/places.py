"""Groups and channels, with the people in them."""

import time

from .account import BotAccount
from .chats import SERVICE_USER_ID, Chat, ChatType, Membership, User
from .people import Person, Watcher, plain_fields
from .privacy import hears
from .schema import JsonObject
from .views import Seen


class Group(Watcher):
    """A group or supergroup; who watches the group itself sees all that the bot does in it."""

    def joins(self, user: User, status: Membership = Membership.MEMBER) -> Person:
        """The user in this group, a member from now on."""
        self.account.users[user.id] = user
        self.chat.members[user.id] = status
        return Person(self.account, self.chat, user)

    def opens_topic(self, name: str) -> int:
        """The number of a new topic."""
        fields = {"forum_topic_created": {"name": name, "icon_color": 7322096}, "is_topic_message": True}
        message = self.chat.new_message(fields)
        message["message_thread_id"] = message["message_id"]
        self.chat.topics[message["message_id"]] = name
        return int(message["message_id"])

    def closes_topic(self, thread: int) -> None:
        """Let nobody write in a topic any more."""
        self.chat.closed_topics.add(thread)

    def becomes_supergroup(self) -> "Group":
        """The supergroup that takes the group's place; the bot hears of it from both."""
        title = self.chat.title or ""
        bot = self.chat.member(self.account.user.id)
        heir = new_group(self.account, title, supergroup=True, forum=False, bot=bot)
        heir.chat.members = dict(self.chat.members)
        self.chat.migrated_to = heir.chat.id
        sender = User(1087968824, "Group", username="GroupAnonymousBot", is_bot=True).to_json()
        for chat, fields in ((self.chat, {"migrate_to_chat_id": heir.chat.id}),
                             (heir.chat, {"migrate_from_chat_id": self.chat.id})):  # fmt: skip
            message = chat.new_message({"from": sender, "sender_chat": chat.to_json()} | fields)
            self.account.update("message", dict(message))
        return heir

    def another_bot_speaks(self) -> None:
        """Let another bot be the last that spoke: general commands are its from now on."""
        self.chat.last_bot_id = -1


class Channel(Watcher):
    """A channel, maybe with a group in which its posts are discussed."""

    def __init__(self, account: BotAccount, chat: Chat, discussion: Group | None) -> None:
        super().__init__(account, chat)
        self.discussion = discussion
        if discussion:
            chat.linked_chat_id = discussion.chat.id
            discussion.chat.linked_chat_id = chat.id

    async def posts(self, text: str) -> Seen:
        """Publish a post; the post, or its copy in the discussion group when there is one."""
        post = self.chat.new_message({"sender_chat": self.chat.to_json()} | plain_fields(text))
        if hears(self.account, self.chat, post):
            self.account.update("channel_post", dict(post))
        if self.discussion is None:
            return Seen(dict(post), len(self.chat.deeds))
        return self._discussed(self.discussion.chat, post, text)

    def _discussed(self, group: Chat, post: JsonObject, text: str) -> Seen:
        origin = {"type": "channel", "chat": self.chat.to_json(), "message_id": post["message_id"],
                  "date": post["date"]}  # fmt: skip
        sender = User(SERVICE_USER_ID, "Telegram").to_json()
        fields: JsonObject = {"from": sender, "sender_chat": self.chat.to_json(), "is_automatic_forward": True}
        copy = group.new_message(fields | {"forward_origin": origin} | plain_fields(text))
        if hears(self.account, group, copy):
            self.account.update("message", dict(copy))
        return Seen(dict(copy), len(group.deeds))

    async def edits(self, post: Seen, text: str) -> Seen:
        """Change a post's text."""
        new = post.message | plain_fields(text) | {"edit_date": int(time.time())}
        self.chat.messages[post.id] = new
        if hears(self.account, self.chat, new):
            self.account.update("edited_channel_post", dict(new))
        return Seen(dict(new), len(self.chat.deeds))


def new_group(account: BotAccount, title: str, *, supergroup: bool, forum: bool, bot: Membership) -> Group:
    """A group with the bot in it, known to the account."""
    number = next(account.ids)
    kind = ChatType.SUPERGROUP if supergroup or forum else ChatType.GROUP
    chat = Chat(-1_001_000_000_000 - number if kind is ChatType.SUPERGROUP else -4_000_000 - number, kind, title)
    chat.is_forum = forum
    chat.members[account.user.id] = bot
    if forum:
        # 1 is the topic that every forum has, General; no other may come to bear the number.
        next(chat.message_ids)
    if kind is ChatType.GROUP:
        chat.message_ids = account.private_message_ids
    account.chats[chat.id] = chat
    return Group(account, chat)
