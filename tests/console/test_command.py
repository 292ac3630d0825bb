"""The command as a process: the contract that other programs rely on, exit statuses and messages included."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from bot import __version__
from tests.console.process import ANSWERABLE, ARTICLE, COMMAND, UNANSWERABLE, Ended, environment, run

Verbatim = Callable[..., Ended]


@pytest.fixture
def verbatim(tmp_path: Path) -> Verbatim:
    """The command with a home of its own."""
    return lambda *arguments, **more: run(tmp_path, *arguments, **more)


@pytest.fixture(scope="module")
def lighthouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose library holds one article; tests only read it."""
    home = tmp_path_factory.mktemp("lighthouse")
    (home / "brannow.txt").write_text(ARTICLE, encoding="utf-8")
    added = run(home, "add", "brannow.txt")
    assert added.status == 0, added.error
    return home


def one_line(text: str) -> str:
    """The text, which is one line for a person: it names the command and holds no traceback."""
    assert text.count("\n") == 1, text
    assert text.startswith("verbatim: ")
    assert "Traceback" not in text
    return text


def test_without_a_library_a_question_is_answered_from_the_samples(verbatim: Verbatim) -> None:
    assert verbatim("articles") == Ended(0, "", "")
    answered = verbatim("ask", "Who is the boss of Wagner?")
    assert answered.status == 0
    assert "Prigozhin" in answered.out
    assert answered.error == ""
    assert verbatim("articles").out.count("\n") == 2


def test_json_is_one_object_whose_quotes_are_slices_of_the_stored_text(lighthouse: Path) -> None:
    answered = run(lighthouse, "ask", "--json", "--top", "1", ANSWERABLE)
    assert answered.status == 0
    assert answered.out.count("\n") == 1
    record = json.loads(answered.out)
    assert record["answered"] is True
    assert record["question"] == ANSWERABLE
    assert "id" not in record
    (quote,) = record["quotes"]
    (article,) = map(json.loads, run(lighthouse, "articles", "--json", "--text").out.splitlines())
    assert article["text"] == ARTICLE
    assert article["text"][quote["start"] : quote["end"]] == quote["text"]
    assert "Kowalczyk" in quote["text"]
    assert quote["article"]["id"] == article["id"]
    assert article["source"].endswith("brannow.txt")


def test_what_the_articles_do_not_say_ends_with_one(lighthouse: Path) -> None:
    silent = run(lighthouse, "ask", UNANSWERABLE)
    assert silent.status == 1
    assert "The articles do not say.\n" in silent.out
    assert silent.error == ""
    record = json.loads(run(lighthouse, "ask", "--json", UNANSWERABLE).out)
    assert (record["answered"], record["quotes"]) == (False, [])


def test_a_question_needs_no_quotes_around_it(lighthouse: Path) -> None:
    assert "Kowalczyk" in run(lighthouse, "ask", *ANSWERABLE.split()).out


def test_filters_leave_articles_out(lighthouse: Path) -> None:
    for filters in (
        ("--source", "*/other/*"), ("--language", "xx"), ("--since", "2001-01-01"), ("--until", "2001-01-01"),
        ("--tag", "harbour"),
    ):  # fmt: skip
        record = json.loads(run(lighthouse, "ask", "--json", *filters, ANSWERABLE).out)
        assert (record["answered"], record["near_misses"]) == (False, []), filters
    assert run(lighthouse, "ask", "--source", "*brannow*", ANSWERABLE).status == 0


def test_why_gives_each_quote_its_reasons(lighthouse: Path) -> None:
    record = json.loads(run(lighthouse, "ask", "--json", "--why", ANSWERABLE).out)
    reasons = record["quotes"][0]["why"]
    assert reasons
    assert all(reason["text"] and -1 <= reason["weight"] <= 1 for reason in reasons)


def test_a_batch_answers_each_line_in_order_and_ends_with_zero(lighthouse: Path) -> None:
    lines = [
        ANSWERABLE.encode(),
        json.dumps({"question": UNANSWERABLE, "id": "p"}).encode(),
        b"\xff\xfe",
        b'{"question": 7, "id": 3}',
        b"",
        json.dumps({"question": "When was its lamp switched off?", "conversation": "c"}).encode(),
    ]
    ended = run(lighthouse, "ask", "--batch", "--top", "1", stdin=b"\n".join(lines))
    assert (ended.status, ended.error) == (0, "")
    records = [json.loads(line) for line in ended.out.splitlines()]
    assert len(records) == 6
    assert [record.get("answered") for record in records[:2]] == [True, False]
    assert records[1]["id"] == "p"
    assert [sorted(record) for record in records[2:5]] == [["error", "id"]] * 3
    assert records[3]["id"] == 3
    assert "1974" in records[5]["quotes"][0]["text"]


