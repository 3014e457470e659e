"""A city of fourteen squares and some years of one indicator, with effects planted in it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import box

from geolyft.action.effects.plan import Plan
from geolyft.action.effects.registered import register_plan

if TYPE_CHECKING:
    from pathlib import Path

YEARS = tuple(str(year) for year in range(2019, 2025))
EXPLORATORY = """
id = "efterhand"
title = "Sett i efterhand"
board = "Nämnd två"
areas = ["11", "12"]
start = "2022"
indicator = "A"
direction = "up"
smallest = 9
exploratory = true
"""
RUN = f"""
[run]
title = "Provstaden"
city = "Provstad"
periods = {list(YEARS)}
synthetic = true

[areas]
file = "areas.gpkg"
code = "kod"
name = "namn"
level = "stadsdel"

[index]
minimum_indicators = 1
minimum_dimensions = 1

[index.catalogue.index]
code = "prov"
name = "Provindex"

[[index.catalogue.dimension]]
code = "vardag"
name = "Vardag"

[[index.catalogue.indicator]]
code = "A"
name = "Klarar skolan"
dimension = "vardag"
numerator = "klarar"
denominator = "elever"
direction = "high"

[effects]
registered = "effektplaner.jsonl"
plans = ["efterhand.toml"]

[[source]]
name = "Skolan"
file = "skolan_{{period}}.csv"
kind = "totals"
area = "kod"
protected_by = "Provstad"
population = "invanare"

[[source.measure]]
indicator = "A"
numerator = "klarar"
denominator = "elever"
"""
PLANS = (
    {"id": "sedd", "title": "Läxhjälp", "board": "Nämnd ett", "areas": ["1", "2"], "smallest": 3},
    {"id": "ensam", "title": "En skola", "board": "Nämnd ett", "areas": ["5"], "smallest": 9,
     "chosen_low": True},
    {"id": "liten", "title": "Läsa ihop", "board": "Nämnd två", "areas": ["9"], "smallest": 0.1},
    {"id": "index", "title": "Kraftsamling", "board": "Nämnd två", "areas": ["7", "8"],
     "smallest": 60, "indicator": "index"},
    {"id": "framtid", "title": "Sommar <b>skola</b>", "board": "Nämnd två", "areas": ["3"],
     "smallest": 2, "start": "2026"},
)  # fmt: skip


def write_plan(folder: Path) -> None:
    """Write an exploratory plan of the first of four squares, from 2024 on."""
    text = EXPLORATORY.replace('"11", "12"', '"1"').replace("2022", "2024")
    (folder / "plan.toml").write_text(text, encoding="utf-8")


def write_city(folder: Path) -> Path:
    """Write the run's files, five registered plans and one that is not; return the run file."""
    rng, squares = np.random.default_rng(1), range(14)
    corners = [(118_000 + 1000 * (n % 4), 6_164_000 + 1000 * (n // 4)) for n in squares]
    shapes = [box(x, y, x + 1000, y + 1000) for x, y in corners]
    codes = [str(n + 1) for n in squares]
    names = [f"Stadsdel {code}" for code in codes]
    areas = gpd.GeoDataFrame({"kod": codes, "namn": names}, geometry=shapes, crs=3008)
    areas.to_file(folder / "areas.gpkg")
    level = rng.uniform(40, 80, 14)
    for n, year in enumerate(YEARS):
        share = level + 0.5 * n + rng.normal(0, 0.5, 14)
        if year >= "2022":
            share[[0, 1]] += 6
        table = pd.DataFrame({"kod": codes, "klarar": (share * 20).round().astype(int)})
        people = [5000] * 13 + [500]
        table.assign(elever=2000, invanare=people).to_csv(
            folder / f"skolan_{year}.csv", sep=";", index=False
        )
    for said in PLANS:
        same = {"start": "2022", "indicator": "A", "direction": "up"}
        plan = Plan.model_validate({**same, **said})
        register_plan(folder / "effektplaner.jsonl", plan, dt.date(2021, 11, 1))
    (folder / "efterhand.toml").write_text(EXPLORATORY, encoding="utf-8")
    (folder / "run.toml").write_text(RUN, encoding="utf-8")
    return folder / "run.toml"
