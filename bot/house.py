"""The house as its interfaces see it: what bot.app opens for them."""

from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Protocol, Self

from bot.settings import Settings

if TYPE_CHECKING:
    from bot.answering.answerer import Answerer
    from bot.articles.library import Library, Progress
    from bot.articles.readers import Readers
    from bot.articles.web.web import Web
    from bot.retrieval.engine import Engine


class Cluster(NamedTuple):
    """What keeps an index on many machines: its version, how many nodes it has, and its health as it calls it ("green",
    "yellow" where a part of the index has no copy, "red" where one has no node)."""

    version: str
    nodes: int
    health: str


class Searching(NamedTuple):
    """Which engine searches, where its index is ("" for none), how many bytes that takes (0 where others keep it), how
    many of the library's changes it lacks, and the cluster that keeps it."""

    engine: str
    where: str
    size_bytes: int
    behind: int
    cluster: Cluster | None = None


class Recipe(NamedTuple):
    """What opens the same house once more, in another process: how (a function that is found by its module and name),
    with which settings, over which library ("" where the settings say)."""

    opening: "Opening"
    settings: Settings
    library: str


class House(Protocol):
    """One run of the product over one library; bot.app.App is. Each part is built when it is first used."""

    settings: Settings

    @property
    def library(self) -> "Library":
        """The library."""

    @property
    def readers(self) -> "Readers":
        """What turns documents into articles."""

    @property
    def web(self) -> "Web":
        """What reads web addresses."""

    @property
    def engine(self) -> "Engine":
        """What finds sentences."""

    @property
    def answerer(self) -> "Answerer":
        """What answers questions."""

    @property
    def recipe(self) -> Recipe:
        """What another process opens the same house with."""

    @property
    def moved(self) -> bool:
        """Whether the library was moved from memory to the disk in this run, the first time of all."""

    def follow(self) -> None:
        """Leave it to another process to take up into the index what changes; call it before anything is asked."""

    def catch_up(self) -> None:
        """Return when all that was stored can be found. Raises LibraryError or UnavailableError when it cannot."""

    def searching(self) -> Searching:
        """Which engine searches the library, and how its index stands. Raises UnavailableError when that is away."""

    def __enter__(self) -> Self:
        """The house itself."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of what was opened."""


class Opening(Protocol):
    """What opens a house; bot.app.open_app does."""

    def __call__(self, settings: Settings, *, library: str | None = None, progress: "Progress | None" = None) -> House:
        """A house over the library at `library`, or where the settings say."""
