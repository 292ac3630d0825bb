"""The features by which a follow-up takes words over."""

from bot.answering.followups.conversation import Conversation, Turn
from bot.answering.followups.leaning import LeaningWords, offered_words, said_in
from bot.answering.followups.takeover import Scene, Takeover, scene_of
from bot.answering.question import QuestionReader
from bot.retrieval.analysis import Analyzers
from bot.wordlists import WordLists

LISTS = WordLists()
ENGLISH = Analyzers(LISTS).of("en")
FIRST = Turn(question="What did she record in 1995?", answer="the album Iron Bridge", title="Ada Byron", at=0.0)


def scene(question: str, *turns: Turn) -> Scene:
    texts = said_in(Conversation(turns), ENGLISH)
    return scene_of(question, texts, QuestionReader(LISTS, longest=1000), LeaningWords(LISTS, ENGLISH), ENGLISH)


def features(question: str, term: str, *turns: Turn) -> set[str]:
    known = scene(question, *turns)
    word = next(word for word in offered_words(known.texts) if word.term == term)
    takeover = Takeover(known)
    return {*takeover.of_kind(word), *takeover.of_word(word)}


def test_a_scene_knows_title_names_and_pronoun() -> None:
    known = scene("Was that album good?", FIRST)
    assert known.title == {"ada", "byron"}
    assert known.named == {"iron", "bridg"}
    assert known.pronoun == "person"
    assert known.asked == ["anything"]


def test_how_much_of_the_title_a_question_says() -> None:
    assert scene("Was it good?", FIRST).overlap == "no"
    assert scene("Was Byron there?", FIRST).overlap == "part"
    assert scene("was ada byron there?", FIRST).overlap == "all"


def test_a_name_behind_the_noun_that_is_pointed_at_is_told_from_others() -> None:
    assert {"answer1*", "behind noun 0", "answer1* pointer"} <= features("Was that album good?", "bridg", FIRST)
    assert "behind none" in features("Was that album good?", "byron", FIRST)
    assert "behind none" in features("Was it good?", "bridg", FIRST)


def test_a_year_is_told_from_other_words() -> None:
    assert "question year" in features("What happened then?", "1995", FIRST)


def test_what_stands_beside_a_word_is_told_as_the_stop_word_or_as_its_shape() -> None:
    found = features("Was it good?", "album", FIRST)
    assert {"behind word the", "before word <CAPITALISED>"} <= found
    assert {"behind word <CAPITALISED>", "before word edge"} <= features("Was it good?", "bridg", FIRST)


def test_without_a_title_that_is_a_name_the_sources_have_weights_of_their_own() -> None:
    headline = Turn(question="What fell?", answer="Iron Bridge", title="Bridge falls down again in storm", at=0.0)
    found = features("Was it good?", "bridg", headline)
    assert "~answer1*" in found
    assert "answer1*" not in found
