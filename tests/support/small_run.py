"""A whole run in a folder, small enough to check by hand: four squares and two editions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

CANARY = "19121212-1212"

ONE_EDITION = """
[run]
title = "Provstaden"
city = "Provstad"
periods = ["2025"]

[areas]
file = "areas.gpkg"
code = "kod"
name = "namn"
level = "stadsdel"

[index]
minimum_indicators = 1
minimum_dimensions = 1
"""
"""The head of a run file: one edition of areas in a file, and whatever indicators it has."""

RUN = """
[run]
title = "Provstaden"
city = "Provstad"
periods = ["2023", "2024"]

[areas]
file = "areas.gpkg"
code = "kod"
name = "namn"
level = "stadsdel"

[index]
catalogue = "catalogue.toml"

[[source]]
name = "Register"
file = "people_{period}.csv"
kind = "points"
x = "x"
y = "y"
crs = 3008
population = true
sex = { column = "kon", women = "K", men = "M" }

[[source.measure]]
indicator = "A"
counted = { arbetar = { one_of = ["ja"] } }

[[source.measure]]
indicator = "B"
among = { alder = { min = 20, max = 64 } }
counted = { trangbodd = { one_of = ["nej"] } }

[[source]]
name = "Val"
file = "votes.csv"
kind = "totals"
area = "kod"
protected_by = "Valmyndigheten"
editions = { "2023" = "2022", "2024" = "2022" }

[[source.measure]]
indicator = "C"
numerator = "röstande"
denominator = "röstberättigade"
"""

CATALOGUE = """
[index]
code = "prov"
name = "Provindex"

[[dimension]]
code = "vardag"
name = "Vardag"

[[dimension]]
code = "medborgare"
name = "Medborgare"

[[indicator]]
code = "A"
name = "Andel som arbetar"
dimension = "vardag"
numerator = "arbetande"
denominator = "invånare"
direction = "high"

[[indicator]]
code = "B"
name = "Andel som inte är trångbodda"
dimension = "vardag"
numerator = "ej trångbodda"
denominator = "invånare 20–64 år"
direction = "high"

[[indicator]]
code = "C"
name = "Valdeltagande"
dimension = "medborgare"
numerator = "röstande"
denominator = "röstberättigade"
direction = "high"
lag = 1
"""


def in_malmo(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Move areas from the origin to where SWEREF 99 13 30 is used."""
    return areas.set_geometry(areas.translate(118_000, 6_164_000))


def people(areas: gpd.GeoDataFrame, *, year: int, size: int = 4000) -> pd.DataFrame:
    """Make residents whose conditions differ by area; the last 40 have no place."""
    rng = np.random.default_rng(year)
    home = rng.integers(0, len(areas), size)
    corner = in_malmo(areas).geometry.bounds.to_numpy()[home]
    level = np.array([0.4, 0.6, 0.7, 0.8])[home] + 0.01 * (year - 2023)
    table = pd.DataFrame(
        {
            "pnr": CANARY,
            "kon": rng.choice(["K", "M"], size),
            "alder": rng.integers(0, 90, size),
            "x": (corner[:, 0] + rng.uniform(0, 10, size)).round(1),
            "y": (corner[:, 1] + rng.uniform(0, 10, size)).round(1),
            "arbetar": np.where(rng.random(size) < level, "ja", "nej"),
            "trangbodd": np.where(rng.random(size) < level, "nej", "ja"),
        }
    )
    table.loc[size - 40 :, ["x", "y"]] = np.nan
    return table


def write_small_run(folder: Path, areas: gpd.GeoDataFrame) -> Path:
    """Write the run's files as a city would: semicolons, decimal comma, cp1252."""
    folder.mkdir(parents=True, exist_ok=True)
    layer = in_malmo(areas).rename_axis("kod").rename(columns={"name": "namn"}).reset_index()
    layer.to_file(folder / "areas.gpkg", driver="GPKG")
    (folder / "catalogue.toml").write_text(CATALOGUE, encoding="utf-8")
    for year in (2023, 2024):
        people(areas, year=year).to_csv(
            folder / f"people_{year}.csv", sep=";", decimal=",", encoding="cp1252", index=False
        )
    votes = pd.DataFrame(
        {
            "kod": ["1", "2", "3", "4"],
            "röstande": ["1 400", "1 500", "1 650", "1 800"],
            "röstberättigade": ["2 000"] * 4,
        }
    )
    votes.to_csv(folder / "votes.csv", sep=";", encoding="cp1252", index=False)
    (folder / "run.toml").write_text(RUN, encoding="utf-8")
    return folder / "run.toml"