def test_a_batch_object_leaves_before_the_next_question_comes(lighthouse: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "ask", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(lighthouse)
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(2):
            process.stdin.write(ANSWERABLE.encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["answered"] is True
        process.stdin.close()
        assert process.wait(timeout=30) == 0


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("ask",), "A question is missing"),
        (("ask", ""), "question"),
        (("ask", "  "), "question"),
        (("ask", "😀🎉"), "question"),
        (("ask", "why " * 2500), "question"),
        (("ask", "--jsn", "Who?"), "--json"),
        (("ask", "--batch", "Who?"), "--batch reads its questions from standard input"),
        (("ask", "--since", "March", "Who?"), "write it as 2023-03-08"),
        (("ask", "--since", "2023-03-02", "--until", "2023-03-01", "Who?"), "is after"),
        (("ask", "--top", "0", "Who?"), "--top"),
        (("frobnicate",), "frobnicate"),
        (("--config", "missing.toml", "ask", "Who?"), "missing.toml: there is no such settings file"),
        (("articles", "--text"), "--text goes with --json"),
        (("articles", "--show", "nobody"), "nobody"),
        (("remove", "nobody"), "nobody"),
        (("add",), "WHAT"),
    ],
)
def test_what_is_wrong_is_one_line_and_status_two(arguments: tuple[str, ...], expected: str, lighthouse: Path) -> None:
    ended = run(lighthouse, *arguments)
    assert (ended.status, ended.out) == (2, "")
    assert expected in one_line(ended.error)


@pytest.mark.parametrize(
    ("name", "value"), [("VERBATIM_ENGIN", "memory"), ("VERBATIM_ENGINE", "fast"), ("VERBATIM_ANSWER_TOP", "many")]
)
def test_a_wrong_variable_names_itself(name: str, value: str, verbatim: Verbatim) -> None:
    ended = verbatim("ask", "Who?", **{name: value})
    assert ended.status == 2
    assert name in one_line(ended.error)


def test_a_library_that_is_damaged_is_one_line_and_stays_as_it_was(tmp_path: Path, verbatim: Verbatim) -> None:
    file = tmp_path / "library" / "library.sqlite"
    file.parent.mkdir()
    file.write_bytes(b"this is no database" * 100)
    before = file.read_bytes()
    for arguments in (("ask", "Who?"), ("articles",), ("export",), ("add", __file__)):
        ended = verbatim("--library", "library", *arguments)
        assert ended.status == 2
        assert "library.sqlite" in one_line(ended.error)
    assert file.read_bytes() == before


def test_adding_says_what_went_in_and_what_was_skipped(tmp_path: Path, verbatim: Verbatim) -> None:
    (tmp_path / "good.txt").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "empty.txt").touch()
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 64)
    added = verbatim("add", "good.txt", "empty.txt", "binary.txt", "missing.txt")
    assert added.status == 2
    assert added.out == "1 article added, 3 skipped.\n"
    assert [line.split()[1] for line in added.error.splitlines()] == ["skipped"] * 3
    assert all(name in added.error for name in ("empty.txt", "binary.txt", "missing.txt"))
    assert verbatim("ask", ANSWERABLE).status == 0
    again = verbatim("add", "good.txt")
    assert (again.status, again.out) == (0, "0 articles added, 1 unchanged.\n")


def test_the_first_own_article_takes_the_samples_place_and_says_so(tmp_path: Path, verbatim: Verbatim) -> None:
    assert verbatim("ask", "Who is the boss of Wagner?").status == 0
    (tmp_path / "own.txt").write_text(ARTICLE, encoding="utf-8")
    added = verbatim("add", "own.txt")
    assert "2 sample articles made room" in added.out
    assert [json.loads(line)["title"] for line in verbatim("articles", "--json").out.splitlines()] == [
        "The lighthouse of Brannow"
    ]


def test_what_is_exported_is_what_add_takes(lighthouse: Path, tmp_path: Path, verbatim: Verbatim) -> None:
    exported = run(lighthouse, "export").out
    assert run(lighthouse, "export", str(tmp_path / "all.jsonl")).out == ""
    assert (tmp_path / "all.jsonl").read_text(encoding="utf-8") == exported
    assert verbatim("add", "all.jsonl").status == 0
    assert verbatim("export").out == exported
    held = [run(home, "articles", "--json", "--text").out for home in (lighthouse, tmp_path)]
    assert held[0] == held[1]


def test_an_empty_or_missing_library_exports_and_lists_nothing(verbatim: Verbatim) -> None:
    for arguments in (("export",), ("articles",), ("articles", "--json")):
        assert verbatim(*arguments) == Ended(0, "", "")
    assert verbatim("remove", "x").status == 2


