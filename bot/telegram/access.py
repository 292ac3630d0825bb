"""Access: who may ask, who may feed, and how much anybody may ask in a minute."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from enum import Enum

WINDOW_SECONDS = 60.0
MOST_ASKERS = 10_000


class Pace(Enum):
    """Whether an asker keeps within the limit: TOLD is the first time beyond it, about which a notice is due."""

    GOOD = "good"
    TOLD = "told"
    OVER = "over"


class Access:
    """The allow-list, the admins and the pace of one bot; ids are numbers, or user names with or without @."""

    def __init__(
        self,
        *,
        allowed: tuple[str, ...],
        admins: tuple[str, ...],
        per_minute: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._allowed = frozenset(map(_normal, allowed))
        self._admins = frozenset(map(_normal, admins))
        self._per_minute = per_minute
        self._clock = clock
        self._asked: OrderedDict[int, deque[float]] = OrderedDict()
        self._told: set[int] = set()

    def is_admin(self, user: int, username: str | None) -> bool:
        """Whether a user may feed the library."""
        return not self._admins.isdisjoint(_names(user, username))

    def is_allowed(self, *parties: tuple[int, str | None]) -> bool:
        """Whether any of these users and chats may ask: all may where there is no allow-list, admins always."""
        if not self._allowed:
            return True
        listed = self._allowed | self._admins
        return any(not listed.isdisjoint(_names(number, name)) for number, name in parties)

    def pace(self, user: int) -> Pace:
        """Whether a user may ask once more now; counts the question when so."""
        if self._per_minute <= 0:
            return Pace.GOOD
        now = self._clock()
        asked = self._asked.setdefault(user, deque())
        self._asked.move_to_end(user)
        while asked and asked[0] <= now - WINDOW_SECONDS:
            asked.popleft()
        if len(asked) < self._per_minute:
            asked.append(now)
            self._told.discard(user)
            self._shrink()
            return Pace.GOOD
        if user in self._told:
            return Pace.OVER
        self._told.add(user)
        return Pace.TOLD

    def _shrink(self) -> None:
        if len(self._asked) > MOST_ASKERS:
            forgotten, _ = self._asked.popitem(last=False)
            self._told.discard(forgotten)


def _normal(name: str) -> str:
    return name.strip().removeprefix("@").lower()


def _names(number: int, username: str | None) -> set[str]:
    return {str(number), username.lower()} if username else {str(number)}
