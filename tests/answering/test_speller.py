"""The speller: which word of the language a mistyped one was meant to be."""

from pathlib import Path

import numpy as np
import pytest

from bot.answering.commonwords import CommonWords
from bot.answering.correction import Corrector
from bot.answering.speller import FEATURES, Choice, Speller, load_spellers
from bot.answering.vectors import WordVectors
from bot.errors import SettingsError
from bot.retrieval.keys import Keys, keys_of
from tests.answering.worlds import ANALYZERS, LISTS, READER, world

WORDS = "cardinal carnal class lace lake pope power powers"
WEIGHTS = dict(zip(FEATURES, (4.0, 0.5, 2.0, 1.0), strict=True))


def vectors() -> WordVectors:
    """Of cardinals and popes one, of everything carnal another."""
    terms = keys_of("cardin pope carnal")
    order = np.argsort(terms)
    values = np.array([[120, 0], [120, 10], [0, 120]], dtype=np.int8)
    return WordVectors(terms[order], values[order], np.sort(keys_of(WORDS)))


@pytest.fixture
def speller() -> Speller:
    return Speller(vectors(), Choice(WEIGHTS, least=0.5, least_for_words=4.0))


def test_words_of_the_language_are_told_from_others(speller: Speller) -> None:
    assert speller.words({"lace", "localed", "powers", "powerz"}) == ["lace", "powers"]
    assert speller.words(()) == []
    assert speller.words({"", " ", "lace lake", "lace", "f-16"}) == ["lace"]


def test_the_features_are_company_rarity_topic_and_being_alone(speller: Speller) -> None:
    found = speller.features(["cardin", "carnal"], counts=[3, 0], company=[0.2, 0.4], others=["pope"])
    assert found.tolist() == pytest.approx(np.array([[0.2, np.log(4), 0.223, 0], [0.4, 0, 0.019, 0]]), abs=0.01)
    assert speller.features(["cardin"], counts=[1], company=[1.0], others=[])[0].tolist() == [1.0, np.log(2), 0, 1]


def test_what_the_question_is_about_outweighs_a_little_more_company(speller: Speller) -> None:
    counts, company = [1, 1], [0.1, 0.2]
    chosen = speller.chosen("cardnal", ["cardin", "carnal"], counts=counts, company=company, others=["pope"])
    assert chosen == "cardin"
    assert speller.chosen("cardnal", ["cardin", "carnal"], counts=counts, company=company, others=[]) == "carnal"


def test_a_word_of_the_language_is_meant_as_it_is_unless_much_speaks_against_it(speller: Speller) -> None:
    assert speller.chosen("lack", ["lace"], counts=[2], company=[0.3], others=[]) == "lace"
    assert speller.chosen("lake", ["lace"], counts=[2], company=[0.3], others=[]) is None
    assert speller.chosen("lake", ["lace"], counts=[200], company=[1.0], others=[]) == "lace"


def test_without_candidates_nothing_is_chosen(speller: Speller) -> None:
    assert speller.chosen("xyzzy", [], counts=[], company=[], others=[]) is None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which powres were given?", "Which powers were given?"),  # "powres": of one edit, "power" too
        ("Which lake was sold?", "Which lake was sold?"),  # a word, though the library knows "lace" alone
        ("Which goverment fell?", "Which goverment fell?"),  # "government" was meant, and the library lacks it
        ("Who met Prigozhim?", "Who met Prigozhin?"),  # no word of the language: names come from the library
    ],
)
def test_a_question_is_corrected_to_words_of_the_language_first(question: str, expected: str) -> None:
    library = world({"": [["The powers were given to Prigozhin.", "Lace was sold.", "The cover fell."]]})
    corrector = Corrector(library.engine, ANALYZERS, CommonWords(LISTS), READER, load_spellers())
    query, _ = corrector.correct(READER.read(question, language="en", analyzer=ANALYZERS.of("en")))
    assert query.text == expected


def test_common_misspellings_are_no_words_of_the_language() -> None:
    speller = load_spellers()["en"]
    assert speller.words({"goverment", "government", "commitee", "committee"}) == ["committee", "government"]


def test_a_file_with_other_features_is_named(tmp_path: Path) -> None:
    text = "least = 0\nleast_for_words = 1\n[weights]\ncompany = 1\nodd = 1\n"
    (tmp_path / "en.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"en\.toml: .* is missing or unknown"):
        load_spellers(tmp_path)


def test_a_file_without_numbers_is_named(tmp_path: Path) -> None:
    (tmp_path / "en.toml").write_text("least = 'much'", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"en\.toml: is no file of a speller"):
        load_spellers(tmp_path)


def test_a_language_without_a_speller_is_corrected_all_the_same() -> None:
    library = world({"": [["Die Kanzlerin besuchte Minsk.", "Das Haus brannte."]]}, language="de")
    corrector = Corrector(library.engine, ANALYZERS, reader=READER, spellers=load_spellers())
    query, changes = corrector.correct(READER.read("Wer besuchte Minks?", language="de", analyzer=ANALYZERS.of("de")))
    assert query.text == "Wer besuchte Minsk?"
    assert [change.after for change in changes] == ["Minsk"]


def test_keys_of_no_words_are_none() -> None:
    none: Keys = np.zeros(0, dtype=np.uint64)
    assert vectors().knows(none).tolist() == []
