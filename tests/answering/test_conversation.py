"""Conversations: bounded, expiring, stored as JSON; and what a follow-up takes over from them."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.followups.conversation import LONGEST_TEXT, MOST_TURNS, Conversation, Turn
from bot.answering.followups.leaning import LeaningWords, is_a_name, offered_words, said_in
from bot.answering.followups.rewriting import FollowUps, Rewriting
from bot.answering.question import QuestionReader
from bot.errors import SettingsError
from bot.retrieval.analysis import Analyzers
from bot.wordlists import WordLists

LISTS = WordLists()
ANALYZERS = Analyzers(LISTS)
ENGLISH = ANALYZERS.of("en")
FOLLOW_UPS = FollowUps(LISTS, QuestionReader(LISTS, longest=1000))
HEADLINE = "Bridge over the Rhône closes again as flood nears"
FIRST = Turn(
    question="Who is the mayor of Lyon?",
    quote="The flood worries Lyon, whose mayor Clara Whitfield has asked the ministry for boats.",
    answer="Clara Whitfield",
    title=HEADLINE,
    article="a1",
    at=100.0,
)


def rewrite(text: str, conversation: Conversation, language: str = "en") -> Rewriting | None:
    return FOLLOW_UPS.rewrite(text, conversation, analyzer=ANALYZERS.of(language))


def after(*turns: Turn) -> Conversation:
    conversation = Conversation()
    for turn in turns:
        conversation = conversation.after(turn)
    return conversation


def test_a_conversation_remembers_so_many_turns_and_forgets_the_oldest() -> None:
    turns = [Turn(question=str(number), at=float(number)) for number in range(MOST_TURNS + 3)]
    assert [turn.question for turn in after(*turns).turns] == [str(number) for number in range(3, MOST_TURNS + 3)]


def test_long_texts_are_remembered_by_their_start() -> None:
    assert len(after(Turn(question="x" * 9999, quote="y" * 9999, at=0.0)).turns[0].question) == LONGEST_TEXT


def test_a_conversation_expires_by_its_last_turn() -> None:
    conversation = after(FIRST, Turn(question="And when?", at=160.0))
    assert conversation.at(160.0 + 30 * 60, expires_minutes=30) == conversation
    assert conversation.at(160.1 + 30 * 60, expires_minutes=30) == Conversation()
    assert Conversation().at(0.0, expires_minutes=30) == Conversation()


def test_a_conversation_comes_back_from_json_as_it_was() -> None:
    conversation = after(FIRST)
    assert msgspec.json.decode(msgspec.json.encode(conversation), type=Conversation) == conversation


def test_a_turn_that_was_stored_without_the_question_as_it_was_asked_is_still_read() -> None:
    stored = b'{"turns": [{"question": "Who?", "quote": "It was Ada.", "at": 1.0}]}'
    assert msgspec.json.decode(stored, type=Conversation) == after(Turn(question="Who?", quote="It was Ada.", at=1.0))


@pytest.mark.parametrize(
    ("title", "newest", "offered"),
    [
        ("Ada Byron", "Ada Byron", {"born"}),
        ("Ada Byron", "", {"born"}),
        ("Ada Byron", "Clara Whitfield", {"born", "Lyon"}),
        (HEADLINE, HEADLINE, {"born", "Lyon"}),
        ("", "", {"born", "Lyon"}),
    ],
)
def test_what_a_question_took_over_is_offered_again_where_the_newest_title_does_not_name_what_it_is_about(
    title: str, newest: str, offered: set[str]
) -> None:
    first = Turn(question="Where was she born? (Lyon)", asked="Where was she born?", title=title, at=0.0)
    words = offered_words(said_in(after(first, Turn(question="Why?", title=newest, at=1.0)), ENGLISH))
    assert {word.text for word in words if word.source == "question"} == offered


def test_a_bare_question_word_takes_over_what_the_question_before_took_over() -> None:
    first = Turn(question="And when? (Iron Bridge fell)", asked="And when?", title="Ada Byron", at=0.0)
    rewriting = rewrite("And why?", after(first))
    assert rewriting is not None
    assert {"Iron", "Bridge", "fell"} <= set(rewriting.words)


def test_a_question_for_something_else_leaves_out_the_names_that_were_said_and_few_other_words() -> None:
    weights = {"threshold": -0.95, "threshold likeliest": -1.0, "threshold said": -1.2, "threshold besides": 0.0}
    even = FollowUps(LISTS, QuestionReader(LISTS, longest=1000), weights | {"bias": -0.5})
    conversation = after(Turn(question="Why?", answer="tall boats near Lyon", title="Ada Byron", at=0.0))
    else_, plain = (
        even.rewrite(text, conversation, analyzer=ENGLISH)
        for text in ("What else did she build?", "What did she build?")
    )
    assert else_ is not None
    assert (else_.words, else_.besides) == (("Ada", "Byron"), ("Lyon",))
    assert plain is not None
    assert plain.words == ("Ada", "Byron", "tall", "boats", "near", "Lyon")


def test_a_pronoun_stands_for_the_person_that_was_answered() -> None:
    rewriting = rewrite("What did she ask the ministry for?", after(FIRST))
    assert rewriting is not None
    assert rewriting.leans
    assert {"Clara", "Whitfield"} <= set(rewriting.words)
    assert rewriting.text.startswith("What did she ask the ministry for? (")
    assert rewriting.change.kind == "follow-up"
    assert rewriting.change.before == "What did she ask the ministry for?"
    assert "Clara Whitfield" in rewriting.change.after


def test_a_bare_question_word_takes_over_the_question_before() -> None:
    second = Turn(
        question="What did she ask the ministry for? (Clara Whitfield)", answer="boats", title=HEADLINE, at=1.0
    )
    rewriting = rewrite("And when?", after(FIRST, second))
    assert rewriting is not None
    assert {"ask", "ministry", "Clara", "Whitfield"} <= set(rewriting.words)


def test_a_new_name_stands_in_the_place_of_the_old_one() -> None:
    first = Turn(question="When was Clara Whitfield elected?", answer="in 2019", title=HEADLINE, at=0.0)
    rewriting = rewrite("What about Jean Martin?", after(first))
    assert rewriting is not None
    assert "elected" in rewriting.words
    assert not {"Clara", "Whitfield"} & set(rewriting.words)


@pytest.mark.parametrize(
    "question",
    [
        "And who is Jean Martin?",
        "What is the population of Marseille?",
        "Who is Jean Martin?",
        "How many boats sank in Marseille?",
        "Jean Martin",
    ],
)
def test_a_question_that_stands_alone_is_left_alone(question: str) -> None:
    assert rewrite(question, after(FIRST)) is None


def test_without_a_conversation_nothing_is_taken_over() -> None:
    assert rewrite("And when?", Conversation()) is None


def test_what_was_said_already_is_shown_and_not_searched() -> None:
    first = Turn(question="What did Ada Byron build?", answer="Iron Bridge", title="Ada Byron", at=0.0)
    rewriting = rewrite("What else did she build?", after(first))
    assert rewriting is not None
    assert not {"Iron", "Bridge"} & set(rewriting.words)
    assert all(word not in rewriting.text for word in rewriting.besides)


def test_a_question_for_something_else_shows_what_was_said() -> None:
    rewriting = rewrite("What else did she ask for?", after(FIRST))
    assert rewriting is not None
    assert rewriting.besides
    assert "besides " in rewriting.change.after
    assert "besides " not in rewriting.text


@pytest.mark.parametrize(
    "question", ["Did Ada Byron marry?", "did ada byron marry?", "Where do the Ada Byron sons live?"]
)
def test_a_question_that_says_the_whole_title_is_left_alone(question: str) -> None:
    first = Turn(question="Where was she born?", answer="Lyon", title="Ada Byron (engineer)", at=0.0)
    assert rewrite(question, after(first)) is None


def test_a_question_without_a_name_takes_over_the_title_and_can_be_asked_without_it() -> None:
    first = Turn(question="Where was she born?", answer="Lyon", title="Ada Byron", at=0.0)
    rewriting = rewrite("Were there any bridges?", after(first))
    assert rewriting is not None
    assert not rewriting.leans
    assert {"Ada", "Byron"} <= set(rewriting.words)


@pytest.mark.parametrize("question", ["Did Byron marry?", "did byron marry?", "Was iron bridge tall?"])
def test_a_part_of_the_title_or_another_name_that_was_said_is_enough(question: str) -> None:
    first = Turn(question="What did she build?", answer="Iron Bridge", title="Ada Byron", at=0.0)
    assert rewrite(question, after(first)) is None


@pytest.mark.parametrize(
    ("question", "pointed"),
    [
        ("What is this album of?", ("album",)),
        ("Is the first album on that tape?", ("tape",)),
        ("Was that so?", ()),
        ("Why?", ()),
    ],
)
def test_a_question_points_at_a_noun(question: str, pointed: tuple[str, ...]) -> None:
    assert LeaningWords(LISTS, ENGLISH).leaning(question, ENGLISH.tokens(question)).pointed == pointed


def test_what_is_spoken_of_as_known_is_looked_for_in_the_conversation() -> None:
    first = Turn(question="Did Ada Byron write?", answer="an album", title="Ada Byron", at=0.0)
    asked = rewrite("What was the album?", after(first))
    assert asked is not None
    assert set(asked.words) >= {"Ada", "Byron"}
    assert rewrite("What is an album?", after(first)) is None


@pytest.mark.parametrize(
    ("language", "first", "answer", "second", "taken"),
    [
        ("uk", "Хто очолює місто?", "Клара Вітфілд", "Що вона сказала?", "Клара"),
        ("ru", "Кто возглавляет город?", "Клара Уитфилд", "Что она сказала?", "Клара"),
        ("es", "¿Quién dirige la ciudad?", "Clara Whitfield", "¿Qué dijo ella?", "Clara"),
        ("de", "Wer leitet die Stadt?", "Clara Whitfield", "Was hat sie gesagt?", "Clara"),
        ("fr", "Qui dirige la ville ?", "Clara Whitfield", "Qu'a-t-elle dit ?", "Clara"),
        ("uk", "Коли затопило Ліон?", "", "А чому?", "Ліон"),
        ("ru", "Когда затопило Лион?", "", "А почему?", "Лион"),
        ("es", "¿Cuándo se inundó Lyon?", "", "¿Y por qué?", "Lyon"),
        ("de", "Wann wurde Lyon überflutet?", "", "Und warum?", "Lyon"),
        ("fr", "Quand Lyon a-t-elle été inondée ?", "", "Et pourquoi ?", "Lyon"),
    ],
)
def test_other_languages_follow_up_by_their_lists(
    language: str, first: str, answer: str, second: str, taken: str
) -> None:
    rewriting = rewrite(second, after(Turn(question=first, answer=answer, title=HEADLINE, at=0.0)), language)
    assert rewriting is not None
    assert taken in rewriting.words


def test_a_language_without_leaning_words_does_not_follow_up() -> None:
    assert rewrite("And when?", after(FIRST), "fi") is None


@pytest.mark.parametrize(
    ("text", "sorts", "named"),
    [
        ("What did he say?", {"person"}, False),
        ("Is there any other bridge?", {"other"}, False),
        ("Did he go there?", {"person", "place"}, False),
        ("And when?", {"opener"}, False),
        ("Salt and pepper?", set(), False),
        ("What did Clara say about her bridge?", set(), True),
        ("What did she say about Clara?", {"person"}, True),
        ("What about Lyon?", {"opener"}, True),
        ("When was Guilty All the Same sold?", set(), True),
        ("Did she sell the same?", {"person", "pointer"}, False),
        ("Is anything that she built there?", {"person", "place"}, False),
        ("What about Byron that was not said?", {"opener"}, True),
    ],
)
def test_leaning_words_are_told_from_those_that_do_not_lean(text: str, sorts: set[str], named: bool) -> None:
    leaning = LeaningWords(LISTS, ENGLISH).leaning(text, ENGLISH.tokens(text))
    assert leaning.sorts == sorts
    assert leaning.named is named


@pytest.mark.parametrize(
    ("title", "name"),
    [("Frank Zappa", True), ("Yes (band)", True), ("The Bank of England", True), (HEADLINE, False), ("", False),
     ("?", False), ("Jan van Eyck", True), ("Turkana people", True), ("Zappa disbands his group", False)],
)  # fmt: skip
def test_a_title_is_a_name_or_a_headline(title: str, name: bool) -> None:
    assert is_a_name(title, ENGLISH) is name


def test_a_headline_offers_nothing() -> None:
    assert offered_words(said_in(after(Turn(question="Why?", title=HEADLINE, at=0.0)), ENGLISH)) == []


def test_words_are_offered_once_newest_first() -> None:
    second = Turn(question="What did she ask for?", answer="boats for Lyon", title=HEADLINE, at=1.0)
    words = offered_words(said_in(after(FIRST, second), ENGLISH))
    assert len({word.term for word in words}) == len(words)
    assert [word.text for word in words if word.source == "answer"] == ["boats", "Lyon", "Clara", "Whitfield"]
    lyon = next(word for word in words if word.term == "lyon")
    assert (lyon.back, lyon.name) == (1, True)
    assert lyon.also == {"answer1", "question2", "quote2"}


def test_a_wrong_line_names_the_file_and_the_sorts(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("lists")
    (folder / "follow-ups").mkdir()
    (folder / "follow-ups" / "en.txt").write_text("yonder = far\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r'follow-ups/en.txt: "yonder = far": expected .*person, people'):
        LeaningWords(WordLists(folder), ENGLISH)


TEXT = st.text(max_size=60)


@given(st.lists(st.builds(Turn, question=TEXT, quote=TEXT, answer=TEXT, title=TEXT, at=st.just(0.0)), max_size=5), TEXT)
def test_any_conversation_and_text_are_read(turns: list[Turn], text: str) -> None:
    rewriting = rewrite(text, after(*turns))
    if rewriting is not None:
        assert rewriting.text.startswith(text)
        assert rewriting.words or rewriting.besides
