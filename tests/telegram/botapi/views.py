"""What a person sees: messages, their buttons, the answers to a press and to an inline query."""

import time
from dataclasses import dataclass, field

from .account import OpenQuery
from .chats import Chat
from .entities import FormattedText, from_json
from .formatting import to_html
from .schema import JsonObject

PATIENCE_SECONDS = 10.0


@dataclass(frozen=True)
class Seen:
    """A message as it was when somebody saw it. `seen_at` counts what the bot had done in the chat by then."""

    message: JsonObject
    seen_at: int
    at: float = field(default_factory=time.monotonic)

    @property
    def id(self) -> int:
        return int(self.message.get("message_id", 0))

    @property
    def text(self) -> str:
        """The text, or a document's caption; "" when there is none."""
        return str(self.message.get("text") or self.message.get("caption") or "")

    @property
    def entities(self) -> list[JsonObject]:
        return list(self.message.get("entities") or self.message.get("caption_entities") or ())

    @property
    def html(self) -> str:
        """The text as the markup that gives it."""
        return to_html(FormattedText(self.text, tuple(from_json(self.text, self.entities))))

    def parts(self, kind: str) -> list[str]:
        """The pieces of text under entities of this type, in order."""
        return [self.text[e.start : e.end] for e in from_json(self.text, self.entities) if e.type == kind]

    @property
    def keyboard(self) -> list[list[JsonObject]]:
        """The rows of buttons under the message."""
        return list(self.message.get("reply_markup", {}).get("inline_keyboard", ()))

    @property
    def buttons(self) -> list[str]:
        """The labels of all buttons, row by row."""
        return [button["text"] for row in self.keyboard for button in row]

    def button(self, label: str) -> JsonObject:
        """The first button whose label is this, or else holds it.

        Raises:
            LookupError: no button does.
        """
        every = [button for row in self.keyboard for button in row]
        exact = [button for button in every if button["text"] == label]
        found = exact or [button for button in every if label in button["text"]]
        if not found:
            raise LookupError(f"no button {label!r} under the message, there are {self.buttons}")
        return found[0]

    @property
    def reply_to_id(self) -> int | None:
        """The number of the message that this one answers."""
        number = self.message.get("reply_to_message", {}).get("message_id")
        return None if number is None else int(number)

    @property
    def thread_id(self) -> int | None:
        """The topic in which the message stands."""
        thread = self.message.get("message_thread_id")
        return None if thread is None else int(thread)


@dataclass(frozen=True)
class PressAnswer:
    """What the bot said to a pressed button: a notice at the top of the chat, or an alert."""

    text: str
    show_alert: bool
    url: str | None


@dataclass(frozen=True)
class Press:
    """A pressed button, its little clock still turning until the bot answers."""

    query: OpenQuery

    async def answered(self, *, timeout_seconds: float = PATIENCE_SECONDS) -> PressAnswer:
        """What the bot answered to the press.

        Raises:
            TimeoutError: it did not within the time.
        """
        await self.query.signal.until(lambda: self.query.answer is not None, timeout_seconds=timeout_seconds)
        answer = self.query.answer or {}
        return PressAnswer(answer.get("text", ""), answer.get("show_alert", False), answer.get("url"))


@dataclass(frozen=True)
class InlineAnswer:
    """The results that the bot offered to an inline query."""

    query: OpenQuery
    results: list[JsonObject]
    contents: dict[str, JsonObject]
    next_offset: str
    is_personal: bool
    cache_seconds: int
    button: JsonObject | None

    @property
    def titles(self) -> list[str]:
        return [str(result.get("title", "")) for result in self.results]


@dataclass
class InlineMessage:
    """A message that was sent by choosing an inline result; the bot knows it by `inline_message_id` alone."""

    inline_message_id: str
    message: JsonObject
    chat: Chat

    @property
    def seen(self) -> Seen:
        """The message as it is now."""
        return Seen(dict(self.message), len(self.chat.deeds))
