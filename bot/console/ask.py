"""One question from the command line: its answer as text or as JSON, and grep's exit status."""

import sys

from bot.articles.filters import Filters
from bot.console.contract import Answering, Articles
from bot.console.record import answer_record, json_line
from bot.console.rendering import answer_lines, worth_showing
from bot.console.run import Run
from bot.console.screen import Screen
from bot.errors import QuestionError
from bot.messages import Messages

ANSWERED, NOT_SAID = 0, 1


def ask_one(
    run: Run, question: str, *, filters: Filters, top: int | None, why: bool = False, as_json: bool = False
) -> int:
    """Answer one question from the run's library; ANSWERED or NOT_SAID."""
    with run.app() as app:
        return ask(
            question, app.answerer, app.library, run.messages, filters=filters, top=top, why=why, as_json=as_json
        )


def ask_batch(run: Run, *, filters: Filters, top: int | None, why: bool = False) -> int:
    """Answer the questions on standard input; ANSWERED, since every line gets its object."""
    from bot.console.batch import Batch

    with run.app() as app:
        Batch(app.answerer, run.messages, filters=filters, top=top, why=why).run(sys.stdin.buffer, sys.stdout)
    return ANSWERED


def ask(
    question: str,
    answerer: Answering,
    shelf: Articles,
    messages: Messages,
    *,
    filters: Filters,
    top: int | None,
    why: bool = False,
    as_json: bool = False,
) -> int:
    """Write the answer to standard output; ANSWERED or NOT_SAID. Raises QuestionError for what is no UTF-8.

    With `top` so many quotes are shown; without it the first, and what is nearly as sure.
    """
    try:
        question.encode()
    except UnicodeEncodeError as error:
        raise QuestionError(messages.text("error.encoding", what="question")) from error
    answer = answerer.answer(question, filters=filters, top=top)
    if as_json:
        sys.stdout.write(json_line(answer_record(answer, why=messages if why else None)) + "\n")
    else:
        limit = top or worth_showing(answer, len(answer.quotes or answer.near_misses))
        Screen().write(answer_lines(answer, shelf, messages, limit=limit, why=why))
    return ANSWERED if answer.answered else NOT_SAID
