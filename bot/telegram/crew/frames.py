"""What is said between the service and a process that answers for it, as messages with their length before them."""

import gc
import pkgutil
from pathlib import Path

import msgspec

from bot.answering.followups.conversation import Conversation
from bot.articles.filters import Filters
from bot.house import House, Recipe
from bot.settings import ClusterSecrets, Secret, Settings, SettingsFile

LOADED = 0
"""The number of what a process tells first: that it can be asked, or why not. Questions are counted from 1."""


class Charge(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """What a process is told first: what opens its house ("module:name"), the settings and secrets that this takes, how
    many questions it answers at once, and after how many new objects Python looks for rubbish."""

    opening: str
    library: str
    values: SettingsFile
    owner_folder: str | None
    cluster_password: str
    cluster_api_key: str
    database_password: str
    askers: int
    young_objects: int

    def __repr__(self) -> str:
        """Never the values: passwords are among them."""
        return f"Charge({self.opening!r})"

    def open(self) -> House:
        """The house that it describes."""
        settings = Settings(
            values=self.values,
            telegram_token=Secret(""),
            owner_folder=Path(self.owner_folder) if self.owner_folder is not None else None,
            cluster=ClusterSecrets(Secret(self.cluster_password), Secret(self.cluster_api_key)),
            database_password=Secret(self.database_password),
        )
        house: House = pkgutil.resolve_name(self.opening)(settings, library=self.library)
        return house


class Asked(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """A question with all that its answer follows from, as bot.telegram.desk.Answering takes it."""

    question: str
    conversation: Conversation
    filters: Filters
    top: int | None
    correct: bool
    number: int = LOADED


class Problem(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """An error: its kind and place, as a log names them; and where it is of bot.errors, or a child of one there, that
    one's name ("" else), with what it says."""

    kind: str
    place: str
    name: str = ""
    message: str = ""
    key: str = ""
    values: dict[str, int] = {}


class Told(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """What became of the question with this number: the encoded answer, or a problem; neither when it is taken up."""

    number: int
    answer: bytes | None = None
    problem: Problem | None = None


def charge_of(recipe: Recipe, *, askers: int) -> Charge:
    """The charge of a process that answers as the house of this recipe does. The bot's token and the key of stored user
    data stay out of it. Raises ValueError for an opening that another process cannot find."""
    opening, settings = recipe.opening, recipe.settings
    name = f"{opening.__module__}:{getattr(opening, '__qualname__', '<none>')}"
    if "<" in name:
        raise ValueError(f"{name}: only a function of a module can be found by another process")
    return Charge(
        opening=name,
        library=recipe.library,
        values=settings.values,
        owner_folder=str(settings.owner_folder) if settings.owner_folder is not None else None,
        cluster_password=settings.cluster.password.reveal(),
        cluster_api_key=settings.cluster.api_key.reveal(),
        database_password=settings.database_password.reveal(),
        askers=askers,
        young_objects=gc.get_threshold()[0],
    )
