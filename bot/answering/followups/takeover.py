"""Taking a word over: the features of the question, the conversation and the word by which the model does it."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from bot.answering.followups.leaning import PRONOUNS, Leaning, LeaningWords, Said, Word
from bot.answering.question import QuestionReader
from bot.retrieval.analysis import Analyzer, Shape

SIZES = (2, 3, 4, 6, 9, 13)
PLACES = (1, 2, 4, 8)
NEAR = (2, 4, 8)
FAR = 99
_QUOTES = '"“«„'
_ENDINGS = ("ing", "ed", "ly", "tion", "s", "er", "al", "ic", "ist", "ous")


class Scene(NamedTuple):
    """What a question comes into: how it leans and what it asks for, the texts of the conversation, how each earlier
    question leaned and what it asked for (newest first), and the terms of the title (none where it is no name) and of
    the other names."""

    leaning: Leaning
    expected: str
    texts: Sequence[Said]
    leanings: Sequence[Leaning]
    asked: Sequence[str]
    title: frozenset[str]
    named: frozenset[str]
    pronoun: str

    @property
    def overlap(self) -> str:
        """How much of the title the question says: no, part or all."""
        common = self.title & set(self.leaning.terms)
        return "no" if not common else "all" if common == self.title else "part"

    @property
    def stands_alone(self) -> bool:
        """Whether the question says itself what it is about: by a name, by the article's title, or by the words of
        another name that was said, also where they are typed in small letters."""
        leaning = self.leaning
        if self.overlap == "all" and not leaning.sorts & {"person", "people", "other", "opener"}:
            return True
        known = len(self.named.intersection(leaning.terms))
        return not leaning.sorts and (leaning.named or self.overlap == "part" or known > 1)


def scene_of(
    question: str,
    texts: Sequence[Said],
    reader: QuestionReader,
    lexicon: LeaningWords,
    analyzer: Analyzer,
) -> Scene:
    """The scene of a question; `texts` are the conversation's."""

    def asked(text: str) -> str:
        return reader.asked(text, analyzer.tokens(text), analyzer).expected.value

    questions = [text for text in texts if text.source == "question"]
    leanings = [lexicon.leaning(text.text, text.tokens) for text in questions]
    used = Counter(sort for leaning in leanings for sort in leaning.sorts)
    for text in texts:
        if text.source == "answer":
            used.update(lexicon.leaning(text.text, text.tokens).sorts)
    title = frozenset(term for text in texts if text.source == "title" for term in _content(text))
    asked_or_told = [text for text in texts if text.source in ("question", "answer")]
    names = [frozenset(text.tokens[place].term for place in run) for text in asked_or_told for run in text.runs]
    return Scene(
        leaning=lexicon.leaning(question, analyzer.tokens(question)),
        expected=asked(question),
        texts=texts,
        leanings=leanings,
        asked=[asked(text.text) for text in questions],
        title=title,
        named=frozenset(term for name in names if not name <= title for term in name),
        pronoun=max(PRONOUNS, key=lambda sort: used[sort]) if any(used[sort] for sort in PRONOUNS) else "none",
    )


def _content(text: Said) -> set[str]:
    return {text.tokens[place].term for place in text.content}


