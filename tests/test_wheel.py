"""The wheel: built from the checkout, it answers in an empty folder, with its own seeds, settings and lists."""

import hashlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bot.resources import seeds_folder

ROOT = Path(__file__).parent.parent
SEEDS = {  # the first digits of each file's SHA-256
    "000_666e057f571c62ec.txt": "def1c70d0e0f3261",
    "001_dc13461af3aa236c.txt": "91e137ed56e05c32",
}


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's content, in a folder that can stand on the import path."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_a_wheel_answers_from_an_empty_folder(unpacked: Path, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VERBATIM_")}
    result = subprocess.run(
        [sys.executable, "-m", "bot", "--library", "library", "ask", "Who is the boss of Wagner?"],
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert "Yevgeny Prigozhin" in result.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["library"]


def test_a_wheel_carries_all_that_config_and_seeds_hold(unpacked: Path) -> None:
    for name in ("config", "seeds"):
        inside = unpacked / "bot/shipped"
        shipped = {path.relative_to(inside) for path in (inside / name).rglob("*") if path.is_file()}
        assert shipped == {path.relative_to(ROOT) for path in (ROOT / name).rglob("*") if path.is_file()}


def test_the_seeds_are_the_articles_that_were_given_byte_for_byte() -> None:
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in seeds_folder().iterdir()}
    assert found == SEEDS
