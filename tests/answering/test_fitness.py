"""Fitness: what certainly is of a kind, what may be, and what is not."""

import numpy as np
import pytest

from bot.answering.features import fit
from bot.answering.fitness import GRADERS, NEEDED, OF_KIND, grades
from bot.answering.hinted import hinted
from bot.answering.hints import UNITS, HintWords
from bot.answering.sought import Kind
from tests.answering.worlds import ANALYZERS, LISTS, READER, world

CERTAIN, NONE = 1.0, 0.0


def fitness(question: str, sentence: str, language: str = "en") -> float:
    """The grade of the only sentence of a library."""
    view = world({"One": [[sentence]]}, language=language).view(question)
    return float(fit.fit(view)[0])


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("How old is the driver?", "The driver is 51 years old."),
        ("How old is the driver?", "The 51-year-old driver was unhurt."),
        ("What did the bridge cost?", "The bridge was built for 5 million euros."),
        ("What does a ticket cost?", "Tickets are free of charge."),
        ("How long did it last?", "It lasted nineteen days."),
        ("How deep is it?", "It lies 40 metres under the ground."),
        ("How heavy is it?", "It brings 12 tons to the scales."),
        ("How fast is it?", "It does 90 kilometres an hour."),
        ("What share of the voters came?", "Of them 81 per cent came."),
        ("How many houses burned?", "In all 14 houses burned."),
        ("In what year was it founded?", "It was founded in 1850."),
        ("When was it founded?", "It was founded on Monday."),
        ("What time does it open?", "It opens at nine o'clock."),
        ("What colour is it?", "It was painted red."),
        ("Who led it?", "It was led by Ulla Herwig."),
        ("Where is it?", "It is kept in Aldengrad."),
        ("Why was it late?", "It was late because of the snow."),
    ],
)
def test_what_certainly_fits(question: str, sentence: str) -> None:
    assert fitness(question, sentence) == CERTAIN


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("How old was he when he left?", "He left nineteen days after the accident."),
        ("How old is she?", "She received 14,212 votes."),
        ("What did the station cost?", "The station, opened in 1966, supplies 240 megawatts."),
        ("How deep is it?", "It was found in March."),
        ("How many houses burned?", "The fire burned for hours."),
        ("How many votes were cast?", "A third candidate left."),
        ("When was it founded?", "It was founded by the monks."),
        ("What is the phone number of the desk?", "The desk lent 187,000 books."),
        ("What is the phone number of the desk?", "Its visitors went up to 96,000."),
        ("Who winds the clocks?", "The guard winds the clocks."),
        ("Who is there?", "In Bakhmut there is nothing."),
        ("Who was hurt?", "Nobody was hurt."),
        ("Who was hurt?", "Residents were hurt."),
        ("Who crossed the Rance?", "The Rance was crossed."),
        ("Why was it closed?", "It was closed."),
    ],
)
def test_what_does_not_fit(question: str, sentence: str) -> None:
    assert fitness(question, sentence) == NONE


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("What did the bridge cost?", "It cost 5 million."),
        ("When was it founded?", "It was founded last week."),
        ("Who left?", "Herwig left."),
        ("Where is it?", "It is in a cellar."),
        ("How many houses burned?", "Only 14 of them were left."),
    ],
)
def test_what_may_fit_is_graded_between(question: str, sentence: str) -> None:
    assert NONE < fitness(question, sentence) < CERTAIN


@pytest.mark.parametrize(
    ("language", "question", "sentence"),
    [
        ("de", "Was kostet der Eintritt?", "Erwachsene zahlen 5 Euro."),
        ("de", "Warum ist es zu?", "Es ist zu, weil es brennt."),
        ("es", "¿Cuánto pesa la campana?", "Pesa 300 kilos."),
        ("es", "¿Cuándo son las fiestas?", "Las fiestas son en agosto."),
        ("fr", "Combien coûte le billet ?", "Il coûte 8 euros."),
        ("fr", "Quel âge a-t-elle ?", "Elle est âgée de 27 ans."),
        ("ru", "Сколько длился ремонт?", "Ремонт длился два года."),
        ("ru", "Какой высоты башня?", "Башня высотой 40 метров."),
        ("uk", "Скільки коштує квиток?", "Квиток коштує 12 гривень."),
        ("uk", "Чому скасували автобус?", "Автобус скасували через брак водіїв."),
    ],
)
def test_other_languages_know_their_own_words(language: str, question: str, sentence: str) -> None:
    assert fitness(question, sentence, language) == CERTAIN


def test_what_stands_near_the_questions_words_is_worth_more() -> None:
    near, far = "The bridge cost 5 euros.", "The bridge is long, wide, old, grey, tall and stands near 5 euros."
    view = world({"One": [[near, far]]}).view("What did the bridge cost?")
    assert fit.fit(view).tolist() == [CERTAIN, CERTAIN]
    assert fit.near_fit(view)[0] > fit.near_fit(view)[1] > 0


def test_a_capital_at_a_sentences_start_is_no_name_where_the_word_stands_in_lower_case_elsewhere() -> None:
    both = ["Members voted.", "The members left."]
    view = world({"One": [both]}).view("Who came?")
    assert fit.name_fit(view).tolist() == [NONE, NONE]


def test_each_feature_speaks_of_its_own_kinds() -> None:
    view = world({"One": [["It opened in 1850."]]}).view("When did it open?")
    assert fit.time_fit(view).tolist() == [CERTAIN]
    for other in (fit.number_fit, fit.name_fit, fit.other_fit):
        assert other(view).tolist() == [NONE]


def test_without_sentences_nothing_fits() -> None:
    query = READER.read("When was it?", language="en", analyzer=ANALYZERS.of("en"))
    none = np.zeros(0, dtype=np.int64)
    tokens = hinted(query, NEEDED[Kind.DATE], {}, none, none.astype(np.uint8), none)
    assert len(grades(Kind.DATE, tokens)) == 0


def test_every_kind_is_graded_and_every_number_looks_at_units() -> None:
    assert set(GRADERS) == set(Kind) - {Kind.ANYTHING}
    assert all(NEEDED.get(kind, UNITS) & UNITS == UNITS for kind in OF_KIND)


def test_every_language_with_a_list_of_what_is_sought_has_one_of_hints() -> None:
    for code in LISTS.codes("sought"):
        words = HintWords.of(LISTS, ANALYZERS.of(code))
        assert words is not None
        assert len(words.terms) > 100
