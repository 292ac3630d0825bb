"""A house whose answers tell which process gave them, and which fails or dies as it is asked to."""

import os
import signal
import time
from pathlib import Path
from typing import Self, cast

from bot.answering.answer import Answer
from bot.answering.followups.conversation import Conversation
from bot.articles.filters import Filters
from bot.errors import LibraryAwayError, LibraryBusyError, LibraryError, QuestionError
from bot.house import Opening, Recipe
from bot.retrieval.cluster.faults import MissingIndexError
from bot.settings import Settings

WHO = "Who answers?"
DEADLY, DEADLY_ONCE, SLOW = "deadly", "deadly once", "slow"
UNREADABLE, AWAY, BUSY, LOST, BROKEN = "unreadable", "away", "busy", "lost", "broken"
SHUT = "shut"
"""While a file of this name lies in the library's folder, the house cannot be opened."""
SLOW_SECONDS = 0.5
_ERRORS = {
    UNREADABLE: QuestionError("too long", "answer.too_long", most=5),
    AWAY: LibraryAwayError("the database is away"),
    BUSY: LibraryBusyError("another process writes"),
    LOST: MissingIndexError("no such index"),
    BROKEN: ZeroDivisionError("somebody's words"),
}


class Tricks:
    """Answers with its own process's number as what it understood, unless the question asks for something else."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def answer(
        self,
        question: str,
        *,
        conversation: Conversation | None = None,
        filters: Filters | None = None,
        top: int | None = None,
        correct: bool = True,
    ) -> Answer:
        if question in _ERRORS:
            raise _ERRORS[question]
        if question == DEADLY or (question == DEADLY_ONCE and not (self._folder / "died").exists()):
            (self._folder / "died").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if question == SLOW:
            time.sleep(SLOW_SECONDS)
        turns = conversation.turns if conversation is not None else ()
        said = tuple(turn.question for turn in turns)
        return Answer(question=question, answered=False, confidence=0.0, understood=str(os.getpid()), samples=said)

    def remember(self, conversation: Conversation, answer: Answer) -> Conversation:
        return conversation


class TrickEngine:
    """As much of an engine as counts how often it took up what had changed."""

    def __init__(self) -> None:
        self.refreshed = 0

    def refresh(self) -> None:
        self.refreshed += 1


class TrickHouse:
    """As much of a house as answers."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.answerer = Tricks(folder)
        self.engine = TrickEngine()
        self.recipe = Recipe(cast(Opening, open_tricks), settings, str(folder))

    def follow(self) -> None:
        return

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        (self.answerer._folder / f"closed-{os.getpid()}").touch()


def open_tricks(settings: Settings, *, library: str | None = None, progress: object = None) -> TrickHouse:
    """A house over the library at `library`, a folder."""
    folder = Path(library or "")
    if (folder / SHUT).exists():
        raise LibraryError(f"{folder}: shut")
    return TrickHouse(folder, settings)
