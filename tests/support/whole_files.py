"""A folder of whole files, of which each is good until one thing in it is spoiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from efforts_register import effort, write_register
from efforts_register import place as located
from shapely import LineString, Point, box

import geolyft

if TYPE_CHECKING:
    from pathlib import Path

CANARY: Final = "Kanariefågel"
"""Stands in each row of a person: no line may repeat it."""

RUN: Final = """\
[run]
title = "Provstaden"
city = "Provstad"
periods = ["2024"]

[areas]
file = "areas.gpkg"
code = "kod"
name = "namn"
level = "stadsdel"

[index]
catalogue = "catalogue.toml"
minimum_indicators = 1
minimum_dimensions = 1

[[source]]
name = "Val"
file = "votes.csv"
kind = "totals"
area = "kod"
protected_by = "Valmyndigheten"
population = "folk"

[[source.measure]]
indicator = "A"
numerator = "ja"
denominator = "folk"
"""
PEOPLE: Final = """\
[[source]]
name = "Register"
file = "people.csv"
kind = "points"
x = "x"
y = "y"
crs = 3008
population = true
sex = { column = "kon", women = "K", men = "M" }

[[source.measure]]
indicator = "A"
among = { alder = { min = 16 } }
counted = { arbetar = { one_of = ["ja"] } }
"""
CATALOGUE: Final = """\
[index]
code = "prov"
name = "Provindex"

[[dimension]]
code = "vardag"
name = "Vardag"

[[indicator]]
code = "A"
name = "Andel som arbetar"
dimension = "vardag"
numerator = "arbetande"
denominator = "invånare"
direction = "high"
"""
VOTES: Final = "kod;ja;folk\n1;1400;2000\n2;1500;2100\n3;1650;2200\n4;1800;2300\n"
PLAN: Final = """\
id = "lasa"
title = "Läsa ihop"
board = "Nämnd ett"
areas = ["1"]
start = "2024"
indicator = "A"
direction = "up"
smallest = 9
exploratory = true
"""
EAST, NORTH = 118_000, 6_164_000
CORNERS: Final = [(EAST + x, NORTH + y) for x in (0, 1000) for y in (0, 1000)]


def write_whole_files(folder: Path) -> Path:
    """Write the files into a folder, and a delivery that was made of them; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    areas().to_file(folder / "areas.gpkg")
    for name, text in {
        "run.toml": RUN,
        "people.toml": RUN.partition("[[source]]")[0] + PEOPLE,
        "catalogue.toml": CATALOGUE,
        "votes.csv": VOTES,
        "plan.toml": PLAN,
        "crosswalk.csv": "source,target,weight\na,1,1\nb,2,0.4\nb,3,0.6\nc,4,1\n",
        "small.csv": "kod;folk\na;100\nb;200\nc;300\n",
        "places.csv": f"namn;x;y;plats\nEtt;{EAST + 50};{NORTH + 50};20\n",
        "further.csv": "kod;andel\n1;10,5\n2;20,5\n3;30,5\n4;40,5\n",
    }.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    people().to_csv(folder / "people.csv", sep=";", index=False)
    events().to_csv(folder / "events.csv", sep=";", index=False)
    write_register(folder, [effort("X", tema="vardag", insats_id="X")], [located("X", "1")])
    line = LineString([(EAST, NORTH), (EAST + 2000, NORTH + 2000)])
    gpd.GeoDataFrame({"namn": ["Gatan"]}, geometry=[line], crs=3008).to_file(folder / "lines.gpkg")
    block = box(EAST + 100, NORTH + 100, EAST + 900, NORTH + 900)
    gpd.GeoDataFrame({"namn": ["Kv."]}, geometry=[block], crs=3008).to_file(folder / "block.gpkg")
    geolyft.run(folder / "run.toml", out=folder / "delivery")
    return folder


def areas() -> gpd.GeoDataFrame:
    """Return four squares of a kilometre."""
    shapes = [box(x, y, x + 1000, y + 1000) for x, y in CORNERS]
    names = ["Sydväst", "Nordväst", "Sydost", "Nordost"]
    return gpd.GeoDataFrame({"kod": ["1", "2", "3", "4"], "namn": names}, geometry=shapes, crs=3008)


def people() -> pd.DataFrame:
    """Return a hundred residents of each area."""
    rng = np.random.default_rng(20)
    corner = np.repeat(np.array(CORNERS), 100, axis=0)
    place = corner + rng.integers(1, 999, (400, 2))
    return pd.DataFrame(
        {
            "namn": CANARY,
            "kon": rng.choice(["K", "M"], 400),
            "alder": rng.integers(0, 90, 400),
            "arbetar": rng.choice(["ja", "nej"], 400),
            "x": place[:, 0],
            "y": place[:, 1],
        }
    )


def events() -> pd.DataFrame:
    """Return some hundred events of a year, all of one type."""
    day = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(300), unit="D")
    place = people().head(300)
    told = {"tid": pd.Series(day).dt.strftime("%Y-%m-%d %H:%M"), "typ": "buller"}
    return pd.DataFrame({**told, "x": place["x"], "y": place["y"], "fritext": CANARY})


def layer(shapes: object, crs: object = 3008, **columns: object) -> gpd.GeoDataFrame:
    """Return a layer of shapes as they are."""
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=crs)


def point(x: float, y: float) -> Point:
    """Return a point, from the squares' corner."""
    return Point(EAST + x, NORTH + y)
