"""The messages in each user's language, loaded once."""

import tomllib
from functools import lru_cache
from pathlib import Path

from bot.errors import SettingsError
from bot.messages import ENGLISH, FOLDER, Messages
from bot.resources import config_folder

MOST_LANGUAGES = 64
LONGEST_CODE = 16


def language_name(code: str, owner_folder: Path | None) -> str:
    """What the catalogue of a language calls it; "" when it does not say."""
    for folder in ([owner_folder / FOLDER] if owner_folder else []) + [config_folder() / FOLDER]:
        try:
            name = tomllib.loads((folder / f"{code}.toml").read_text(encoding="utf-8-sig")).get("name")
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
            continue
        if isinstance(name, str):
            return name
    return ""


class Voices:
    """The catalogues by language code, each read when it is first asked for."""

    def __init__(self, owner_folder: Path | None, *, default: str = ENGLISH) -> None:
        self._default = default or ENGLISH
        self._load = lru_cache(maxsize=MOST_LANGUAGES)(lambda code: Messages.load(code, owner_folder))
        self._names = lru_cache(maxsize=MOST_LANGUAGES)(lambda code: language_name(code, owner_folder))
        self._load(self._default)

    def name(self, code: str) -> str:
        """What a language calls itself; its code when its catalogue does not say."""
        return self._names(code) or code

    def of(self, code: str | None) -> Messages:
        """The messages for a language code of Telegram's; those of the settings' language for none or an odd one."""
        if not code or len(code) > LONGEST_CODE:
            return self._load(self._default)
        try:
            return self._load(code)
        except SettingsError:
            return self._load(self._default)
