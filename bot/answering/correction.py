"""Correction: words of a question that the library does not hold, matched to those that it does."""

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, Protocol

import msgspec

from bot.answering.answer import Change
from bot.answering.commonwords import CommonWords
from bot.answering.endings import plainest, possible_stems
from bot.answering.query import Query
from bot.answering.question import QuestionReader
from bot.answering.speller import Speller
from bot.retrieval.analysis import Analyzer, Analyzers, Shape, Token, whole, without_possessive
from bot.retrieval.engine import Statistics, TermCount
from bot.retrieval.letters import bare
from bot.retrieval.romanisation import alike, beginnings, keys
from bot.retrieval.spelling import one_edit, prefixes, within_distance

SHORTEST = 4  # letters of a word that is corrected; of shorter ones too many words are one letter away
SHORTEST_FOR_TWO = 8  # letters of a word that may be two edits away
LONG = 5
"""Letters of a word that few others are one edit away from: an only candidate needs nothing else to speak for it. With
typing errors in all questions of training articles, 7 loses .003 of the first quotes more; absent articles' names are
told as well by either."""
TELLING = 7
"""Letters of a word that stands beside one of the language by no chance: "goverment" is one that the library lacks."""
SHORTEST_PART = 3  # letters of each half of a word that is taken apart
LEAST_COMPANY = 0.3  # share of the question that stands with a correction; under it, words of absent articles are bent
LONGEST = 40  # letters of a word that is looked at
MOST_UNKNOWN = 8  # unknown words of one question that are corrected; a question has one or two

_BETWEEN = dict.fromkeys(map(ord, " -‐‑–/.\u00a0"))  # what may stand between two words that are one elsewhere
COMPOUNDING = frozenset({"", "da", "de", "en", "fi", "hu", "nl", "no", "sv"})
"""Languages that run words together: elsewhere the halves of a word are stems and endings more often than words."""

NO_SPELLERS: Mapping[str, Speller] = MappingProxyType({})
SPELLING = "spelling"
VARIANT = "variant"

LARGE = 2000
"""Sentences of a library from which on a common word that it lacks is likelier mistyped than meant: with typing errors
in all questions over 10,000 sentences, leaving common words alone lost .009 of the first quotes."""


class Vocabulary(Protocol):
    """What a correction asks of an engine."""

    def statistics(self) -> Statistics:
        """The totals that the counts are shares of."""

    def count(self, terms: Sequence[str]) -> list[TermCount]:
        """How common each term is, in the order given."""

    def held(self, terms: Collection[str]) -> set[str]:
        """Those of the terms that some sentence of the library holds."""

    def starting(self, prefixes: Collection[str]) -> list[str]:
        """The library's terms that start with one of the prefixes."""

    def together(self, terms: Sequence[str], others: Sequence[str]) -> list[float]:
        """How far the `others` stand with each term, from 0 to 1.5: their share by idf in the best sentence that holds
        it, plus half of their share in the best passage; 0 without others."""


class Correction(NamedTuple):
    """A query with the words that the library knows, and what was changed."""

    query: Query
    changes: tuple[Change, ...]


class Reading(NamedTuple):
    """What one or two words are taken for: the kind of change, the terms in their place, and the words to show."""

    kind: str
    terms: tuple[str, ...]
    shown: str


