"""The messages in each user's language, loaded once."""

from functools import lru_cache
from pathlib import Path

from bot.errors import SettingsError
from bot.messages import ENGLISH, Messages

MOST_LANGUAGES = 64
LONGEST_CODE = 16


class Voices:
    """The catalogues by language code, each read when it is first asked for."""

    def __init__(self, owner_folder: Path | None, *, default: str = ENGLISH) -> None:
        self._default = default or ENGLISH
        self._load = lru_cache(maxsize=MOST_LANGUAGES)(lambda code: Messages.load(code, owner_folder))
        self._load(self._default)

    def of(self, code: str | None) -> Messages:
        """The messages for a language code of Telegram's; those of the settings' language for none or an odd one."""
        if not code or len(code) > LONGEST_CODE:
            return self._load(self._default)
        try:
            return self._load(code)
        except SettingsError:
            return self._load(self._default)
