"""Follow-ups: what the product adds to a question in a conversation, against what a person added (CANARD's shape)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from bot.answering.followups.conversation import Conversation, Turn
from bot.errors import ReadingError
from bot.evaluation.measures import Places, bootstrap, mean
from bot.evaluation.questions import bytes_of
from bot.evaluation.report import Figure
from bot.retrieval.analysis import Analyzer

UNANSWERED = frozenset(("CANNOTANSWER", "I don't know."))
"""What a dialogue says where the article does not: the product marks nothing there."""

Rewrite = Callable[[str, Conversation], str]
"""From a question and its conversation to the question as it is read; the question itself when it stands alone."""


class Exchange(msgspec.Struct, frozen=True):
    """An earlier question with its answer."""

    question: str
    answer: str


class Dialogue(msgspec.Struct, frozen=True):
    """A turn of a dialogue: what was said before, the question, and a person's rewriting that stands alone."""

    dialog: str
    turn: int
    title: str
    history: tuple[Exchange, ...]
    question: str
    rewrite: str

    def conversation(self, understand: Rewrite | None = None) -> Conversation:
        """What was said before, as the product remembers it: the answers are what it marked, and each question stands
        beside what `understand` makes of it after those before; as it was asked where there is none."""
        conversation = Conversation()
        for before in self.history:
            question = understand(before.question, conversation) if understand else before.question
            answer = "" if before.answer in UNANSWERED else before.answer
            turn = Turn(question=question, asked=before.question, answer=answer, title=self.title, at=0.0)
            conversation = conversation.after(turn)
        return conversation


class Added(NamedTuple):
    """The content terms that were added to one question: by the product, and by the person."""

    dialog: str
    found: frozenset[str]
    wanted: frozenset[str]


class _Turn(msgspec.Struct):
    dialog: str | None = None


def is_dialogues(path: Path) -> bool:
    """Whether a file holds turns of dialogues, right or wrong ones. Raises ReadingError when it cannot be read."""
    try:
        turns = msgspec.json.decode(bytes_of(path), type=tuple[_Turn, ...])
    except msgspec.DecodeError:
        return False
    return any(turn.dialog is not None for turn in turns)


def load_dialogues(path: Path) -> tuple[Dialogue, ...]:
    """The turns of a file that follow another one. Raises ReadingError for another shape, and when there are none."""
    try:
        turns = msgspec.json.decode(bytes_of(path), type=tuple[Dialogue, ...])
    except msgspec.DecodeError as error:  # ValidationError is one
        raise ReadingError(
            f"{path}: is no file of dialogues: {error}; expected a JSON list of "
            '{"dialog", "turn", "title", "history": [{"question", "answer"}], "question", "rewrite"}'
        ) from error
    later = tuple(turn for turn in turns if turn.turn > 1 and turn.history)
    if not later:
        raise ReadingError(f"{path}: holds no turn that follows another one")
    return later


def rewrite_turns(
    turns: Iterable[Dialogue], rewrite: Rewrite, analyzer: Analyzer, *, understand: Rewrite | None = None
) -> Iterator[Added]:
    """What was added to each turn's question, one by one as they are rewritten; `understand` as for a conversation."""
    for turn in turns:
        asked = set(analyzer.terms(turn.question))
        found = frozenset(analyzer.terms(rewrite(turn.question, turn.conversation(understand)))) - asked
        yield Added(turn.dialog, found, frozenset(analyzer.terms(turn.rewrite)) - asked)


def followup_figures(added: Sequence[Added]) -> list[Figure]:
    """Precision, recall and F1 of the added terms over all turns, and the share of stand-alone questions left alone."""
    clusters = [one.dialog for one in added]
    counts = np.array([(len(one.found & one.wanted), len(one.found), len(one.wanted)) for one in added])
    alone = [one for one in added if not one.wanted]

    def ratio(top: Callable[[Places], float], bottom: Callable[[Places], float]) -> Callable[[Places], float]:
        return lambda places: top(places) / bottom(places) if bottom(places) else float("nan")

    def hits(places: Places) -> float:
        return float(counts[places, 0].sum())

    def found(places: Places) -> float:
        return float(counts[places, 1].sum())

    def wanted(places: Places) -> float:
        return float(counts[places, 2].sum())

    return [
        Figure.of("followup_precision", bootstrap(clusters, ratio(hits, found))),
        Figure.of("followup_recall", bootstrap(clusters, ratio(hits, wanted))),
        Figure.of(
            "followup_f1",
            bootstrap(clusters, ratio(lambda p: 2 * hits(p), lambda p: found(p) + wanted(p))),
        ),
        Figure.of("followup_alone", mean([float(not one.found) for one in alone], [one.dialog for one in alone])),
        Figure("questions_alone", len(alone), unit="count"),
    ]
