"""An article's title: its own first heading, or else its opening words."""

from bot.articles.article import Kind
from bot.articles.boilerplate import Boilerplate
from bot.articles.kinds import kinds_of
from bot.articles.layout import lines_of, paragraphs_of
from bot.wordlists import WordLists

OPENING_CHARACTERS = 70
TITLE_BLANKS = 3
HEAD_CHARACTERS = 20_000
"""As much of a text is looked at for its title."""


class Titles:
    """Finds titles; it knows the phrases that no title is made of."""

    def __init__(self, lists: WordLists) -> None:
        self._boilerplate = Boilerplate(lists)

    def of(self, text: str) -> str:
        """The first heading over the text, of four words if there is such a one; else the opening words, with "…"."""
        head = text[:HEAD_CHARACTERS]
        paragraphs = list(paragraphs_of(head, lines_of(head), self._boilerplate.stands_alone))
        headings: list[str] = []
        for start, end, kind in kinds_of(head, paragraphs, self._boilerplate):
            if kind is Kind.PROSE:
                return _title(headings) or opening(head[start:])
            if kind is Kind.HEADING:
                headings.append(" ".join(head[start:end].lstrip("# ").split()))
        return _title(headings) or opening(head)


def _title(headings: list[str]) -> str:
    """The likeliest of the headings before the first sentence: a site's name and its section are short."""
    return next((line for line in headings if line.count(" ") >= TITLE_BLANKS), headings[0] if headings else "")


def opening(text: str) -> str:
    """The first words of `text`, at most OPENING_CHARACTERS characters, and "…" when there are more."""
    words = " ".join(text[: OPENING_CHARACTERS * 4].split())
    if len(words) <= OPENING_CHARACTERS:
        return words
    cut = words.rfind(" ", 0, OPENING_CHARACTERS + 1)
    return words[: cut if cut > 0 else OPENING_CHARACTERS].rstrip(" ,;:-–—") + "…"
