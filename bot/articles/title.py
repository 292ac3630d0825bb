"""An article's title: its own first heading, or else its opening words."""

from bot.wordlists import WordLists

OPENING_CHARACTERS = 70


class Titles:
    """Finds titles; it knows the phrases that no title is made of."""

    def __init__(self, lists: WordLists) -> None:
        self._lists = lists

    def of(self, text: str) -> str:
        """The first line when it reads like a heading; else the opening words, cut between words, with "…"."""
        return opening(text)


def opening(text: str) -> str:
    """The first words of `text`, at most OPENING_CHARACTERS characters, and "…" when there are more."""
    words = " ".join(text[: OPENING_CHARACTERS * 4].split())
    if len(words) <= OPENING_CHARACTERS:
        return words
    cut = words.rfind(" ", 0, OPENING_CHARACTERS + 1)
    return words[: cut if cut > 0 else OPENING_CHARACTERS].rstrip(" ,;:-–—") + "…"
