from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.retrieval.conformance.engines import ENGINES, Bench, Maker, bench


@pytest.fixture(params=sorted(ENGINES))
def name(request: pytest.FixtureRequest) -> str:
    """An engine's name; each test runs for all."""
    return str(request.param)


@pytest.fixture
def make(name: str) -> Maker:
    """What makes the engine."""
    return ENGINES[name]


@pytest.fixture
def at(make: Maker, tmp_path: Path) -> Iterator[Bench]:
    """An empty library with the engine over it."""
    with bench(make, tmp_path) as made:
        yield made
