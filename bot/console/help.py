"""The help: click's commands and options whose words come from the catalogue, in the language of the run."""

from typing import Any, NoReturn

import click

from bot.console.run import Run, run_of


def run_in(context: click.Context) -> Run:
    """The run that a context belongs to, made from the options read so far when the command has not started."""
    root = context.find_root()
    if not isinstance(root.obj, Run):
        return run_of(root.params, _nothing)
    return root.obj


def _nothing(*_: object, **__: object) -> NoReturn:
    """Help needs no house."""
    raise RuntimeError("the run has not started")


class Option(click.Option):
    """An option whose `help` is a message key."""

    def get_help_record(self, context: click.Context) -> tuple[str, str] | None:
        """The option's names and its words."""
        key, self.help = self.help, run_in(context).words.text(self.help or "")
        try:
            return super().get_help_record(context)
        finally:
            self.help = key


class Command(click.Command):
    """A command whose `help` is a message key."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.context_settings.setdefault("help_option_names", ["-h", "--help"])

    def get_help_option(self, context: click.Context) -> click.Option | None:
        """The --help option with our words."""
        option = super().get_help_option(context)
        if option is not None:
            option.help = run_in(context).words.text("option.help")
        return option

    def format_help_text(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(run_in(context).words.text(self.help or ""))


class Group(Command, click.Group):
    """The command with its sub-commands; each is listed with the first sentence of its help."""

    command_class = Command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of sub-commands, in the order in which they were declared."""
        words = run_in(context).words
        rows = [(name, words.text(command.help or "")) for name, command in self.commands.items()]
        with formatter.section("Commands"):
            formatter.write_dl(rows)
