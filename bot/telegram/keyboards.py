"""The buttons under an answer: what one can do with it from the page that is shown."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from bot.messages import Messages
from bot.telegram import rendering
from bot.telegram.answers import KeptAnswer
from bot.telegram.callbacks import Action, Callback

VIEWS = ((Action.CONTEXT, "context"), (Action.WHY, "why"), (Action.SOURCE, "source"))
CORRECTIONS = ("spelling", "variant", "synonym")
"""The kinds of changes that asking again without the correction undoes."""


class Button(msgspec.Struct, frozen=True, omit_defaults=True):
    """A button: its label, and the data that the bot hears when it is pressed."""

    text: str
    callback_data: str


Row = Sequence[Button]
Keyboard = Sequence[Row]
"""The rows of buttons under a message; empty for none."""


class Place(NamedTuple):
    """What of an answer a message shows: the page, and what was opened on it."""

    page: int = 0
    opened: Action | None = None


def keyboard(kept: KeptAnswer, messages: Messages, place: Place) -> Keyboard:
    """The buttons under one page of an answer."""
    answer = kept.answer
    rows: list[list[Button]] = []
    if answer.answered:
        rows = [_pages(kept, messages, place), _views(kept, messages, place), _votes(kept.id)]
    elif answer.near_misses:
        if place.opened is None:
            rows.append([_button(messages, "near_misses", Callback(Action.NEAR, kept.id))])
        else:
            rows.append(_views(kept, messages, place._replace(page=0), near=True))
    if kept.corrected and any(change.kind in CORRECTIONS for change in answer.changes):
        rows.append([_button(messages, "uncorrected", Callback(Action.UNCORRECTED, kept.id))])
    return [row for row in rows if row]


def keyboard_json(keyboard: Keyboard) -> str:
    """The buttons as Telegram takes them."""
    return msgspec.json.encode({"inline_keyboard": keyboard}).decode()


def in_rows(buttons: Sequence[Button], *, most: int) -> list[Row]:
    """The buttons in rows of at most so many."""
    return [buttons[start : start + most] for start in range(0, len(buttons), most)]


def _pages(kept: KeptAnswer, messages: Messages, place: Place) -> list[Button]:
    last = len(rendering.pages(kept.answer.quotes)) - 1
    row = []
    if place.page > 0:
        row.append(_button(messages, "back", Callback(Action.PAGE, kept.id, place.page - 1)))
    if place.page < last:
        row.append(_button(messages, "more", Callback(Action.PAGE, kept.id, place.page + 1)))
    return row


def _views(kept: KeptAnswer, messages: Messages, place: Place, *, near: bool = False) -> list[Button]:
    """The buttons that open something on the page; the one that is open closes it."""
    row = []
    for action, label in VIEWS:
        if place.opened is action:
            closing = Action.NEAR if near else Action.PAGE
            row.append(_button(messages, "close", Callback(closing, kept.id, place.page)))
        else:
            row.append(_button(messages, label, Callback(action, kept.id, place.page)))
    return row


def _votes(key: str) -> list[Button]:
    return [Button(sign, Callback(action, key).data()) for sign, action in (("👍", Action.GOOD), ("👎", Action.BAD))]


def _button(messages: Messages, label: str, callback: Callback) -> Button:
    return Button(messages.text(f"telegram.button.{label}"), callback.data())
