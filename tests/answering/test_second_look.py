"""The second look: what its clues see, what it changes in an order, and what it leaves as it was."""

from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import pytest

from bot.answering.clues import CLUES, Seen
from bot.answering.confidence import Curve
from bot.answering.folding import Group
from bot.answering.marking.marker import Marker
from bot.answering.query import Candidate, Logits, Query
from bot.answering.quoting import Cut
from bot.answering.second_look import (
    LOOKED,
    MARGIN,
    SCORE,
    SIGNS,
    Again,
    Looked,
    Second,
    SecondLook,
    near,
    read_second,
    signs_of,
)
from bot.errors import SettingsError
from bot.messages import Messages
from bot.resources import config_folder
from tests.answering.worlds import ANALYZERS, LISTS, READER, World, world

ENGLISH = ANALYZERS.of("en")
MARKER = Marker(LISTS)
MODEL = Second(
    weights={SCORE: 1.0, **dict.fromkeys((clue.name for clue in CLUES), 0.0), "evidence": 1.0},
    present=Again(0.0, {**dict.fromkeys(SIGNS, 0.0), "logit": 1.0}),
    first=Again(50.0, dict.fromkeys(SIGNS, 0.0)),
    curve=Curve((-1.0, 1.0), (0.2, 0.8), (0.2, 0.8)),
)
EMPTY = """[weights]
[present]
intercept = 0.0
[present.weights]
[first]
intercept = 0.0
[first.weights]
[curve]
logits = [0.0]
large = [0.5]
small = [0.5]
"""
FIRE = "The lighthouse burned down and was built again."
BUILDER = "The lighthouse was built by Marta Kowalczyk in 1887."


class Found(NamedTuple):
    """A world with the candidates of one question, as they are looked at."""

    query: Query
    seen: list[Seen]


@pytest.fixture(scope="module")
def brannow() -> World:
    return world({"Brannow": [[FIRE, BUILDER], ["The lighthouse keeper left.", "Nobody knows why."]]})


def seen_for(brannow: World, question: str) -> Found:
    """Every sentence with a score of 0 and a first logit of 0."""
    query = brannow.query(question)
    ranking = brannow.ranker.rank(query, brannow.whole_pool(), brannow.engine)
    even = [msgspec.structs.replace(candidate, score=0.0, logits=Logits(0.0, 0.0, 0.0)) for candidate in ranking]
    return Found(query, [brannow.collection.seen(one) for one in sorted(even, key=lambda one: one.place)])


def query_of(question: str) -> Query:
    return READER.read(question, language="en", analyzer=ENGLISH)


def test_the_sentence_that_holds_an_answer_comes_first_and_says_why(brannow: World) -> None:
    found = seen_for(brannow, "Who built the lighthouse?")
    looked = SecondLook(MARKER, {"en": MODEL}).look(found.query, found.seen)
    assert looked[0].candidate.place == 1
    scores = [one.candidate.score for one in looked]
    assert scores == sorted(scores, reverse=True)
    confidences = [one.candidate.confidence for one in looked]
    assert confidences == pytest.approx([0.5 * np.exp(score - scores[0]) for score in scores])
    assert max(looked[0].apart, key=lambda message: looked[0].apart[message]) == "expected"


def test_what_the_clues_gave_sums_to_nothing_over_all(brannow: World) -> None:
    found = seen_for(brannow, "Who built the lighthouse?")
    looked = SecondLook(MARKER, {"en": MODEL}).look(found.query, found.seen)
    assert sum(one.apart["expected"] for one in looked) == pytest.approx(0.0, abs=1e-9)
    alone = SecondLook(MARKER, {"en": MODEL}).look(found.query, found.seen[:1])
    assert alone[0].apart == {}


@pytest.mark.parametrize(("question", "models"), [("lighthouse built", {"en": MODEL}), ("Who built it?", {})])
def test_keywords_and_languages_without_a_model_stay_as_they_are(
    brannow: World, question: str, models: dict[str, Second]
) -> None:
    found = seen_for(brannow, "Who built the lighthouse?")
    look, query = SecondLook(MARKER, models), query_of(question)
    assert look.depth(query, [one.candidate for one in found.seen]) == 0
    if not models:
        assert look.look(query, found.seen) == [Looked(one.candidate, {}) for one in found.seen]
    assert look.review(query, brannow.whole_pool(), *grouped(found)) == [
        (Group(one.candidate, ()), {}) for one in found.seen
    ]


