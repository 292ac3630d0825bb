"""The shipped catalogues: every language says all that those read who ask, in Telegram and at the console."""

from pathlib import Path

import pytest

from bot.messages import Messages, languages, read_catalogue
from bot.telegram.menus import ADMIN

FOLDER = Path(__file__).parents[2] / "config" / "messages"
ROOMS = ("answer", "why", "telegram", "console")
ENGLISH = read_catalogue(FOLDER / "en.toml")


@pytest.mark.parametrize("code", languages())
def test_a_language_lacks_nothing_that_askers_read(code: str) -> None:
    catalogue = read_catalogue(FOLDER / f"{code}.toml", english=ENGLISH)
    assert catalogue is not None
    assert ENGLISH is not None
    wanted = {key for key in ENGLISH.messages if key.partition(".")[0] in ROOMS}
    assert wanted - set(catalogue.messages) == set()


def test_there_are_the_six_languages() -> None:
    assert {"en", "uk", "ru", "es", "de", "fr"} <= set(languages())


@pytest.mark.parametrize("code", languages())
def test_command_descriptions_fit_telegrams_menu(code: str) -> None:
    messages = Messages.load(code)
    assert all(1 <= len(messages.text(f"telegram.command.{name}")) <= 256 for name in ADMIN)


@pytest.mark.parametrize("code", languages())
def test_notices_fit_into_the_answer_to_a_pressed_button(code: str) -> None:
    messages = Messages.load(code)
    keys = ("expired", "not_yours", "thanks", "failed", "unavailable", "closed", "group_admins_only")
    assert {
        key: len(messages.text(f"telegram.{key}")) for key in keys if len(messages.text(f"telegram.{key}")) > 200
    } == {}
