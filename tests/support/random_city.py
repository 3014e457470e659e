"""Small cities made at random: few people, bases in one another, sexes, bands, a residual."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from everything import EXPOSURE
from needs import module
from shapely import box
from town import drawn

if TYPE_CHECKING:
    from pathlib import Path

SIDE = 100
RUN = """
[run]
title = "Slumpstaden"
city = "Slumpstad"
periods = ["2024"]

[areas]
file = "areas.gpkg"
code = "kod"
name = "namn"

[index]
catalogue = "catalogue.toml"

[[source]]
name = "Register"
file = "people.csv"
kind = "points"
x = "x"
y = "y"
crs = 3008
max_outside = 1
population = true
sex = { column = "kon", women = "K", men = "M" }
groups.alder = { column = "alder", breaks = [30, 50] }

[[source.measure]]
indicator = "A"
among.alder = { min = 20, max = 64 }
counted.arbetar = { one_of = ["ja"] }

[[source.measure]]
indicator = "B"
counted.bor_kvar = { one_of = ["ja"] }

[[source.measure]]
indicator = "C"
among.alder = { min = 20, max = 64 }
among.utbildning = { one_of = ["låg", "hög"] }
counted.utbildning = { one_of = ["hög"] }
"""
INDICATOR = """
[[indicator]]
code = "{code}"
name = "Andel {code}"
dimension = "allt"
numerator = "räknade"
denominator = "alla"
direction = "high"
"""
CATALOGUE = """
[index]
code = "prov"
name = "Prov"

[[dimension]]
code = "allt"
name = "Allt"
""" + "".join(INDICATOR.format(code=code) for code in "ABC")


def write_random_city(folder: Path, seed: int) -> Path:
    """Write the run file of a city of four to eight areas with some hundred residents each."""
    random = np.random.default_rng(seed)
    count = int(random.integers(4, 9))
    corners = [(n % 3 * SIDE, n // 3 * SIDE) for n in range(count)]
    shapes = {str(n + 1): box(x, y, x + SIDE, y + SIDE) for n, (x, y) in enumerate(corners)}
    folder.mkdir(parents=True, exist_ok=True)
    drawn(shapes).to_file(folder / "areas.gpkg", driver="GPKG")
    beyond = [(0, -2 * SIDE)] if random.random() < 0.5 else []
    places = [*corners, *beyond]
    people = [_people(random, corner, int(random.lognormal(5.8, 0.5))) for corner in places]
    pd.concat(people, ignore_index=True).to_csv(folder / "people.csv", index=False)
    (folder / "catalogue.toml").write_text(CATALOGUE, encoding="utf-8")
    (folder / "run.toml").write_text(RUN, encoding="utf-8")
    return folder / "run.toml"


def add_exposure(run_file: Path, seed: int) -> None:
    """Let the run count who lives in noise, by a raster that has no value in some cells."""
    rasterio = module("rasterio")
    random = np.random.default_rng([seed, 1])
    by_area = np.kron(random.normal(55, 6, (3, 3)), np.ones((5, 5)))
    cells = (by_area + random.normal(0, 4, (15, 15))).astype("float32")
    cells[random.random((15, 15)) < random.choice([0.0, 0.03, 0.2])] = -9999
    where = rasterio.Affine(20, 0, 118_000, 0, -20, 6_164_000 + 3 * SIDE)
    form = {"transform": where, "dtype": cells.dtype, "crs": 3008, "nodata": -9999, "count": 1}
    path = run_file.with_name("buller.tif")
    with rasterio.open(path, "w", driver="GTiff", width=15, height=15, **form) as out:
        out.write(cells, 1)
    said = EXPOSURE.replace("people_2024.csv", "people.csv") + "max_outside = 1\n"
    run_file.write_text(run_file.read_text(encoding="utf-8") + said, encoding="utf-8")


def _people(random: np.random.Generator, corner: tuple[int, int], size: int) -> pd.DataFrame:
    """Return so many residents of a square, in an area's own mixture."""
    working, staying, knowing, learned = random.uniform(0.02, 0.98, size=4)
    return pd.DataFrame(
        {
            "x": 118_000 + corner[0] + random.uniform(1, SIDE - 1, size),
            "y": 6_164_000 + corner[1] + random.uniform(1, SIDE - 1, size),
            "kon": random.choice(["K", "M"], size),
            "alder": random.integers(0, 90, size),
            "arbetar": np.where(random.random(size) < working, "ja", "nej"),
            "bor_kvar": np.where(random.random(size) < staying, "ja", "nej"),
            "utbildning": np.where(
                random.random(size) < max(knowing, 0.5),
                np.where(random.random(size) < learned, "hög", "låg"),
                "okänd",
            ),
        }
    )


def truth_of(folder: Path) -> dict[tuple[tuple[str, str, str, str, str], str], int]:
    """Return what each side of each cell of a written city really holds."""
    people = pd.read_csv(folder / "people.csv")
    square = (people["x"] - 118_000) // SIDE + 3 * ((people["y"] - 6_164_000) // SIDE)
    people["area"] = (square.astype(int) + 1).astype(str)
    people["group"] = pd.cut(people["alder"], [-1, 29, 49, 200], labels=["<30", "30-<50", "50+"])
    people["sex"] = people["kon"].map({"K": "kvinnor", "M": "män"})
    grown = people["alder"].between(20, 64)
    told = people["utbildning"].isin(["låg", "hög"])
    asked = {
        "A": (grown, people["arbetar"] == "ja"),
        "B": (grown | True, people["bor_kvar"] == "ja"),
        "C": (grown & told, people["utbildning"] == "hög"),
    }
    found = {}
    for by in ([], ["sex"], ["group"]):
        for code, (base, counted) in asked.items():
            for side, has in (("in", counted), ("out", ~counted)):
                counts = (base & has).groupby([people[name] for name in ["area", *by]]).sum()
                for place, count in counts.items():
                    names = dict(zip(["area", *by], np.atleast_1d(place), strict=True))
                    cell = (str(names["area"]), "2024", names.get("sex", "alla"), code,
                            names.get("group", ""))  # fmt: skip
                    found[cell, side] = int(count)
    return found
