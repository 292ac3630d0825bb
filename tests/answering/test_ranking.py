"""The ranking: the order, ties, reasons, and the files that it is made from."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from bot.answering.confidence import Confidence, Curve, Logistic
from bot.answering.features.catalogue import FEATURES
from bot.answering.query import Candidate, Features, Pool
from bot.answering.ranking import Field, Model, Ranker, read_model
from bot.answering.tables import Table, load_tables
from bot.answering.vocabulary import places_in
from bot.errors import SettingsError
from bot.messages import Messages
from bot.resources import config_folder
from bot.retrieval.keys import keys_of
from tests.answering.worlds import ANALYZERS, World, world

EVEN = Confidence(Logistic({}, (0.0, 0.0)), Logistic({}, (50.0, 50.0)), Curve((-1.0, 1.0), (0.0, 1.0), (0.0, 1.0)))
ARTICLES = {
    "The lighthouse": [
        ["The lighthouse of Brannow was built in 1887 by Marta Kowalczyk.", "It is 43 metres high."],
        ["The committee wants to close it because the repairs cost 2 million euros."],
    ],
    "The museum": [["The museum opened in the old salt store.", "Its director is Pavel Horak."]],
}


@pytest.fixture(scope="module")
def brannow() -> World:
    return world(ARTICLES)


@pytest.mark.parametrize(
    ("question", "start"),
    [
        ("Who built the lighthouse?", "The lighthouse of Brannow was built"),
        ("What is 43 metres high?", "It is 43 metres high"),
        ("Who is the director of the museum?", "Its director is Pavel Horak"),
        ("Why should the lighthouse close?", "The committee wants to close it"),
    ],
)
def test_the_sentence_that_answers_comes_first(brannow: World, question: str, start: str) -> None:
    assert brannow.ranked(question)[0].startswith(start)


def test_a_question_without_tables_is_ranked_by_the_rest() -> None:
    spanish = world({"": [["El faro fue construido en 1887.", "Mide 43 metros."]]}, language="es")
    assert spanish.ranked("¿Cuándo fue construido el faro?")[0].startswith("El faro")


def test_an_empty_pool_gives_an_empty_ranking(brannow: World) -> None:
    empty = Pool(hits=(), passages={}, articles={})
    assert brannow.ranker.rank(brannow.query("anything"), empty, brannow.engine) == []


def test_a_question_of_stop_words_alone_has_no_ranking(brannow: World) -> None:
    assert brannow.ranker.rank(brannow.query("of the"), brannow.whole_pool(), brannow.engine) == []


def test_scores_fall_and_confidence_is_a_probability_that_falls_with_them(brannow: World) -> None:
    candidates = brannow.ranker.rank(brannow.query("Who built the lighthouse?"), brannow.whole_pool(), brannow.engine)
    scores = [candidate.score for candidate in candidates]
    confidences = [candidate.confidence for candidate in candidates]
    assert len(candidates) == 5
    assert scores == sorted(scores, reverse=True)
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 <= confidence <= 1 for confidence in confidences)


def test_the_score_is_the_weighted_sum_of_the_features_that_a_candidate_names(brannow: World) -> None:
    weights = brannow.ranker.model("en").weights
    for candidate in brannow.ranker.rank(brannow.query("Who built it?"), brannow.whole_pool(), brannow.engine):
        total = sum(weights[name] * value for name, value in candidate.features.items())
        assert candidate.score == pytest.approx(total)


def test_ties_go_by_source_then_start() -> None:
    ranker = Ranker({"any": Model({"terms in sentence": 1.0}, EVEN)}, ANALYZERS)
    twins = world({"": [["Same words."], ["Same words."]], "B": [["Same words."]]}, ranker=ranker)
    candidates = ranker.rank(twins.query("same words"), twins.whole_pool(), twins.engine)
    assert [candidate.hit.passage for candidate in candidates] == [1, 2, 3]


def test_one_term_that_the_library_lacks_ranks_without_an_error(brannow: World) -> None:
    candidates = brannow.ranker.rank(brannow.query("zeppelin"), brannow.whole_pool(), brannow.engine)
    assert len(candidates) == 5
    assert candidates[0].confidence < 0.5


def candidates_of(names: tuple[str, ...], *rows: tuple[float, ...]) -> list[Candidate]:
    table = Features(names, np.array(rows))
    hits = world(ARTICLES).whole_pool().hits
    return [Candidate(hit=hits[n], score=0.0, confidence=0.0, table=table, place=n) for n in range(len(rows))]


def test_reasons_are_what_the_winner_has_more_of_than_the_others_most_telling_first() -> None:
    weights = {"terms in sentence": 2.0, "share in passage or title": 1.0, "length": 5.0, "share in passage": 1.0}
    ranker = Ranker({"any": Model(weights, EVEN)}, ANALYZERS)
    names = ("terms in sentence", "share in passage", "share in passage or title", "length")  # as in the catalogue
    both = candidates_of(names, (1.0, 0.0, 0.5, 1.0), (0.0, 0.5, 0.0, 1.0))
    reasons = ranker.reasons(both[0], Field.of(both), "en")
    assert [(reason.key, reason.values["percent"]) for reason in reasons] == [("why.sentence", 67), ("why.title", 17)]


def test_a_candidate_without_rivals_has_reasons_too(brannow: World) -> None:
    only = brannow.ranker.rank(brannow.query("lighthouse"), brannow.pool("lighthouse"), brannow.engine)[:1]
    reasons = brannow.ranker.reasons(only[0], Field.of(only), "en")
    assert all(-1 <= reason.weight <= 1 for reason in reasons)


def test_every_reason_can_be_said() -> None:
    messages = Messages.load("en")
    for feature in FEATURES:
        if feature.message:
            assert messages.text(f"why.{feature.message}", percent=12) != f"why.{feature.message}"


def test_the_shipped_weights_name_features_of_this_version() -> None:
    folder = config_folder() / "ranker"
    assert {path.stem for path in folder.glob("*.toml")} >= {"any", "en"}
    for path in folder.glob("*.toml"):
        model = read_model(path)
        assert set(model.weights) <= {feature.name for feature in FEATURES}


def test_only_a_language_with_tables_weighs_table_features() -> None:
    needing = {feature.name for feature in FEATURES if feature.needs_tables}
    folder = config_folder() / "ranker"
    assert not needing & set(read_model(folder / "any.toml").weights)
    assert needing <= set(read_model(folder / "en.toml").weights)


def test_a_folder_without_weights_names_the_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"any\.toml: is missing"):
        Ranker.load(ANALYZERS, folder=tmp_path)


def test_a_damaged_file_of_weights_is_named(tmp_path: Path) -> None:
    path = tmp_path / "any.toml"
    path.write_text("[weights]\nlength = 'x'\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"any\.toml: is no file of ranking weights"):
        read_model(path)


@pytest.mark.parametrize(
    ("weights", "signs"), [('"phase of the moon" = 1.0', ""), ("", '"phase of the moon" = [1.0, 1.0]')]
)
def test_a_weight_for_what_is_gone_is_named(tmp_path: Path, weights: str, signs: str) -> None:
    path = tmp_path / "any.toml"
    path.write_text(
        f"[weights]\n{weights}\n[confidence.curve]\nlogits = [0.0]\nlarge = [0.5]\nsmall = [0.5]\n"
        "[confidence.present]\nintercept = [0.0, 0.0]\nweights = {}\n"
        f"[confidence.first]\nintercept = [0.0, 0.0]\n[confidence.first.weights]\n{signs}\n",
        encoding="utf-8",
    )
    with pytest.raises(SettingsError, match="phase of the moon is no feature"):
        read_model(path)


def test_a_table_reads_its_lines_when_they_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "terms.txt"
    path.write_text("# provenance\nterm build\t-500\ndie\tdeath 560 kill 20\nbroken\tx y z\n", encoding="utf-8")
    table = Table(path)
    assert len(table) == 3
    assert table.row("term build") == (-0.5,)
    assert table.number("term build") == -0.5
    died = table.column("die")
    assert died.values[places_in(died.keys, keys_of("death kill rain"))].tolist() == [0.56, 0.02, 0.0]
    assert table.row("unknown") == ()
    assert table.number("unknown") == 0
    assert len(table.column("unknown").keys) == 0
    assert table.words("term build").tolist() == keys_of("-500").tolist()
    assert len(table.words("unknown")) == 0
    with pytest.raises(SettingsError, match="'broken' does not hold whole numbers"):
        table.column("broken")
    with pytest.raises(SettingsError, match="'term build' does not hold whole numbers"):
        table.column("term build")  # a word without its number


def test_a_language_without_a_folder_has_no_tables_and_one_with_half_of_them_is_an_error(tmp_path: Path) -> None:
    assert load_tables(tmp_path / "xx") is None
    (tmp_path / "yy").mkdir()
    with pytest.raises(SettingsError, match=r"terms\.txt: cannot be read"):
        load_tables(tmp_path / "yy")


def test_features_of_a_candidate_are_plain_numbers(brannow: World) -> None:
    first = brannow.ranker.rank(brannow.query("lighthouse"), brannow.pool("lighthouse"), brannow.engine)[0]
    assert msgspec.json.decode(msgspec.json.encode(first.features)) == pytest.approx(first.features)
