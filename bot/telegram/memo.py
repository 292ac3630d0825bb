"""The memo: answers to questions that many ask, given again until the library changes."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from bot.answering.answer import Answer
from bot.answering.followups.conversation import Conversation
from bot.articles.filters import Filters

MOST_ANSWERS = 1_000
"""Kept encoded, an answer with ten quotes takes about 10 kB; as objects it would take three times as much."""
GOOD_SECONDS = 600.0
"""A question may speak of "today": its answer is looked up anew after so long."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Answer).decode


class Key(NamedTuple):
    """All that an answer follows from, but the library and the day."""

    question: str
    said: tuple[tuple[str, str, str, str], ...]
    filters: Filters
    correct: bool


def key_of(question: str, conversation: Conversation, filters: Filters, *, correct: bool) -> Key:
    """The key of a question after a conversation; when its turns were does not matter, but that they are not over."""
    said = tuple((turn.question, turn.asked, turn.quote, turn.article) for turn in conversation.turns)
    return Key(question, said, filters, correct)


class Memo:
    """The last answers, of one state of the library; threads may share it."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._state = -1
        self._answers: OrderedDict[Key, tuple[float, bytes]] = OrderedDict()

    def get(self, key: Key, state: int) -> Answer | None:
        """The answer that was found in this state of the library; None when there is none, or an old one."""
        with self._lock:
            self._keep_to(state)
            found = self._answers.get(key)
            if found is None or self._clock() - found[0] > GOOD_SECONDS:
                return None
            self._answers.move_to_end(key)
        return _decode(found[1])

    def put(self, key: Key, state: int, answer: Answer) -> None:
        """Keep an answer that was found in this state of the library."""
        encoded = _encode(answer)
        with self._lock:
            self._keep_to(state)
            self._answers[key] = (self._clock(), encoded)
            if len(self._answers) > MOST_ANSWERS:
                self._answers.popitem(last=False)

    def _keep_to(self, state: int) -> None:
        if state != self._state:
            self._answers.clear()
            self._state = state
