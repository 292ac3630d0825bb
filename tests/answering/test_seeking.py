"""Seeking: what a question seeks, in every language that has a list."""

from pathlib import Path

import pytest

from bot.answering.question import QuestionReader
from bot.answering.sought import Kind, Sought
from bot.errors import SettingsError
from bot.retrieval.analysis import Analyzers
from bot.wordlists import WordLists

LISTS = WordLists()
ANALYZERS = Analyzers(LISTS)
READER = QuestionReader(LISTS, longest=4096)


def sought(question: str, language: str = "en", reader: QuestionReader = READER) -> Sought:
    return reader.read(question, language=language, analyzer=ANALYZERS.of(language)).sought


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How old is the mayor?", Kind.AGE),
        ("driver age", Kind.AGE),
        ("What did the new bridge cost?", Kind.MONEY),
        ("how much does a nurse earn", Kind.MONEY),
        ("What was the fine?", Kind.MONEY),
        ("How long did the strike last?", Kind.DURATION),
        ("How many days does the course take?", Kind.DURATION),
        ("How deep is the lake?", Kind.LENGTH),
        ("How much does the bell weigh?", Kind.WEIGHT),
        ("How fast does the train go?", Kind.SPEED),
        ("What is the temperature of the spring?", Kind.TEMPERATURE),
        ("What percentage of the voters stayed at home?", Kind.SHARE),
        ("How many villages were flooded?", Kind.COUNT),
        ("How much milk is drunk?", Kind.NUMBER),
        ("How often does the bus run?", Kind.FREQUENCY),
        ("In what year was it founded?", Kind.YEAR),
        ("When was it founded?", Kind.DATE),
        ("When was the mayor born?", Kind.YEAR),
        ("How many children were born?", Kind.COUNT),
        ("What time does the office open?", Kind.CLOCK),
        ("what phone number does the office have", Kind.CONTACT),
        ("Which programming language is it written in?", Kind.LANGUAGE),
        ("What colour is the door?", Kind.COLOUR),
        ("Who opened the bridge?", Kind.PERSON),
        ("Which insurer pays for the damage?", Kind.NAME),
        ("What is the name of the ferry?", Kind.NAME),
        ("In which town is the factory?", Kind.PLACE),
        ("Why was it closed?", Kind.REASON),
        ("What is a tarn?", Kind.ANYTHING),
        ("Can I pay in coins?", Kind.ANYTHING),
        ("Which clerk was paid?", Kind.ANYTHING),
        ("How do prices move?", Kind.ANYTHING),
    ],
)
def test_an_english_question_seeks_its_kind(question: str, kind: Kind) -> None:
    assert sought(question).kind is kind


@pytest.mark.parametrize(
    ("language", "question", "kind"),
    [
        ("de", "Wie tief ist der Brunnen?", Kind.LENGTH),
        ("de", "Was kostet der Eintritt?", Kind.MONEY),
        ("es", "¿Cuántos trenes salieron?", Kind.COUNT),
        ("es", "¿Cómo se llama el barco?", Kind.NAME),
        ("fr", "Quel âge a la maire ?", Kind.AGE),
        ("fr", "Combien pèse la cloche ?", Kind.WEIGHT),
        ("ru", "Сколько стоит билет?", Kind.MONEY),
        ("ru", "Сколько поездов ушло?", Kind.COUNT),
        ("uk", "Скільки часу тривав ремонт?", Kind.DURATION),
        ("uk", "Чому зачинили міст?", Kind.REASON),
        ("it", "Chi ha aperto il ponte?", Kind.PERSON),
        ("it", "Perché il ponte è chiuso?", Kind.ANYTHING),
    ],
)
def test_other_languages_seek_what_their_lists_say_or_what_shapes_alone_tell(
    language: str, question: str, kind: Kind
) -> None:
    assert sought(question, language).kind is kind


def test_the_name_of_a_role_is_a_persons() -> None:
    assert sought("What is the name of the architect?").kind is Kind.CALLED
    assert sought("Qui est la nouvelle directrice ?", "fr").kind is Kind.PERSON
    assert sought("Who is Ulla Herwig?").kind is Kind.ANYTHING


def test_what_is_counted_are_the_words_right_behind_how_many() -> None:
    assert sought("How many court cases did the union win?").counted == {"court", "case"}
    assert sought("How many kilometres is it to the port?").kind is Kind.LENGTH


def test_an_owners_line_adds_a_kind_and_a_wrong_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "sought").mkdir()
    (tmp_path / "sought" / "en.txt").write_text("tonnage = weight\n", encoding="utf-8")
    assert sought("What is the tonnage?", reader=QuestionReader(WordLists(tmp_path), longest=99)).kind is Kind.WEIGHT
    (tmp_path / "sought" / "en.txt").write_text("tonnage: weight\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r'sought/en\.txt: "tonnage: weight": expected a line words = kind'):
        sought("What is it?", reader=QuestionReader(WordLists(tmp_path), longest=99))
