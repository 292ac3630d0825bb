"""Word vectors and the features that they give."""

from pathlib import Path

import numpy as np
import pytest

from bot.answering.features import meaning
from bot.answering.vectors import KEYS, LENGTH, VALUES, WORDS, WordVectors
from bot.errors import SettingsError
from bot.resources import config_folder
from bot.retrieval.keys import keys_of
from tests.answering.worlds import world


@pytest.fixture(scope="module")
def english() -> WordVectors:
    return WordVectors.load(config_folder() / "ranker" / "en" / "vectors")


def test_a_vector_is_found_by_the_words_key_and_an_unknown_word_has_none() -> None:
    keys = keys_of("dog cat sea")
    order = np.argsort(keys)
    values = np.array([[127, 0], [120, 40], [0, 127]], dtype=np.int8)
    vectors = WordVectors(keys[order], values[order])
    found = vectors.of(keys_of("sea wug dog"))
    assert found.tolist() == [[0, 127 / LENGTH], [0, 0], [127 / LENGTH, 0]]


def test_the_shipped_vectors_are_of_length_one_and_near_for_words_near_in_meaning(english: WordVectors) -> None:
    painter, artist, gravel, of = english.of(keys_of("painter artist gravel of"))
    assert np.linalg.norm([painter, artist, gravel], axis=1) == pytest.approx([1, 1, 1], abs=0.05)
    assert painter @ artist > 0.5 > 0.2 > painter @ gravel
    assert not of.any()  # a stop word


@pytest.mark.parametrize("damage", [b"", b"no array"])
def test_a_file_that_holds_no_array_is_named(tmp_path: Path, damage: bytes) -> None:
    np.save(tmp_path / VALUES, np.zeros((2, 4), dtype=np.int8))
    (tmp_path / KEYS).write_bytes(damage)
    with pytest.raises(SettingsError, match=r"install the product again"):
        WordVectors.load(tmp_path)


def test_there_are_as_many_words_as_vectors(tmp_path: Path) -> None:
    np.save(tmp_path / VALUES, np.zeros((2, 4), dtype=np.int8))
    for name in (KEYS, WORDS):
        np.save(tmp_path / name, np.zeros(3, dtype=np.uint64))
    with pytest.raises(SettingsError, match=r"3 words with 2 vectors"):
        WordVectors.load(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"keys\.npy"):
        WordVectors.load(tmp_path)


def test_a_word_near_in_meaning_stands_in_part_for_one_that_the_sentence_lacks() -> None:
    view = world({"": [["Her boss resigned.", "The gravel was wet."]]}).view("Who quit?")
    quit_, gravel = meaning.close_share(view)
    assert 1 > quit_ > 0.3 > gravel


def test_what_a_sentence_holds_and_names_are_not_looked_for_in_others() -> None:
    view = world({"": [["She quit and resigned."]]}).view("Who quit France?")
    assert view.own.tolist() == [[1, 0]]
    assert meaning.close_share(view).tolist() == [0]


def test_the_topic_is_that_of_the_sentence_whose_words_keep_the_same_company() -> None:
    view = world({"": [["Surgeons operated in the clinic.", "Farmers sowed their wheat."]]}).view("Which doctor came?")
    medicine, farming = meaning.topic(view)
    assert medicine > farming + 0.2


def test_words_that_nobody_knows_are_near_nothing() -> None:
    view = world({"": [["Wug blick.", "Dax fep."]]}).view("Who norped the zib?")
    assert meaning.topic(view).tolist() == meaning.close_share(view).tolist() == [0, 0]
