"""The systemd unit and the container file: parsed strictly, checked by systemd where it is, and run as they say."""

import asyncio
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from bot.settings import load_settings

from .articles import KEEPER, KEPT
from .botapi import BotApiServer, BotProcess, bot_process
from .botapi.processes import ROOT

FOLDER = ROOT / "config" / "service"
UNIT = FOLDER / "verbatim-telegram.service"
CONTAINER = FOLDER / "Containerfile"
SECTIONS = {"Unit", "Service", "Install"}
INSTRUCTIONS = {
    "FROM", "ARG", "COPY", "RUN", "USER", "VOLUME", "ENV", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD",
}  # fmt: skip


def unit_lines(text: str) -> list[tuple[str, str, str]]:
    """Section, key and value of each line of a unit. Raises AssertionError for a line that is none."""
    found, section = [], ""
    for line in text.splitlines():
        if not line.strip() or line.startswith(("#", ";")):
            continue
        if match := re.fullmatch(r"\[(\w+)\]", line):
            section = match[1]
            assert section in SECTIONS, line
            continue
        match = re.fullmatch(r"([A-Z][A-Za-z]+)=(.*)", line)
        assert match, line
        assert section, line
        found.append((section, match[1], match[2]))
    return found


def of_unit(key: str) -> list[str]:
    """The values of a key of the unit's."""
    return [value for _, name, value in unit_lines(UNIT.read_text(encoding="utf-8")) if name == key]


def container_steps() -> list[tuple[str, str]]:
    """The instructions of the container file with what follows each."""
    text = CONTAINER.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    steps = [(line.partition(" ")[0], line.partition(" ")[2].strip()) for line in lines]
    assert {name for name, _ in steps} <= INSTRUCTIONS
    return steps


def variables(pairs: list[str]) -> dict[str, str]:
    """NAME=VALUE pairs as an environment."""
    return dict(pair.split("=", 1) for pair in pairs)


async def healthy(line: list[str]) -> int:
    """The status of a health check, tried for a while."""
    status = 1
    for _ in range(50):
        process = await asyncio.create_subprocess_exec(*line, stderr=asyncio.subprocess.DEVNULL)
        status = await process.wait()
        if status == 0:
            break
    return status


def test_the_unit_keeps_its_state_secrets_and_user_together() -> None:
    (state,), (credential,) = of_unit("StateDirectory"), of_unit("LoadCredential")
    environment = variables(of_unit("Environment"))
    assert environment["VERBATIM_LIBRARY"] == f"/var/lib/{state}"
    assert environment["VERBATIM_TELEGRAM_TOKEN_FILE"] == f"%d/{credential.partition(':')[0]}"
    assert credential.partition(":")[2].startswith("/etc/")
    assert of_unit("DynamicUser") == ["yes"]
    assert of_unit("EnvironmentFile") == ["-/etc/verbatim.env"], "a missing file must not keep the bot from starting"
    assert of_unit("RestartPreventExitStatus") == ["2"]
    (command,) = of_unit("ExecStart")
    assert command.split() == ["/opt/verbatim/bin/verbatim", "telegram"]
    drain = load_settings(environment={}).values.telegram.drain_seconds
    assert int(of_unit("TimeoutStopSec")[0]) > drain + 10


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd is not installed here")
    text = UNIT.read_text(encoding="utf-8").replace("/opt/verbatim/bin/verbatim", "/bin/true")
    for name, content in (("as-it-is", text), ("with-data-key", re.sub(r"^#(?=LoadC|Env)", "", text, flags=re.M))):
        unit = tmp_path / f"{name}.service"
        unit.write_text(content, encoding="utf-8")
        result = subprocess.run([analyze, "verify", unit], capture_output=True, text=True, check=False)
        assert (result.returncode, result.stdout + result.stderr) == (0, "")


