"""Marking the words that answer: by the model in English, by rules elsewhere, whole units always."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.marking.marker import Marker, Marks, chosen
from bot.answering.marking.spanmodel import SEPARATOR, SpanModel, SpanScorer, head_of
from bot.answering.marking.spanviews import END, GAP, INSIDE, SPAN, START, VIEWS, lens
from bot.answering.marking.units import AnswerWords, units
from bot.answering.question import QuestionReader
from bot.errors import QuestionError, SettingsError
from bot.evaluation.fitting.marking import span_values, unit_values
from bot.resources import config_folder
from bot.retrieval.analysis import Analyzers
from bot.wordlists import WordLists

LISTS = WordLists()
ANALYZERS = Analyzers(LISTS)
READER = QuestionReader(LISTS, longest=1000)
MARKER = Marker(LISTS)
ENGLISH = AnswerWords(LISTS, "en")
LINES = {
    head: {value: float(weight) for value, _, weight in (cell.rpartition("=") for cell in cells.split("\t"))}
    for head, colon, cells in (
        line.partition(SEPARATOR)
        for line in (config_folder() / "marking" / "en.tsv").read_text(encoding="utf-8").splitlines()
    )
    if colon
}


def marked(question: str, sentence: str, language: str = "en") -> list[str]:
    return [sentence[start:end] for start, end in marks_of(question, sentence, language)]


def marks_of(question: str, sentence: str, language: str) -> Marks:
    analyzer = ANALYZERS.of(language)
    query = READER.read(question, language=language, analyzer=analyzer)
    return MARKER.mark(query, sentence, analyzer.tokens(sentence))


@pytest.mark.parametrize(
    ("question", "sentence", "answer"),
    [
        ("Who founded the museum?", "It was founded by Clara Whitfield after the fire of 1871.", "Clara Whitfield"),
        ("When did the bridge open?", "The bridge across the river opened on 4 May 1932 with a parade.", "4 May 1932"),
        ("How many people visited the fair?", "The fair was visited by 48,000 people that summer.", "48,000"),
        ("Where was Clara born?", "Clara was born in Marseille, where her father built ships.", "Marseille"),
        ("Why did the bridge close?", "The old bridge was closed on Monday because the flood rose, said Clara.",
         "because the flood rose"),
        ("What percentage of the vote did he win?", "He won 61.5% of the vote in the first round.", "61.5%"),
    ],
)  # fmt: skip
def test_the_model_marks_what_was_asked_for(question: str, sentence: str, answer: str) -> None:
    assert any(answer in mark or mark in answer for mark in marked(question, sentence))


@pytest.mark.parametrize(
    ("language", "question", "sentence", "answer"),
    [
        ("uk", "Скільки росіян загинуло?", "За добу, за даними штабу, загинуло 1600 росіян.", ["1600 росіян"]),
        ("uk", "Коли відкрили міст?", "Міст відкрили 24 лютого 1954 року.", ["24 лютого 1954"]),
        ("ru", "Кто построил мост?", "Этот мост построил инженер Борис Патон.", ["Борис Патон"]),
        ("es", "¿Cuándo murió el pintor?", "El pintor murió el 20 de mayo de 1506 en León.", ["20 de mayo de 1506"]),
        ("de", "Wie viele Boote sanken?", "Im Sturm sanken 12 Boote.", ["12 Boote"]),
        ("fr", "Pourquoi le pont est-il fermé ?", "Le pont de la vieille ville est fermé parce que la crue monte.",
         ["parce que la crue monte"]),
        ("uk", "Коли відкрили міст?", "Міст відкрили швидко.", []),
        ("de", "Was sank?", "Im Sturm sanken 12 Boote.", []),
    ],
)  # fmt: skip
def test_rules_mark_the_expected_kind_where_there_is_no_model(
    language: str, question: str, sentence: str, answer: list[str]
) -> None:
    assert marked(question, sentence, language) == answer


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("a well-known half-truth", ["a", "well-known", "half-truth"]),
        ("Russia’s $5.2 million, 40% off", ["Russia’s", "$5.2", "million", "40%", "off"]),
        ("in 1914–18, U.S. troops", ["in", "1914–18", "U.S.", "troops"]),
        ("-5 °C or 20°C", ["-5 °C", "or", "20°C"]),
        ("", []),
    ],
)
def test_units_keep_together_what_hyphens_and_signs_join(sentence: str, expected: list[str]) -> None:
    found = units(sentence, ANALYZERS.of("en").tokens(sentence), ENGLISH)
    assert [sentence[unit.start : unit.end] for unit in found] == expected


def test_units_know_how_they_look() -> None:
    sentence = "Two men paid $5 on May 3rd, 1999, in Lyon; NATO lost 12.5% of the 90s and 1,600 well-made bugs"
    looks = {unit.word: unit.look for unit in units(sentence, ANALYZERS.of("en").tokens(sentence), ENGLISH)}
    assert looks == {
        "two": "numword", "men": "lower", "paid": "lower", "$5": "money", "on": "stop", "may": "month",
        "3rd": "ordinal", "1999": "year", "in": "stop", "lyon": "name", "nato": "acronym", "lost": "lower",
        "12.5%": "percent", "of": "stop", "the": "stop", "90s": "decade", "and": "stop", "1,600": "number",
        "well-made": "hyphened", "bugs": "lower",
    }  # fmt: skip


def test_a_word_that_another_language_reads_otherwise_is_not_taken_for_that() -> None:
    words = AnswerWords(LISTS, "en")
    english, german = (
        [one.look for one in units("or die", ANALYZERS.of(code).tokens("or die"), words)] for code in ("en", "de")
    )
    assert (english, german) == (["stop", "lower"], ["lower", "stop"])
    assert [one.look for one in units("or die", ANALYZERS.of("en").tokens("or die"), words)] == english


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("$5 - or (so).", [("$5", "", "-"), ("or", "-", "("), ("so", "(", ")")]),
        ("A # 7, 5 ---6 %", [("A", "", "#"), ("7", "#", ","), ("5", ",", "-"), ("---6 %", "", "")]),
        ("5---6", [("5", "", "-"), ("6", "-", "")]),
    ],
)
def test_units_keep_the_signs_beside_them(sentence: str, expected: list[tuple[str, str, str]]) -> None:
    found = units(sentence, ANALYZERS.of("en").tokens(sentence), ENGLISH)
    assert [(sentence[one.start : one.end], one.before, one.after) for one in found] == expected


WORDS = st.lists(
    st.sampled_from(["Lyon", "12", "1999", "May", "well-known", "the", "of", "because", "ran", "“Die,",
         "$5.2", "40%", "Ада", "北京市"]),
    min_size=1,
    max_size=30,
).map(" ".join)  # fmt: skip
TEXT = st.one_of(st.text(max_size=80), WORDS)
QUESTIONS = st.sampled_from(
    ["Who ran?", "When?", "How many ran because of Lyon?", "Why", "Lyon", "What is it?", "Скільки?"]
)


@given(QUESTIONS, TEXT, st.sampled_from(["en", "uk", "es", "zh", ""]))
def test_marks_are_sorted_disjoint_and_whole_units(question: str, sentence: str, language: str) -> None:
    found = marks_of(question, sentence, language)
    pieces = units(sentence, ANALYZERS.of(language).tokens(sentence), AnswerWords(LISTS, language))
    starts, ends = {unit.start for unit in pieces}, {unit.end for unit in pieces}
    end_before = -1
    for start, end in found:
        assert end_before < start < end <= len(sentence)
        assert start in starts
        assert end in ends
        end_before = end


@given(TEXT, TEXT)
def test_any_question_and_sentence_are_marked_without_an_error(question: str, sentence: str) -> None:
    try:
        marks_of(question, sentence, "en")
    except QuestionError:
        return


def test_no_more_than_a_third_is_marked_where_a_shorter_span_is_likely() -> None:
    sentence = "The museum was founded by Clara Whitfield in 1871 with money from her brothers and the city."
    assert 0 < sum(map(len, marked("Who founded the museum with what money?", sentence))) <= len(sentence) / 3


def test_the_probabilities_of_all_spans_sum_to_one_and_the_second_choice_is_apart() -> None:
    analyzer = ANALYZERS.of("en")
    sentence = "Clara Whitfield and Jean Martin founded it."
    model = SpanModel.of("en")
    assert model is not None
    query = READER.read("Who founded it?", language="en", analyzer=analyzer)
    pieces = units(sentence, analyzer.tokens(sentence), ENGLISH)
    spans = SpanScorer(query, model).spans([pieces])[0]
    assert 0.9 < spans.probability.sum() <= 1 + 1e-9
    marks = chosen(spans, pieces, len(sentence))
    assert all(left[1] <= right[0] for left, right in itertools.pairwise(marks))


@given(st.sampled_from(["Who ran?", "Which city was it?", "How many of them ran in May?", "Why"]), WORDS)
def test_a_span_scores_what_the_files_lines_say_of_its_properties(question: str, sentence: str) -> None:
    model = SpanModel.of("en")
    assert model is not None
    query = READER.read(question, language="en", analyzer=ANALYZERS.of("en"))
    pieces = units(sentence, ANALYZERS.of("en").tokens(sentence), ENGLISH)
    through = lens(query)
    of_units, of_spans = unit_values(through, pieces), span_values(pieces)

    def score(first: int, last: int) -> float:
        total = 0.0
        for view in VIEWS:
            if view.role == SPAN:
                values = [of_spans[view.name][first][last - first]]
            else:
                places = {START: [first], END: [last], INSIDE: range(first, last + 1), GAP: range(first + 1, last + 1)}
                values = [of_units[view.name][place] for place in places[view.role]]
            lines = [LINES.get(head_of(view, key, through.keys[key]), {}) for key in view.keys]
            total += sum(line.get(value, 0.0) for line in lines for value in values)
        return total

    spans = SpanScorer(query, model).spans([pieces])[0]
    scores = [score(int(a), int(b)) for a, b in zip(spans.first, spans.last, strict=True)]
    odds = [float(np.log(one / spans.probability[0])) for one in spans.probability]
    assert odds == pytest.approx([one - scores[0] for one in scores], abs=1e-9)


def test_bare_keywords_mark_nothing() -> None:
    assert marked("Lyon", "The flood reached Lyon in May.") == []
    assert marked("Did it reach Lyon?", "The flood reached Lyon in May.") != []


def test_a_model_that_was_edited_wrongly_names_its_file_and_line() -> None:
    with pytest.raises(SettingsError, match=r"xx\.tsv: expected keys, a colon between tabs, and weights: 'start look'"):
        SpanModel("start look", "xx.tsv")
    broken = SpanModel("start\tlook\t*\t*\t:\tname=much\n", "xx.tsv")
    query = READER.read("Who?", language="en", analyzer=ANALYZERS.of("en"))
    with pytest.raises(SettingsError, match=r"xx\.tsv: a weight is no number in the line of"):
        SpanScorer(query, broken)


def test_a_language_without_a_model_has_none() -> None:
    assert SpanModel.of("xx") is None
    assert SpanModel.of("../marking/en") is None
