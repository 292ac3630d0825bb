"""The entry: an update as the journal keeps it."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

PARKED: Mapping[str, Any] = {}
"""Stands for the content of an update that waits in the journal alone."""


class Entry(NamedTuple):
    """An update in the journal: its id, as it came (or PARKED), what it is kept in order with, how often its outcome
    was unknown."""

    update_id: int
    update: Mapping[str, Any]
    lane: int
    attempts: int = 0

    @property
    def is_parked(self) -> bool:
        """Whether its content is in the journal alone."""
        return self.update is PARKED

    def parked(self) -> "Entry":
        """The same with its content in the journal alone."""
        return self._replace(update=PARKED)


def lane_of(update: Mapping[str, Any]) -> int:
    """The id of what an update is kept in order with: its chat, else its sender; 0 when it has neither."""
    for kind, content in update.items():
        if kind == "update_id" or not isinstance(content, Mapping):
            continue
        message = content.get("message")
        inner = message if isinstance(message, Mapping) else {}
        for owner in (content.get("chat"), inner.get("chat"), content.get("from"), content.get("user")):
            if isinstance(owner, Mapping) and isinstance(owner.get("id"), int):
                return int(owner["id"])
    return 0


def encoded(update: Mapping[str, Any]) -> bytes:
    """An update as bytes."""
    try:
        return msgspec.json.encode(update)
    except UnicodeEncodeError:  # half of a surrogate pair in some text
        return json.dumps(update).encode()


def decoded(body: bytes) -> Mapping[str, Any]:
    """The update that `encoded` made these bytes of."""
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.DecodeError:
        update: dict[str, Any] = json.loads(body)
        return update
