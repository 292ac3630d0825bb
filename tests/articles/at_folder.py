"""What a child process of the sync's tests does: it brings a library up to date with a folder until it is killed."""

from pathlib import Path

from bot.articles.intake import Intake
from bot.articles.library import Library
from bot.articles.readers import Readers
from bot.storage.sqlite import SqliteStore
from bot.wordlists import WordLists
from tests.articles.preparing import Words

LARGEST_BYTES = 1_000_000


def opened(path: Path) -> Library:
    """The library that all processes of a test share: small transactions are many places to be killed at."""
    return Library(SqliteStore(path), Words(), repeated_lines=3)


def synced(library: Library, folder: Path) -> None:
    """Bring the library up to date with the folder, once."""
    Intake(library, Readers(WordLists(), largest_bytes=LARGEST_BYTES)).add([str(folder)])


def main(arguments: list[str]) -> None:
    path, folder = map(Path, arguments)
    print("started", flush=True)  # noqa: T201
    while True:
        with opened(path) as library:
            synced(library, folder)
