"""Settings: what overrides what, and what a wrong one says."""

import pickle
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Secret, load_settings


def written(folder: Path, text: str) -> Path:
    file = folder / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_shipped_file_holds_every_setting() -> None:
    settings = load_settings(environment={})
    assert settings.values.engine == "auto"
    assert settings.values.answer.top == 3


def test_the_owners_file_overrides_the_shipped_one(tmp_path: Path) -> None:
    file = written(tmp_path, "[answer]\ntop = 5\n")
    settings = load_settings(environment={}, file=file)
    assert settings.values.answer.top == 5
    assert settings.owner_folder == tmp_path


def test_the_environment_overrides_the_owners_file(tmp_path: Path) -> None:
    file = written(tmp_path, "[answer]\ntop = 5\n")
    environment = {"VERBATIM_CONFIG": str(file), "VERBATIM_ANSWER_TOP": "7"}
    assert load_settings(environment=environment).values.answer.top == 7


def test_a_list_in_the_environment_is_split_at_commas() -> None:
    environment = {"VERBATIM_CLUSTER_URLS": "http://a:9200, http://b:9200"}
    assert load_settings(environment=environment).values.cluster.urls == ("http://a:9200", "http://b:9200")


def test_an_unknown_key_names_itself_its_file_and_the_nearest_one(tmp_path: Path) -> None:
    file = written(tmp_path, "[answer]\ntpo = 5\n")
    with pytest.raises(SettingsError, match=r"mine\.toml: \[answer\] tpo is no setting; did you mean top\?"):
        load_settings(environment={}, file=file)


def test_an_unknown_section_names_the_sections(tmp_path: Path) -> None:
    file = written(tmp_path, "[serch]\ncandidates = 5\n")
    with pytest.raises(SettingsError, match=r"no section \[serch\]; the sections are answer, articles"):
        load_settings(environment={}, file=file)


def test_a_wrong_value_names_the_choices() -> None:
    with pytest.raises(SettingsError, match='VERBATIM_ENGINE = \'fast\': expected one of "auto", "cluster"'):
        load_settings(environment={"VERBATIM_ENGINE": "fast"})


@pytest.mark.parametrize("value", ["many", "0", "2.5"])
def test_a_wrong_number_names_itself(value: str) -> None:
    with pytest.raises(SettingsError, match=f"VERBATIM_ANSWER_TOP = '{value}': expected"):
        load_settings(environment={"VERBATIM_ANSWER_TOP": value})


def test_a_number_written_as_text_in_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"\[answer\] top = '5': expected `int`"):
        load_settings(environment={}, file=written(tmp_path, '[answer]\ntop = "5"\n'))


def test_an_unknown_variable_names_the_nearest_one() -> None:
    with pytest.raises(SettingsError, match=r"VERBATIM_ANSWER_TOPP: .* did you mean VERBATIM_ANSWER_TOP\?"):
        load_settings(environment={"VERBATIM_ANSWER_TOPP": "3"})


def test_a_missing_settings_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.toml: there is no such settings file"):
        load_settings(environment={}, file=tmp_path / "none.toml")


def test_broken_toml_names_the_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"mine\.toml: is not valid TOML: .*line 1"):
        load_settings(environment={}, file=written(tmp_path, "[answer\n"))


def test_the_token_comes_from_the_environment_or_from_a_file_that_it_names(tmp_path: Path) -> None:
    direct = load_settings(environment={"VERBATIM_TELEGRAM_TOKEN": "1:abc"})
    file = tmp_path / "token"
    file.write_text("2:def\n", encoding="utf-8")
    named = load_settings(environment={"VERBATIM_TELEGRAM_TOKEN_FILE": str(file)})
    assert direct.telegram_token.reveal() == "1:abc"
    assert named.telegram_token.reveal() == "2:def"


def test_a_token_in_a_settings_file_is_refused_without_being_repeated(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(environment={}, file=written(tmp_path, '[telegram]\ntoken = "1:abc"\n'))
    assert "1:abc" not in str(caught.value)


def test_a_missing_token_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="the token file cannot be read"):
        load_settings(environment={"VERBATIM_TELEGRAM_TOKEN_FILE": str(tmp_path / "none")})


def test_a_secret_never_prints_and_is_never_pickled() -> None:
    secret = Secret("1:abc")
    settings = load_settings(environment={"VERBATIM_TELEGRAM_TOKEN": "1:abc"})
    assert "abc" not in f"{secret} {secret!r} {settings!r} {settings}"
    with pytest.raises(TypeError):
        pickle.dumps(secret)
