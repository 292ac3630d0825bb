import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.retrieval.conformance.engines import CLUSTER_URLS, ENGINES, Bench, Maker, bench


@pytest.fixture(params=sorted(ENGINES))
def name(request: pytest.FixtureRequest) -> str:
    """An engine's name; each test runs for all."""
    name = str(request.param)
    if name == "cluster" and not os.environ.get(CLUSTER_URLS):
        pytest.skip(f"no OpenSearch node: {CLUSTER_URLS} is not set; see tests/cluster/nodes.py")
    return name


@pytest.fixture
def make(name: str) -> Maker:
    """What makes the engine."""
    return ENGINES[name]


@pytest.fixture
def at(make: Maker, tmp_path: Path) -> Iterator[Bench]:
    """An empty library with the engine over it."""
    with bench(make, tmp_path) as made:
        yield made
