"""The simulations of `benchmarks/certainty`, for tests that run them small."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

SIMULATIONS = Path(__file__).parents[2] / "benchmarks" / "certainty"


@pytest.fixture
def simulations(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Return the made-up cities and persons whose truth is known, and what is measured of them."""
    monkeypatch.syspath_prepend(str(SIMULATIONS))
    names = ("worlds", "people", "measures")
    modules = {name: importlib.import_module(name) for name in names}
    for name in names:
        monkeypatch.delitem(sys.modules, name)
    return SimpleNamespace(**modules)
