"""The crew: processes that answer beside each other, how they fail, die, are replaced and leave."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import msgspec
import pytest

from bot.answering.followups.conversation import Conversation, Turn
from bot.errors import LibraryAwayError, LibraryBusyError, QuestionError, UnavailableError
from bot.house import House, Opening, Recipe
from bot.settings import Settings, load_settings
from bot.telegram.crew.crew import Crew, GivenUpError
from bot.telegram.crew.frames import Charge, charge_of
from bot.telegram.failure import ElsewhereError, kind_of, place_of

from . import tricks
from .articles import KEEPER, KEPT
from .botapi import BotApiServer, bot_process
from .botapi.processes import ROOT
from .tricks import TrickHouse

WAIT_SECONDS = 20.0
TWO = {"VERBATIM_TELEGRAM_PROCESSES": "2"}
OWN = str(os.getpid())
OWNER = """
import sys, time
from pathlib import Path
from tests.telegram.test_crew import both, crew_over
crew = crew_over(Path(sys.argv[1]))
print(*both(crew), flush=True)
time.sleep(60)
"""


def settings() -> Settings:
    secrets = {"TELEGRAM_TOKEN": "1:token", "TELEGRAM_DATA_KEY": "a key of data", "DATABASE_PASSWORD": "let me in"}
    return load_settings(environment={f"VERBATIM_{name}": value for name, value in secrets.items()})


def house_over(folder: Path) -> TrickHouse:
    return TrickHouse(folder, settings())


def crew_over(folder: Path) -> Crew:
    return Crew(cast(House, house_over(folder)), processes=2, askers=1)


def who(crew: Crew) -> str:
    """The number of the process that answers next."""
    return crew.answer(tricks.WHO).understood


def until(claim: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not claim():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.02)


def both(crew: Crew) -> list[int]:
    """The numbers of the crew's two processes, once both answer."""
    found: list[int] = []

    def seen() -> bool:
        found[:] = {int(who(crew)) for _ in range(4)} - {os.getpid()}
        return len(found) == 2

    until(seen)
    return found