class Corrector:
    """Corrects queries against the vocabulary of one library."""

    def __init__(
        self,
        engine: Vocabulary,
        analyzers: Analyzers,
        common: CommonWords | None = None,
        reader: QuestionReader | None = None,
        spellers: Mapping[str, Speller] = NO_SPELLERS,
    ) -> None:
        """`common` knows the words that are left as they are though the library lacks them; `reader` reads anew what a
        corrected question asks for; `spellers` choose between the words of their languages."""
        self._engine = engine
        self._analyzers = analyzers
        self._common = common
        self._reader = reader
        self._spellers = spellers

    def correct(self, query: Query) -> Correction:
        """The query with what the library lacks replaced by the likeliest of what it holds.

        A term that the library holds stays, and so does one for which nothing near shares a passage with another
        term of the question. Without a change the query comes back as it was.
        """
        tokens = whole(query.tokens)
        content = [place for place, token in enumerate(tokens) if token.shape is not Shape.STOP]
        analyzer = self._analyzers.of(query.language)
        pairs = _pairs(query, tokens, content, analyzer)
        own, joint = {tokens[place].term for place in content}, {term for _, term in pairs.values()}
        known = self._engine.held(own | joint)  # asked for at once
        held = known & own
        readings = self._joined(tokens, content, pairs, known & joint, held)
        joined = {place + step for place in readings for step in (0, 1)}
        unknown = [place for place in content if tokens[place].term not in held and place not in joined]
        for place in self._uncommon(query, tokens, unknown, analyzer)[:MOST_UNKNOWN]:
            token = tokens[place]
            others = [tokens[other].term for other in content if tokens[other].term in held]
            word = query.text[token.start : token.end]
            if SHORTEST <= len(word) <= LONGEST and token.shape not in (Shape.NUMBER, Shape.YEAR):
                reading = self._reading(bare(word), token.term, others, analyzer)
                if reading is not None:
                    readings[place] = reading
        if not readings and len(tokens) == len(query.tokens):
            return Correction(query, ())
        found = _corrected(query, tokens, readings, joined, analyzer)
        return found if self._reader is None else found._replace(query=self._reader.again(found.query, analyzer))

    def _uncommon(
        self, query: Query, tokens: Sequence[Token], unknown: Sequence[int], analyzer: Analyzer
    ) -> Sequence[int]:
        """Those of the unknown words that are searched by and, in a small library, no common words: it lacks many of
        them, and they are hardly misspelt others."""
        searched = [place for place in unknown if tokens[place].term in query.terms]
        if self._common is None or not searched or self._engine.statistics().sentences >= LARGE:
            return searched
        common = self._common.of(analyzer)
        return [place for place in searched if tokens[place].term not in common]

    def _joined(
        self,
        tokens: Sequence[Token],
        content: Sequence[int],
        pairs: Mapping[int, tuple[str, str]],
        known: Collection[str],
        held: Collection[str],
    ) -> dict[int, Reading]:
        """Of the `pairs`, those that the library writes as one word ("cease fire", "F-16"), by the first one's place:
        its term is among those that are `known`."""
        readings: dict[int, Reading] = {}
        for place, (word, term) in pairs.items():
            if term not in known:
                continue
            both = (tokens[place].term, tokens[place + 1].term)
            others = [tokens[i].term for i in content if i not in (place, place + 1) and tokens[i].term in held]
            if place - 1 not in readings and self._stands_better_joined(term, both, others, held):
                readings[place] = Reading(VARIANT, (term,), word)
        return readings

    def _stands_better_joined(
        self, joined: str, both: tuple[str, str], others: Sequence[str], held: Collection[str]
    ) -> bool:
        """Whether two words stand in no sentence of the library together, or with less of the question than the one."""
        if not self._share_a_sentence(both, held):
            return True
        first, second = both
        together = self._engine.together
        return together([joined], others)[0] > together([first], [second, *others])[0]

    def _share_a_sentence(self, both: tuple[str, str], held: Collection[str]) -> bool:
        first, second = both
        return first in held and second in held and self._engine.together([first], [second])[0] > 0

    def _reading(self, word: str, term: str, others: Sequence[str], analyzer: Analyzer) -> Reading | None:
        """The likeliest reading of a word whose term the library lacks; None when there is none.

        The nearest come first: a word of the language one edit away, one edit of the term, one edit of the word (its
        stem may then be another), another romanisation, two words that were run together, two edits. What is a word of
        the language itself is hardly mistyped, and a long word beside one hardly anything else, though the library
        lacks it: nothing but such a word is taken for it, or another spelling.
        """
        speller = self._spellers.get(analyzer.language)
        meant, is_known = None, False
        if speller is not None:
            beside = speller.words(set(one_edit(word)))
            meant = self._word_meant(word, beside, others, analyzer, speller)
            is_known = speller.is_word(word) or (len(word) >= TELLING and bool(beside))
        return (
            meant
            or (None if is_known else self._one_edit(word, term, others, analyzer))
            or self._romanised(term, others)
            or self._in_two(word, others, analyzer)
            or (None if is_known else self._two_edits(word, term, others))
        )

    def _word_meant(
        self, word: str, words: Sequence[str], others: Sequence[str], analyzer: Analyzer, speller: Speller
    ) -> Reading | None:
        """The one of the `words` of the language, of those that the library holds, that this one was meant to be."""
        spelt: dict[str, list[str]] = {}
        for edited in words:
            if not analyzer.is_stop(edited):
                spelt.setdefault(analyzer.term(edited), []).append(edited)
        terms = sorted(self._engine.held(spelt.keys()))
        counts, company = self._standing(terms, others)
        meant = speller.chosen(word, terms, counts=counts, company=company, others=others)
        return None if meant is None else Reading(SPELLING, (meant,), plainest(spelt[meant], meant))

    def _standing(self, candidates: Sequence[str], others: Sequence[str]) -> tuple[list[int], list[float]]:
        """How many sentences hold each of the candidates, and how far the others stand with it: wholly where there
        are none."""
        counts = [count.sentences for count in self._engine.count(candidates)]
        return counts, self._engine.together(candidates, others) if others else [1.0] * len(candidates)

    def _best(self, candidates: Collection[str], others: Sequence[str]) -> list[str]:
        """The candidates that stand with enough of the question's other terms, by how many, then the commonest first.
        A question of one term has no others: then all of them, the commonest first."""
        ordered = sorted(candidates)
        counts, company = self._standing(ordered, others)
        ranked = sorted(zip(company, counts, ordered, strict=True), key=lambda one: (-one[0], -one[1], one[2]))
        return [candidate for shared, _, candidate in ranked if shared >= LEAST_COMPANY]

    def _one_edit(self, word: str, term: str, others: Sequence[str], analyzer: Analyzer) -> Reading | None:
        by_term = self._one_edit_of_the_term(word, term, others, analyzer)
        return by_term or self._one_edit_of_the_word(word, others, analyzer)

    def _one_edit_of_the_term(self, word: str, term: str, others: Sequence[str], analyzer: Analyzer) -> Reading | None:
        if len(term) < SHORTEST:
            return None
        near = self._engine.held(set(one_edit(term)))
        edits = set(one_edit(word)) if near else ()
        for candidate in _alone(near, word) or self._best(near, others):
            head = candidate[: min(len(candidate), len(word)) - 1]
            fitting = [edited for edited in edits if edited.startswith(head)]
            spelt = [edited for edited in fitting if analyzer.term(edited) == candidate]
            if spelt:
                return Reading(SPELLING, (candidate,), plainest(spelt, candidate))
        return None

    def _one_edit_of_the_word(self, word: str, others: Sequence[str], analyzer: Analyzer) -> Reading | None:
        language = analyzer.language
        possible = {edited: possible_stems(analyzer.base(edited), language) for edited in set(one_edit(word))}
        every = set().union(*possible.values())
        stems = self._engine.held(every) | every.intersection(analyzer.renamed)
        spelt: dict[str, list[str]] = {}
        for edited, these in possible.items():
            if not stems.isdisjoint(these):
                spelt.setdefault(analyzer.term(edited), []).append(edited)
        near = self._engine.held(spelt.keys())
        for candidate in _alone(near, word) or self._best(near, others):
            return Reading(SPELLING, (candidate,), plainest(spelt[candidate], candidate))
        return None

    def _romanised(self, term: str, others: Sequence[str]) -> Reading | None:
        sounds = keys(term)
        near = self._engine.starting({prefix for key in sounds for prefix in beginnings(key)}) if sounds else []
        for candidate in self._best([other for other in alike(term, near) if keys(other) & sounds], others):
            return Reading(VARIANT, (candidate,), candidate)
        return None

    def _two_edits(self, word: str, term: str, others: Sequence[str]) -> Reading | None:
        if len(word) < SHORTEST_FOR_TWO or len(term) < SHORTEST:
            return None
        ending = word[len(term) :] if word.startswith(term) else ""
        for candidate in self._best(within_distance(term, self._engine.starting(prefixes(term)), 2), others):
            return Reading(SPELLING, (candidate,), candidate + ending)
        return None

    def _in_two(self, word: str, others: Sequence[str], analyzer: Analyzer) -> Reading | None:
        """The word as two that stand in one sentence ("ceasefire", "nordstream")."""
        splits = [(word[:cut], word[cut:]) for cut in _cuts(word, apart=analyzer.language in COMPOUNDING)]
        terms = [(analyzer.term(first), analyzer.term(second)) for first, second in splits]
        held = self._engine.held({term for pair in terms for term in pair})
        best, most = None, LEAST_COMPANY
        for (first, second), (one, other) in zip(splits, terms, strict=True):
            if one in held and other in held and not analyzer.is_stop(first) and not analyzer.is_stop(second):
                together = self._engine.together([one], [other, *others])[0]
                if together > most and self._share_a_sentence((one, other), held):
                    best, most = Reading(VARIANT, (one, other), f"{first} {second}"), together
        return best


