"""Patience: updates whose answer needs something that is away for now are handled again until it is back."""

from bot.errors import LibraryBusyError, UnavailableError

AWAY = (UnavailableError, LibraryBusyError)
"""What trying again later helps against."""
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 15.0


def pause_after(failures: int) -> float:
    """How many seconds to wait after so many failures in a row, longer each time."""
    doubled: float = FIRST_PAUSE_SECONDS * 2 ** min(failures - 1, 8)
    return min(doubled, LONGEST_PAUSE_SECONDS)


class Patience:
    """The updates that wait, and how often each failed."""

    def __init__(self) -> None:
        self._failures: dict[int, int] = {}
        self._due: set[int] = set()
        self._told: set[int] = set()

    def waits(self, update_id: int) -> bool:
        """Whether an update was handled before and is handled again."""
        return update_id in self._failures

    def again(self, update_id: int) -> bool:
        """Have an update handled again later; whether its sender is still to be told that it waits."""
        self._failures[update_id] = self._failures.get(update_id, 0) + 1
        self._due.add(update_id)
        if update_id in self._told:
            return False
        self._told.add(update_id)
        return True

    def quietly(self, update_id: int) -> None:
        """Tell nobody that an update waits: an earlier process may have."""
        self._told.add(update_id)

    def pause(self, update_id: int) -> float:
        """In how many seconds an update that was just handled is due again; 0 for one that needs nothing more."""
        if update_id in self._due:
            self._due.discard(update_id)
            return pause_after(self._failures[update_id])
        self._failures.pop(update_id, None)
        self._told.discard(update_id)
        return 0.0
