from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SettingsError
from bot.retrieval.analysis import Analyzer, Analyzers, Memory, Shape, fold, lists_of, whole
from bot.wordlists import WordLists

ANALYZERS = Analyzers(WordLists())
ENGLISH = ANALYZERS.of("en")


def terms(text: str, language: str = "en") -> list[str]:
    return ANALYZERS.of(language).terms(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1,600 Russians", "1600 Russian"),
        ("the commander-in-chief", "commander in chief"),
        ("O’Brien's café", "o'brien cafe"),
        ("Defence Ministry", "defense ministries"),
        ("favours neighbouring centres", "favored neighbors center"),
        ("centred", "centering"),
        ("counsellor", "counselors"),
        ("travelled", "traveling"),
        ("organisations", "organization"),
        ("It began", "it begins"),
        ("two women", "two woman"),
        ("catalogue", "catalogs"),
        ("licence", "license"),
        ("the grey tyre", "the gray tire"),
        ("U.S. troops", "US troops"),
        ("the European Union’s", "the EU"),
        ("Zelenskyy", "Zelenskiy's"),
        ("Selenskyj", "zelensky"),
        ("Kiev", "Kyiv"),
        ("Artemovsk", "Bakhmut"),
        ("Nord Stream", "Nordstream"),
        ("soft\u00adhyphen", "softhyphen"),
        ("ﬁnal", "final"),
    ],
)
def test_what_is_written_in_two_ways_is_one_term(one: str, other: str) -> None:
    def asked(text: str) -> list[str]:
        return [token.term for token in whole(ENGLISH.tokens(text)) if token.shape is not Shape.STOP]

    assert asked(one) == asked(other)
    assert asked(one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1,600", "1,500"),
        ("Vladimir", "Volodymyr"),
        ("organ", "organization"),
        ("price", "prize"),
        ("four", "for"),
        ("founded", "found"),
    ],
)
def test_what_only_looks_alike_stays_apart(one: str, other: str) -> None:
    assert terms(one) != terms(other)


def test_each_token_knows_its_shape() -> None:
    tokens = ENGLISH.tokens("In 1991 the NATO chief saw 1,600 Russians of the 1990s")
    assert "".join(token.shape for token in tokens) == ".Y.Axx9X..Y"


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("1.600", "de", ["1600"]),
        ("1.600", "en", ["1.600"]),
        ("3,5", "de", ["3.5"]),
        ("3,5", "en", ["3.5"]),
        ("1 600 солдат", "ru", ["1600", "солдат"]),
        ("1.600.000", "en", ["1600000"]),
        ("2nd 5th", "en", ["2", "5"]),
    ],
)
def test_digits_are_grouped_by_the_languages_custom(text: str, language: str, expected: list[str]) -> None:
    assert terms(text, language) == expected


def test_a_phrase_of_a_class_keeps_its_words_and_gets_the_classs_term_behind_them() -> None:
    tokens = ENGLISH.tokens("the Nord Stream pipeline")
    assert [(token.start, token.end, token.term) for token in tokens] == [
        (0, 3, "the"),
        (4, 8, "nord"),
        (9, 15, "stream"),
        (4, 15, "nordstream"),
        (16, 24, "pipelin"),
    ]
    assert [token.term for token in whole(tokens)] == ["the", "nordstream", "pipelin"]


def test_an_owners_synonyms_hold_in_both_directions_and_with_several_words(tmp_path: Path) -> None:
    (tmp_path / "synonyms.txt").write_text("# ours\nboss = chief\nspecial military operation = full-scale invasion\n")
    analyzer = Analyzer("en", WordLists(tmp_path))
    assert analyzer.terms("bosses") == analyzer.terms("chief") == ["boss"]
    shared = set(analyzer.terms("the special military operation")) & set(analyzer.terms("a full-scale invasion"))
    assert shared == {"special_militari_oper"}


@pytest.mark.parametrize("line", ["Artemovsk", "Artemovsk =", "= Bakhmut", "a = = b", "... = !"])
def test_a_malformed_synonym_names_its_file_and_line(tmp_path: Path, line: str) -> None:
    (tmp_path / "synonyms.txt").write_text(f"# ours\n\n{line}\n")
    with pytest.raises(SettingsError, match=r"synonyms\.txt, line 3: .*expected names for the same"):
        Analyzer("en", WordLists(tmp_path))


