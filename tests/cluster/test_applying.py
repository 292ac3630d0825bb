"""Applying: the index follows the library, whatever happens on the way, and one process at a time sees to it."""

import threading
from typing import Any

import pytest

from bot.articles.library import Library
from bot.errors import UnavailableError
from bot.retrieval.cluster import applying, engine
from bot.retrieval.cluster.applying import REACHED, TURN, Outcome
from bot.retrieval.cluster.documents import Action, SentenceDocument
from bot.retrieval.cluster.mapping import APPLIED, META
from tests.cluster.engines import article, cluster_engine, memory_engine
from tests.cluster.fake import FakeCluster, served

BLOCK = {"type": "cluster_block_exception", "reason": "index [x] blocked by: [TOO_MANY_REQUESTS/12]"}
READ_ONLY = (429, {"error": BLOCK, "status": 429})


def sentences(fake: FakeCluster, name: str = "verbatim") -> list[str]:
    """What a search of the index sees."""
    return sorted(one["sentence"] for one in fake.index(name).shown.values() if "sentence" in one)


def applied(fake: FakeCluster) -> int:
    _, content = fake.index("verbatim").documents[APPLIED]
    return int((content or {})[APPLIED])


def test_a_new_index_holds_the_prose_of_the_library(library: Library, fake: FakeCluster) -> None:
    library.put(article("a", "# Heads\nThe cat sat. It ran.\n!Advertisement", title="Cats of Rome"))
    cluster_engine(library, fake.url).refresh()
    (name,) = fake.indices
    assert fake.aliases == {f"{name}-writing": name, "verbatim": name}
    assert sentences(fake) == ["cat sat", "it ran"]
    document = fake.index("verbatim").shown["2.0"]
    assert document["context"] == "cat sat it ran"
    assert document["title"] == "cat rome"
    assert applied(fake) == library.last_change()


def test_changes_and_removals_follow(library: Library, fake: FakeCluster) -> None:
    library.put(article("a", "The cat sat. It ran."))
    library.put(article("b", "The dog barked."))
    searching = cluster_engine(library, fake.url)
    searching.refresh()
    library.put(article("a", "The cat slept."))
    library.remove([article.number for article in library.articles() if article.source == "b"])
    searching.refresh()
    assert sentences(fake) == ["cat slept"]
    assert applied(fake) == library.last_change()


def test_a_library_without_changes_asks_the_cluster_nothing(library: Library, fake: FakeCluster) -> None:
    searching = cluster_engine(library, fake.url)
    searching.refresh()
    assert fake.requests == []
    library.put(article("a", "The cat sat."))
    searching.refresh()
    before = len(fake.requests)
    searching.refresh()
    assert len(fake.requests) == before


def test_a_step_that_was_interrupted_is_done_again_to_the_same_end(library: Library, fake: FakeCluster) -> None:
    library.put(article("a", "The cat sat."))
    searching = cluster_engine(library, fake.url)
    searching.refresh()
    library.put(article("a", "The cat slept."))
    library.put(article("b", "The dog barked."))
    fake.break_(f"PUT .*_doc/{APPLIED}$", (500, {}))
    searching.refresh()
    assert applied(fake) == 1
    fake.heal()
    cluster_engine(library, fake.url).refresh()
    assert sentences(fake) == ["cat slept", "dog barked"]
    assert applied(fake) == library.last_change()


def test_a_process_that_lost_its_turn_does_no_harm_when_it_writes_after_all(
    library: Library, fake: FakeCluster
) -> None:
    library.put(article("a", "The cat sat."))
    searching = cluster_engine(library, fake.url)
    searching.refresh()
    library.put(article("a", "The cat slept."))
    searching.refresh()
    index = fake.index("verbatim")
    stored, deleted = "2.0", "1.0"
    late = SentenceDocument("cat sat", "cat sat", "", 1, 1, 1)
    assert not index.write(stored, 1, {"sentence": "late"})
    assert Action(deleted, 1, late).lines().startswith(b'{"index":{"_id":"1.0","version":1,')
    assert not index.write(deleted, 1, {"sentence": "late"})
    index.show()
    assert sentences(fake) == ["cat slept"]