class Takeover:
    """The features of the words that one question is offered, each of them 1.

    What is true of the question and of the conversation counts for each kind of word ("answer1*": a name in the newest
    answer) by itself; what is true of the word counts for each source, also by whether the question leans by a pronoun,
    asks for something else, or leans by nothing. Where the title is a name, it is the likeliest thing that a pronoun
    stands for and every other source counts less; where it is none ("~"), all have weights of their own.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._asked = frozenset(scene.leaning.terms)
        self._sorts = sorted(scene.leaning.sorts - {"opener"}) or ["alone"]
        self._leans = "other" if "other" in self._sorts else "alone" if self._sorts == ["alone"] else "leaning"
        self._of_scene = list(_of_scene(scene))
        self._near = _near(scene.texts, self._asked)
        self._titled = "" if scene.title else "~"

    def kind(self, word: Word) -> str:
        """The kind of a word: its source, how many turns back, and a star for a name."""
        return f"{self._titled}{word.source}{min(word.back, 3)}{'*' if word.name else ''}"

    def _source(self, word: Word) -> str:
        return f"{self._titled}{word.source}{'*' if word.name else ''}"

    def of_kind(self, word: Word) -> list[str]:
        """The features that all words of a kind share."""
        kind = self.kind(word)
        source = self._source(word)
        return [
            kind,
            source,
            *(f"{kind} {sort}" for sort in self._sorts),
            *(f"{source} {sort} among {self._scene.pronoun}" for sort in self._sorts),
            *(f"{kind} {feature}" for feature in self._of_scene),
            *(f"{source} {self._leans} {feature}" for feature in self._of_scene),
        ]

    def of_word(self, word: Word) -> list[str]:
        """The features of one word beside those of its kind."""
        crossed = (feature for own in self.own(word) for feature in self.crossed(word, own))
        return [*crossed, *self.by_sort(word)]

    def own(self, word: Word) -> list[str]:
        """What is true of the word."""
        return [*_stand(word), *_spread(word), *self._bonds(word)]

    def row(self, word: Word) -> str:
        """What `crossed` depends on beside the feature."""
        return f"{self._source(word)} {self._leans}"

    def crossed(self, word: Word, own: str) -> tuple[str, str, str]:
        """The features that one thing true of the word counts as."""
        source = self._source(word)
        return own, f"{source} {own}", f"{source} {self._leans} {own}"

    def by_sort(self, word: Word) -> list[str]:
        """The features of the word that count for each sort of leaning word by itself."""
        kind = self.kind(word)
        size = f"size{bisect_right(SIZES, len(word.said.content))}"
        found = [f"{self._leans} {kind} {size}"]
        if word.source != "title":
            texts, name = f"texts {min(len(word.also), 3)}", f"name of {min(len(word.group), 3)}"
            bonds = (f"behind {self._behind(word)}", texts, name, size)
            found += [f"{kind} {sort} {bond}" for sort in self._sorts for bond in bonds]
        return found

    def _bonds(self, word: Word) -> Iterator[str]:
        """The features of what binds a word to the question's own words."""
        said, place = word.said, word.place
        here = [other for term in self._asked for other in said.places.get(term, ())]
        clause = said.clauses[place]
        yield f"clause shares {min(len({said.tokens[o].term for o in here if said.clauses[o] == clause}), 2)}"
        yield f"text shares {min(len({said.tokens[o].term for o in here}), 2)}"
        yield f"near {bisect_right(NEAR, min((abs(other - place) for other in here), default=FAR))}"
        yield f"near anywhere {bisect_right(NEAR, self._near.get(word.term, FAR))}"
        yield f"shares a name {bool(word.group & self._asked)}"
        yield f"in the title {bool(word.group) and word.group <= self._scene.title}"
        if said.source != "title":
            before = self._scene.leanings[word.back - 1].terms
            yield f"its question shares {bool(self._asked.intersection(before))}"
            yield f"its question asks {self._scene.asked[word.back - 1]}"
        yield f"behind {self._behind(word)}"

    def _behind(self, word: Word) -> str:
        """How a word's name stands to the noun that the question points at: "the album *Iron Bridge*"."""
        nouns = [noun for term in self._scene.leaning.pointed for noun in word.said.places.get(term, ())]
        if not nouns:
            return "none"
        run = word.said.names.get(word.place, (word.place,))
        distance = min(run[0] - noun if noun < run[0] else noun - run[-1] + FAR for noun in nouns)
        return f"noun {bisect_right((2, 4, FAR, FAR + 3), distance)}"


def _near(texts: Sequence[Said], asked: frozenset[str]) -> Mapping[str, int]:
    """For each term how near it stands to a word of the question, in any question or answer."""
    near: dict[str, int] = {}
    for text in texts:
        if text.source not in ("question", "answer"):
            continue
        own = [place for term in asked for place in text.places.get(term, ())]
        for place in text.content if own else ():
            term = text.tokens[place].term
            near[term] = min(near.get(term, FAR), *(abs(place - other) for other in own))
    return near


