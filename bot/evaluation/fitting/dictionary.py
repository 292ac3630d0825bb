"""What WordNet knows of words, as lines of tables: which terms synonyms and derivations join, which are of a kind.

Miller 1995, "WordNet: a lexical database for English". Kept are the relations that, on SQuAD's training set, join a
question's term and a word of the answer's sentence at least 1.7 times as often as a word of the sentences beside it;
those of 2.3 times and more count in full, the others half. Hypernyms and antonyms do not reach it, nor does what the
Moby thesaurus adds (.9 to 1.3 times, however alike two of its entries are); what stands below a noun
("which *city*": Lyon, Basra) tells the kind of answer instead.
"""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from bot.answering.tables import PARTS
from bot.errors import SettingsError
from bot.evaluation.fitting.samples import Asker
from bot.evaluation.questions import AskedArticle
from bot.retrieval.analysis import Analyzer, Shape

DICTIONARY = {
    "related.txt": "Terms that a dictionary relates: synonyms, derivations, similar adjectives. Whole numbers are "
    "thousandths.",
    "kinds.txt": "Nouns that questions ask for, each with the terms that a dictionary calls kinds or instances of it.",
}
"""The tables that are made of a dictionary, and what they hold."""
DATA = "Data: WordNet 3.0, among terms that the training set of SQuAD 1.1 holds; made by `verbatim fit --wordnet`."
FULL, HALF = int(PARTS), int(PARTS / 2)
PARTS_OF_SPEECH = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
SENSES = 5  # of a word, the commonest
DERIVED, VERB_GROUP, SIMILAR, ENTAILED, PERTAINYM = "+", "$", "&", "*", "\\"
WORDS_OF_SENSE = 3  # of a sense that is related as a whole
BELOW = frozenset(("~", "~i"))
LEAST_PASSAGES = 8  # of the question file that hold a term: rarer ones would fill the table
LEAST_OF_KIND = 5  # the same for a term that is of a kind
LEAST_ASKED = 4  # questions that ask for a noun
SENSES_OF_KIND, DEEPEST = 2, 9  # of a noun, and levels below it

_Sense = tuple[str, str]
"""A part of speech and an offset in its file."""


class _Pointer(NamedTuple):
    symbol: str
    sense: _Sense
    source: int  # the number of the word that is related, from 1; 0 for the sense as a whole
    target: int


class WordNet(NamedTuple):
    """WordNet's database: the words and pointers of each sense, the senses of each word, commonest first."""

    licence: Sequence[str]  # its notice, which goes with every copy
    words: Mapping[_Sense, Sequence[str]]
    pointers: Mapping[_Sense, Sequence[_Pointer]]
    senses: Mapping[tuple[str, str], Sequence[_Sense]]  # by part of speech and word

    @classmethod
    def read(cls, folder: Path) -> "WordNet":
        """The database in a folder (data.noun, index.noun, ...). Raises SettingsError when it is not there."""
        words: dict[_Sense, list[str]] = {}
        pointers: dict[_Sense, list[_Pointer]] = {}
        senses: dict[tuple[str, str], list[_Sense]] = {}
        for part, name in PARTS_OF_SPEECH.items():
            for fields in _lines(folder / f"data.{name}"):
                sense = (part, fields[0])
                count = int(fields[3], 16)
                words[sense] = [fields[4 + 2 * place].partition("(")[0].lower() for place in range(count)]
                pointers[sense] = list(_pointers(fields[4 + 2 * count :]))
            for fields in _lines(folder / f"index.{name}"):
                senses[part, fields[0]] = [(part, offset) for offset in fields[-int(fields[2]) :]]
        return cls(_licence(folder / "data.noun"), words, pointers, senses)

    def related(self, part: str, word: str) -> Iterator[tuple[str, int]]:
        """The words that a word's senses are related to, each with how much it counts."""
        for rank, sense in enumerate(self.senses[part, word][:SENSES]):
            own = self.words[sense]
            yield from ((other, FULL if rank == 0 else HALF) for other in own if other != word)
            number = own.index(word) + 1 if word in own else 0
            for pointer in self.pointers[sense]:
                yield from self._pointed(pointer, number, rank)

    def below(self, noun: str) -> set[str]:
        """The nouns that name kinds or instances of a noun, each in one of its commonest senses."""
        found: set[str] = set()
        seen = set(self.senses["n", noun][:SENSES_OF_KIND])
        level = list(seen)
        for _ in range(DEEPEST):
            pointers = [pointer for sense in level for pointer in self.pointers[sense] if pointer.symbol in BELOW]
            level = [sense for sense in dict.fromkeys(pointer.sense for pointer in pointers) if sense not in seen]
            seen.update(level)
            found.update(
                word
                for sense in level
                for word in self.words[sense]
                if sense in self.senses.get(("n", word), ())[:SENSES_OF_KIND]
            )
        return found

    def _pointed(self, pointer: _Pointer, number: int, rank: int) -> Iterator[tuple[str, int]]:
        target = self.words[pointer.sense]
        if pointer.symbol == DERIVED and pointer.source in (0, number) and pointer.target:
            yield target[pointer.target - 1], FULL
        elif pointer.symbol == VERB_GROUP or (pointer.symbol == SIMILAR and rank == 0):
            yield from ((other, FULL) for other in target[:WORDS_OF_SENSE])
        elif pointer.symbol in (PERTAINYM, ENTAILED):
            yield from ((other, HALF) for other in target[:WORDS_OF_SENSE])


