"""The data of buttons and of links to answers: what is to be done, with which kept answer, at which page; within
Telegram's 64 bytes."""

import re
from enum import StrEnum
from secrets import token_urlsafe
from typing import NamedTuple

KEY_BYTES = 9
MOST_BYTES = 64
_START = re.compile(r"([A-Za-z0-9_-]{12})(?:-([0-9]{1,3}))?")
_DATA = re.compile(r"([a-z]{1,2}):([A-Za-z0-9_-]{1,32}):([0-9]{1,3})")


class Action(StrEnum):
    """What a button does to the answer above it."""

    PAGE = "p"
    CONTEXT = "c"
    WHY = "w"
    SOURCE = "s"
    NEAR = "n"
    UNCORRECTED = "u"
    GOOD = "g"
    BAD = "b"


class Callback(NamedTuple):
    """A pressed button: its action, the key of its answer, the page that it leads to."""

    action: Action
    key: str
    page: int = 0

    def data(self) -> str:
        """The button's data."""
        return f"{self.action}:{self.key}:{self.page}"


def parse(data: str | None) -> Callback | None:
    """The callback in a button's data; None for data that no button of ours has."""
    match = _DATA.fullmatch(data or "")
    if match is None or match[1] not in list(Action):
        return None
    return Callback(Action(match[1]), match[2], int(match[3]))


def link_to(key: str, page: int, *, bot: str) -> str:
    """The address that opens a page of a kept answer in a private chat with the bot of this user name."""
    return f"https://t.me/{bot}?start={key}" + (f"-{page}" if page else "")


def linked(start: str) -> tuple[str, int] | None:
    """The key and the page that a link leads to, from what follows /start; None for anything else."""
    match = _START.fullmatch(start)
    return (match[1], int(match[2] or 0)) if match else None


def new_key() -> str:
    """A key for an answer, which nobody guesses."""
    return token_urlsafe(KEY_BYTES)
