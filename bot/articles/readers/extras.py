"""Libraries that only some installations have."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.errors import ReadingError


@contextmanager
def needed(extra: str, what: str, name: str) -> Iterator[None]:
    """Turn a failing import inside into a ReadingError that says how to install what reads `what`."""
    try:
        yield
    except ImportError as error:
        raise ReadingError(
            f"{name}: {what} cannot be read by this installation; pip install 'verbatim-bot[{extra}]'"
        ) from error
