"""The buttons under an answer: what one can do with it from the page that is shown."""

from typing import NamedTuple

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.answering.answer import Answer
from bot.messages import Messages
from bot.telegram import rendering
from bot.telegram.callbacks import Action, Callback


class Place(NamedTuple):
    """What of an answer a message shows: the page, and what was opened on it."""

    page: int = 0
    opened: Action | None = None


def keyboard(answer: Answer, key: str, messages: Messages, place: Place) -> InlineKeyboardMarkup | None:
    """The buttons under one page of an answer; None where there is nothing to press."""
    if answer.answered:
        rows = [_pages(answer, key, messages, place), _views(key, messages, place)]
    elif answer.near_misses and place.opened is not Action.NEAR:
        rows = [[_button(messages, "near_misses", Callback(Action.NEAR, key))]]
    else:
        rows = []
    kept = [row for row in rows if row]
    return InlineKeyboardMarkup(kept) if kept else None


def _pages(answer: Answer, key: str, messages: Messages, place: Place) -> list[InlineKeyboardButton]:
    last = len(rendering.pages(answer.quotes)) - 1
    row = []
    if place.page > 0:
        row.append(_button(messages, "back", Callback(Action.PAGE, key, place.page - 1)))
    if place.page < last:
        row.append(_button(messages, "more", Callback(Action.PAGE, key, place.page + 1)))
    return row


def _views(key: str, messages: Messages, place: Place) -> list[InlineKeyboardButton]:
    """The buttons that open something on the page; the one that is open closes it."""
    row = []
    for action, label in ((Action.CONTEXT, "context"),):
        if place.opened is action:
            row.append(_button(messages, "close", Callback(Action.PAGE, key, place.page)))
        else:
            row.append(_button(messages, label, Callback(action, key, place.page)))
    return row


def _button(messages: Messages, label: str, callback: Callback) -> InlineKeyboardButton:
    return InlineKeyboardButton(messages.text(f"telegram.button.{label}"), callback_data=callback.data())