def _of_scene(scene: Scene) -> Iterator[str]:
    """The features of the question and of the conversation."""
    leaning, before, texts = scene.leaning, scene.leanings[0], scene.texts
    asked = set(leaning.terms)
    answer = next(text for text in texts if text.source == "answer")
    answered = _content(answer)
    yield "named" if leaning.named else "nameless"
    yield f"content {min(len(leaning.terms), 4)}"
    yield f"words {bisect_right((3, 5, 7, 9), leaning.words)}"
    yield f"asks {scene.expected}"
    yield f"says {scene.overlap} title"
    yield f"pronoun {scene.pronoun}"
    yield f"turns {min(len(scene.leanings), 5)}"
    yield f"answer size {bisect_right((1, 3, 5, 8, 12), len(answer.content))}"
    yield f"answer names {min(len(answer.runs), 3)}"
    yield f"answer bare {bool(answer.content) and all(place in answer.names for place in answer.content)}"
    yield f"title answered {bool(scene.title & answered)}"
    yield f"title asked {bool(scene.title.intersection(before.terms))}"
    yield f"asked {scene.asked[0]}"
    yield from (f"asked by {sort}" for sort in sorted(before.sorts))
    yield f"known names {min(len(asked & scene.named), 2)}"
    yield f"answer shares {min(len(asked & answered), 2)}"
    yield f"asked shares {min(len(asked.intersection(before.terms)), 2)}"
    yield f"definite {leaning.definite}"
    pointing = "this" if "pointer" in leaning.sorts else "the"
    pointed = set(leaning.pointed)
    yield f"points {pointing if pointed else 'not'}"
    backs = [text.back for text in texts if text.source != "title" and not pointed.isdisjoint(text.places)]
    yield f"pointed {min(backs, default=0) if pointed else 'not'}"
    yield f"pointed title {bool(pointed & scene.title)}"
    pronouns = leaning.sorts & {*PRONOUNS, "pointer"}
    again = (back for back, other in enumerate(scene.leanings, start=1) if other.sorts & pronouns)
    yield f"pronoun again {min(next(again, FAR), 3) if pronouns else 'none'}"


def _stand(word: Word) -> Iterator[str]:
    """The features of where a word stands in its text, and of its form."""
    said, place = word.said, word.place
    run = said.names.get(place, ())
    names = said.runs
    ordinal = said.content.index(place)
    yield f"size{bisect_right(SIZES, len(said.content))}"
    yield f"place {bisect_right(PLACES, ordinal)}"
    yield f"place from the end {bisect_right(PLACES, len(said.content) - 1 - ordinal)}"
    yield f"names {min(len(names), 4)}"
    yield f"clause {min(said.clauses[place], 3)}"
    yield f"name of {min(len(run), 4)}"
    yield f"name over {min(run[-1] - run[0] + 1, 4) if run else 0}"
    first, last = (run[0], run[-1]) if run else (place, place)
    yield f"names before {min(sum(other[-1] < first for other in names), 3)}"
    yield f"names behind {min(sum(other[0] > last for other in names), 3)}"
    yield f"begins {first <= 1}"
    yield f"behind word {_beside(said, place - 1)}"
    yield f"before word {_beside(said, place + 1)}"
    yield f"quoted {first > 0 and said.text[said.tokens[first].start - 1] in _QUOTES}"
    digits = word.text[:1].isdigit()
    yield "year" if digits and len(word.text) == 4 and word.text.isdigit() else f"number {digits}"
    if not word.name:
        yield f"ending {next((ending for ending in _ENDINGS if word.text.endswith(ending)), 'other')}"


def _beside(said: Said, place: int) -> str:
    """What stands at a place beside a word: a stop word itself, of another the shape; "edge" where the text ends."""
    if not 0 <= place < len(said.tokens):
        return "edge"
    token = said.tokens[place]
    return said.text[token.start : token.end].lower() if token.shape is Shape.STOP else f"<{token.shape.name}>"


def _spread(word: Word) -> Iterator[str]:
    """The features of the other texts that a word stands in."""
    also = [text for text in word.also if not text.startswith("quote")]
    yield f"texts {min(len(also), 4)}"
    yield f"questions {min(sum(text.startswith('question') for text in also), 3)}"
    yield f"answers {min(sum(text.startswith('answer') for text in also), 3)}"
    yield f"oldest {max((int(text[-1]) for text in also), default=0)}"
    yield from (f"also {text}" for text in sorted(also) if int(text[-1]) <= 2)
