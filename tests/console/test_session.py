"""The session: questions and commands, one line after the other."""

import io
import re

import pytest

from bot.console.screen import Screen
from bot.console.session import COMMANDS, Session
from bot.messages import Messages
from tests.console.fakes import TEXT, FakeAnswerer, FakeShelf


class Sitting:
    """A session whose output can be read after each line."""

    def __init__(self, *, quotes: int = 2, articles: int = 2, samples: bool = False) -> None:
        self.answerer = FakeAnswerer(quotes=quotes)
        self._stream = io.StringIO()
        self.session = Session(
            self.answerer, FakeShelf(articles, samples=samples), Messages.load("en"), Screen(self._stream), top=2
        )

    def says(self, entry: str) -> str:
        self._stream.seek(0)
        self._stream.truncate()
        assert self.session.handle(entry)
        return self._stream.getvalue()

    def welcome(self) -> str:
        self.session.welcome()
        return self._stream.getvalue()


def numbers(shown: str) -> list[int]:
    return [int(number) for number in re.findall(r"^(\d+)\. ", shown, re.MULTILINE)]


def test_more_turns_the_pages_of_the_last_answer_to_its_end_without_asking_again() -> None:
    sitting = Sitting(quotes=5)
    assert numbers(sitting.says("Who?")) == [1, 2]
    assert numbers(sitting.says("/more")) == [3, 4]
    assert numbers(sitting.says("/more")) == [5]
    assert sitting.says("/more") == "That is all that was found.\n"
    assert len(sitting.answerer.asked) == 1


def test_context_and_why_speak_of_the_quotes_shown_last_or_of_the_one_named() -> None:
    sitting = Sitting(quotes=5)
    sitting.says("Who?")
    assert f"1. It rained. {TEXT} They walked." in sitting.says("/context")
    assert numbers(sitting.says("/context 4")) == [4]
    sitting.says("/more")
    assert numbers(sitting.says("/why")) == [3, 4]
    assert "% sure" in sitting.says("/why 1")
    assert sitting.says("/why 9") == "There are only 5 quotes.\n"
    assert sitting.says("/why x") == "There are only 5 quotes.\n"


def test_near_misses_can_be_paged_and_explained_too() -> None:
    sitting = Sitting()
    assert sitting.says("nothing").startswith("The articles do not say.")
    assert numbers(sitting.says("/context")) == [1]


def test_sources_names_the_last_answers_articles_and_the_librarys() -> None:
    sitting = Sitting(articles=25)
    alone = sitting.says("/sources")
    assert "The last answer" not in alone
    assert "The library holds 25 articles:" in alone
    assert "... and 5 more" in alone
    sitting.says("Who?")
    assert "The last answer comes from:\n- Report 1\n  news/1.txt" in sitting.says("/sources")


@pytest.mark.parametrize("command", ["/more", "/context", "/why"])
def test_a_command_about_an_answer_asks_for_a_question_first(command: str) -> None:
    assert Sitting().says(command) == "There is no answer yet: ask a question first.\n"


def test_help_lists_every_command() -> None:
    shown = Sitting().says("/help")
    assert all(f"  {command}" in shown for command in COMMANDS)


def test_an_unknown_command_names_the_nearest() -> None:
    assert "did you mean /sources?" in Sitting().says("/source")
    assert "/help shows" in Sitting().says("/frobnicate")


@pytest.mark.parametrize("entry", ["/quit", " /exit "])
def test_quit_ends_the_session(entry: str) -> None:
    assert not Sitting().session.handle(entry)


def test_a_blank_line_is_no_question() -> None:
    sitting = Sitting()
    assert sitting.says("  ") == ""
    assert sitting.answerer.asked == []


def test_the_questions_of_a_session_belong_to_one_conversation() -> None:
    sitting = Sitting()
    for question in ("Who?", "When?", "nothing"):
        sitting.says(question)
    held = [conversation.turns if conversation else None for _, conversation, _, _ in sitting.answerer.asked]
    assert [[turn.question for turn in turns or ()] for turns in held] == [[], ["Who?"], ["Who?", "When?"]]


def test_the_welcome_says_what_the_library_holds() -> None:
    assert "knows 2 articles" in Sitting(articles=2).welcome()
    assert "knows 1 article." in Sitting(articles=1).welcome()
    assert "is empty" in Sitting(articles=0).welcome()
    assert "knows 2 sample articles; put yours in" in Sitting(samples=True).welcome()


def test_a_failure_is_told_and_the_session_goes_on() -> None:
    sitting = Sitting()
    assert "ZeroDivisionError" in sitting.says("crash")
    assert numbers(sitting.says("Who?")) == [1, 2]
