"""Two settings question by question."""

import pytest

from bot.evaluation.comparison import compare
from bot.evaluation.product import Outcome, ProductQuestion
from tests.evaluation.test_product import gold, quote


def outcome(name: str, *, right: bool, found: bool = True) -> Outcome:
    asked = ProductQuestion(name, ord(name[0]), (gold(5), gold(7)))
    ranking = (quote(f"about {name}", 0),) if found else ()
    return Outcome(asked, found, 0.7, ranking, (right,) if found else (), 1.0)


def test_only_what_changed_is_listed_with_both_first_quotes() -> None:
    before = [outcome("a", right=True), outcome("b", right=True), outcome("c", right=False)]
    after = [outcome("a", right=True), outcome("b", right=False, found=False), outcome("c", right=True)]
    found = compare(before, after)
    assert [change.question for change in found.better] == ["c"]
    assert [change.question for change in found.worse] == ["b"]
    assert found.worse[0].answers == ("x",)
    assert found.worse[0].first.quote == "about b"
    assert found.worse[0].second.quote == ""
    assert found.first.value == found.second.value == pytest.approx(2 / 3)
    assert found.difference.value == 0


def test_trials_of_different_questions_are_not_compared() -> None:
    with pytest.raises(ValueError, match="different questions"):
        compare([outcome("a", right=True)], [outcome("b", right=True)])
