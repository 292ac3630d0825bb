import io
import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.articles.article import Article
from bot.articles.intake import Intake
from bot.articles.library import Library
from bot.articles.readers import Readers
from bot.articles.samples import put_samples
from bot.articles.statistics import Statistics
from bot.articles.summary import Event, Happening, Summary
from bot.wordlists import WordLists

LONG_AGO = 1_600_000_000


@pytest.fixture(scope="module")
def readers() -> Readers:
    return Readers(WordLists(), largest_bytes=1_000_000)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "news" / "deep").mkdir(parents=True)
    write(tmp_path / "news" / "a.txt", "The first wolf is grey.")
    write(tmp_path / "news" / "deep" / "b.md", "# Bears\n\nA bear is brown.")
    return tmp_path / "news"


def write(path: Path, text: str) -> Path:
    """A file as if it had been written long ago, so that its time of modification can be trusted."""
    path.write_text(text, encoding="utf-8")
    os.utime(path, (LONG_AGO, LONG_AGO + len(text)))
    return path


Add = Callable[..., Summary]


@pytest.fixture
def add(library: Library, readers: Readers) -> Add:
    def run(*what: object, stdin: bytes = b"", told: Callable[[Event], None] | None = None) -> Summary:
        return Intake(library, readers, told=told).add([str(one) for one in what], stdin=io.BytesIO(stdin))

    return run


def sources(library: Library) -> list[str]:
    return [article.source for article in library.articles()]


def counts(summary: Summary) -> tuple[int, int, int, int, int]:
    return (summary.added, summary.changed, summary.unchanged, summary.removed, len(summary.skipped))


def test_a_folder_goes_in_with_its_sub_folders_and_without_what_is_hidden(
    add: Add, library: Library, folder: Path
) -> None:
    write(folder / ".secret.txt", "Hidden.")
    (folder / ".git").mkdir()
    write(folder / ".git" / "x.txt", "Hidden.")
    write(folder / "picture.png", "not a document")
    assert counts(add(folder)) == (2, 0, 0, 0, 0)
    assert sources(library) == [str(folder / "a.txt"), str(folder / "deep" / "b.md")]


