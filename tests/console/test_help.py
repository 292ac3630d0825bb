"""Every command and every option has its words: one that lacks them takes the whole help down."""

import click
import pytest

from bot.cli import verbatim
from bot.messages import Messages

WORDS = Messages.load("en")
COMMANDS = {"verbatim": verbatim, **verbatim.commands}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_and_its_options_have_words(name: str) -> None:
    command = COMMANDS[name]
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    keys = [command.help or "", *(option.help or "" for option in options)]
    assert [key for key in keys if key not in WORDS] == []
