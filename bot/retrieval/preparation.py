"""From an article to its passages with terms: language, sentences and analysis put together."""

import msgspec

from bot.articles.article import Article, Kind, Passage, Sentence
from bot.articles.change import Prepared
from bot.articles.sentences import Splitter
from bot.retrieval.analysis import ANALYSIS_VERSION, Analyzer, Analyzers, lists_of
from bot.wordlists import WordLists


class ArticlePreparation:
    """The steps from an article to its passages (bot.articles.library.Preparation)."""

    def __init__(self, lists: WordLists, analyzers: Analyzers, *, passage_sentences: int) -> None:
        self._splitter = Splitter(lists, passage_sentences=passage_sentences)
        self._analyzers = analyzers
        languages = lists.codes("stopwords") | lists.codes("forms")
        self._version = f"{ANALYSIS_VERSION}:{lists.fingerprint(lists_of(languages))}:{self._splitter.version}"

    @property
    def version(self) -> str:
        """Differs whenever any article's passages would."""
        return self._version

    def prepare(self, article: Article) -> Prepared:
        """The article's language, detected where it was not given, and its passages with terms and shapes."""
        language = article.language or _detected(article.text)
        base = language.partition("-")[0].lower()
        analyzer = self._analyzers.of(base)
        passages: list[Passage] = []
        heading = ""
        for passage in self._splitter.split(article.text, base, article.title):
            sentences = tuple(_analysed(sentence, article.text, analyzer) for sentence in passage.sentences)
            headings = [sentence for sentence in sentences if sentence.kind is Kind.HEADING]
            if headings:
                heading = " ".join(" ".join(sentence.content_terms()) for sentence in headings)
            passages.append(msgspec.structs.replace(passage, sentences=sentences, heading=heading))
        return Prepared(language, tuple(passages), " ".join(analyzer.terms(article.title)))


def _detected(text: str) -> str:
    from bot.articles.language import detect  # its model is not needed to answer

    return detect(text)


def _analysed(sentence: Sentence, text: str, analyzer: Analyzer) -> Sentence:
    """The sentence with its terms and shapes; boilerplate has none."""
    if sentence.kind is Kind.BOILERPLATE:
        return sentence
    terms, shapes = analyzer.joined(text[sentence.start : sentence.end])
    return Sentence(sentence.start, sentence.end, sentence.kind, terms, shapes)
