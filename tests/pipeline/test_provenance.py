"""The ledger closes, agrees with the published figures, and gives no small number away."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from small_run import write_small_run

from geolyft import run
from geolyft.frames import CITY, EVERYONE

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

pytestmark = pytest.mark.filterwarnings("ignore::geolyft.errors.GeolyftWarning")


def deliver(folder: Path, squares: gpd.GeoDataFrame, *, unplaced: int) -> Path:
    path = write_small_run(folder / "in", squares)
    for year in (2023, 2024):
        file = path.parent / f"people_{year}.csv"
        table = pd.read_csv(file, sep=";", encoding="cp1252", dtype="str")
        # Of the forty without a place at the end, keep so many, and an odd number of persons.
        table = table.iloc[: len(table) - 40 + unplaced].iloc[2:]
        table.to_csv(file, sep=";", encoding="cp1252", index=False)
    run(path, out=folder / "out")
    return folder / "out"


THRESHOLD = 10


@pytest.mark.parametrize("unplaced", [40, 4, 0])
def test_the_ledger_closes_and_says_the_citys_published_totals(
    tmp_path: Path, squares: gpd.GeoDataFrame, unplaced: int
) -> None:
    out = deliver(tmp_path, squares, unplaced=unplaced)
    ledger = json.loads((out / "manifest.json").read_text())["ledger"]
    seen = pd.read_parquet(out / "resultat.parquet")
    seen = seen[(seen["area"] == CITY) & (seen["sex"] == EVERYONE)].set_index(
        ["indicator", "period"]
    )
    counted = [line for line in ledger if line["count"] in ("numerator", "denominator")]
    assert {line["source"] for line in counted} == {"Register", "Val"}
    for line in counted:
        assert line["city"] == seen.loc[(line["indicator"], line["period"]), line["count"]]
    for line in ledger:
        hidden = line["source"] == "Register" and not many(tmp_path, line)
        assert (line["areas"] is None) == (line["residual"] is None) == hidden
        if not hidden:
            assert line["areas"] + line["residual"] == line["city"]


def many(folder: Path, line: dict[str, str]) -> bool:
    """Say whether of those without a place as many as the threshold are on either side."""
    file = folder / "in" / f"people_{line['period']}.csv"
    people = pd.read_csv(file, sep=";", encoding="cp1252")
    people = people[people["x"].isna()]
    if line["indicator"] == "B":
        people = people[people["alder"].between(20, 64)]
    sides = {
        "A": people["arbetar"].value_counts().reindex(["ja", "nej"], fill_value=0),
        "B": people["trangbodd"].value_counts().reindex(["ja", "nej"], fill_value=0),
        "population": pd.Series([len(people)]),
    }
    return bool(sides[line["indicator"]].min() >= THRESHOLD)
