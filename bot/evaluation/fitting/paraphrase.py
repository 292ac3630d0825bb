"""Questions in other words: what a stranger asks who has not read the sentence that answers.

The writers of SQuAD's questions looked at the paragraph and repeat its words; a ranking and a confidence fitted on
nothing else lean on repeated words alone. A copy replaces words of the answer's sentence by what WordNet knows beside
them, by strange words or by nothing, and is written as in a chat: the answer's sentence then holds 48 % of its
content words instead of 63 %.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from bot.evaluation.fitting.dictionary import LEAST_PASSAGES, WordNet, single_term
from bot.evaluation.questions import AskedArticle
from bot.retrieval.analysis import Analyzer, Shape, Token

SHARE = 0.5
"""Of the questions, that are asked in other words."""

SENSES = 3  # of a word, the commonest
WIDER, NARROWER = ("@",), ("~",)
WORDS_OF_SENSE = 4
MOST_SYNONYMS = 16  # of one term, the nearest
PLAIN_WORD = re.compile("[a-z]{3,}")


Synonyms = Mapping[str, Sequence[str]]
"""For a term other words, the nearest first."""


class Rates(NamedTuple):
    """How often what is done to a question."""

    replaced: float = 0.5  # a word that the answer's sentence holds
    replaced_elsewhere: float = 0.3  # a word that it lacks
    dropped: float = 0.35  # of the words that are replaced, those with nothing
    strange: float = 0.2  # of the same, those with a word that has nothing to do with it
    rephrased: float = 0.6  # an opening that has another form
    lower_case: float = 0.5
    unmarked: float = 0.4  # without the question mark
    terse: float = 0.08  # without any stop word but the question word


RATES = Rates()
FEWEST_LEFT = 2  # content words of a copy
OPENINGS = (
    (re.compile(r"^(?:in|during) (?:what|which) year\b", re.I), ("when", "what year", "which year")),
    (re.compile(r"^(?:what|which) year\b", re.I), ("when",)),
    (re.compile(r"^(?:on|at) (?:what|which) (?:date|day|time)\b", re.I), ("when", "what day")),
    (re.compile(r"^(?:in|at) (?:what|which) (?:city|country|town|place|state|location)\b", re.I), ("where",)),
    (re.compile(r"^for (?:what|which) reason\b", re.I), ("why", "how come")),
    (re.compile(r"^approximately\b|^about\b", re.I), ("",)),
    (re.compile(r"^(?:what|which) percentage of\b", re.I), ("how many", "what share of", "how much of")),
    (re.compile(r"^(?:what|which) number of\b", re.I), ("how many",)),
    (re.compile(r"^how (?:large|great)\b", re.I), ("how big",)),
    (re.compile(r"^which\b", re.I), ("what",)),
    (re.compile(r"^what is\b", re.I), ("what's",)),
    (re.compile(r"^who is\b", re.I), ("who's",)),
    (re.compile(r"^(?:by )?whom\b", re.I), ("who",)),
    (re.compile(r"^what (?:person|man|woman)\b", re.I), ("who",)),
)
"""What a question opens with, and what a chat may have in its place."""
ASKING = frozenset(("who", "whose", "what", "when", "where", "why", "which", "how", "many", "much", "long", "old"))


class Paraphraser:
    """Makes copies of the questions of some articles; the same question gets the same copy."""

    def __init__(
        self,
        synonyms: Synonyms,
        articles: Iterable[AskedArticle],
        analyzer: Analyzer,
        *,
        rates: Rates = RATES,
    ) -> None:
        self._synonyms = synonyms
        self._analyzer = analyzer
        self._rates = rates
        self._answers: dict[str, frozenset[str]] = {}
        words: dict[str, None] = {}
        for article in articles:
            for question, sentence in _answered(article):
                self._answers[question] = frozenset(analyzer.terms(sentence))
                words.update(dict.fromkeys(self._common_words(question)))
        self._strange = tuple(words)

    def copies(self, questions: Iterable[str], *, share: float = SHARE) -> dict[str, str]:
        """By question the copy of a share of them, drawn."""
        return {
            question: self.copy(question)
            for question in questions
            if random.Random(f"draw {question}").random() < share  # noqa: S311 # no secret
        }

    def copy(self, question: str) -> str:
        """The question in other words; none of its names and numbers is replaced.

        Of one that none of the articles has (a crossed one) every word counts as one that the answer lacks.
        """
        draw = random.Random(question)  # noqa: S311  # reproducible, nothing secret
        text = self._in_other_words(question, draw)
        if draw.random() < self._rates.rephrased:
            text = _rephrased(text, draw)
        if draw.random() < self._rates.terse:
            text = self._terse(text)
        if draw.random() < self._rates.unmarked:
            text = text.rstrip(" ?")
        return text.lower() if draw.random() < self._rates.lower_case else text[:1].upper() + text[1:]

    def _in_other_words(self, question: str, draw: random.Random) -> str:
        answer = self._answers.get(question, frozenset())
        content = [token for token in self._analyzer.tokens(question) if token.shape is not Shape.STOP]
        left = len(content)
        for token in reversed(content):
            rate = self._rates.replaced if token.term in answer else self._rates.replaced_elsewhere
            if not _is_common_word(token, question) or draw.random() >= rate:
                continue
            word = self._instead(token.term, answer, draw)
            if word or left > FEWEST_LEFT:
                left -= not word
                question = question[: token.start] + word + question[token.end :]
        return " ".join(question.replace(" ?", "?").split())

    def _instead(self, term: str, answer: frozenset[str], draw: random.Random) -> str:
        """Another word, none of the answer's sentence; "" for nothing."""
        known = [word for word in self._synonyms.get(term, ()) if self._analyzer.term(word) not in answer]
        fate = draw.random() if known else draw.random() * (self._rates.dropped + self._rates.strange)
        if fate < self._rates.dropped or not self._strange:
            return ""
        if fate < self._rates.dropped + self._rates.strange or not known:
            return draw.choice(self._strange)
        return draw.choices(known, [1 / (1 + place) for place in range(len(known))])[0]

    def _terse(self, text: str) -> str:
        tokens = self._analyzer.tokens(text)
        kept = [
            text[token.start : token.end]
            for token in tokens
            if token.shape is not Shape.STOP or text[token.start : token.end].lower() in ASKING
        ]
        return " ".join(kept) + "?"

    def _common_words(self, question: str) -> Iterator[str]:
        for token in self._analyzer.tokens(question):
            if token.shape is not Shape.STOP and _is_common_word(token, question):
                yield question[token.start : token.end]