def test_the_lists_of_a_language_are_named_for_its_fingerprint() -> None:
    assert lists_of({"en"}) == ("names.txt", "synonyms.txt", "forms/en.txt", "stopwords/en.txt")


@given(st.text(max_size=200), st.sampled_from(["", "en", "fr", "ru", "uk", "ar", "zh"]))
def test_tokens_lie_in_the_text_in_order_and_hold_no_blank(text: str, language: str) -> None:
    tokens = ANALYZERS.of(language).tokens(text)
    assert all(0 <= token.start < token.end <= len(text) for token in tokens)
    starts = [token.start for token in whole(tokens)]
    assert starts == sorted(starts)
    assert all(token.term and not any(character.isspace() for character in token.term) for token in tokens)


@given(st.text(max_size=100), st.sampled_from(["", "en", "fr", "ru", "zh"]))
def test_the_same_text_has_the_same_tokens_whatever_was_analysed_before(text: str, language: str) -> None:
    assert Analyzer(language, WordLists()).tokens(text) == ANALYZERS.of(language).tokens(text)


@given(st.text(max_size=20))
def test_folding_twice_is_folding_once(word: str) -> None:
    assert fold(fold(word)) == fold(word)


PIECES = (
    "The", "the", "European", "Union", "Nord", "Stream", "U.S.", "e.g.", "a.", "b", "1,600", "1 600", "1 600", "3.14",
    "1990s", "10th", "12abc", "l'eau", "d’Artagnan", "aujourd'hui", "Smith's", "O’Neil", "_x_", "naïve", "e\u0301te",
    "co\u00adop", "İstanbul'da", "Straße", "Київ", "п’ять", "й", "日本語です", "ラーメン", "한국어", "हिन्दी",
    "שלום", "مرحبا",
    "ไทย", "x" * 70, "'", "’", "`", ".", ",", "-", "(", " ", " ", " ", "\n", "\u200b",
)  # fmt: skip


@given(text=st.one_of(st.lists(st.sampled_from(PIECES)).map("".join), st.text()), language=st.sampled_from(
    ["en", "fr", "it", "ru", "uk", "tr", "de", "ja", "ko", "vi", "hi", ""]
))  # fmt: skip
def test_joined_terms_are_those_of_the_tokens(text: str, language: str) -> None:
    analyzer = ANALYZERS.of(language)
    tokens = analyzer.tokens(text)
    expected = " ".join(token.term for token in tokens), "".join(token.shape for token in tokens)
    assert analyzer.joined(text) == expected
    assert analyzer.joined(text) == expected  # once more, from memory


@given(text=st.one_of(st.lists(st.sampled_from(PIECES)).map("".join), st.text()), language=st.sampled_from(
    ["en", "fr", "ru", "uk", "tr", "de", "ja", ""]
))  # fmt: skip
def test_the_places_of_known_terms_are_those_of_the_tokens(text: str, language: str) -> None:
    tokens = ANALYZERS.of(language).tokens(text)
    said = [token.term for token in tokens], "".join(token.shape for token in tokens)
    assert Analyzer(language, WordLists()).placed(text, *said) == tokens


def test_a_text_is_not_taken_for_one_of_other_terms() -> None:
    for text in ("The girl sang softly", "The boy sings", "The boy ran softly away", "The boy ran softly"):
        placed = ENGLISH.placed(text, [token.term for token in ENGLISH.tokens("The boy ran softly")], ".xxx")
        assert placed == ENGLISH.tokens(text)


def test_memory_keeps_what_is_asked_for_and_forgets_the_rest() -> None:
    memory: Memory[str, int] = Memory(3)
    for number in range(100):
        memory.keep(f"word {number}", number)
        if number % 2 == 0:
            memory.keep("often", -1)
        assert memory["often"] == -1
    assert memory["word 99"] == 99
    with pytest.raises(KeyError):
        memory["word 90"]
    memory.forget()
    with pytest.raises(KeyError):
        memory["often"]