def _alone(candidates: Collection[str], word: str) -> list[str]:
    """The only candidate of a long word: there is nothing else that it could be, whatever it stands with."""
    return list(candidates) if len(candidates) == 1 and len(word) >= LONG else []


def _pairs(
    query: Query, tokens: Sequence[Token], content: Sequence[int], analyzer: Analyzer
) -> dict[int, tuple[str, str]]:
    """Neighbours written as one word, and the term of that, by the first one's place."""
    words = {
        first: bare(query.text[tokens[first].start : tokens[second].end]).translate(_BETWEEN)
        for first, second in itertools.pairwise(content)
        if second == first + 1 and tokens[second].start - tokens[first].end <= 1
    }
    return {place: (word, analyzer.term(word)) for place, word in words.items()}


def _cuts(word: str, *, apart: bool) -> Iterator[int]:
    """Where a word may be cut: between letters and digits and, `apart`, wherever each side keeps enough letters."""
    for cut in range(1, len(word)):
        enough = apart and SHORTEST_PART <= cut <= len(word) - SHORTEST_PART
        if enough or word[cut - 1].isdigit() != word[cut].isdigit():
            yield cut


def _corrected(
    query: Query,
    tokens: Sequence[Token],
    readings: Mapping[int, Reading],
    joined: Collection[int],
    analyzer: Analyzer,
) -> Correction:
    """The query with the readings in their places, in its text too; the second word of a joined pair is gone."""
    text, copied = "", 0  # of the text as it was, so much is in the new one
    replaced: list[Token] = []
    changes: list[Change] = []
    for place, token in enumerate(tokens):
        reading = readings.get(place)
        if reading is not None:
            end = tokens[place + 1].end if place in joined else token.end
            asked = query.text[token.start : end]
            shown = _capitalised(reading.shown, asked)
            changes.append(Change(reading.kind, asked, shown))
            text += query.text[copied : token.start]
            replaced.extend(_in_place(token, reading.terms, shown, start=len(text)))
            text, copied = text + shown, end
        elif place not in joined:
            moved = len(text) - copied
            replaced.append(token._replace(start=token.start + moved, end=token.end + moved))
    final = tuple(whole(analyzer.with_phrases(replaced)))  # "United Sttes" is a phrase only now
    unsearched = {token.term for token in query.tokens} - set(query.terms)
    corrected = frozenset(term for reading in readings.values() for term in reading.terms)
    changed = msgspec.structs.replace(
        query,
        text=text + query.text[copied:],
        tokens=final,
        terms=_distinct(final, unsearched),
        corrected=corrected,
    )
    return Correction(changed, tuple(dict.fromkeys(changes)))


