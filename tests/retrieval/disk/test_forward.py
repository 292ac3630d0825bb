"""The forward file: what is written is read, and other places are refused."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retrieval.disk import forward
from bot.retrieval.disk.damage import IndexDamagedError
from bot.retrieval.disk.forward import Forward, ForwardWriter, number_of

SENTENCES = st.lists(st.tuples(st.integers(0, 70_000), st.lists(st.sampled_from(["cat", "猫", "dog"]))), max_size=4)
PASSAGES = st.lists(st.tuples(st.integers(1, 2**40), SENTENCES), min_size=1, max_size=5)


def written(path: Path, passages: list[tuple[int, list[tuple[int, list[str]]]]]) -> tuple[list[int], int]:
    """The places of records, and where the file ends."""
    writer = ForwardWriter(path, 0)
    places = [writer.add(number, sentences) for number, sentences in passages]
    writer.sync()
    writer.close()
    return places, writer.end


@given(PASSAGES, st.data())
def test_records_are_read_as_they_were_written_in_any_order(
    tmp_path_factory: pytest.TempPathFactory,
    passages: list[tuple[int, list[tuple[int, list[str]]]]],
    data: st.DataObject,
) -> None:
    path = tmp_path_factory.mktemp("forward") / "terms"
    places, end = written(path, passages)
    order = data.draw(st.permutations(range(len(passages))))
    found = Forward(path, end).records([places[i] for i in order], [passages[i][0] for i in order])
    expected = [(rank, *sentence) for rank, i in enumerate(order) for sentence in passages[i][1]]
    assert found.passages == len(order)
    assert found.passage_of.tolist() == [rank for rank, _, _ in expected]
    assert found.positions.tolist() == [position for _, position, _ in expected]
    assert found.lengths.tolist() == [len(terms) for _, _, terms in expected]
    assert found.terms.tolist() == [number_of(term) for _, _, terms in expected for term in terms]
    assert found.sentence_of.tolist() == [i for i, (_, _, terms) in enumerate(expected) for _ in terms]


def test_a_writer_goes_on_at_the_end_that_it_is_told_and_forgets_what_lies_behind(tmp_path: Path) -> None:
    path = tmp_path / "terms"
    _, end = written(path, [(1, [(0, ["cat"])])])
    stray = ForwardWriter(path, end)
    stray.add(2, [(0, ["dog"])])
    stray.sync()
    stray.close()
    writer = ForwardWriter(path, end)
    assert writer.add(3, [(0, ["rat", "rat"])]) == end
    writer.sync()
    writer.close()
    assert Forward(path, writer.end).records([0, end], [1, 3]).lengths.tolist() == [1, 2]


def test_what_is_not_synced_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "terms"
    writer = ForwardWriter(path, 0)
    writer.add(1, [(0, ["cat"])])
    writer.close()
    assert path.stat().st_size == 0


@pytest.mark.parametrize(
    ("place", "passage"),
    [(0, 2), (1, 1), (-1, 1), (10_000, 1), (2, 1)],
    ids=["other", "inside", "before", "behind", "odd"],
)
def test_places_of_other_records_are_refused(tmp_path: Path, place: int, passage: int) -> None:
    path = tmp_path / "terms"
    _, end = written(path, [(1, [(0, ["cat", "dog"])]), (5, [(0, ["cat"])])])
    with pytest.raises(IndexDamagedError):
        Forward(path, end).records([place], [passage])


def test_a_file_that_is_gone_or_too_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "terms"
    _, end = written(path, [(1, [(0, ["cat", "dog"])])])
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(IndexDamagedError, match="cannot be read to its end"):
        Forward(path, end)
    with pytest.raises(IndexDamagedError, match="ends before its last record"):
        ForwardWriter(path, end)
    path.unlink()
    with pytest.raises(IndexDamagedError, match="cannot be read to its end"):
        Forward(path, end)


def test_a_record_whose_lengths_do_not_fit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "terms"
    _, end = written(path, [(1, [(0, ["cat", "dog"])])])
    words = np.fromfile(path, dtype="<u4")
    words[4] += 1
    words.tofile(path)
    with pytest.raises(IndexDamagedError, match="other lengths"):
        Forward(path, end).records([0], [1])


def test_many_records_are_written_in_several_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forward, "BUFFERED", 10)
    monkeypatch.setattr(forward, "REMEMBERED", 3)
    passages = [(n, [(0, [f"word{n}", f"word{n + 1}"])]) for n in range(1, 50)]
    path = tmp_path / "terms"
    places, end = written(path, passages)
    found = Forward(path, end).records(places, [number for number, _ in passages])
    assert found.terms.tolist() == [number_of(term) for _, sentences in passages for term in sentences[0][1]]