def is_there(process: int) -> bool:
    """Whether a process runs; one that has ended and is waited for by nobody does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in ("Z", "X")


def told_of(process: int) -> str:
    """What every user of the machine, or its owner, can read of a process: its command line and its environment."""
    return "".join(Path(f"/proc/{process}/{name}").read_text(encoding="utf-8") for name in ("cmdline", "environ"))


@pytest.fixture
def crew(tmp_path: Path) -> Iterator[Crew]:
    running = crew_over(tmp_path)
    yield running
    running.close()


def test_questions_are_answered_by_each_of_the_processes_with_what_was_said_before(crew: Crew) -> None:
    first, second = both(crew)
    assert os.getpid() not in (first, second)
    said = Conversation((Turn(question="And before?", at=time.time()),))
    answer = crew.answer("Половина?", conversation=said, top=3)
    assert (answer.question, answer.samples) == ("Половина?", ("And before?",))
    with ThreadPoolExecutor(2) as pool:
        begun = time.monotonic()
        found = {answer.understood for answer in pool.map(crew.answer, [tricks.SLOW, tricks.SLOW])}
        taken = time.monotonic() - begun
    assert found == {str(first), str(second)}
    assert taken < 2 * tricks.SLOW_SECONDS


def test_the_service_answers_itself_as_long_as_no_process_can(tmp_path: Path) -> None:
    (tmp_path / tricks.SHUT).touch()
    crew = crew_over(tmp_path)
    try:
        assert who(crew) == OWN
        time.sleep(1.0)  # they have tried by then, and will again
        assert who(crew) == OWN
        (tmp_path / tricks.SHUT).unlink()
        both(crew)
        assert who(crew) != OWN
    finally:
        crew.close()


def test_errors_that_users_are_told_of_come_back_as_themselves(crew: Crew) -> None:
    both(crew)
    with pytest.raises(QuestionError, match="too long") as unreadable:
        crew.answer(tricks.UNREADABLE)
    assert (unreadable.value.key, unreadable.value.values) == ("answer.too_long", {"most": 5})
    with pytest.raises(LibraryAwayError, match="the database is away") as away:
        crew.answer(tricks.AWAY)
    assert isinstance(away.value, UnavailableError)
    with pytest.raises(LibraryBusyError, match="another process writes"):
        crew.answer(tricks.BUSY)
    with pytest.raises(UnavailableError, match="no such index") as lost:
        crew.answer(tricks.LOST)
    assert kind_of(lost.value) == "MissingIndexError"


def test_any_other_error_keeps_its_kind_and_place_and_tells_no_words(crew: Crew) -> None:
    both(crew)
    with pytest.raises(ElsewhereError) as broken:
        crew.answer(tricks.BROKEN)
    assert kind_of(broken.value) == "ZeroDivisionError"
    assert re.fullmatch(r"program\.py:\d+", place_of(broken.value))
    assert "somebody's words" not in str(broken.value)


def test_what_cannot_be_encoded_is_never_sent_and_takes_no_place(crew: Crew) -> None:
    processes = both(crew)
    for _ in range(3):
        with pytest.raises(UnicodeEncodeError):
            crew.answer("half of a \ud83d")
    assert sorted(both(crew)) == sorted(processes)


def test_the_bots_token_and_the_key_of_stored_data_stay_with_the_service(tmp_path: Path) -> None:
    charge = charge_of(house_over(tmp_path).recipe, askers=1)
    sent = msgspec.msgpack.encode(charge)
    assert b"1:token" not in sent
    assert b"a key of data" not in sent
    assert "let me in" not in repr(charge)
    assert msgspec.msgpack.decode(sent, type=Charge) == charge
    assert charge.database_password == "let me in"


def test_an_opening_that_no_other_process_can_find_is_refused() -> None:
    with pytest.raises(ValueError, match="only a function of a module can be found"):
        charge_of(Recipe(cast(Opening, lambda: None), settings(), ""), askers=1)


def test_the_question_of_a_process_that_is_killed_is_answered_by_another(crew: Crew) -> None:
    before = both(crew)
    assert int(crew.answer(tricks.DEADLY_ONCE).understood) in before
    assert len(set(both(crew)) & set(before)) == 1


def test_processes_that_are_killed_while_they_wait_cost_no_question(crew: Crew) -> None:
    before = both(crew)
    for process in before:
        os.kill(process, signal.SIGKILL)
    for _ in range(5):
        assert int(who(crew)) not in before
    assert not set(both(crew)) & set(before)


def test_a_question_that_kills_two_processes_is_given_up_and_others_are_answered(crew: Crew) -> None:
    both(crew)
    with pytest.raises(GivenUpError):
        crew.answer(tricks.DEADLY)
    assert crew.answer(tricks.WHO).question == tricks.WHO
    both(crew)


def test_signals_to_all_processes_of_the_service_leave_them_at_work(crew: Crew) -> None:
    before = both(crew)
    for process in before:
        os.kill(process, signal.SIGTERM)
        os.kill(process, signal.SIGINT)
    time.sleep(0.2)
    assert sorted(both(crew)) == sorted(before)


def test_a_crew_that_is_closed_finishes_what_it_was_asked_and_leaves(tmp_path: Path) -> None:
    crew = crew_over(tmp_path)
    processes = both(crew)
    with ThreadPoolExecutor(3) as pool:
        asked = [pool.submit(crew.answer, tricks.SLOW) for _ in range(3)]
        time.sleep(tricks.SLOW_SECONDS / 5)
        crew.close()
        answers = [one.result() for one in asked if one.exception() is None]
        refused = [one.exception() for one in asked if one.exception() is not None]
    assert {int(answer.understood) for answer in answers} == set(processes)
    assert [type(error) for error in refused] == [UnavailableError]
    assert not any(map(is_there, processes))
    assert all((tmp_path / f"closed-{process}").exists() for process in processes)


def test_no_process_outlives_a_service_that_is_killed(tmp_path: Path) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with owner:
        processes = [int(number) for number in (owner.stdout.readline() if owner.stdout else "").split()]
        assert len(processes) == 2
        assert all(map(is_there, processes))
        owner.kill()
    until(lambda: not any(map(is_there, processes)))


async def test_two_processes_answer_through_telegram_and_one_that_is_killed_loses_nothing(
    server: BotApiServer, library: Path
) -> None:
    olena, petro = server.private_chat("Olena"), server.private_chat("Petro")
    async with bot_process(server, library, environment=TWO) as process:
        await olena.says(KEEPER)
        assert (await olena.receives()).parts("blockquote") == [KEPT]
        while "count=2" not in process.output:
            await olena.receives_nothing()
        processes = [int(number) for number in re.findall(r"answering process ready: pid=(\d+)", process.output)]
        asked = [await olena.says(f"When was the lighthouse of Karvala built? {number}") for number in range(3)]
        os.kill(processes[0], signal.SIGKILL)
        await petro.says("Who wrote the first newspaper of the island?")
        assert "Orvo Lindqvist" in (await petro.receives()).text
        assert [(await olena.receives()).reply_to_id for _ in asked] == [one.id for one in asked]
        while process.output.count("answering process ready") < 3:
            await olena.receives_nothing()
        assert server.account.token not in told_of(processes[1])
    processes += [int(number) for number in re.findall(r"answering process ready: pid=(\d+)", process.output)]
    assert not any(map(is_there, processes))
    assert server.account.token not in process.output


def test_what_has_changed_is_taken_up_by_the_service_before_each_question(tmp_path: Path) -> None:
    house = house_over(tmp_path)
    crew = Crew(cast(House, house), processes=1, askers=1)
    try:
        who(crew)
        who(crew)
        assert house.engine.refreshed == 2
    finally:
        crew.close()


async def test_what_an_admin_sends_is_found_on_disk_by_the_next_question(server: BotApiServer, library: Path) -> None:
    ada = server.private_chat(server.user("Ada", username="ada"))
    environment = TWO | {"VERBATIM_ENGINE": "disk", "VERBATIM_TELEGRAM_ADMINS": "@ada"}
    async with bot_process(server, library, environment=environment) as process:
        while "count=2" not in process.output:
            await ada.receives_nothing()
        for number, name in enumerate(("Hilma", "Aurora", "Selma")):
            await ada.sends_document(f"{name}.txt", f"The ferry number {number} was named {name}.".encode())
            assert "1 article added" in (await ada.sees_edit(await ada.receives())).text
            await ada.says(f"What was the name of ferry number {number}?")
            assert name in (await ada.receives()).text


async def test_what_is_put_in_is_found_by_every_process(server: BotApiServer, library: Path, tmp_path: Path) -> None:
    olena = server.private_chat("Olena")
    async with bot_process(server, library, environment=TWO) as process:
        while "count=2" not in process.output:
            await olena.receives_nothing()
        new = tmp_path / "ferry.txt"
        new.write_text("The ferry to Karvala was named Hilma. It sailed twice a week.", encoding="utf-8")
        command = [sys.executable, "-m", "bot", "--library", str(library), "add", str(new)]
        subprocess.run(command, check=True, cwd=ROOT, capture_output=True)  # noqa: ASYNC221
        for question in ("What was the name of the ferry to Karvala?", "How was the ferry to Karvala named?"):
            await olena.says(question)
            assert "Hilma" in (await olena.receives()).text
