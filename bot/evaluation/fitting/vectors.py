"""Word vectors for the ranking: those of GloVe (Pennington et al. 2014), made small.

Vectors of words with one stem become one, the commoner words weighing more; their mean and first principal components,
which tell how common words are rather than what they mean, are taken off (Mu and Viswanath 2018, "All-but-the-top");
the next components are kept, as bytes.
"""

import re
import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from bot.answering.vectors import KEYS, LENGTH, SOURCE, VALUES, WORDS, Bytes, WordVectors
from bot.errors import SettingsError
from bot.evaluation.fitting.dictionary import single_term
from bot.evaluation.fitting.weights import Floats
from bot.retrieval.analysis import Analyzer
from bot.retrieval.keys import Keys, keys_of
from bot.retrieval.spelling import one_edit

COMMONEST = 80_000  # words: the file is sorted by how common they are
TAKEN_OFF, KEPT = 5, 64
"""Principal components. On training articles 2 and 64 gain .0007 of R@1 less, 2 and 48 .0016, none and 64 .0025."""
MOST = 127  # of a byte
LONG, LIKELIER, ALIKE = 6, 20, 0.4
"""A word of so many letters is another one misspelt ("goverment") when it is one edit away from it, so many times as
rare (Zipf's law), of another stem, and the cosine of their vectors is so great. Some words are taken for wrong that are
not ("unison", beside "union"), and lose no more than a protection."""
NOTES = (
    "Vectors of English words: of stems, told by their keys (bot/retrieval/keys.py).",
    "Data: GloVe 6B, 100 dimensions, made of Wikipedia 2014 and Gigaword 5 (Pennington, Socher and Manning 2014);",
    "public domain (Open Data Commons PDDL 1.0).",
)
_WORD = re.compile(r"[a-z]+")


def write_vectors(folder: Path, shipped: Path, *, file: Path | None, analyzer: Analyzer) -> None:
    """Write the vectors that a file in GloVe's text format gives to a folder, or copy the shipped ones there.

    Raises SettingsError when the file cannot be read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if file is None:
        for name in (KEYS, VALUES, WORDS, SOURCE):
            shutil.copyfile(shipped / name, folder / name)
        return
    keys, values, words = small_vectors(file, analyzer)
    np.save(folder / KEYS, keys)
    np.save(folder / VALUES, values)
    wrong = misspelt(words, WordVectors(keys, values), analyzer)
    np.save(folder / WORDS, np.sort(keys_of(" ".join(word for word in words if word not in wrong))))
    made = f"Made by `verbatim fit --vectors {file.name}`: {len(keys)} stems of the {COMMONEST} commonest words."
    (folder / SOURCE).write_text("".join(f"{line}\n" for line in (*NOTES, made)), encoding="utf-8")


def small_vectors(file: Path, analyzer: Analyzer) -> tuple[Keys, Bytes, list[str]]:
    """The keys of the terms of the commonest words, which rise, [terms, KEPT] their vectors; and these words, the
    commonest first."""
    words: list[str] = []
    sums: dict[str, Floats] = {}
    shares: dict[str, float] = defaultdict(float)
    for rank, (word, vector) in enumerate(islice(_words(file), COMMONEST), start=1):
        words.append(word)
        term = single_term(word, analyzer)
        if single_term(term, analyzer):  # the stem of a rare word may be a stop word ("ins")
            share = 1 / rank  # Zipf's law
            sums[term] = sums[term] + share * vector if term in sums else share * vector
            shares[term] += share
    if not sums:
        raise SettingsError(f"{file}: holds no word vectors; name a file in GloVe's text format")
    weights = np.array(list(shares.values()))
    reduced = _reduced(np.array(list(sums.values())) / weights[:, None], weights)
    reduced *= LENGTH / np.maximum(np.linalg.norm(reduced, axis=1, keepdims=True), 1e-9)
    keys = keys_of(" ".join(sums))
    order = np.argsort(keys)
    return keys[order], np.clip(np.rint(reduced[order]), -MOST, MOST).astype(np.int8), words


def misspelt(words: Sequence[str], vectors: WordVectors, analyzer: Analyzer) -> set[str]:
    """Those of the words, the commonest first, that are others misspelt."""
    ranks = {word: rank for rank, word in enumerate(words, start=1)}
    pairs = [
        (word, edited)
        for word, rank in ranks.items()
        if len(word) >= LONG
        for edited in set(one_edit(word))
        if ranks.get(edited, rank) * LIKELIER <= rank
    ]
    terms = [[analyzer.term(word) for word in each] for each in zip(*pairs, strict=True)] or [[], []]
    of_word, of_other = (vectors.of(keys_of(" ".join(each))) for each in terms)
    alike = np.einsum("ij,ij->i", of_word, of_other) > ALIKE
    other_stem = np.array([one != other for one, other in zip(*terms, strict=True)], dtype=np.bool_)
    return {word for (word, _), is_wrong in zip(pairs, alike & other_stem, strict=True) if is_wrong}


def _reduced(vectors: Floats, share: Floats) -> Floats:
    """The vectors without their mean in the components that are kept; rare words weigh by the root of their share."""
    weight = np.sqrt(share) / np.sqrt(share).sum()
    centred = vectors - weight @ vectors
    _, components = np.linalg.eigh((centred * weight[:, None]).T @ centred)
    return np.asarray(centred @ components[:, ::-1][:, TAKEN_OFF : TAKEN_OFF + KEPT])


def _words(file: Path) -> Iterator[tuple[str, Floats]]:
    """The words of letters with their vectors, the commonest first."""
    count = 0
    try:
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                word, _, rest = line.partition(" ")
                vector = np.array(rest.split(), dtype=np.float64)
                count = count or len(vector)
                if len(vector) != count or count < TAKEN_OFF + KEPT:
                    raise ValueError(f"{word!r} has {len(vector)} numbers")
                if _WORD.fullmatch(word):
                    yield word, vector
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise SettingsError(f"{file}: cannot be read ({error}); name a file in GloVe's text format") from error
