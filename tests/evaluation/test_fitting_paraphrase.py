"""Questions in other words: what is replaced, what stays, how a chat writes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.fitting.dictionary import WordNet
from bot.evaluation.fitting.paraphrase import Paraphraser, Rates, listed_synonyms, wordnet_synonyms
from bot.evaluation.questions import AskedArticle, AskedParagraph, AskedQuestion, GoldAnswer
from tests.answering.worlds import ANALYZERS, paragraph

ENGLISH = ANALYZERS.of("en")
QUESTION = "In what year did chairman Viktor Lanz resign from the 3 boards?"
NOTHING = Rates(0, 0, 0, 0, 0, 0, 0, 0)


def asked(question: str = QUESTION) -> list[AskedArticle]:
    plain = paragraph(["Chairman Viktor Lanz will resign in 1998.", "He abdicates."])
    return [AskedArticle("Lanz", (AskedParagraph(plain.context, (one(question), one(OTHER)), plain.sentences),))]


def one(question: str) -> AskedQuestion:
    return AskedQuestion(question, (GoldAnswer(0, "Chairman"),))


OTHER = "Who drinks coffee?"
SYNONYMS = {"resign": ("quit",), "chairman": ("boss",), "board": ("panel",)}


def paraphraser(rates: Rates, question: str = QUESTION) -> Paraphraser:
    return Paraphraser(SYNONYMS, asked(question), ENGLISH, rates=rates)


def test_without_any_change_the_question_stays() -> None:
    assert paraphraser(NOTHING).copy(QUESTION) == QUESTION


def test_words_of_the_answer_are_replaced_and_names_and_numbers_stay() -> None:
    copy = paraphraser(NOTHING._replace(replaced=1.0)).copy(QUESTION)
    assert copy == "In what year did boss Viktor Lanz quit from the 3 boards?"


def test_words_that_the_answer_lacks_have_a_rate_of_their_own() -> None:
    copy = paraphraser(NOTHING._replace(replaced_elsewhere=1.0)).copy(QUESTION)
    assert "resign from the 3 panel?" in copy
    assert "chairman" in copy


def test_a_synonym_that_the_answer_holds_is_not_taken() -> None:
    rates = NOTHING._replace(replaced=1.0, strange=1.0)
    question = "When did Lanz resign?"
    copies = Paraphraser({"resign": ("chairman",)}, asked(question), ENGLISH, rates=rates)
    assert copies.copy(question) in {f"When did Lanz {word}?" for word in ("drinks", "coffee", "resign")}


def test_dropped_words_leave_two() -> None:
    rates = NOTHING._replace(replaced=1.0, replaced_elsewhere=1.0, dropped=1.0)
    assert paraphraser(rates, OTHER).copy(OTHER) == OTHER
    assert paraphraser(rates).copy(QUESTION) == "In what did Viktor Lanz from the 3?"


def test_a_chat_asks_in_small_letters_and_without_a_mark() -> None:
    rates = NOTHING._replace(lower_case=1.0, unmarked=1.0, rephrased=1.0)
    copy = paraphraser(rates).copy(QUESTION)
    assert copy.endswith("did chairman viktor lanz resign from the 3 boards")
    assert copy.split()[0] in {"when", "what", "which"}


def test_a_terse_question_keeps_its_question_word() -> None:
    assert paraphraser(NOTHING._replace(terse=1.0)).copy(OTHER) == "Who drinks coffee?"
    assert paraphraser(NOTHING._replace(terse=1.0)).copy(QUESTION) == "What year chairman Viktor Lanz resign 3 boards?"


def test_a_share_of_the_questions_is_copied_always_the_same() -> None:
    own = paraphraser(Rates())
    assert own.copies([QUESTION, OTHER], share=1.0).keys() == {QUESTION, OTHER}
    assert own.copies([QUESTION, OTHER], share=0.0) == {}
    assert own.copies([QUESTION]) == own.copies([QUESTION])


@given(st.text(alphabet="abc XY?19'", max_size=30).filter(str.strip))
def test_a_copy_keeps_every_name_and_number(question: str) -> None:
    rates = Rates()._replace(lower_case=0.0, rephrased=0.0)
    kept = {token.term for token in ENGLISH.tokens(question) if token.shape.value in "XA9Y"}
    copy = paraphraser(rates, question).copy(question)
    assert kept <= set(ENGLISH.terms(copy))


def test_wordnet_gives_the_nearest_words_first_and_common_ones_alone() -> None:
    senses = {("v", "quit"): [("v", "1"), ("v", "2")], ("v", "resign"): [("v", "1")], ("v", "stop"): [("v", "2")]}
    words = {("v", "1"): ["quit", "resign", "renounce"], ("v", "2"): ["quit", "stop"]}
    wordnet = WordNet([], words, {sense: [] for sense in words}, senses)
    passages = {"quit": 9, "resign": 9, "stop": 9, "renounc": 1}
    synonyms = wordnet_synonyms(wordnet, passages, ENGLISH)
    assert synonyms["quit"] == ("resign", "stop")
    assert synonyms["resign"] == ("quit",)
    assert "" not in synonyms


def test_a_table_of_related_terms_gives_its_terms() -> None:
    assert listed_synonyms("# Data\nquit\tresign 1000 stop 500\n") == {"quit": ("resign", "stop")}


@pytest.mark.parametrize("opening", ["Which city", "What is", "Who is", "For what reason did"])
def test_openings_have_other_forms(opening: str) -> None:
    question = f"{opening} Lanz leaves?"
    assert not paraphraser(NOTHING._replace(rephrased=1.0), question).copy(question).startswith(opening)
