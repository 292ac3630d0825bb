"""Sample questions: what a newcomer may ask, made from the names that the articles speak of most."""

from collections.abc import Callable, Iterator

from bot.answering.smalltalk import Subject, frequent_subjects
from bot.articles.article import Kind
from bot.articles.library import Library
from bot.retrieval.analysis import Analyzers
from bot.wordlists import WordLists

HOW_MANY = 2
SUBJECTS_TRIED = 12
SENTENCES_READ = 400
"""Of the library's first articles: enough to find names in, and quick."""


class SampleQuestions:
    """Questions about the library's commonest names, after the templates sample-questions/<code>.txt.

    A template is a line `person = Who is {name}?` or `other = What is said about {name}?`.
    """

    def __init__(self, library: Library, analyzers: Analyzers, lists: WordLists) -> None:
        self._library = library
        self._analyzers = analyzers
        self._lists = lists

    def made(self, is_answered: Callable[[str, str], bool]) -> tuple[str, ...]:
        """Two questions that `is_answered` (given the question and its language) finds an answer to; fewer where there
        are none."""
        languages = self._library.languages()
        if not languages:
            return ()
        language = max(languages, key=lambda code: (languages[code], code))
        templates = dict(self._templates(language))
        if not templates:
            return ()
        found: list[str] = []
        analyzer = self._analyzers.of(language)
        for subject in frequent_subjects(self._sentences(language), analyzer)[:SUBJECTS_TRIED]:
            question = _question(templates, subject)
            if question and is_answered(question, language):
                found.append(question)
                if len(found) == HOW_MANY:
                    break
        return tuple(found)

    def _templates(self, language: str) -> Iterator[tuple[str, str]]:
        for line in self._lists.lines(f"sample-questions/{language}.txt"):
            kind, _, template = line.partition("=")
            yield kind.strip(), template.strip()

    def _sentences(self, language: str) -> Iterator[str]:
        """The text of the first sentences of prose in a language."""
        left = SENTENCES_READ
        for article in self._library.articles():
            if article.language != language:
                continue
            text = self._library.text(article.number)
            for passage in self._library.passages_of([article.number]):
                for sentence in passage.sentences:
                    if sentence.kind is Kind.PROSE:
                        yield text[sentence.start : sentence.end]
                        left -= 1
            if left <= 0:
                return


def _question(templates: dict[str, str], subject: Subject) -> str:
    template = templates.get("person" if subject.person else "other", "")
    return template.replace("{name}", subject.name)
