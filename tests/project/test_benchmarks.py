"""What the benchmarks compare is comparable: engines agree, and one that does not is seen."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import pandas as pd

BENCHMARKS = Path(__file__).parents[2] / "benchmarks" / "side_by_side"


@pytest.fixture
def counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, pd.DataFrame]:
    """Count two thousand points by area with the engines that need no extra package."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import engines  # noqa: PLC0415 - on the path only here
    import inputs  # noqa: PLC0415

    areas = next(iter(inputs.levels().values()))
    points = tmp_path / "points.parquet"
    inputs.write_points(points, 2000, tuple(areas.total_bounds))
    made = {}
    for name in ("geopandas.sjoin within", "geolyft", *engines.FLOORS):
        made[name] = engines.ENGINES[name]()(points, areas, inputs.VALUES)
    return made


@pytest.mark.needs("raster")
def test_engines_agree_and_one_that_does_not_is_seen(counted: dict[str, pd.DataFrame]) -> None:
    import run  # noqa: PLC0415 - found by the fixture

    assert counted["geolyft"]["n"].sum() > 500
    assert run.same_counts(counted["geolyft"], counted)
    other = counted["geolyft"].copy()
    other.iloc[0, 0] += 1
    assert not run.same_counts(other, counted)
    other = counted["geolyft"].copy()
    other.loc[other["n"] > 0, "sum_v01"] *= 1 + 1e-6
    assert not run.same_counts(other, counted)
    assert counted["floor: read and bincount"]["n"].sum() == 2000, "the floor reads every row"
    for module in ("run", "engines", "inputs", "engine_geolyft"):
        sys.modules.pop(module)