def test_while_another_process_applies_nobody_else_does(
    library: Library, fake: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.put(article("a", "The cat sat."))
    searching = cluster_engine(library, fake.url)
    searching.refresh()
    other = library.lease(f"{TURN} verbatim", seconds=60)
    assert other.take()
    library.put(article("b", "The dog barked."))
    with monkeypatch.context() as patched:
        patched.setattr(engine, "WAIT_SECONDS", 0.1)
        searching.refresh()
    assert sentences(fake) == ["cat sat"]
    other.release()
    searching.refresh()
    assert sentences(fake) == ["cat sat", "dog barked"]


def test_who_adds_waits_until_another_process_has_applied_it(library: Library, fake: FakeCluster) -> None:
    library.put(article("a", "The cat sat."))
    searching = cluster_engine(library, fake.url)
    searching.refresh()
    other = library.lease(f"{TURN} verbatim", seconds=60)
    assert other.take()
    library.put(article("b", "The dog barked."))
    waiting = threading.Thread(target=searching.catch_up)
    waiting.start()
    waiting.join(0.2)
    assert waiting.is_alive()
    other.release()
    waiting.join(10)
    assert sentences(fake) == ["cat sat", "dog barked"]


def test_a_cluster_that_makes_no_index_is_told_with_the_reason(library: Library, fake: FakeCluster) -> None:
    searching = cluster_engine(library, fake.url)
    searching.catch_up()
    library.put(article("a", "The cat sat."))
    fake.break_("PUT /verbatim-2[^/]*$", (403, {"error": {"type": "security_exception", "reason": "no permissions"}}))
    with pytest.raises(UnavailableError, match="may not do this"):
        searching.refresh()


def test_who_waits_for_a_process_that_gets_no_further_is_told(
    library: Library, fake: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "PATIENCE_SECONDS", 0.1)
    library.put(article("a", "The cat sat."))
    assert library.lease(f"{TURN} verbatim", seconds=60).take()
    with pytest.raises(UnavailableError, match="has not got any further"):
        cluster_engine(library, fake.url).catch_up()


def test_many_changes_are_applied_in_steps_and_told(
    library: Library, fake: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "PAGE", 3)
    for number in range(10):
        library.put(article(f"source-{number}", f"Cat {number} sat."))
    told: list[tuple[int, int]] = []
    cluster_engine(library, fake.url, progress=lambda done, of: told.append((done, of))).catch_up()
    assert told == [(3, 10), (6, 10), (9, 10), (10, 10)]
    assert len(sentences(fake)) == 10


def test_a_half_filled_index_is_filled_to_its_end(
    library: Library, fake: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "PAGE", 1)
    for number in range(4):
        library.put(article(f"source-{number}", f"Cat {number} sat."))
    told: list[tuple[int, int]] = []
    indexing = cluster_engine(library, fake.url)
    outcome = indexing._applying().apply(stopped=lambda: len(told) == 2, progress=lambda *one: told.append(one))
    assert outcome is Outcome.STOPPED
    assert "verbatim" not in fake.aliases
    (half,) = fake.indices
    library.put(article("source-0", "Dog sat."))  # it is in the half that is there
    cluster_engine(library, fake.url).refresh()
    assert fake.aliases["verbatim"] == half
    assert sentences(fake) == ["cat 1 sat", "cat 2 sat", "cat 3 sat", "dog sat"]


def test_the_old_index_answers_until_the_new_one_is_filled(library: Library, fake: FakeCluster) -> None:
    library.put(article("a", "The cat sat."))
    cluster_engine(library, fake.url).refresh()
    old = fake.aliases["verbatim"]
    fake.indices[old].body["mappings"]["_meta"][META]["version"] = 0
    library.put(article("b", "The dog barked."))
    fake.break_("_aliases", (503, {"error": {"type": "process_cluster_event_timeout_exception"}, "status": 503}))
    searching = cluster_engine(library, fake.url)
    searching.refresh()
    assert fake.aliases["verbatim"] == old
    assert [hit.passage for hit in searching.search(["cat"], limit=9)] == [1]
    fake.heal()
    searching.refresh()
    assert fake.aliases["verbatim"] != old
    assert old not in fake.indices
    assert sentences(fake) == ["cat sat", "dog barked"]


def test_an_index_that_was_deleted_is_made_again_and_meanwhile_nothing_is_denied(
    library: Library, fake: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.put(article("a", "The cat sat."))
    searching = cluster_engine(library, fake.url)
    searching.refresh()
    fake.indices.clear()
    fake.aliases.clear()
    with pytest.raises(UnavailableError):
        searching.search(["cat"], limit=9)
    with monkeypatch.context() as hasty:
        hasty.setattr(engine, "NO_INDEX_SECONDS", 0.0)
        with pytest.raises(UnavailableError, match="is being made"):
            searching.refresh()
    searching.refresh()
    assert [hit.passage for hit in searching.search(["cat"], limit=9)] == [1]


def test_a_library_that_was_set_back_gets_a_new_index(library: Library, fake: FakeCluster) -> None:
    library.put(article("a", "The cat sat."))
    searching = cluster_engine(library, fake.url)
    searching.refresh()
    first = fake.aliases["verbatim"]
    fake.index("verbatim").write(APPLIED, 99, {APPLIED: 99})  # a backup was restored that knows of no change 99
    library.put(article("b", "The dog barked."))
    assert library.last_change() < 99
    searching.refresh()
    assert fake.aliases["verbatim"] != first
    assert sentences(fake) == ["cat sat", "dog barked"]
    assert applied(fake) == library.last_change()
    assert int(library.flag(REACHED) or 0) == library.last_change()


@pytest.mark.parametrize(
    ("mappings", "said"),
    [
        ({}, "which another program made"),
        ({"_meta": {META: {"library": "another", "start": 0, "version": 1}}}, "made from another library"),
        ({"_meta": {META: {"library": None, "start": 0, "version": 99}}}, "made by a newer version.*update"),
    ],
)
def test_an_index_that_is_not_this_librarys_is_left_alone(
    library: Library, fake: FakeCluster, mappings: Any, said: str
) -> None:
    library.put(article("a", "The cat sat."))
    meta = mappings.get("_meta", {}).get(META)
    if meta and meta["library"] is None:
        meta["library"] = applying.identity_of(library)
    fake.hold("verbatim-2020", mappings, alias="verbatim")
    with pytest.raises(UnavailableError, match=said):
        cluster_engine(library, fake.url).refresh()
    assert fake.indices["verbatim-2020"].documents == {}


def test_an_index_with_the_very_name_is_left_alone(library: Library, fake: FakeCluster) -> None:
    library.put(article("a", "The cat sat."))
    fake.hold("verbatim", {})
    with pytest.raises(UnavailableError, match="is not an alias of one index of ours"):
        cluster_engine(library, fake.url).refresh()


def test_a_cluster_that_takes_no_changes_still_answers_and_who_adds_is_told(
    library: Library, fake: FakeCluster, caplog: pytest.LogCaptureFixture
) -> None:
    library.put(article("a", "The cat sat."))
    searching = cluster_engine(library, fake.url)
    searching.refresh()
    library.put(article("b", "The cat barked."))
    fake.break_("_bulk", READ_ONLY)
    with caplog.at_level("INFO", logger="bot"):
        searching.refresh()
        searching.refresh()
    assert [hit.passage for hit in searching.search(["cat"], limit=9)] == [1]
    with pytest.raises(UnavailableError, match="read-only"):
        searching.vouch()
    assert [record.message for record in caplog.records if "read-only" in record.message] == [
        record.message for record in caplog.records
    ]
    assert len(caplog.records) == 1
    with pytest.raises(UnavailableError, match="read-only"):
        searching.catch_up()
    fake.heal()
    searching.refresh()
    searching.vouch()
    assert [hit.passage for hit in searching.search(["cat"], limit=9)] == [1, 2]


def test_two_libraries_in_one_cluster_keep_apart(library: Library, fake: FakeCluster) -> None:
    library.put(article("a", "The cat sat."))
    cluster_engine(library, fake.url, index="one").refresh()
    cluster_engine(library, fake.url, index="two").refresh()
    assert len(fake.indices) == 2
    assert sentences(fake, "one") == sentences(fake, "two") == ["cat sat"]


def test_answers_equal_the_memory_engines_after_a_restart_of_the_cluster(library: Library, fake: FakeCluster) -> None:
    library.put(article("a", "The cat sat. The dog sat.\nIt rained."))
    searching = cluster_engine(library, fake.url)
    searching.refresh()
    with served(FakeCluster()) as other:
        other.break_(".", (503, {}))
        away = cluster_engine(library, other.url)
        with pytest.raises(UnavailableError):
            away.refresh()
    assert searching.search(["cat", "dog"], limit=9) == memory_engine(library).search(["cat", "dog"], limit=9)
