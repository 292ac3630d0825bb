"""What was found out about one state of a library, so that it is found out once."""

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """Values of one state by their keys, the last used ones, as many as a bound on their sizes allows; threads may
    share it, and must leave the values as they are."""

    def __init__(self, *, most: int, size: Callable[[Value], int]) -> None:
        self._most = most
        self._size = size
        self._lock = threading.Lock()
        self._change = -1
        self._values: dict[Hashable, Value] = {}

    def of(self, key: Hashable, change: int, find: Callable[[], Value]) -> Value:
        """The value of a key in the state after the change with this number; `find` is called where it is not known."""
        with self._lock:
            if change != self._change:
                self._change, self._values = change, {}
            values = self._values
            if key in values:
                value = values[key] = values.pop(key)  # to the end: it was used last
                return value
        value = find()
        with self._lock:
            values[key] = value
            while sum(map(self._size, values.values())) > self._most and len(values) > 1:
                del values[next(iter(values))]
        return value
