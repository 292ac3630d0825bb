"""People in chats, so that a scenario test reads like the chat itself."""

import time
from collections.abc import Callable
from typing import Literal

from .account import CALLBACK_SECONDS, INLINE_SECONDS, BotAccount, OpenQuery
from .chats import PRESENT, Act, Chat, ChatType, Deed, Membership, User, quoted
from .detection import with_found_entities
from .documents import document_json
from .entities import FormattedText, utf16_length
from .messages import content_fields
from .privacy import hears
from .schema import JsonObject
from .views import PATIENCE_SECONDS, InlineAnswer, InlineMessage, Press, Seen

Origin = Literal["user", "hidden_user", "channel"]


def plain_fields(text: str) -> JsonObject:
    """A typed text as fields of a message, with the entities that Telegram finds by itself. Nothing is trimmed or
    limited: what clients may send is the test's business."""
    return content_fields(with_found_entities(FormattedText(text)))


class Watcher:
    """Somebody who looks at a chat: every message of the bot is seen once, in order."""

    def __init__(self, account: BotAccount, chat: Chat) -> None:
        self.account = account
        self.chat = chat
        self._seen = len(chat.deeds)

    async def receives(
        self, *, reply_to: Seen | None = None, thread: int | None = None, timeout_seconds: float = PATIENCE_SECONDS
    ) -> Seen:
        """The bot's next message in the chat, of those that answer `reply_to` or stand in `thread` when given.

        Raises:
            TimeoutError: none came within the time.
        """

        def fits(deed: Deed) -> bool:
            answers = deed.payload.get("reply_to_message", {}).get("message_id")
            return (
                deed.act is Act.SENT
                and (reply_to is None or answers == reply_to.id)
                and (thread is None or deed.payload.get("message_thread_id") == thread)
            )

        index = await self._next(self._seen, fits, timeout_seconds, "a message")
        self._seen = index + 1
        return Seen(self.chat.deeds[index].payload, index + 1)

    async def receives_nothing(self, *, within_seconds: float = 0.3) -> None:
        """Return when the bot sent nothing more for a while. Where possible, rather ask the bot something that it
        does answer, and look that it was the next: that needs no waiting.

        Raises:
            AssertionError: it sent something.
        """
        try:
            unwanted = await self.receives(timeout_seconds=within_seconds)
        except TimeoutError:
            return
        raise AssertionError(f"the bot was to keep silent, and sent {unwanted.text!r}")

    async def sees_edit(self, message: Seen, *, timeout_seconds: float = PATIENCE_SECONDS) -> Seen:
        """The message after its next change."""
        return await self._sees(Act.EDITED, message, timeout_seconds, "an edit")

    async def sees_deletion(self, message: Seen, *, timeout_seconds: float = PATIENCE_SECONDS) -> Seen:
        """The message that is no more."""
        return await self._sees(Act.DELETED, message, timeout_seconds, "a deletion")

    async def sees_reaction(self, message: Seen, *, timeout_seconds: float = PATIENCE_SECONDS) -> list[str]:
        """The emoji that the bot put under a message."""
        seen = await self._sees(Act.REACTED, message, timeout_seconds, "a reaction")
        return [item.get("emoji", "") for item in seen.message["reaction"]]

    async def sees_action(
        self, action: str = "typing", *, thread: int | None = None, timeout_seconds: float = PATIENCE_SECONDS
    ) -> None:
        """Return when the bot has shown this action in the chat since this watcher's last message of it."""

        def fits(deed: Deed) -> bool:
            wanted = {"action": action, "message_thread_id": thread}
            return deed.act is Act.ACTION and deed.payload == wanted

        await self._next(self._seen, fits, timeout_seconds, action)

    async def _sees(self, act: Act, message: Seen, timeout_seconds: float, what: str) -> Seen:
        def fits(deed: Deed) -> bool:
            return deed.act is act and deed.message_id == message.id

        index = await self._next(message.seen_at, fits, timeout_seconds, what)
        return Seen(self.chat.deeds[index].payload, index + 1)

    async def _next(self, start: int, fits: Callable[[Deed], bool], timeout_seconds: float, what: str) -> int:
        """The index of the first deed from `start` on that fits."""
        place = start

        def found() -> bool:
            nonlocal place
            while place < len(self.chat.deeds) and not fits(self.chat.deeds[place]):
                place += 1
            return place < len(self.chat.deeds)

        try:
            await self.chat.signal.until(found, timeout_seconds=timeout_seconds)
        except TimeoutError:
            done = [f"{deed.act.value} {deed.payload.get('text', '')!r}" for deed in self.chat.deeds[start:]]
            raise TimeoutError(f"the bot showed no sign of {what} in {timeout_seconds} s; since then: {done}") from None
        return place


