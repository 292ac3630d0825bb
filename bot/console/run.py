"""The run: what one call of the command works with (its settings, its messages), read when they are first needed."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import SettingsError
from bot.messages import Messages, system_language
from bot.settings import Settings, load_settings

if TYPE_CHECKING:
    from bot.articles.library import Library, Progress
    from bot.house import House, Opening
    from bot.storage.opening import Place


class Run:
    """The options before the sub-command, and what follows from them; `opening` opens the house when one is needed."""

    def __init__(self, *, library: str | None, config: str | None, debug: bool, opening: "Opening") -> None:
        self.debug = debug
        self._opening = opening
        self.config = config or os.environ.get("VERBATIM_CONFIG") or None
        self._library = library

    @cached_property
    def settings(self) -> Settings:
        """The settings. Raises SettingsError when they are wrong."""
        return load_settings(environment=os.environ, file=Path(self.config) if self.config else None)

    @cached_property
    def messages(self) -> Messages:
        """The messages in the language of the settings, or the system's. Raises SettingsError when they are wrong."""
        language = self.settings.values.language or system_language(os.environ)
        return Messages.load(language, self.settings.owner_folder)

    @contextmanager
    def app(self, *, library: str | None = None, progress: "Progress | None" = None) -> "Iterator[House]":
        """One run over the library, or over another one; nothing is opened before it is used.

        A bar shows the progress of bringing it up to date, unless `progress` hears of that. When the library is moved
        to the disk, a line on standard error says so.
        """
        from bot.console.progress import progress_bar

        with progress_bar(self.words.text("console.updating"), once=True) as bar:
            with self._opening(self.settings, library=library or self._library, progress=progress or bar) as house:
                yield house
                moved = house.moved
            if moved:
                print(self.words.text("console.moved"), file=sys.stderr)  # noqa: T201 - it is no answer

    @contextmanager
    def library(self, *, progress: "Progress | None" = None) -> "Iterator[Library | None]":
        """The library as it stands; None where there is none yet, and then none is made."""
        from bot.articles.library import has_library

        if not has_library(self.where):
            yield None
            return
        with self.app(progress=progress) as app:
            yield app.library

    def under(self, config: Path) -> "Run":
        """The same run under another settings file."""
        return Run(library=self._library, config=str(config), debug=self.debug, opening=self._opening)

    @property
    def place(self) -> str:
        """The library's folder or address as it was given; "" is the user's data folder."""
        return self._library or self.settings.values.library

    @property
    def where(self) -> "Place":
        """The folder or database in which the library lies, or will. Raises SettingsError for what is neither."""
        from bot.articles.library import library_place
        from bot.storage.address import entry_of

        return library_place(self.place, entry_of(self.settings))

    @property
    def words(self) -> Messages:
        """The messages, or the shipped English ones while the settings are wrong: help and errors need some."""
        try:
            return self.messages
        except SettingsError:
            return Messages.load("en")


def run_of(parameters: dict[str, object], opening: "Opening") -> Run:
    """The run that the command's own options ask for."""
    library, config = parameters.get("library"), parameters.get("config")
    return Run(
        library=library if isinstance(library, str) else None,
        config=config if isinstance(config, str) else None,
        debug=bool(parameters.get("debug")),
        opening=opening,
    )
