"""Telegram's limits on sending: per chat, per group and over all."""

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field

from .errors import too_many_requests


@dataclass(frozen=True)
class Window:
    """At most `count` sends in any `seconds`."""

    count: int
    seconds: float


@dataclass
class SendLimits:
    """Sliding windows over the sends; off until `enabled`. What is refused does not count as sent."""

    enabled: bool = False
    per_chat: Window = Window(1, 1.0)
    per_group: Window = Window(20, 60.0)
    overall: Window = Window(30, 1.0)
    refused: int = 0
    _sends: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def check(self, chat_id: int, now: float) -> None:
        """Count a send to this chat (a group's id is negative).

        Raises:
            BotApiError: 429 with the seconds after which it would be let through.
        """
        if not self.enabled:
            return
        windows = {"all": self.overall, f"chat {chat_id}": self.per_chat}
        if chat_id < 0:
            windows[f"group {chat_id}"] = self.per_group
        wait = max(self._wait(name, window, now) for name, window in windows.items())
        if wait > 0:
            self.refused += 1
            raise too_many_requests(max(1, math.ceil(wait)))
        for name in windows:
            self._sends[name].append(now)

    def _wait(self, name: str, window: Window, now: float) -> float:
        sends = self._sends[name]
        while sends and sends[0] <= now - window.seconds:
            sends.popleft()
        return sends[0] + window.seconds - now if len(sends) >= window.count else 0.0
