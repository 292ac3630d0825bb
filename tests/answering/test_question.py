"""Reading questions: the kind of answer, the words, and what cannot be read."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.query import Expected, Query
from bot.answering.question import QuestionReader
from bot.errors import QuestionError, SettingsError
from bot.retrieval.analysis import Analyzers
from bot.wordlists import WordLists

LISTS = WordLists()
ANALYZERS = Analyzers(LISTS)
READER = QuestionReader(LISTS, longest=200)


def read(text: str, language: str = "en") -> Query:
    return READER.read(text, language=language, analyzer=ANALYZERS.of(language))


@pytest.mark.parametrize(
    ("question", "expected", "word", "head"),
    [
        ("Who leads the company?", Expected.PERSON, "who", "lead"),
        ("Who is the mayor of Lyon?", Expected.PERSON, "who", "mayor"),
        ("Who is Ada Lovelace?", Expected.DEFINITION, "who is", "ada"),
        ("who is france's president?", Expected.PERSON, "who", "presid"),
        ("What is photosynthesis?", Expected.DEFINITION, "what is", "photosynthesi"),
        ("What is the population of Lyon?", Expected.NUMBER, "what", "popul"),
        ("In what year did the bridge open?", Expected.DATE, "what", "year"),
        ("Which large city flooded?", Expected.PLACE, "which", "citi"),
        ("What did people eat?", Expected.ANYTHING, "what did", "peopl"),
        ("How many bridges are there?", Expected.NUMBER, "how many", "bridg"),
        ("How did the bridge fall?", Expected.MANNER, "how", "fall"),
        ("Why did it fall?", Expected.REASON, "why", "fall"),
        ("How come it fell?", Expected.REASON, "how come", "fall"),
        ("Where was it built?", Expected.PLACE, "where", "build"),
        ("And when?", Expected.DATE, "when", ""),
        ("What band headlined half-time?", Expected.ANYTHING, "what", "band"),
        ("What took place in the harbour?", Expected.ANYTHING, "what", "take"),
        ("Which city won the prize in that year?", Expected.PLACE, "which", "citi"),
        ("What is located on the river?", Expected.ANYTHING, "what", "locat"),
        ("What popular song was sung?", Expected.ANYTHING, "what", "popular"),
        ("Which counties voted?", Expected.PLACE, "which", "counti"),
        ("What's the capital of France?", Expected.PLACE, "what", "capit"),
        ("Whats the population of Lyon?", Expected.NUMBER, "what", "popul"),
        ("What’s photosynthesis?", Expected.DEFINITION, "what is", "photosynthesi"),
        ("Where's the harbour?", Expected.PLACE, "where", "harbor"),
        ("The bridge fell when?", Expected.DATE, "when", ""),
        ("Did the bridge fall?", Expected.ANYTHING, "", ""),
        ("Lyon bridge", Expected.ANYTHING, "", ""),
    ],
)
def test_the_question_word_and_its_noun_tell_what_is_asked(
    question: str, expected: Expected, word: str, head: str
) -> None:
    query = read(question)
    assert (query.expected, query.question_word, query.head) == (expected, word, head)


def test_a_clause_in_front_does_not_ask() -> None:
    assert read("When the war began, who was president?").expected is Expected.PERSON
    assert read("When did the war begin?").expected is Expected.DATE
    assert read("When a stone falls into water it makes what kind of wave?").question_word == "what"
    assert read("People who left the town settled in which country?").expected is Expected.PLACE
    assert read("The album that came out when he was young sold how many copies?").expected is Expected.NUMBER
    assert read("When the bridge fell?").expected is Expected.DATE


def test_a_contraction_is_the_words_that_it_stands_for() -> None:
    query = read("Who's Ada Lovelace?")
    assert [token.term for token in query.tokens[:2]] == ["who", "is"]
    assert [query.text[token.start : token.end] for token in query.tokens[:2]] == ["Who", "'s"]
    assert (query.expected, query.terms) == (Expected.DEFINITION, ("ada", "lovelac"))


def test_a_broken_line_of_contractions_is_named(tmp_path: Path) -> None:
    (tmp_path / "contractions").mkdir()
    (tmp_path / "contractions" / "en.txt").write_text("what’s = that is\n", encoding="utf-8")
    reader = QuestionReader(WordLists(tmp_path), longest=200)
    with pytest.raises(SettingsError, match=r"contractions/en\.txt"):
        reader.read("Who fell?", language="en", analyzer=ANALYZERS.of("en"))


@pytest.mark.parametrize(
    ("language", "question", "expected"),
    [
        ("uk", "Скільки людей загинуло?", Expected.NUMBER),
        ("uk", "У якому році збудували міст?", Expected.DATE),
        ("uk", "Що таке фотосинтез?", Expected.DEFINITION),
        ("ru", "Почему упал мост?", Expected.REASON),
        ("ru", "В каком городе построили мост?", Expected.PLACE),
        ("es", "¿Quién dirige la empresa?", Expected.PERSON),
        ("es", "¿Por qué cayó el puente?", Expected.REASON),
        ("de", "Wie viele Brücken gibt es?", Expected.NUMBER),
        ("de", "Welche Stadt liegt am Rhein?", Expected.PLACE),
        ("fr", "Qu'est-ce que la photosynthèse ?", Expected.DEFINITION),
        ("fr", "Depuis quand le pont est-il fermé ?", Expected.DATE),
        ("xx", "Qui bono?", Expected.ANYTHING),
    ],
)
def test_other_languages_are_read_by_their_lists(language: str, question: str, expected: Expected) -> None:
    assert read(question, language).expected is expected


def test_terms_are_distinct_and_without_stop_words() -> None:
    query = read("Which bridge is the longest bridge in France?")
    assert query.terms == ("bridg", "longest", "franc")
    assert [query.text[token.start : token.end] for token in query.tokens][:2] == ["Which", "bridge"]


@pytest.mark.parametrize("text", ["", "  \n\t", "\u3000"])
def test_nothing_is_told_as_nothing(text: str) -> None:
    with pytest.raises(QuestionError, match="there is no question: type"):
        read(text)


@pytest.mark.parametrize("text", ["👍", "🙏🏽🎉", "?!…", "\u200b", "—"])
def test_a_text_without_a_word_is_told_as_that(text: str) -> None:
    with pytest.raises(QuestionError, match="holds no word: type it in letters or digits"):
        read(text)


def test_a_question_over_the_limit_is_told_with_both_lengths() -> None:
    assert read("x" * 200).tokens
    with pytest.raises(QuestionError, match="is 201 characters long, at most 200 are read"):
        read("x" * 201)


def test_a_wrong_line_in_a_list_names_the_file_the_line_and_the_kinds(tmp_path: Path) -> None:
    (tmp_path / "questions").mkdir()
    (tmp_path / "questions" / "en.txt").write_text("whither = direction\n", encoding="utf-8")
    reader = QuestionReader(WordLists(tmp_path), longest=200)
    with pytest.raises(SettingsError, match=r'questions/en.txt: "whither = direction": expected .*person, place'):
        reader.read("Whither now?", language="en", analyzer=ANALYZERS.of("en"))


def test_an_owner_adds_a_question_word(tmp_path: Path) -> None:
    (tmp_path / "questions").mkdir()
    (tmp_path / "questions" / "en.txt").write_text("whither = place\n", encoding="utf-8")
    reader = QuestionReader(WordLists(tmp_path), longest=200)
    assert reader.read("Whither the army?", language="en", analyzer=ANALYZERS.of("en")).expected is Expected.PLACE


@given(st.text(max_size=120), st.sampled_from(["en", "uk", "ru", "es", "de", "fr", "it", "zh", ""]))
def test_any_text_is_read_or_refused(text: str, language: str) -> None:
    try:
        query = read(text, language)
    except QuestionError:
        return
    assert query.tokens
    assert set(query.terms) <= {token.term for token in query.tokens}
    assert query.text == text


def test_the_measure_in_how_old_is_no_term_to_search_by() -> None:
    analyzer = Analyzers(WordLists()).of("en")
    reader = QuestionReader(WordLists(), longest=4096)
    assert reader.read("How old is Iryna Babkina?", language="en", analyzer=analyzer).terms == ("iryna", "babkina")
    assert reader.read("How old is old?", language="en", analyzer=analyzer).terms == ("old",)
    assert "old" in reader.read("Who is the old king?", language="en", analyzer=analyzer).terms