def test_what_was_read_and_is_as_it_was_is_not_read_again(
    add: Add, folder: Path, readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(folder)
    monkeypatch.setattr(readers, "read", lambda *_: pytest.fail("a file was read again"))
    assert counts(add(folder)) == (0, 0, 2, 0, 0)


def test_a_file_that_was_just_written_is_read_again_though_its_time_and_size_are_the_same(
    add: Add, library: Library, folder: Path
) -> None:
    path = folder / "c.txt"
    path.write_text("One wolf.")
    status = path.stat()
    add(folder)
    path.write_text("Two wolf.")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert counts(add(folder)) == (0, 1, 2, 0, 0)
    assert library.text(library.find(str(path))[0].number) == "Two wolf."


def test_a_changed_file_replaces_its_article(add: Add, library: Library, folder: Path) -> None:
    add(folder)
    write(folder / "a.txt", "The wolf is white now.")
    assert counts(add(folder)) == (0, 1, 1, 0, 0)
    assert library.text(library.find(str(folder / "a.txt"))[0].number) == "The wolf is white now."


def test_a_removed_file_leaves(add: Add, library: Library, folder: Path) -> None:
    add(folder)
    (folder / "a.txt").unlink()
    told: list[Event] = []
    assert counts(add(folder, told=told.append)) == (0, 0, 1, 1, 0)
    assert Event(Happening.REMOVED, str(folder / "a.txt")) in told
    assert sources(library) == [str(folder / "deep" / "b.md")]


def test_a_removed_folder_below_leaves(add: Add, library: Library, folder: Path) -> None:
    add(folder)
    (folder / "deep" / "b.md").unlink()
    (folder / "deep").rmdir()
    assert counts(add(folder)) == (0, 0, 1, 1, 0)


def test_a_folder_that_is_missing_or_empty_takes_nothing_with_it(add: Add, library: Library, folder: Path) -> None:
    add(folder)
    for path in (folder / "a.txt", folder / "deep" / "b.md"):
        path.unlink()
    summary = add(folder)
    assert counts(summary) == (0, 0, 0, 0, 1)
    assert summary.skipped[0].startswith(f"{folder}: the folder holds no articles; expected files that end in .")
    (folder / "deep").rmdir()
    folder.rmdir()
    assert add(folder).skipped == [f"{folder}: there is no such file or folder; check the name"]
    assert library.statistics().articles == 2


def test_another_folder_s_files_stay(add: Add, library: Library, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "news2").mkdir()
    kept = write(tmp_path / "news2" / "c.txt", "Elsewhere.")
    add(folder, tmp_path / "news2")
    kept.unlink()
    assert counts(add(folder)) == (0, 0, 2, 0, 0)
    assert library.statistics().articles == 3


def test_a_renamed_file_keeps_its_article(add: Add, library: Library, folder: Path) -> None:
    add(folder)
    before = library.find(str(folder / "a.txt"))[0]
    (folder / "a.txt").rename(folder / "deep" / "z.txt")
    assert counts(add(folder)) == (0, 1, 1, 0, 0)
    after = library.find(str(folder / "deep" / "z.txt"))[0]
    assert (after.number, after.id) == (before.number, before.id)
    assert counts(add(folder)) == (0, 0, 2, 0, 0)


def test_a_file_is_one_article_by_whatever_path_it_is_named(
    add: Add, library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    assert counts(add("a.txt", "deep/../a.txt", folder / "a.txt")) == (1, 0, 2, 0, 0)
    assert sources(library) == [str(folder / "a.txt")]


def test_json_lines_keep_their_sources_and_each_line_its_own(add: Add, library: Library, tmp_path: Path) -> None:
    lines = [
        {"text": "First.", "source": "https://x.example/1", "title": "One", "published": "2023-03-08", "tags": ["a"]},
        {"text": "Second."},
    ]
    path = write(tmp_path / "two.jsonl", "\n".join(map(json.dumps, lines)))
    assert counts(add(path)) == (2, 0, 0, 0, 0)
    assert sources(library) == [f"{path}#2", "https://x.example/1"]
    assert counts(add(path)) == (0, 0, 2, 0, 0)


def test_a_bad_line_is_skipped_with_its_number_and_the_rest_goes_in(add: Add, library: Library, tmp_path: Path) -> None:
    path = write(tmp_path / "some.jsonl", '{"text": "Good.", "source": "g"}\n{"text": 5}\n{"text"\n')
    summary = add(path)
    assert counts(summary) == (1, 0, 0, 0, 2)
    assert summary.skipped[0].startswith(f"{path}, line 2: ")
    assert summary.skipped[1].startswith(f"{path}, line 3: ")


def test_a_line_that_left_its_file_leaves_the_library_when_its_folder_is_added(
    add: Add, library: Library, folder: Path
) -> None:
    path = write(folder / "two.jsonl", '{"text": "One.", "source": "1"}\n{"text": "Two.", "source": "2"}\n')
    add(folder)
    write(path, '{"text": "Two.", "source": "2"}\n')
    assert counts(add(folder)) == (0, 0, 3, 1, 0)
    assert "1" not in sources(library)


def test_a_line_leaves_at_the_next_run_when_one_is_interrupted_before_it_did(
    add: Add, library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(folder / "two.jsonl", '{"text": "One.", "source": "1"}\n{"text": "Two.", "source": "2"}\n')
    add(folder)
    write(path, '{"text": "Two.", "source": "2"}\n')

    def interrupted(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(library, "remove", interrupted)
        with pytest.raises(KeyboardInterrupt):
            add(folder)
    assert add(folder).removed == 1
    assert "1" not in sources(library)


def test_nothing_leaves_for_a_line_that_cannot_be_read_any_more(add: Add, library: Library, folder: Path) -> None:
    path = write(folder / "two.jsonl", '{"text": "One.", "source": "1"}\n{"text": "Two.", "source": "2"}\n')
    add(folder)
    write(path, '{"text": "One.", "sou\n{"text": "Two.", "source": "2"}\n')
    assert counts(add(folder)) == (0, 0, 3, 0, 1)
    assert "1" in sources(library)


def test_an_article_that_moved_to_another_file_stays(add: Add, library: Library, folder: Path) -> None:
    write(folder / "x.jsonl", '{"text": "One.", "source": "1"}\n{"text": "Two.", "source": "2"}\n')
    add(folder)
    write(folder / "x.jsonl", '{"text": "Two.", "source": "2"}\n')
    write(folder / "y.jsonl", '{"text": "One.", "source": "1"}\n')
    assert add(folder).removed == 0
    (folder / "x.jsonl").unlink()
    add(folder)
    assert sources(library) == [str(folder / "a.txt"), str(folder / "deep" / "b.md"), "1"]


def test_what_two_files_hold_stays_while_one_of_them_does(add: Add, library: Library, folder: Path) -> None:
    line = '{"text": "One.", "source": "1"}\n'
    write(folder / "x.jsonl", line)
    write(folder / "y.jsonl", line + '{"text": "Two.", "source": "2"}\n')
    add(folder)
    (folder / "y.jsonl").unlink()
    add(folder)
    assert "1" in sources(library)
    assert "2" not in sources(library)


def test_a_file_that_broke_keeps_its_article(add: Add, library: Library, folder: Path) -> None:
    add(folder)
    write(folder / "a.txt", "")
    summary = add(folder)
    assert counts(summary) == (0, 0, 1, 0, 1)
    assert summary.skipped[0].startswith(f"{folder / 'a.txt'}: is empty")
    assert library.statistics().articles == 2


def test_an_article_that_was_removed_by_hand_comes_back_with_its_folder(
    add: Add, library: Library, folder: Path
) -> None:
    add(folder)
    library.remove([library.find(str(folder / "a.txt"))[0].number])
    assert counts(add(folder)) == (1, 0, 1, 0, 0)


def test_what_cannot_be_read_is_skipped_and_the_rest_goes_in(add: Add, folder: Path, tmp_path: Path) -> None:
    (folder / "binary.txt").write_bytes(b"\x00\x01\x02\xff" * 1000)
    write(folder / "huge.txt", "word " * 300_000)
    (folder / "nowhere.txt").symlink_to(tmp_path / "nothing")
    summary = add(tmp_path / "missing.txt", "https://x.example/page", folder)
    assert counts(summary) == (2, 0, 0, 0, 4)
    assert all("\n" not in line for line in summary.skipped)


def test_a_name_that_is_not_utf8_is_skipped(add: Add, folder: Path) -> None:
    bad = os.fsencode(folder) + b"/caf\xe9.txt"
    try:
        Path(os.fsdecode(bad)).write_bytes(b"Some text.")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert counts(add(folder)) == (2, 0, 0, 0, 1)
    assert add(os.fsdecode(bad)).skipped[0].endswith("the name is not valid UTF-8; rename it")


def test_folders_that_are_linked_in_a_circle_are_looked_into_once(add: Add, folder: Path) -> None:
    (folder / "deep" / "up").symlink_to(folder)
    assert counts(add(folder)) == (2, 0, 0, 0, 0)


def test_a_date_in_the_future_is_refused_by_the_clock_that_is_given(
    library: Library, readers: Readers, tmp_path: Path
) -> None:
    days = ("2023-03-08", "2023-03-09", "2023-03-10")
    lines = "".join(f'{{"text": "One.", "source": "{day}", "published": "{day}"}}\n' for day in days)
    path = write(tmp_path / "days.jsonl", lines)
    summary = Intake(library, readers, today=lambda: date(2023, 3, 8)).add([str(path)])
    assert summary.skipped == ["2023-03-10: its date, 2023-03-10, lies in the future; correct it or leave it out"]
    assert sources(library) == ["2023-03-08", "2023-03-09"]


def test_tags_go_to_what_has_none(library: Library, readers: Readers, tmp_path: Path) -> None:
    path = write(
        tmp_path / "two.jsonl", '{"text": "A.", "source": "a"}\n{"text": "B.", "source": "b", "tags": ["own"]}'
    )
    Intake(library, readers, tags=["war", "2023"]).add([str(path)])
    assert [article.tags for article in library.articles()] == [("war", "2023"), ("own",)]


def test_standard_input_is_text_or_json_lines(add: Add, library: Library) -> None:
    assert counts(add("-", stdin=b"Ein Wolf heult.")) == (1, 0, 0, 0, 0)
    assert counts(add("-", stdin=b"Ein Wolf heult.")) == (0, 0, 1, 0, 0)
    assert counts(add("-", stdin=b'{"text": "One.", "source": "1"}\n{"text": "Two.", "source": "2"}')) == (
        2,
        0,
        0,
        0,
        0,
    )
    assert sources(library)[:2] == ["1", "2"]
    assert sources(library)[2].startswith("stdin:")
    assert counts(add("-", stdin=b"")) == (0, 0, 0, 0, 1)


def test_each_event_is_told_after_its_article_is_stored(add: Add, library: Library, folder: Path) -> None:
    there: list[bool] = []
    add(folder, told=lambda event: there.append(bool(library.find(event.source))))
    assert there == [True, True]


def test_samples_go_into_a_new_library_once(library: Library, readers: Readers) -> None:
    assert put_samples(library, readers) == 2
    assert put_samples(library, readers) == 0
    assert library.statistics().articles == 2
    assert all(source.startswith("seeds/00") for source in sources(library))
    library.remove(article.number for article in list(library.articles()))
    assert put_samples(library, readers) == 0


def test_the_owner_s_first_articles_take_the_samples_place(
    add: Add, library: Library, readers: Readers, folder: Path
) -> None:
    put_samples(library, readers)
    assert add(folder / "missing.txt").samples == 0
    assert library.statistics().articles == 2
    assert add(folder).samples == 2
    assert sources(library) == [str(folder / "a.txt"), str(folder / "deep" / "b.md")]
    library.remove(article.number for article in list(library.articles()))
    assert put_samples(library, readers) == 0
    assert library.statistics() == Statistics(0, 0, 0, 0)


def test_a_sample_that_the_owner_stored_stays(add: Add, library: Library, readers: Readers, tmp_path: Path) -> None:
    put_samples(library, readers)
    sample: Article = next(iter(library.export()))
    line = json.dumps({"text": sample.text, "source": sample.source, "title": sample.title})
    assert add(write(tmp_path / "back.jsonl", line)).samples == 1
    assert sources(library) == [sample.source]
