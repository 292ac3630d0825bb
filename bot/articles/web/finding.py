"""What asking for one address brought to light."""

from dataclasses import dataclass, field

from bot.articles.change import AddressState, Incoming
from bot.articles.web.frontier import Task


@dataclass
class Finding:
    """The articles at an address, how it is now, and what it leads to.

    `children` are addresses that it lists, as they are now known; `tasks` are those of them to ask for. `gone` are
    the articles, by number and source, that leave. `unchanged` counts those that are as they were; `replaces` is the
    source of a feed's entry whose page this is; `skipped` says, a line each, what could not be read.
    """

    state: AddressState
    incoming: list[Incoming] = field(default_factory=list)
    children: list[AddressState] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    gone: list[tuple[int, str]] = field(default_factory=list)
    unchanged: int = 0
    replaces: str = ""
    skipped: list[str] = field(default_factory=list)
