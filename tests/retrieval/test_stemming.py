"""The English stemmer's short cut: it says what Snowball says."""

from hypothesis import given
from hypothesis import strategies as st
from nltk.stem.snowball import SnowballStemmer

from bot.retrieval.stemming import _WITHOUT_ENDING, stemmer
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
