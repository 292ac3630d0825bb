"""The batch: a question a line in, a JSON object a line out, in order, whatever the lines hold."""

from collections import OrderedDict
from collections.abc import Iterator
from typing import IO, Any

import msgspec
from msgspec import UNSET, UnsetType

from bot.answering.answer import Answer
from bot.answering.followups.conversation import Conversation
from bot.articles.filters import Filters
from bot.console.contract import Answering
from bot.console.record import ErrorRecord, Identity, answer_record, json_line
from bot.errors import VerbatimError
from bot.messages import Messages

LONGEST_LINE_BYTES = 1_000_000
"""A longer line is no question; it is read past without being kept."""
CONVERSATIONS = 10_000
"""How many conversations of a batch are kept at once; the one that was silent longest is forgotten first."""


class BatchLine(msgspec.Struct, frozen=True):
    """A line as it was read: a question with what it carries, or the problem with it."""

    question: str = ""
    identity: Identity | UnsetType = UNSET
    conversation: str | int | float | None = None
    problem: str = ""


class Batch:
    """One run of questions with the same limits; lines that name the same conversation follow each other up."""

    def __init__(
        self, answerer: Answering, messages: Messages, *, filters: Filters, top: int | None, why: bool
    ) -> None:
        self._answerer = answerer
        self._messages = messages
        self._filters = filters
        self._top = top
        self._why = messages if why else None
        self._conversations: OrderedDict[str | int | float, Conversation] = OrderedDict()

    def run(self, questions: IO[bytes], records: IO[str]) -> None:
        """Write one object for every line of `questions`, each as soon as it is there."""
        for number, line in enumerate(lines_of(questions), 1):
            records.write(self._record(read_line(line, number, self._messages)) + "\n")
            records.flush()

    def _record(self, line: BatchLine) -> str:
        identity = None if line.identity is UNSET else line.identity
        if line.problem:
            return json_line(ErrorRecord(identity, line.problem))
        try:
            answer = self._answer(line)
            return json_line(answer_record(answer, identity=line.identity, why=self._why))
        except VerbatimError as error:
            return json_line(ErrorRecord(identity, str(error)))
        except Exception as error:
            problem = self._messages.text("error.unexpected", kind=type(error).__name__)
            return json_line(ErrorRecord(identity, problem))

    def _answer(self, line: BatchLine) -> Answer:
        """The answer, which leans on the conversation that the line names and becomes a part of it."""
        key = line.conversation
        before = None if key is None else self._conversations.get(key, Conversation())
        answer = self._answerer.answer(line.question, conversation=before, filters=self._filters, top=self._top)
        if key is not None and before is not None:
            self._conversations[key] = self._answerer.remember(before, answer)
            self._conversations.move_to_end(key)
            if len(self._conversations) > CONVERSATIONS:
                self._conversations.popitem(last=False)
        return answer


def lines_of(stream: IO[bytes]) -> Iterator[bytes | None]:
    """The lines of a stream without their ends; None for each that is longer than LONGEST_LINE_BYTES."""
    while line := stream.readline(LONGEST_LINE_BYTES + 1):
        if line.endswith(b"\n") or len(line) <= LONGEST_LINE_BYTES:
            yield line.rstrip(b"\r\n")
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(LONGEST_LINE_BYTES)
        yield None


def read_line(line: bytes | None, number: int, messages: Messages) -> BatchLine:
    """What a line asks: plain text is the question itself, a JSON object holds it."""
    if line is None:
        return BatchLine(problem=messages.text("batch.too_long", line=number, limit=LONGEST_LINE_BYTES))
    try:
        text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip()
    except UnicodeDecodeError:
        return BatchLine(problem=messages.text("batch.encoding", line=number))
    if not text:
        return BatchLine(problem=messages.text("batch.empty", line=number))
    if not text.startswith("{"):
        return BatchLine(text)
    try:
        fields = msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError) as error:
        return BatchLine(problem=messages.text("batch.not_json", line=number, reason=str(error) or "too deep"))
    return _from_fields(fields, number, messages)


def _from_fields(fields: dict[str, Any], number: int, messages: Messages) -> BatchLine:
    identity = fields.get("id", UNSET)
    if not isinstance(identity, str | int | float | None | UnsetType):
        return BatchLine(problem=messages.text("batch.wrong_id", line=number, found=_found(identity, messages)))
    question = fields.get("question")
    if not isinstance(question, str):
        problem = messages.text("batch.no_question", line=number, found=_found(question, messages))
        return BatchLine(identity=identity, problem=problem)
    conversation = fields.get("conversation")
    if not isinstance(conversation, str | int | float | None):
        problem = messages.text("batch.wrong_conversation", line=number, found=_found(conversation, messages))
        return BatchLine(identity=identity, problem=problem)
    return BatchLine(question, identity, conversation)


def _found(value: Any, messages: Messages) -> str:
    """A value as the error names it: short, and as JSON."""
    return messages.text("batch.nothing") if value is None else msgspec.json.encode(value).decode()[:40]