def wordnet_synonyms(wordnet: WordNet, passages: Mapping[str, int], analyzer: Analyzer) -> Synonyms:
    """For each term the words that WordNet knows beside it: of the same sense, derived from it, wider and narrower;
    among those that enough passages hold."""
    term_of = {word: single_term(word, analyzer) for _, word in wordnet.senses if PLAIN_WORD.fullmatch(word)}
    common = {word: term for word, term in term_of.items() if passages.get(term, 0) >= LEAST_PASSAGES}
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for part, word in wordnet.senses:
        own = found[common.get(word, "")]
        for other, distance in _beside(wordnet, part, word) if word in common else ():
            if common.get(other, common[word]) != common[word]:
                own[other] = min(distance, own.get(other, distance))
    return {
        term: tuple(sorted(others, key=lambda word: (others[word], word))[:MOST_SYNONYMS])
        for term, others in found.items()
        if others
    }


def listed_synonyms(text: str) -> Synonyms:
    """The same from a table of related terms (term, tab, "term number term number"): its terms stand for words."""
    lines = (line.partition("\t") for line in text.splitlines() if line[:1] not in ("", "#"))
    return {term: tuple(rest.split()[::2]) for term, _, rest in lines}


def _beside(wordnet: WordNet, part: str, word: str) -> Iterator[tuple[str, float]]:
    """The words beside one, each with how far it is."""
    for place, sense in enumerate(wordnet.senses[part, word][:SENSES]):
        yield from ((other, float(place)) for other in wordnet.words[sense][:WORDS_OF_SENSE])
        for pointer in wordnet.pointers[sense]:
            if pointer.symbol in WIDER:
                yield from ((other, place + 0.5) for other in wordnet.words[pointer.sense][:2])
            elif pointer.symbol in NARROWER:
                yield from ((other, place + 1.5) for other in wordnet.words[pointer.sense][:1])
    yield from ((other, 0.75) for other, _ in wordnet.related(part, word))


def _answered(article: AskedArticle) -> Iterator[tuple[str, str]]:
    """Each question of an article with the sentences that answer it."""
    for paragraph in article.paragraphs:
        for asked in paragraph.questions:
            gold = sorted(paragraph.gold_sentences(asked))
            yield asked.question, " ".join(paragraph.context[slice(*paragraph.sentences[number])] for number in gold)


def _is_common_word(token: Token, question: str) -> bool:
    """Whether a content word is no name, no number and written in small letters."""
    return token.shape is Shape.LOWER and PLAIN_WORD.fullmatch(question[token.start : token.end]) is not None


def _rephrased(text: str, draw: random.Random) -> str:
    for opening, others in OPENINGS:
        if opening.search(text):
            return opening.sub(draw.choice(others), text).strip()
    return text
