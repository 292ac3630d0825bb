"""Tuning the threshold on the owner's own questions: what each cut-off would do, and writing the one that is taken."""

import math
import os
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from bot.answering.answer import Answer, Reply
from bot.errors import ReadingError, SettingsError
from bot.evaluation.confidence import FALSE_ANSWERS
from bot.evaluation.measures import cutoff_at
from bot.evaluation.questions import lines_of

FEWEST_ABSENT = 20
"""With fewer unanswerable questions one of them is more than 5 %: the suggestion then hangs on a single question."""
CUTOFFS = tuple(round(0.05 * step, 2) for step in range(1, 20))
STEPS = 1000
"""A threshold is written in steps of 1 / STEPS."""
_SECTION = re.compile(r"\s*\[\s*answer\s*\]\s*(#.*)?")
_ANY_SECTION = re.compile(r"\s*\[")
_KEY = re.compile(r"(\s*threshold\s*=\s*)([^#\s]+)(.*)", re.DOTALL)


class OwnQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question of the owner's: `answer` is a part of the sentence that answers it, None when the articles do not,
    unset when the owner only says that they do."""

    question: str
    answer: str | msgspec.UnsetType | None = msgspec.UNSET

    @property
    def is_answerable(self) -> bool:
        """Whether the articles hold the answer."""
        return self.answer is not None


class Tried(NamedTuple):
    """An own question with the confidence of its answer; `right` is None where the owner did not say what is."""

    question: OwnQuestion
    confidence: float
    right: bool | None
    quote: str


class Row(NamedTuple):
    """What one threshold would do, in numbers of questions: of the `answerable` ones so many are `answered`, of these
    `wrong` with another sentence than the owner named; of the `absent` ones `false` are answered."""

    threshold: float
    answerable: int
    answered: int
    wrong: int
    absent: int
    false: int


def load_own_questions(path: Path) -> tuple[OwnQuestion, ...]:
    """The questions of a file, one a line: plain, or {"question", "answer"?}; "answer": null is not answerable.

    Raises ReadingError for a line of another shape, and for a file without questions.
    """
    found = [_own_question(line, f"{path}, line {number}") for number, line in lines_of(path)]
    if not found:
        raise ReadingError(f"{path}: holds no question; write one a line")
    return tuple(found)


def try_questions(questions: Iterable[OwnQuestion], answer: Callable[[str], Answer]) -> Iterator[Tried]:
    """Each question with what came of it, one by one as they are asked."""
    for own in questions:
        said = answer(own.question)
        best = (said.quotes or said.near_misses)[:1]
        quote = best[0].text if best else ""
        confidence = said.confidence if said.reply in (Reply.QUOTES, Reply.NOTHING) else 0.0
        right = _plain(own.answer) in _plain(quote) if isinstance(own.answer, str) else None
        yield Tried(own, confidence, right, quote)


def row_at(tried: Sequence[Tried], threshold: float) -> Row:
    """What a threshold would do; a question is answered when its confidence is at least the threshold."""
    answerable = [one for one in tried if one.question.is_answerable]
    absent = [one for one in tried if not one.question.is_answerable]
    answered = [one for one in answerable if one.confidence >= threshold]
    return Row(
        threshold,
        answerable=len(answerable),
        answered=len(answered),
        wrong=sum(one.right is False for one in answered),
        absent=len(absent),
        false=sum(one.confidence >= threshold for one in absent),
    )


def suggested_threshold(tried: Sequence[Tried], *, false: float = FALSE_ANSWERS) -> float | None:
    """The threshold that answers at most the share `false` of the unanswerable and most of the others.

    It stands in the middle between the lowest that does and the first right answer above it: between them nothing
    right is lost. None when the questions hold none of either side: then nothing tells a good threshold from a bad one.
    """
    present = np.array([one.confidence for one in tried if one.question.is_answerable])
    absent = np.array([one.confidence for one in tried if not one.question.is_answerable])
    if not len(present) or not len(absent):
        return None
    lowest = cutoff_at(present, absent, false=false).threshold
    right = [one.confidence for one in tried if one.question.is_answerable and one.right is not False]
    above = min((confidence for confidence in right if confidence >= lowest), default=lowest)
    return _in_steps(lowest, (lowest + above) / 2, above)


def _in_steps(lowest: float, middle: float, above: float) -> float:
    """The step nearest to the middle that still lies between both ends; the step above the lowest when none does."""
    nearest = round(middle * STEPS) / STEPS
    return nearest if lowest <= nearest <= above else min(1.0, math.ceil(lowest * STEPS) / STEPS)


def write_threshold(file: Path, threshold: float) -> None:
    """Set [answer] threshold in the owner's settings file; every other line stays as it is.

    The file is replaced in one step, and made when it is not there. Raises SettingsError when it cannot be edited so.
    """
    try:
        before = file.read_bytes().decode("utf-8-sig") if file.exists() else ""
        expected = tomllib.loads(before)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: cannot be read as UTF-8 text ({error})") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file}: is not valid TOML: {error}; mend it first") from error
    after = with_threshold(before, threshold)
    if not isinstance(expected.setdefault("answer", {}), dict):
        raise SettingsError(f"{file}: answer is no section; expected [answer]")
    expected["answer"]["threshold"] = threshold
    if not _reads_as(after, expected):
        raise SettingsError(
            f"{file}: its [answer] section is written in a way that cannot be edited safely; "
            f"set threshold = {threshold} there by hand"
        )
    _replace(file, after)


def with_threshold(text: str, threshold: float) -> str:
    """The settings file's text with the threshold in its [answer] section, which is added when there is none."""
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    start = next((place for place, line in enumerate(lines) if _SECTION.fullmatch(line.rstrip("\r\n"))), None)
    if start is None:
        gap = "" if not text else newline if text.endswith("\n") else 2 * newline
        return f"{text}{gap}[answer]{newline}threshold = {threshold}{newline}"
    for place in range(start + 1, len(lines)):
        if _ANY_SECTION.match(lines[place]):
            break
        key = _KEY.fullmatch(lines[place])
        if key:
            lines[place] = f"{key[1]}{threshold}{key[3]}"
            return "".join(lines)
    if not lines[start].endswith("\n"):
        lines[start] += newline
    lines.insert(start + 1, f"threshold = {threshold}{newline}")
    return "".join(lines)


def _own_question(line: str, where: str) -> OwnQuestion:
    if not line.lstrip().startswith("{"):
        return OwnQuestion(line.strip())
    try:
        own = msgspec.json.decode(line, type=OwnQuestion)
    except msgspec.DecodeError as error:  # ValidationError is one
        raise ReadingError(f'{where}: expected {{"question", "answer"?}}: {error}') from error
    if not own.question.strip():
        raise ReadingError(f"{where}: the question is empty; write it or take the line out")
    if isinstance(own.answer, str) and not own.answer.strip():
        raise ReadingError(f"{where}: the answer is empty; write a part of the sentence, or null for not answerable")
    return own


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _reads_as(text: str, expected: dict[str, object]) -> bool:
    try:
        return tomllib.loads(text) == expected
    except tomllib.TOMLDecodeError:
        return False


def _replace(file: Path, text: str) -> None:
    target = file.resolve()  # a link stays one
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with temporary.open("w", encoding="utf-8", newline="") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        if target.exists():
            temporary.chmod(target.stat().st_mode)
        temporary.replace(target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise SettingsError(f"{file}: cannot be written ({error.strerror}); nothing was changed") from error
