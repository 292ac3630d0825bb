"""The limiter: when a chat may be written to again, by Telegram's limits per chat, per group and overall."""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import NamedTuple

MOST_CHATS = 10_000
"""So many chats' last sends are remembered; the longest unused one is forgotten first, and has waited by then."""

MARGIN = 1.05
"""Two sends may be nearer to each other when they arrive than when they left: so much longer is waited."""


class Rates(NamedTuple):
    """The most sends: to a chat in a second, to a group in a minute, overall in a second. 0 is no limit."""

    chat_per_second: float = 1.0
    group_per_minute: float = 20.0
    overall_per_second: float = 30.0


class Span(NamedTuple):
    """At most `most` sends in any `seconds`."""

    most: int
    seconds: float


class _Window:
    """At most `count` sends in any `seconds`."""

    __slots__ = ("_count", "_seconds", "_sends")

    def __init__(self, count: int, seconds: float) -> None:
        self._count, self._seconds = count, seconds
        self._sends: deque[float] = deque(maxlen=count)

    def next(self, now: float) -> float:
        """The earliest moment of another send."""
        if len(self._sends) < self._count:
            return now
        return max(now, self._sends[0] + self._seconds)

    def note(self, moment: float) -> None:
        self._sends.append(moment)


class Limiter:
    """Gives each send its moment; a chat that has to wait keeps no other chat waiting."""

    def __init__(self, rates: Rates, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._rates = rates
        self._clock = clock
        self._overall = next((_Window(*span) for span in overall_spans(rates)), None)
        self._chats: OrderedDict[int, list[_Window]] = OrderedDict()
        self._held: dict[int, float] = {}

    async def turn(self, chat: int) -> float:
        """Return when the chat may be written to; how many seconds that took."""
        begin = self._clock()
        moment = max([begin, *(window.next(begin) for window in self._windows(chat))])
        for window in self._windows(chat):
            window.note(moment)
        await self._sleep_until(moment)
        await self._patience(chat)
        # A place among all chats is taken only now, so that one that waits for its own keeps none from the others.
        if self._overall is not None:
            moment = self._overall.next(self._clock())
            self._overall.note(moment)
            await self._sleep_until(moment)
        return self._clock() - begin

    def hold(self, chat: int, seconds: float) -> None:
        """Send nothing to a chat for a while: Telegram asked for patience."""
        self._held[chat] = max(self._held.get(chat, 0.0), self._clock() + seconds)

    async def _patience(self, chat: int) -> None:
        """Return when Telegram's patience with a chat is back."""
        while (held := self._held.get(chat, 0.0)) > self._clock():
            await self._sleep_until(held)
        self._held.pop(chat, None)

    async def _sleep_until(self, moment: float) -> None:
        left = moment - self._clock()
        if left > 0:
            await asyncio.sleep(left)

    def _windows(self, chat: int) -> list[_Window]:
        """A chat's own windows."""
        windows = self._chats.get(chat)
        if windows is not None:
            self._chats.move_to_end(chat)
            return windows
        windows = self._chats[chat] = [_Window(*span) for span in chat_spans(self._rates, chat)]
        if len(self._chats) > MOST_CHATS:
            self._chats.popitem(last=False)
        return windows


def chat_spans(rates: Rates, chat: int) -> list[Span]:
    """The limits of one chat; a group's id is negative."""
    own = [_span(rates.chat_per_second, 1.0), _span(rates.group_per_minute, 60.0) if chat < 0 else None]
    return [span for span in own if span is not None]


def overall_spans(rates: Rates) -> list[Span]:
    """The limits of all chats together."""
    span = _span(rates.overall_per_second, 1.0)
    return [span] if span is not None else []


def _span(rate: float, seconds: float) -> Span | None:
    """The span of a rate; one below 1 allows one send in accordingly longer time."""
    if rate <= 0:
        return None
    seconds *= MARGIN
    return Span(int(rate), seconds) if rate >= 1 else Span(1, seconds / rate)
