from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.articles.article import Article, Kind, Passage
from bot.retrieval.analysis import Analyzers
from bot.retrieval.preparation import ArticlePreparation
from bot.wordlists import WordLists

TEXT = """The lighthouse of Brannow was built in 1887. It is 61 metres high.

Read more:

Marta Kowalczyk kept it for 30 years. Her son followed her.
"""


def preparation(owner_folder: Path | None = None, *, passage_sentences: int = 3) -> ArticlePreparation:
    lists = WordLists(owner_folder)
    return ArticlePreparation(lists, Analyzers(lists), passage_sentences=passage_sentences)


@pytest.fixture(scope="module")
def prepare() -> ArticlePreparation:
    return preparation()


def passages(prepare: ArticlePreparation, text: str, language: str = "") -> tuple[Passage, ...]:
    return prepare.prepare(Article(text=text, source="a", language=language)).passages


def test_a_title_has_terms_by_the_language_of_its_article(prepare: ArticlePreparation) -> None:
    english, german = (
        prepare.prepare(Article(text=TEXT, title="The wolves howl", source="a", language=language)).title_terms
        for language in ("en", "de")
    )
    assert english == "wolf howl"
    assert german == "the wolv howl"
    assert prepare.prepare(Article(text=TEXT, source="a")).title_terms == ""


def test_sentences_have_terms_and_a_shape_for_each(prepare: ArticlePreparation) -> None:
    first = passages(prepare, TEXT)[0].sentences[0]
    assert TEXT[first.start : first.end] == "The lighthouse of Brannow was built in 1887."
    assert first.content_terms() == ["lighthous", "brannow", "build", "1887"]
    assert len(first.shapes) == len(first.terms.split(" "))


def test_boilerplate_has_no_terms(prepare: ArticlePreparation) -> None:
    found = [one for passage in passages(prepare, TEXT) for one in passage.sentences if one.kind is Kind.BOILERPLATE]
    assert [(TEXT[one.start : one.end], one.terms, one.shapes) for one in found] == [("Read more:", "", "")]


def test_passages_know_the_heading_that_they_stand_under(prepare: ArticlePreparation) -> None:
    text = "# The keepers\n\n" + "\n\n".join(f"Keeper {n} came. He stayed. He left. He wrote." for n in range(3))
    found = passages(prepare, text)
    assert len(found) > 1
    assert {passage.heading for passage in found} == {"keeper"}


def test_the_language_is_the_given_one_or_else_detected(prepare: ArticlePreparation) -> None:
    german = "Der Leuchtturm wurde im Jahr 1887 gebaut und ist 61 Meter hoch, aber er steht nicht mehr."
    assert prepare.prepare(Article(text=german, source="a")).language == "de"
    assert prepare.prepare(Article(text=german, source="a", language="en-GB")).language == "en-GB"


def test_the_version_changes_with_whatever_a_passage_rests_on(tmp_path: Path) -> None:
    versions = {preparation().version, preparation(passage_sentences=4).version}
    for name in ("boilerplate.txt", "stopwords/en.txt", "stopwords/xx.txt", "synonyms.txt", "forms/en.txt"):
        folder = tmp_path / name.replace("/", "-")
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text("qwertz = asdf\n")
        versions.add(preparation(folder).version)
    assert len(versions) == 7
    assert preparation().version == preparation().version


@settings(deadline=None, max_examples=60)
@given(text=st.text(alphabet=st.sampled_from('Aabc. \n"“”’-#*1,é世界ж\u00ad\u0301\u200b!?'), max_size=200))
def test_any_text_gives_terms_that_fit_their_shapes(prepare: ArticlePreparation, text: str) -> None:
    for language in ("", "en", "fr", "zh"):
        end = 0
        for passage in passages(prepare, text, language):
            for sentence in passage.sentences:
                assert end <= sentence.start < sentence.end <= len(text)
                end = sentence.end
                terms = sentence.terms.split(" ") if sentence.terms else []
                assert len(terms) == len(sentence.shapes)
                assert all(terms)
                assert len(sentence.content_terms()) <= len(terms)