@pytest.mark.parametrize("with_key", [False, True])
async def test_the_bot_runs_as_the_unit_starts_it(
    server: BotApiServer, library: Path, tmp_path: Path, unused_tcp_port: int, with_key: bool
) -> None:
    credentials, state = tmp_path / "credentials", tmp_path / "state"
    secrets_in(credentials, token=server.account.token, data_key="correct horse battery staple")
    shutil.copytree(library, state)
    text = UNIT.read_text(encoding="utf-8")
    if with_key:
        text = re.sub(r"^#(?=LoadC|Env)", "", text, flags=re.MULTILINE)
    pairs = [value for _, key, value in unit_lines(text) if key == "Environment"]
    environment = {
        name: value.replace("%d", str(credentials)).replace("/var/lib/verbatim", str(state))
        for name, value in variables(pairs).items()
    }
    port = {"VERBATIM_TELEGRAM_HEALTH_PORT": str(unused_tcp_port)}
    async with started(server, environment | port):
        olena = server.private_chat("Olena")
        await olena.says(KEEPER)
        assert (await olena.receives()).parts("blockquote") == [KEPT]
    kept = files_in(state)
    assert "telegram_data.sqlite" in kept
    assert ("telegram_data.key" in kept) is not with_key


async def test_the_bot_runs_and_is_healthy_as_the_container_starts_it(
    server: BotApiServer, library: Path, tmp_path: Path, unused_tcp_port_factory: Callable[[], int]
) -> None:
    steps = dict(container_steps())
    environment = variables(shlex.split(steps["ENV"]))
    assert environment["VERBATIM_LIBRARY"] == steps["VOLUME"]
    assert environment["VERBATIM_TELEGRAM_HEALTH_PORT"] == steps["EXPOSE"]
    assert environment["VERBATIM_TELEGRAM_HEALTH_HOST"] == "0.0.0.0"
    assert steps["USER"] not in {"root", "0"}
    assert (steps["ENTRYPOINT"], steps["CMD"], steps["STOPSIGNAL"]) == ('["verbatim"]', '["telegram"]', "SIGTERM")
    secrets_in(tmp_path / "secrets", token=server.account.token)
    port = str(unused_tcp_port_factory())
    own = {
        "VERBATIM_LIBRARY": str(library),
        "VERBATIM_TELEGRAM_TOKEN_FILE": str(tmp_path / "secrets" / "token"),
        "VERBATIM_TELEGRAM_HEALTH_PORT": port,
        "HOME": "/nonexistent",  # a system user has none
    }
    check = steps["HEALTHCHECK"].partition("CMD")[2].strip()
    line = [word.strip('", ') for word in re.findall(r'"[^"]*"', check)]
    assert line[0] == "python"
    script = [sys.executable, *line[1:]]
    script[-1] = script[-1].replace(":8080/", f":{port}/")
    async with started(server, environment | own):
        olena = server.private_chat("Olena")
        await olena.says(KEEPER)
        assert (await olena.receives()).parts("blockquote") == [KEPT]
        assert await healthy(script) == 0


def test_the_container_copies_nothing_that_it_does_not_install() -> None:
    names = [name for name, _ in container_steps()]
    assert names.index("COPY") < names.index("RUN") < names.index("USER") < names.index("ENTRYPOINT")
    run = dict(container_steps())["RUN"]
    assert "rm -rf /source" in run
    assert "--no-cache-dir" in run


def started(server: BotApiServer, environment: dict[str, str]) -> AbstractAsyncContextManager[BotProcess]:
    """The bot as it is started with nothing but an environment."""
    own = {"VERBATIM_TELEGRAM_TOKEN": "", "PATH": os.environ["PATH"]}
    command = [sys.executable, "-m", "bot", "telegram"]
    return bot_process(server, Path("unused"), environment=own | environment, command=command)


def secrets_in(folder: Path, **secrets: str) -> None:
    """Write secrets into files as systemd and podman do."""
    folder.mkdir()
    for name, secret in secrets.items():
        (folder / name).write_text(secret + "\n", encoding="utf-8")


def files_in(folder: Path) -> set[str]:
    """The names of the files in a folder."""
    return {path.name for path in folder.iterdir()}