def dictionary_tables(
    wordnet: WordNet, articles: Sequence[AskedArticle], asker: Asker
) -> Iterator[tuple[str, Sequence[str], Mapping[str, str]]]:
    """The tables of a dictionary: the name of each, its notes with the dictionary's own, its lines."""
    passages = passages_holding(articles, asker.analyzer)
    asked = Counter(asker.read(each.question).head for article in articles for each in article.questions())
    related = related_lines(wordnet, passages, asker.analyzer)
    kinds = kind_lines(wordnet, asked, passages, asker.analyzer)
    for (name, title), lines in zip(DICTIONARY.items(), (related, kinds), strict=True):
        yield name, [title, DATA, "", *wordnet.licence], lines


def related_lines(wordnet: WordNet, passages: Counter[str], analyzer: Analyzer) -> Mapping[str, str]:
    """For each term the terms related to it, with thousandths: both ways, among terms that enough passages hold."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for part, word in wordnet.senses:
        term = single_term(word, analyzer)
        if passages[term] < LEAST_PASSAGES:
            continue
        for other_word, worth in wordnet.related(part, word):
            other = single_term(other_word, analyzer)
            if other != term and passages[other] >= LEAST_PASSAGES:
                found[term][other] = max(worth, found[term].get(other, 0))
                found[other][term] = max(worth, found[other].get(term, 0))
    return {
        term: " ".join(f"{other} {worth}" for other, worth in sorted(row.items(), key=lambda one: (-one[1], one[0])))
        for term, row in sorted(found.items())
    }


def kind_lines(wordnet: WordNet, asked: Counter[str], passages: Counter[str], analyzer: Analyzer) -> Mapping[str, str]:
    """For each noun that questions ask for (its term) the terms that are of its kind."""
    nouns: dict[str, str] = {}
    for part, word in wordnet.senses:
        term = single_term(word, analyzer) if part == "n" else ""
        if asked[term] >= LEAST_ASKED:
            nouns[term] = min(nouns.get(term, word), word, key=len)
    lines = {}
    for term, noun in sorted(nouns.items()):
        below = {single_term(word, analyzer) for word in wordnet.below(noun)} - {term, ""}
        lines[term] = " ".join(sorted(other for other in below if passages[other] >= LEAST_OF_KIND))
    return {term: line for term, line in lines.items() if line}


def passages_holding(articles: Sequence[AskedArticle], analyzer: Analyzer) -> Counter[str]:
    """For each term how many of the articles' paragraphs hold it."""
    paragraphs = (paragraph.context for article in articles for paragraph in article.paragraphs)
    return Counter(term for context in paragraphs for term in set(analyzer.terms(context)))


def single_term(word: str, analyzer: Analyzer) -> str:
    """The term of a word; "" for a stop word or several words."""
    tokens = analyzer.tokens(word) if word.isalnum() else []
    return tokens[0].term if len(tokens) == 1 and tokens[0].shape is not Shape.STOP else ""


def _lines(path: Path) -> Iterator[list[str]]:
    """The fields of each line, without the gloss; the licence in front is left out."""
    for line in _text(path).splitlines():
        if not line.startswith("  "):
            yield line.partition("|")[0].split()


def _licence(path: Path) -> list[str]:
    """The notice in front of a file of the database, without its line numbers."""
    notice = itertools.takewhile(lambda line: line.startswith("  "), _text(path).splitlines())
    return [line.strip().partition(" ")[2].strip() for line in notice]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="latin-1")
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error}); name the folder that holds WordNet's files") from error


def _pointers(fields: Sequence[str]) -> Iterator[_Pointer]:
    for start in range(1, 4 * int(fields[0]) + 1, 4):
        symbol, offset, part, places = fields[start : start + 4]
        yield _Pointer(symbol, ("a" if part == "s" else part, offset), int(places[:2], 16), int(places[2:], 16))
