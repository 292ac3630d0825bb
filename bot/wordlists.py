"""The word lists: plain text, one entry a line, shipped in config/ and extended by the owner."""

import hashlib
from pathlib import Path

from bot.errors import SettingsError
from bot.resources import config_folder


class WordLists:
    """Lists by name ("boilerplate.txt", "stopwords/en.txt"): the shipped lines and the owner's.

    The owner's folder may hold a file of the same name. Its lines are added to the shipped ones; a line that
    starts with "- " takes a shipped line out. "#" starts a comment line.
    """

    def __init__(self, owner_folder: Path | None = None) -> None:
        self._owner_folder = owner_folder
        self._cache: dict[str, tuple[str, ...]] = {}

    def lines(self, name: str) -> tuple[str, ...]:
        """The entries of one list, in order, without doubles; empty when no such list exists."""
        if name not in self._cache:
            self._cache[name] = self._read(name)
        return self._cache[name]

    def place(self, name: str, entry: str) -> str:
        """Where an entry of a list stands, for messages: "synonyms.txt, line 3"."""
        for folder in (self._owner_folder, config_folder()):
            if folder is not None and (folder / name).is_file():
                text = (folder / name).read_text(encoding="utf-8-sig")
                for number, line in enumerate(text.splitlines(), start=1):
                    if line.strip() == entry:
                        return f"{folder / name}, line {number}"
        return name

    def codes(self, folder: str) -> frozenset[str]:
        """The languages that a folder of lists ("stopwords") has one for, shipped or the owner's."""
        folders = [config_folder(), *([self._owner_folder] if self._owner_folder else [])]
        return frozenset(path.stem for above in folders for path in (above / folder).glob("*.txt"))

    def fingerprint(self, names: tuple[str, ...]) -> str:
        """A short digest of the files of `names`: it changes when an owner edits one of them.

        Of their bytes, not of their entries: to parse a hundred lists would be a tenth of a cold start.
        """
        digest = hashlib.blake2b(digest_size=8)
        for name in names:
            for place, folder in enumerate((config_folder(), self._owner_folder)):
                content = _bytes_of(folder / name) if folder is not None else b""
                digest.update(f"{place} {name} {len(content)}\n".encode())
                digest.update(content)
        return digest.hexdigest()

    def _read(self, name: str) -> tuple[str, ...]:
        entries = dict.fromkeys(entries_of(config_folder() / name))
        if self._owner_folder is not None:
            for entry in entries_of(self._owner_folder / name):
                if entry.startswith("- "):
                    entries.pop(entry[2:].strip(), None)
                else:
                    entries[entry] = None
        return tuple(entries)


def entries_of(path: Path) -> list[str]:
    """The entries of one list file; none when there is no such file.

    Raises SettingsError when the file is there and cannot be read as UTF-8.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read as UTF-8 text ({error}): save it as UTF-8") from error
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""  # what cannot be read is told where the list is needed
