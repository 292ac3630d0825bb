"""Word lists: the shipped lines and the owner's."""

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.wordlists import WordLists


def test_the_owner_adds_to_a_shipped_list_and_takes_out_of_it(tmp_path: Path) -> None:
    (tmp_path / "stopwords").mkdir()
    (tmp_path / "stopwords" / "en.txt").write_text("# mine\nverily\n- please\n", encoding="utf-8")
    shipped, owned = WordLists().lines("stopwords/en.txt"), WordLists(tmp_path).lines("stopwords/en.txt")
    assert set(owned) - set(shipped) == {"verily"}
    assert set(shipped) - set(owned) == {"please"}


def test_an_edited_list_has_another_fingerprint(tmp_path: Path) -> None:
    names = ("stopwords/en.txt",)
    before = WordLists(tmp_path).fingerprint(names)
    (tmp_path / "stopwords").mkdir()
    (tmp_path / "stopwords" / "en.txt").write_text("verily\n", encoding="utf-8")
    assert WordLists(tmp_path).fingerprint(names) != before
    assert WordLists().fingerprint(names) == before


def test_a_list_that_nobody_wrote_is_empty() -> None:
    assert WordLists().lines("no/such/list.txt") == ()


def test_a_list_that_is_no_utf8_names_its_file(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(SettingsError, match=r"mine\.txt: cannot be read as UTF-8"):
        WordLists(tmp_path).lines("mine.txt")
