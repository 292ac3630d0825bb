"""The second look: the first few candidates, weighed again by what in their sentences would be marked as the answer.

The ranking sees which words of the question a sentence holds; the span model sees whether anything beside them could
answer. It is dear for a hundred sentences and cheap for three, of which most are marked anyway.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from bot.answering.clues import CLUES, Asked, Glance, Seen
from bot.answering.confidence import Curve, combined, shared_down
from bot.answering.features.view import Floats
from bot.answering.fitted import read_fitted
from bot.answering.folding import Group
from bot.answering.marking.marker import Marker
from bot.answering.query import Candidate, Pool, Query
from bot.answering.quoting import Cut
from bot.answering.signs import LATE_SIGNS
from bot.errors import SettingsError
from bot.resources import config_folder

FOLDER = Path("ranker") / "second-look"
LOOKED = 3
MARGIN = 2.0
"""So many candidates are looked at again at most, and those alone whose score is so near the first one's. On training
articles three are as good as five, and a margin of 2 as one of 3; one of 1 loses .004 of R@1."""
SCORE = "score"
LOGIT, LEAD = "logit", "lead"
MOST_LEAD = MARGIN  # what is further behind is not looked at


class Again(msgspec.Struct, frozen=True):
    """A logistic model over its own first logit, the lead, the best one's clues and the late signs."""

    intercept: float
    weights: dict[str, float]

    def logit(self, signs: Sequence[float]) -> float:
        """The logit of these values of SIGNS."""
        return self.intercept + sum(self.weights[name] * sign for name, sign in zip(SIGNS, signs, strict=True))


class Second(msgspec.Struct, frozen=True):
    """What was fitted for one language: the weight of the first score and of each clue; and the confidence, again of
    two models and a curve (bot.answering.confidence)."""

    weights: dict[str, float]
    present: Again
    first: Again
    curve: Curve


class Looked(NamedTuple):
    """A candidate after the second look, and by message what its clues gave it over the others'."""

    candidate: Candidate
    apart: Mapping[str, float]


class Reviewed(NamedTuple):
    """A group of candidates that say the same, its lead with what both looks say, and what the second gave it."""

    group: Group
    apart: Mapping[str, float]


class SecondLook:
    """Looks again at the first few candidates; in languages for which nothing was fitted, all stays as it is."""

    def __init__(self, marker: Marker, models: Mapping[str, Second]) -> None:
        self._marker = marker
        self._models = models

    @classmethod
    def load(cls, marker: Marker, *, folder: Path | None = None) -> "SecondLook":
        """The second look as it was fitted: config/ranker/second-look/<language>.toml."""
        folder = folder or config_folder() / FOLDER
        return cls(marker, {path.stem: read_second(path) for path in sorted(folder.glob("*.toml"))})

    def depth(self, query: Query, ranking: Sequence[Candidate]) -> int:
        """How many of a ranking are looked at again: none where nothing was fitted or nothing is asked."""
        return len(near(ranking)) if query.language in self._models and self._marker.marks(query) else 0

    def review(self, query: Query, pool: Pool, groups: Sequence[Group], cuts: Mapping[int, Cut]) -> list[Reviewed]:
        """The groups in the order of both looks, those without a cut left out; what the first `depth` are not among
        stays behind them, no surer than they are."""
        whole = [group for group in groups if group.lead.place in cuts]
        depth = self.depth(query, [group.lead for group in whole])
        by_place = {group.lead.place: group for group in whole[:depth]}
        looked = self.look(query, [seen_in(pool, group.lead, cuts[group.lead.place]) for group in by_place.values()])
        found = [Reviewed(by_place[one.candidate.place]._replace(lead=one.candidate), one.apart) for one in looked]
        least = min((one.candidate.confidence for one in looked), default=1.0)
        for group in whole[depth:]:
            lead = msgspec.structs.replace(group.lead, confidence=min(group.lead.confidence, least))
            found.append(Reviewed(group._replace(lead=lead), {}))
        return found

    def look(self, query: Query, firsts: Sequence[Seen]) -> list[Looked]:
        """The candidates, best first by both looks, with their new scores and confidences.

        They come as they went, first look alone, for bare keywords and where one of them has nothing to look at.
        """
        model = self._models.get(query.language)
        clues = self.clues(query, firsts) if model is not None else None
        if model is None or clues is None:
            return [Looked(seen.candidate, {}) for seen in firsts]
        weighted = clues * np.array([model.weights[clue.name] for clue in CLUES])
        scores = second_scores(model.weights[SCORE], firsts, weighted)
        order = np.argsort(-scores, kind="stable").tolist()
        confidence = _confidence(model, firsts, clues, scores)
        others = (weighted.sum(axis=0) - weighted) / max(1, len(firsts) - 1)
        return [
            Looked(
                msgspec.structs.replace(
                    firsts[place].candidate, score=float(scores[place]), confidence=float(confidence[place])
                ),
                _by_message(weighted[place] - others[place]) if len(firsts) > 1 else {},
            )
            for place in order
        ]

    def clues(self, query: Query, firsts: Sequence[Seen]) -> Floats | None:
        """[candidates, clues], None where one of the candidates cannot be read for the question."""
        rows, asked = [], Asked.of(query)
        readings = self._marker.readings(query, [(seen.text, seen.tokens) for seen in firsts])
        for seen, reading in zip(firsts, readings, strict=True):
            if reading is None or reading.spans is None:
                return None
            glance = Glance(asked, seen, reading.sentence, reading.spans)
            rows.append([clue.value(glance) for clue in CLUES])
        return np.array(rows) if rows else None


