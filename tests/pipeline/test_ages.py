"""Ages of points are the same however a file writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from small_run import people, write_small_run

from geolyft.disclosure.raw import opened
from geolyft.errors import ConfigError
from geolyft.indicators.measures import Condition
from geolyft.pipeline.counting.gather import gather
from geolyft.pipeline.levels import levels_of, read_areas
from geolyft.run_file.config import load_config
from geolyft.run_file.sources import GroupColumn

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import geopandas as gpd


def in_class(age: int) -> str:
    """Return five-year classes, whose ends the small run's bounds do not cut."""
    low = age - age % 5
    return f"{low}-{low + 4} år" if low < 85 else "85+"


WRITTEN: dict[str, Callable[[int], object]] = {
    "numbers": lambda age: age,
    "texts of numbers": str,
    "years": lambda age: f"{age} år",
    "classes": in_class,
    "some classes": lambda age: in_class(age) if age > 60 else age,
    "65 and older": lambda age: age if age < 65 else " 65 år och\N{NO-BREAK SPACE}äldre",
}


def counts(folder: Path, areas: gpd.GeoDataFrame, written: Callable[[int], object]) -> pd.DataFrame:
    path = write_small_run(folder, areas)
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            "population = true\n",
            "population = true\nchildren = { alder = { max = 19 } }\n"
            'groups.age = { column = "alder", breaks = [20, 65] }\n',
        ),
        encoding="utf-8",
    )
    for year in (2023, 2024):
        table = people(areas, year=year).assign(alder=lambda t: t["alder"].map(written))
        file = folder / f"people_{year}.csv"
        table.to_csv(file, sep=";", decimal=",", encoding="cp1252", index=False)
    config = load_config(path)
    gathered = gather(config, levels_of(config, read_areas(config)))[0]
    raw = [*gathered.counts, *gathered.groups, *gathered.people]
    return pd.concat(map(opened, raw), ignore_index=True)


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
def test_who_counts_does_not_depend_on_how_ages_are_written(
    tmp_path: Path, squares: gpd.GeoDataFrame, written: Callable[[int], object]
) -> None:
    plain = counts(tmp_path / "plain", squares, lambda age: age)
    pd.testing.assert_frame_equal(counts(tmp_path / "other", squares, written), plain)


def test_a_class_that_a_bound_cuts_is_refused(tmp_path: Path, squares: gpd.GeoDataFrame) -> None:
    with pytest.raises(
        ConfigError, match=r"people_2023\.csv: column 'alder' has a class"
    ) as refusal:
        counts(tmp_path, squares, lambda age: "60+" if age >= 60 else age)
    assert refusal.value.code == "run-ages"
    assert "60" not in str(refusal.value)


def test_each_end_of_a_class_is_held_against_each_bound() -> None:
    first, last = pd.Series([20.0, 65.0, float("nan")]), pd.Series([24.0, float("inf"), 0.0])
    assert Condition(min=20, max=24).holds(first, last.to_numpy()).tolist() == [True, False, False]
    assert Condition(min=65).holds(first, last.to_numpy()).tolist() == [False, True, False]
    for cut in (Condition(min=21), Condition(max=23), Condition(max=90)):
        with pytest.raises(ConfigError, match="a bound cuts"):
            cut.holds(first, last.to_numpy())
    with pytest.raises(ConfigError, match="a bound cuts"):
        GroupColumn(column="age", breaks=(24,)).labels(first, last.to_numpy())
