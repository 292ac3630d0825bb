"""Small talk and the names that sample questions are made of."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answer import Reply
from bot.answering.smalltalk import SmallTalk, Subject, frequent_subjects
from bot.errors import SettingsError
from bot.retrieval.analysis import Analyzers
from bot.wordlists import WordLists

LANGUAGES = ("en", "uk", "ru", "es", "de", "fr")
TALK = SmallTalk(WordLists(), LANGUAGES)
ENGLISH = Analyzers(WordLists()).of("en")


@pytest.mark.parametrize(
    "text",
    ["hi", "Hello!", "HELLO", "hiiii", "hi there, thanks 🙏", "Thank you very much.", "ok", "bye!", "Привіт!", "Дякую",
     "спасибо", "¡Hola!", "muchas gracias", "Guten Tag", "Merci beaucoup", "bonjour", "What's up?"],
)  # fmt: skip
def test_a_greeting_is_greeted(text: str) -> None:
    assert TALK.reply(text) is Reply.GREETING


@pytest.mark.parametrize(
    "text",
    ["what do you know about?", "What can you do?", "help", "hi, what do you know?", "Що ти знаєш?", "О чём ты знаешь?",
     "¿Qué sabes?", "Was weißt du?", "Que sais-tu ?", "Qu’est-ce que tu sais ?"],
)  # fmt: skip
def test_asked_what_it_knows_it_shows_its_sources(text: str) -> None:
    assert TALK.reply(text) is Reply.OVERVIEW


@pytest.mark.parametrize(
    "text",
    ["Bakhmut", "hi, who is the mayor?", "what do you know about Lyon?", "Help the army got", "", "👍", "no ammunition",
     "thanks to whom did they win?", "why?", "And when?", "hi " * 13],
)  # fmt: skip
def test_a_question_or_a_keyword_is_no_small_talk(text: str) -> None:
    assert TALK.reply(text) is None


def test_a_wrong_line_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "smalltalk").mkdir()
    (tmp_path / "smalltalk" / "en.txt").write_text("ahoy = hello\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r'smalltalk/en.txt: "ahoy = hello": expected .* greeting or overview'):
        SmallTalk(WordLists(tmp_path), ("en",))


@given(st.text(max_size=80))
def test_any_text_gets_a_verdict(text: str) -> None:
    assert TALK.reply(text) in (Reply.GREETING, Reply.OVERVIEW, None)


def test_frequent_names_come_first_and_people_are_known_by_their_last_name() -> None:
    sentences = [
        "The engineer Ada Byron met Russian guests in Lyon.",
        "Later Byron's bridge in Lyon fell.",
        "Nobody in Lyon saw Byron again.",
        "Russian trains left the city.",
        "They love Lyon.",
    ]
    assert frequent_subjects(sentences, ENGLISH) == [
        Subject("Lyon", person=False, sentences=4),
        Subject("Ada Byron", person=True, sentences=2),
    ]


@given(st.lists(st.text(max_size=60), max_size=6))
def test_names_are_taken_from_the_text(sentences: list[str]) -> None:
    for subject in frequent_subjects(sentences, ENGLISH):
        assert any(subject.name in sentence for sentence in sentences)
