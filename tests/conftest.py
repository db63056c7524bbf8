"""What all tests share: the way to `oracle`, hypothesis profiles, and the stores that conformance tests run on."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

sys.path[:0] = [str(Path(__file__).parent)]

SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]
QUICK = [Phase.explicit, Phase.reuse, Phase.generate]
settings.register_profile("modest", max_examples=5, deadline=None, derandomize=True, phases=QUICK, suppress_health_check=SLOW)
settings.register_profile("thorough", max_examples=int(os.environ.get("HYPOTHESIS_EXAMPLES", "300")), deadline=None, suppress_health_check=SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "modest"))


def _embedded(folder: Path, name: str) -> object:
    from chain.embedded import EmbeddedStore

    return EmbeddedStore(folder / f"{name}.lianpu")


STORES = {"embedded": _embedded}
"""How to open an empty store, by kind; every kind must give the same answers."""


@pytest.fixture(params=sorted(STORES))
def new_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], object]]:
    """A function that opens another empty store each time it is called."""
    opened: list[object] = []

    def make() -> object:
        opened.append(STORES[request.param](tmp_path, f"store{len(opened)}"))
        return opened[-1]

    yield make
    for store in opened:
        store.close()


@pytest.fixture
def store(new_store: Callable[[], object]) -> object:
    """One empty store."""
    return new_store()