def _in_place(token: Token, terms: Sequence[str], shown: str, *, start: int) -> Iterator[Token]:
    """The token with what it is read as, from `start` on: one term, or one after the other with its two words."""
    for term, word in zip(terms, shown.split(" "), strict=True):
        yield token._replace(start=start, end=start + len(word), term=term)
        start += len(word) + 1


def restated(
    changes: Sequence[Change], query: Query, quoted: str, tokens: Sequence[Token], analyzer: Analyzer
) -> tuple[Change, ...]:
    """The changes as a quote bears them out: each corrected word as it stands there, and the names that the quote
    spells otherwise than the question ("Zelensky", "Zelenskiy").

    `query` is the corrected one; `tokens` are the quote's, `analyzer` that of its article.
    """
    words = {token.term: quoted[token.start : token.end] for token in reversed(tokens)}
    corrected = {change.after: change for change in changes}
    shown: dict[str, Change] = {}
    for token in query.tokens:
        asked, found = query.text[token.start : token.end], without_possessive(words.get(token.term, ""))
        change = corrected.get(asked)
        if change is not None and found:
            shown[asked] = Change(change.kind, change.before, found)
        elif found[:1].isupper() and token.shape is not Shape.STOP and _differ(asked, found, analyzer):
            shown[asked] = Change(VARIANT, without_possessive(asked), found)
    return tuple({**corrected, **shown}.values())


def _differ(asked: str, found: str, analyzer: Analyzer) -> bool:
    """Whether two spellings are no forms of one word: only the variants of a name are worth telling."""
    return asked.lower() != found.lower() and analyzer.own_term(asked) != analyzer.own_term(found)


def _capitalised(shown: str, asked: str) -> str:
    return shown[:1].upper() + shown[1:] if asked[:1].isupper() else shown


def _distinct(tokens: Iterable[Token], unsearched: Collection[str]) -> tuple[str, ...]:
    terms = dict.fromkeys(token.term for token in tokens if token.shape is not Shape.STOP)
    return tuple([term for term in terms if term not in unsearched] or terms)