class Person(Watcher):
    """A user in one chat: a private one with the bot, or a group."""

    def __init__(self, account: BotAccount, chat: Chat, user: User) -> None:
        super().__init__(account, chat)
        self.user = user

    async def says(
        self, text: str, *, reply_to: Seen | None = None, quote: str | None = None, thread: int | None = None
    ) -> Seen:
        """Send a text; the message as it stands in the chat."""
        return await self.sends(plain_fields(text), reply_to=reply_to, quote=quote, thread=thread)

    async def sends(
        self, fields: JsonObject, *, reply_to: Seen | None = None, quote: str | None = None, thread: int | None = None
    ) -> Seen:
        """Send a message of any content, given as the API's fields."""
        if self.chat.type is ChatType.PRIVATE:
            self.chat.started = True
        message = {"from": self.user.to_json()} | self._thread(thread, reply_to) | fields
        if reply_to is not None:
            message["reply_to_message"] = quoted(self.chat.messages.get(reply_to.id, reply_to.message))
        if reply_to is not None and quote is not None:
            position = utf16_length(reply_to.text[: reply_to.text.index(quote)])
            message["quote"] = {"text": quote, "position": position, "is_manual": True}
        return self._post(message)

    def _thread(self, thread: int | None, reply_to: Seen | None) -> JsonObject:
        if thread is None and reply_to is not None:
            thread = reply_to.thread_id
            if thread is None and self.chat.type is ChatType.SUPERGROUP:
                # A reply in a supergroup opens a thread under the message that it answers.
                thread = reply_to.id
        if thread is None:
            return {}
        return {"message_thread_id": thread} | ({"is_topic_message": True} if self.chat.is_forum else {})

    def _post(self, fields: JsonObject) -> Seen:
        message = self.chat.new_message(fields)
        if hears(self.account, self.chat, message):
            self.account.update("message", dict(message))
        return Seen(dict(message), len(self.chat.deeds))

    async def edits(self, message: Seen, text: str) -> Seen:
        """Change the text of one's own message."""
        kept = {key: value for key, value in message.message.items() if key not in {"text", "entities"}}
        new = kept | plain_fields(text) | {"edit_date": int(time.time())}
        self.chat.messages[message.id] = new
        if hears(self.account, self.chat, new):
            self.account.update("edited_message", dict(new))
        return Seen(dict(new), len(self.chat.deeds))

    async def sends_document(
        self,
        name: str,
        data: bytes,
        *,
        mime_type: str | None = None,
        caption: str = "",
        size: int | None = None,
        reply_to: Seen | None = None,
    ) -> Seen:
        """Send a file; `size` is what Telegram says of it when that is to differ from the truth."""
        stored = self.account.add_file(name, data, mime_type, size)
        fields = content_fields(with_found_entities(FormattedText(caption)), caption=True)
        return await self.sends(fields | {"document": document_json(stored)}, reply_to=reply_to)

    async def forwards(self, text: str, *, origin: Origin = "channel", title: str = "News") -> Seen:
        """Send on what somebody else wrote: a channel's post, a user's message, or that of one who hides."""
        return await self.sends(plain_fields(text) | {"forward_origin": self._origin(origin, title)})

    def _origin(self, origin: Origin, title: str) -> JsonObject:
        result: JsonObject = {"type": origin, "date": int(time.time()) - 3600}
        if origin == "channel":
            chat = {"id": -1009000000001, "type": "channel", "title": title}
            return result | {"chat": chat, "message_id": 42}
        if origin == "user":
            return result | {"sender_user": {"id": 9000000001, "is_bot": False, "first_name": title}}
        return result | {"sender_user_name": title}

    async def presses(self, message: Seen | InlineMessage, label: str) -> Press:
        """Press the button with this label under a message."""
        seen = message.seen if isinstance(message, InlineMessage) else message
        button = seen.button(label)
        if "callback_data" not in button:
            raise LookupError(f"the button {label!r} opens something, the bot hears nothing of it: {button}")
        return await self.presses_data(message, button["callback_data"])

    async def presses_data(self, message: Seen | InlineMessage, data: str) -> Press:
        """Send the data of a button, real or made up, as pressed under a message."""
        query = self._open_query(CALLBACK_SECONDS)
        payload: JsonObject = {"id": query.id, "from": self.user.to_json(), "chat_instance": f"{self.chat.id}7"}
        payload["data"] = data
        if isinstance(message, InlineMessage):
            payload["inline_message_id"] = message.inline_message_id
        else:
            gone = {"chat": self.chat.to_json(), "message_id": message.id, "date": 0}
            payload["message"] = dict(self.chat.messages.get(message.id, gone))
        self.account.update("callback_query", payload)
        return Press(query)

    def _open_query(self, seconds: float, text: str = "") -> OpenQuery:
        number = f"{4_000_000_000 + next(self.account.ids)}"
        query = OpenQuery(number, time.monotonic() + seconds, self.chat.id, self.user.id, text)
        self.account.queries[number] = query
        return query

    async def asks_inline(
        self, text: str, *, offset: str = "", timeout_seconds: float = PATIENCE_SECONDS
    ) -> InlineAnswer:
        """Type "@bot text" into the chat's input field; what the bot offers."""
        query = self._open_query(INLINE_SECONDS, text)
        kind = "sender" if self.chat.type is ChatType.PRIVATE else self.chat.type.value
        payload = {"id": query.id, "from": self.user.to_json(), "query": text, "offset": offset, "chat_type": kind}
        self.account.update("inline_query", payload)
        await query.signal.until(lambda: query.answer is not None, timeout_seconds=timeout_seconds)
        answer = query.answer or {}
        return InlineAnswer(
            query,
            answer["results"],
            answer["contents"],
            answer.get("next_offset", ""),
            answer.get("is_personal", False),
            answer.get("cache_time", 300),
            answer.get("button"),
        )

    async def chooses(self, answer: InlineAnswer, number: int = 0) -> InlineMessage:
        """Send the inline result of that number into the chat."""
        result = answer.results[number]
        content = answer.contents[result["id"]]
        fields = {"from": self.user.to_json(), "via_bot": self.account.user.to_json()} | content
        message = self.chat.new_message(fields)
        inline_id = f"inline{next(self.account.ids)}"
        self.account.inline_messages[inline_id] = message
        if self.account.inline_feedback:
            payload = {"result_id": result["id"], "from": self.user.to_json(), "query": answer.query.query}
            if "reply_markup" in content:
                payload["inline_message_id"] = inline_id
            self.account.update("chosen_inline_result", payload)
        if hears(self.account, self.chat, message):
            self.account.update("message", dict(message))
        return InlineMessage(inline_id, message, self.chat)

    async def blocks_bot(self) -> None:
        """Block the bot, of which it hears."""
        self.chat.blocked = True
        self._bot_membership(Membership.MEMBER, Membership.KICKED)

    async def unblocks_bot(self) -> None:
        """Let the bot write again."""
        self.chat.blocked = False
        self._bot_membership(Membership.KICKED, Membership.MEMBER)

    async def adds_bot(self, status: Membership = Membership.MEMBER) -> None:
        """Bring the bot into the group, or change what it may do there."""
        before = self.chat.member(self.account.user.id)
        self.chat.members[self.account.user.id] = status
        self._bot_membership(before, status)
        if before not in PRESENT:
            self._post({"from": self.user.to_json(), "new_chat_members": [self.account.user.to_json()]})

    async def removes_bot(self) -> None:
        """Throw the bot out of the group."""
        before = self.chat.member(self.account.user.id)
        self.chat.members[self.account.user.id] = Membership.KICKED
        self._bot_membership(before, Membership.KICKED)

    def _bot_membership(self, before: Membership, after: Membership) -> None:
        bot = self.account.user
        old, new = (self.chat.membership_json(bot, status) for status in (before, after))
        payload = {"chat": self.chat.to_json(), "from": self.user.to_json(), "date": int(time.time())}
        self.account.update("my_chat_member", payload | {"old_chat_member": old, "new_chat_member": new})

    async def reacts(self, message: Seen, emoji: str) -> None:
        """Put an emoji under a message."""
        payload = {"chat": self.chat.to_json(), "message_id": message.id, "user": self.user.to_json()}
        payload |= {"date": int(time.time()), "old_reaction": [], "new_reaction": [{"type": "emoji", "emoji": emoji}]}
        self.account.update("message_reaction", payload)
