"""The README tells the truth: its commands exist, its answer is what the product prints, its links lead somewhere."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from bot.cli import verbatim

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def named_commands() -> list[str]:
    """Every use of the command in a code block or in back-ticks."""
    blocks = re.findall(r"```\w*\n(.*?)```", README, flags=re.DOTALL)
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", README, flags=re.DOTALL))
    lines = [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]
    found = [match[0] for text in (*lines, *spans) for match in re.finditer(r"(?:^|/| )verbatim(?: [^&|]*)?$", text)]
    return [text.strip().removeprefix("/") for text in found]


def test_the_readme_names_commands() -> None:
    assert len(named_commands()) > 8


@pytest.mark.parametrize("line", named_commands())
def test_every_command_and_option_in_the_readme_exists(line: str) -> None:
    words = shlex.split(line.replace("[", "").replace("]", ""))[1:]
    if not words:
        return
    command = verbatim if words[0].startswith("-") else verbatim.commands[words[0]]
    options = {name for parameter in command.params if isinstance(parameter, click.Option) for name in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options


def test_the_printed_answer_is_what_the_product_prints(tmp_path: Path) -> None:
    block = re.search(r"```console\n\$ verbatim (.*?)\n(.*?)```", README, flags=re.DOTALL)
    assert block is not None
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VERBATIM_")}
    result = subprocess.run(
        [sys.executable, "-m", "bot", "--library", str(tmp_path), *shlex.split(block[1])],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout == block[2]


def test_the_ci_script_finds_the_test_line() -> None:
    line = README.split("<!-- the test line -->\n```sh\n")[1].split("\n")[0]
    assert line.startswith("python3 -m venv .venv && ")
    assert "pytest" in line


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(((?!https?:)[^)#]+)\)", README))))
def test_every_link_leads_somewhere(target: str) -> None:
    assert (ROOT / target).exists()
