"""The English stemmer's short cut: it says what Snowball says."""

from hypothesis import given
from hypothesis import strategies as st
from nltk.stem.snowball import SnowballStemmer

from bot.retrieval.stemming import _WITHOUT_ENDING, is_stem, stemmer
from bot.wordlists import WordLists

SNOWBALL = SnowballStemmer("english")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
WORDS = st.builds(
    "".join,
    st.tuples(
        st.text(LETTERS, max_size=6),
        st.sampled_from(["", "ing", "at", "iz", "on", "ion", "li", "iti", "ent", "er", "or", "al", "ic", "is"]),
        st.text(LETTERS, max_size=3),
    ),
)


@given(word=WORDS)
def test_what_snowball_is_not_asked_for_it_would_leave_as_it_is(word: str) -> None:
    if _WITHOUT_ENDING.match(word):
        assert SNOWBALL.stem(word) == word


@given(word=WORDS)
def test_what_is_known_to_be_a_stem_stays_as_it_is(word: str) -> None:
    if is_stem(word, "en"):
        assert stemmer("en")(word) == word


def test_only_whole_english_words_without_an_ending_are_known_to_be_stems() -> None:
    known = ("prigozhin", "example", "controll", "houses", "mañana", "fox")
    assert [word for word in known if is_stem(word, "en")] == ["prigozhin", "fox"]
    assert not is_stem("fox", "de")


def test_words_of_the_shipped_lists_have_the_stems_that_snowball_gives_them() -> None:
    lists = WordLists()
    names = ("stopwords/en.txt", "boilerplate.txt", "punkt/en/starters.txt")
    lines = [line for name in names for line in lists.lines(name)]
    words = {word for line in lines for word in line.lower().split() if word.isascii() and word.isalpha()}
    assert len(words) > 500
    assert sum(_WITHOUT_ENDING.match(word) is not None for word in words) > len(words) / 4
    for word in words:
        snowballs = SNOWBALL.stem(word)
        if len(snowballs) >= 6 and snowballs.endswith("ll"):
            snowballs = snowballs[:-1]
        assert stemmer("en")(word) == snowballs