def test_nothing_to_look_at_is_nothing(brannow: World) -> None:
    look = SecondLook(MARKER, {"en": MODEL})
    assert look.look(query_of("Who built it?"), []) == []
    assert look.review(query_of("Who built it?"), brannow.whole_pool(), [], {}) == []


def grouped(found: Found) -> tuple[list[Group], dict[int, Cut]]:
    groups = [Group(one.candidate, ()) for one in found.seen]
    return groups, {one.candidate.place: Cut(one.text, one.tokens, "", "") for one in found.seen}


def test_those_behind_the_first_few_stay_behind_and_are_no_surer(brannow: World) -> None:
    found = seen_for(brannow, "Who built the lighthouse?")
    groups, cuts = grouped(found)
    last = groups.pop()
    assert len(groups) == LOOKED
    for place in (LOOKED, LOOKED + 1):
        groups.append(last._replace(lead=msgspec.structs.replace(last.lead, place=place, confidence=0.9)))
        cuts[place] = cuts[last.lead.place]
    reviewed = SecondLook(MARKER, {"en": MODEL}).review(found.query, brannow.whole_pool(), groups, cuts)
    confidences = [one.group.lead.confidence for one in reviewed]
    assert confidences == sorted(confidences, reverse=True)
    assert [one.group.lead.place for one in reviewed[LOOKED:]] == [LOOKED, LOOKED + 1]


def test_what_is_far_behind_the_first_is_not_looked_at(brannow: World) -> None:
    found = seen_for(brannow, "Who built the lighthouse?")
    first, *others = [one.candidate for one in found.seen]
    far = msgspec.structs.replace(first, score=MARGIN + 0.1)
    assert near([far, *others]) == [far]
    assert near([first, *others]) == [first, *others[: LOOKED - 1]]
    assert near([first] * (LOOKED + 1)) == [first] * LOOKED
    assert near([]) == []


def test_a_group_whose_article_changed_is_left_out(brannow: World) -> None:
    found = seen_for(brannow, "Who built the lighthouse?")
    groups, cuts = grouped(found)
    del cuts[0]
    reviewed = SecondLook(MARKER, {"en": MODEL}).review(found.query, brannow.whole_pool(), groups, cuts)
    assert {one.group.lead.place for one in reviewed} == {1, 2, 3}


def test_the_lead_has_a_bound_and_one_alone_has_all_of_it() -> None:
    clues = np.zeros((2, len(CLUES)))
    assert signs_of(0.5, (), np.array([1.0, 3.0]), clues)[:2] == [0.5, 2.0]
    assert signs_of(0.5, (), np.array([1.0, 30.0]), clues)[:2] == [0.5, MARGIN]
    assert signs_of(0.5, (), np.array([1.0]), clues[:1])[:2] == [0.5, MARGIN]


def test_the_shipped_file_loads_and_every_message_can_be_said() -> None:
    second = read_second(config_folder() / "ranker" / "second-look" / "en.toml")
    assert second.weights[SCORE] > 0 < second.weights["evidence"]
    assert list(second.curve.large) == sorted(second.curve.large)
    messages = Messages.load("en")
    for clue in CLUES:
        assert messages.text(f"why.{clue.message}", percent=12) != f"why.{clue.message}"


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "en.toml"
    path.write_text("intercept = 'x'\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"en\.toml: is no file of a second look"):
        SecondLook.load(MARKER, folder=tmp_path)
    path.write_text(EMPTY, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"en\.toml: contradicted is missing or unknown"):
        read_second(path)


def test_candidates_are_those_of_the_ranking(brannow: World) -> None:
    found = seen_for(brannow, "Who built the lighthouse?")
    looked: list[Candidate] = [one.candidate for one in SecondLook(MARKER, {"en": MODEL}).look(found.query, found.seen)]
    assert {one.hit for one in looked} == {one.candidate.hit for one in found.seen}
