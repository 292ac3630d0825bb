"""The session: questions and commands of one sitting at the console, at a terminal or from a pipe."""

import difflib
import sys
from collections.abc import Iterator

from bot.answering.answer import Answer, Quote
from bot.answering.followups.conversation import Conversation
from bot.articles import samples
from bot.articles.filters import Filters
from bot.console.contract import Answering, Articles
from bot.console.rendering import BLANK, answer_lines, origin_lines, quote_lines, shelf_lines, worth_showing
from bot.console.screen import Line, Screen, Style, line, shown
from bot.errors import QuestionError, VerbatimError
from bot.messages import Messages

COMMANDS = ("/more", "/context", "/sources", "/why", "/help", "/quit")
PAGES = 4
"""So many pages of quotes are asked for at once; /more turns them without asking again."""


class Session:
    """What was asked last and what came back; `handle` takes one line after the other."""

    def __init__(self, answerer: Answering, shelf: Articles, messages: Messages, screen: Screen, *, top: int) -> None:
        self._answerer = answerer
        self._shelf = shelf
        self._messages = messages
        self._screen = screen
        self._top = top
        self._conversation = Conversation()
        self._quotes: tuple[Quote, ...] = ()
        self._asked = False
        self._first = self._next = 0

    def welcome(self) -> None:
        """Say what the library holds."""
        count = self._shelf.statistics().articles
        if not count:
            self._screen.write([line(self._messages.text("console.empty"), Style.QUIET)])
        elif self._shelf.flag(samples.FLAG) == "in":
            self._screen.write([line(self._messages.text("console.samples", count=count), Style.QUIET)])
        else:
            self._screen.write([line(self._messages.text("console.welcome", count=count), Style.QUIET)])

    def handle(self, entry: str) -> bool:
        """Answer one line, a question or a command; whether the session goes on after it."""
        entry = entry.strip()
        if entry in ("/quit", "/exit"):
            return False
        if not entry:
            return True
        self._screen.write([BLANK, *self._reply(entry), BLANK] if self._screen.is_terminal else self._reply(entry))
        return True

    def stopped(self) -> None:
        """Say that the work on the last line was stopped."""
        self._screen.write([line(self._messages.text("console.interrupted"), Style.QUIET)])

    def _reply(self, entry: str) -> list[Line]:
        try:
            return list(self._command(entry) if entry.startswith("/") else self._ask(entry))
        except QuestionError as error:
            return [line(self._messages.text(error.key, **error.values), Style.BAD)]
        except VerbatimError as error:
            return [line(self._messages.text("console.failed", problem=str(error)), Style.BAD)]
        except Exception as error:  # the session goes on: the next question may fare better
            return [line(self._messages.text("error.unexpected", kind=type(error).__name__), Style.BAD)]

    def _ask(self, question: str) -> Iterator[Line]:
        answer = self._answerer.answer(
            question, conversation=self._conversation, filters=Filters(), top=self._top * PAGES
        )
        self._conversation = self._answerer.remember(self._conversation, answer)
        self._asked = True
        self._quotes = _ranking(answer)
        self._first, self._next = 0, worth_showing(answer, self._top)
        yield from answer_lines(answer, self._shelf, self._messages, limit=self._next)

    def _command(self, entry: str) -> Iterator[Line]:
        command, _, argument = entry.partition(" ")
        if command == "/help":
            yield from self._help()
        elif command == "/sources":
            yield from self._sources()
        elif command not in COMMANDS:
            yield self._unknown(command)
        elif not self._asked:
            yield line(self._messages.text("console.no_answer"))
        elif command == "/more":
            yield from self._more()
        else:
            yield from self._again(argument.strip(), why=command == "/why")

    def _more(self) -> Iterator[Line]:
        if self._next >= len(self._quotes):
            yield line(self._messages.text("console.no_more"))
            return
        self._first, self._next = self._next, min(self._next + self._top, len(self._quotes))
        yield from quote_lines(self._quotes[self._first : self._next], self._messages, first=self._first + 1)

    def _again(self, argument: str, *, why: bool) -> Iterator[Line]:
        """The quotes shown last, or the one that `argument` numbers, with their reasons or with their context."""
        first, end = self._first, self._next
        if argument:
            number = int(argument) if argument.isascii() and argument.isdigit() else 0
            if not 1 <= number <= len(self._quotes):
                yield line(self._messages.text("console.no_quote", count=len(self._quotes)))
                return
            first, end = number - 1, number
        if first == end:
            yield line(self._messages.text("console.no_more"))
        yield from quote_lines(self._quotes[first:end], self._messages, first=first + 1, why=why, context=not why)

    def _sources(self) -> Iterator[Line]:
        if self._quotes:
            yield line(self._messages.text("console.answer_articles"))
            yield from origin_lines(self._quotes[self._first : self._next], self._messages)
            yield BLANK
        yield from shelf_lines(self._shelf, self._messages)

    def _help(self) -> Iterator[Line]:
        yield line(self._messages.text("console.help.title"))
        for command in COMMANDS:
            yield line(self._messages.text(f"console.help.{command[1:]}"), margin=f"  {command:10}")
        yield line(self._messages.text("console.help.keys"), Style.QUIET)

    def _unknown(self, command: str) -> Line:
        nearest = difflib.get_close_matches(command, COMMANDS, n=1)
        if nearest:
            return line(self._messages.text("console.near_command", command=shown(command), nearest=nearest[0]))
        return line(self._messages.text("console.no_command", command=shown(command)))


def _ranking(answer: Answer) -> tuple[Quote, ...]:
    return answer.quotes if answer.answered else answer.near_misses


def listen(session: Session) -> None:
    """Hold a session over standard input that is no terminal: a line is a question or a command."""
    for raw in sys.stdin.buffer:
        if not session.handle(raw.decode("utf-8", errors="replace")):
            return