def test_an_article_leaves_by_id_by_source_and_by_pattern_without_a_question(
    tmp_path: Path, verbatim: Verbatim
) -> None:
    lines = [json.dumps({"text": f"Harbour {number} is open.", "source": f"harbour-{number}"}) for number in range(4)]
    (tmp_path / "harbours.jsonl").write_text("\n".join(lines), encoding="utf-8")
    verbatim("add", "harbours.jsonl")
    first = json.loads(verbatim("articles", "--json").out.splitlines()[0])
    assert first["source"] == "harbour-0"
    assert verbatim("remove", first["id"], "nobody").status == 2
    assert verbatim("remove", first["id"], "harbour-1") == Ended(0, "2 articles taken out.\n", "")
    assert verbatim("remove", "harbour-*").out == "2 articles taken out.\n"
    assert verbatim("articles").out == ""


def test_show_displays_the_whole_article(lighthouse: Path) -> None:
    shown = run(lighthouse, "articles", "--show", "*brannow.txt")
    assert shown.status == 0
    assert all(words in shown.out for words in ("The lighthouse of Brannow", "61 metres", "use radio."))


def test_the_doctor_finds_nothing_wrong_with_a_good_set_up(lighthouse: Path) -> None:
    ended = run(lighthouse, "doctor")
    assert (ended.status, ended.error) == (0, "")
    assert "1 article" in ended.out
    assert "wrong" not in ended.out


def test_the_doctor_names_what_is_wrong_and_never_the_token(lighthouse: Path) -> None:
    ended = run(
        lighthouse, "doctor", VERBATIM_TELEGRAM_TOKEN="1:SECRET", VERBATIM_TELEGRAM_API_URL="http://127.0.0.1:9"
    )
    assert ended.status == 2
    assert "Telegram token" in one_line(ended.error)
    assert "SECRET" not in ended.out + ended.error


def test_the_doctor_speaks_of_wrong_settings_too(verbatim: Verbatim) -> None:
    ended = verbatim("doctor", VERBATIM_ENGINE="fast")
    assert ended.status == 2
    assert "VERBATIM_ENGINE" in ended.out
    one_line(ended.error)


def test_a_reader_that_had_enough_is_no_error(lighthouse: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [*COMMAND, "articles", "--json", "--text"],
            stdout=write, stderr=subprocess.PIPE, env=environment(lighthouse), timeout=60,
        )  # fmt: skip
    finally:
        os.close(write)
    assert done.stderr == b""
    assert done.returncode == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, a device whose disk is always full")
def test_an_output_that_is_full_is_one_line_and_status_two(lighthouse: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, "export"], stdout=full, stderr=subprocess.PIPE, env=environment(lighthouse), timeout=60
        )
    assert done.returncode == 2
    assert "No space left" in one_line(done.stderr.decode())


def test_ctrl_c_ends_quietly_with_130(lighthouse: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "ask", "--batch"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(lighthouse),
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # a background job's children ignore it
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(ANSWERABLE.encode() + b"\n")
        process.stdin.flush()
        process.stdout.readline()
        time.sleep(0.1)  # it reads the next line again
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 130
        assert process.stderr.read() == b""


def test_output_is_utf8_whatever_the_locale(lighthouse: Path) -> None:
    question = "Хто збудував маяк Brannow?"
    for locale in ({"LANG": "C", "LC_ALL": "C"}, {"PYTHONIOENCODING": "latin-1"}, {"PYTHONUTF8": "0", "LC_ALL": "C"}):
        ended = run(lighthouse, "ask", "--batch", stdin=question.encode(), **locale)
        assert ended.status == 0
        assert json.loads(ended.out)["question"] == question


def test_a_question_that_is_no_utf8_is_one_line(lighthouse: Path) -> None:
    done = subprocess.run(
        [*map(os.fsencode, COMMAND), b"ask", b"Who \xff?"], env=environment(lighthouse), capture_output=True, timeout=60
    )
    assert done.returncode == 2
    assert "not valid UTF-8" in one_line(done.stderr.decode())


def test_debug_shows_where_an_error_happened(verbatim: Verbatim) -> None:
    ended = verbatim("--debug", "ask", "")
    assert ended.status == 2
    assert "Traceback" in ended.error


def test_version_and_help_need_no_settings(verbatim: Verbatim) -> None:
    assert verbatim("--version") == Ended(0, f"verbatim {__version__}\n", "")
    helped = verbatim("--help", VERBATIM_ENGINE="fast")
    assert helped.status == 0
    assert all(command in helped.out for command in ("ask", "add", "articles", "remove", "export", "doctor"))
    assert "--batch" in verbatim("ask", "--help").out


def test_questions_and_commands_come_through_a_pipe_too(lighthouse: Path) -> None:
    ended = run(lighthouse, stdin=f"{ANSWERABLE}\n/context\n/sources\n/quit\n{UNANSWERABLE}\n".encode())
    assert (ended.status, ended.error) == (0, "")
    asked, _, listed = ended.out.partition("The last answer comes from:")
    assert asked.count("1. ") == 2
    assert "Kowalczyk" in asked
    assert "The library holds 1 article:" in listed
    assert "do not say" not in ended.out