def near(ranking: Sequence[Candidate]) -> list[Candidate]:
    """The first few of a ranking, as far as their scores are near the first one's."""
    return [candidate for candidate in ranking[:LOOKED] if candidate.score >= ranking[0].score - MARGIN]


def seen_in(pool: Pool, candidate: Candidate, cut: Cut) -> Seen:
    """A candidate as it is looked at, by its cut."""
    return Seen(candidate, cut.text, cut.tokens, f"{pool.article(candidate.hit).title} {cut.before}")


def second_scores(weight: float, firsts: Sequence[Seen], weighted: Floats) -> Floats:
    """[candidates] the first scores times `weight` and what the clues weigh."""
    first = np.array([seen.candidate.score for seen in firsts])
    return np.asarray(weight * first + weighted.sum(axis=1))


def signs_of(logit: float, late: Sequence[float], scores: Floats, clues: Floats) -> list[float]:
    """What the confidence is read from: the first logit, how far the best is above the next, the best one's clues, the
    late signs."""
    first, *others = sorted(scores.tolist(), reverse=True)
    lead = min(first - others[0], MOST_LEAD) if others else MOST_LEAD
    return [logit, lead, *clues[scores.argmax()].tolist(), *(late or NO_SIGNS)]


SIGNS = (LOGIT, LEAD, *(clue.name for clue in CLUES), *(sign.name for sign in LATE_SIGNS))
NO_SIGNS = (0.0,) * len(LATE_SIGNS)


def _confidence(model: Second, firsts: Sequence[Seen], clues: Floats, scores: Floats) -> Floats:
    logits = firsts[0].candidate.logits
    present = model.present.logit(signs_of(logits.present, logits.late, scores, clues))
    first = model.first.logit(signs_of(logits.first, logits.late, scores, clues))
    both = float(combined(np.array(present), np.array(first)))
    return shared_down(model.curve.at(both, logits.small), scores)


def _by_message(apart: Floats) -> dict[str, float]:
    found: dict[str, float] = {}
    for clue, part in zip(CLUES, apart.tolist(), strict=True):
        found[clue.message] = found.get(clue.message, 0.0) + part
    return found


def read_second(path: Path) -> Second:
    """What one file of fitted numbers holds.

    Raises SettingsError that names the file and what is wrong in it.
    """
    second = read_fitted(path, Second, kind="a second look")
    weights = (SCORE, *(clue.name for clue in CLUES))
    for found, known in (
        (second.weights, weights),
        (second.present.weights, SIGNS),
        (second.first.weights, SIGNS),
    ):
        if set(found) != set(known):
            odd = sorted(set(found) ^ set(known))[0]
            raise SettingsError(f"{path}: {odd} is missing or unknown; install the product again")
    return second
