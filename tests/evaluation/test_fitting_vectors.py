"""Word vectors made small: from GloVe's text format."""

from pathlib import Path

import numpy as np
import pytest

from bot.answering.vectors import SOURCE, WordVectors
from bot.errors import SettingsError
from bot.evaluation.fitting import vectors
from bot.evaluation.fitting.vectors import misspelt, small_vectors, write_vectors
from bot.retrieval.keys import keys_of
from tests.answering.worlds import ANALYZERS

ENGLISH = ANALYZERS.of("en")


@pytest.fixture
def glove(tmp_path: Path) -> Path:
    """Forty words of 80 numbers, of which two are near each other, one is a stop word and one a sign."""
    generator = np.random.default_rng(5)
    words = {f"word{chr(97 + number % 26)}{chr(97 + number // 26)}": generator.normal(size=80) for number in range(40)}
    words |= {"boats": generator.normal(size=80), "the": generator.normal(size=80), "--": generator.normal(size=80)}
    words["ship"] = words["boats"] + 0.1 * generator.normal(size=80)
    words["boat"] = words["boats"] + 0.1 * generator.normal(size=80)
    lines = [f"{word} {' '.join(f'{number:.5f}' for number in vector)}\n" for word, vector in words.items()]
    path = tmp_path / "glove.txt"
    path.write_text("".join(lines), encoding="utf-8")
    return path


def test_words_of_one_stem_share_a_vector_and_stop_words_have_none(glove: Path) -> None:
    keys, values, _ = small_vectors(glove, ENGLISH)
    found = WordVectors(keys, values).of(keys_of("boat ship the -- wordaa"))
    assert len(keys) == 42
    assert values.shape == (42, vectors.KEPT)
    assert not found[2:4].any()
    assert found[0] @ found[1] > 0.8
    assert abs(found[0] @ found[4]) < 0.6


def test_a_rare_word_near_a_common_one_in_letters_and_meaning_is_that_one_misspelt() -> None:
    terms = [ENGLISH.term(word) for word in ("government", "goverment", "melting", "meeting")]
    keys = keys_of(" ".join(terms))
    order = np.argsort(keys)
    values = np.array([[127] * 4, [127, 127, 127, 90], [127, -127, 127, -127], [127] * 4], dtype=np.int8)
    vectors_of = WordVectors(keys[order], values[order])
    words = [
        "government",
        "meeting",
        *(f"filler{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"),
        "goverment",
        "melting",
    ]
    assert misspelt(words, vectors_of, ENGLISH) == {"goverment"}
    assert misspelt(["goverment", "government"], vectors_of, ENGLISH) == set()


def test_keys_rise(glove: Path) -> None:
    keys, *_ = small_vectors(glove, ENGLISH)
    assert (keys[1:] > keys[:-1]).all()


def test_what_is_written_says_where_it_comes_from_and_is_copied_where_no_file_is_named(
    glove: Path, tmp_path: Path
) -> None:
    write_vectors(tmp_path / "made", tmp_path, file=glove, analyzer=ENGLISH)
    write_vectors(tmp_path / "copied", tmp_path / "made", file=None, analyzer=ENGLISH)
    assert "glove.txt" in (tmp_path / "copied" / SOURCE).read_text(encoding="utf-8")
    keys = keys_of("boat ship")
    copied, made = (WordVectors.load(tmp_path / name).of(keys) for name in ("copied", "made"))
    assert copied.tolist() == made.tolist()


@pytest.mark.parametrize("text", ["", "boat 1 2 x\n", "boat 1 2\nship 1\n"])
def test_a_file_of_another_kind_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"other\.txt.*GloVe"):
        small_vectors(path, ENGLISH)
