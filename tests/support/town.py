"""A town of four squares with few enough people to know each count, and an attacker of its maps."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import box
from small_run import in_malmo

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

CANARY = 87_654
"""A number of months that one person has, and no count of anything."""
PEOPLE = {"1": (60, 54), "2": (70, 31), "3": (83, 40), "4": (95, 61)}
"""Square to residents, and to those who work: in the first, 6 do not."""
SQUARES = {"1": (0, 0), "2": (0, 10), "3": (10, 0), "4": (10, 10)}
RUN = """
[run]
title = "Småstaden"
city = "Småstad"
periods = ["2024"]

[areas]
file = "AREAS"
code = "kod"
name = "namn"

[index]
catalogue = "catalogue.toml"

[releases]
file = "releases.sqlite"

[protection]
threshold = THRESHOLD
base = BASE

[[source]]
name = "NAME"
file = "PEOPLE"
kind = "points"
x = "x"
y = "y"
crs = 3008
max_outside = 1
population = true

[[source.measure]]
indicator = "A"
among = { manader = { min = 0 } }
counted = { arbetar = { one_of = ["ja"] } }
"""
CATALOGUE = """
[index]
code = "prov"
name = "Prov"

[[dimension]]
code = "arbete"
name = "Arbete"

[[indicator]]
code = "A"
name = "Andel som arbetar"
dimension = "arbete"
numerator = "arbetande"
denominator = "invånare"
direction = "high"
"""


def squares(size: float = 10.0) -> gpd.GeoDataFrame:
    """Return the four squares; with another size their borders lie elsewhere."""
    shapes = [box(x, y, x + size, y + size) for x, y in SQUARES.values()]
    return drawn(dict(zip(SQUARES, shapes, strict=True)))


def drawn(shapes: Mapping[str, object]) -> gpd.GeoDataFrame:
    """Return areas as somebody drew them."""
    areas = gpd.GeoDataFrame(
        {"kod": list(shapes), "namn": list(shapes)}, geometry=list(shapes.values()), crs=3008
    )
    return in_malmo(areas)


def register(counts: Mapping[str, tuple[int, int]] = PEOPLE) -> pd.DataFrame:
    """Return a row a person: those of a square stand on its diagonal, who works first."""
    parts = []
    for code, (people, work) in counts.items():
        corner = np.array(SQUARES[code])
        along = (np.arange(people) + 0.5) * 10 / people
        rows = {"x": corner[0] + along, "y": corner[1] + along, "manader": 1}
        parts.append(pd.DataFrame(rows).assign(arbetar=["ja"] * work + ["nej"] * (people - work)))
    whole = pd.concat(parts, ignore_index=True)
    whole.loc[0, "manader"] = CANARY
    return whole.assign(x=whole["x"] + 118_000, y=whole["y"] + 6_164_000)


def write_town(
    folder: Path,
    name: str,
    *,
    areas: gpd.GeoDataFrame | None = None,
    people: pd.DataFrame | None = None,
    **said: object,
) -> Path:
    """Write a run file of this name, with its areas and its register."""
    folder.mkdir(parents=True, exist_ok=True)
    (squares() if areas is None else areas).to_file(folder / f"{name}.gpkg", driver="GPKG")
    (register() if people is None else people).to_csv(folder / f"{name}.csv", index=False)
    (folder / "catalogue.toml").write_text(CATALOGUE, encoding="utf-8")
    chosen = {"NAME": "Register", "THRESHOLD": 10, "BASE": 5, **said}
    text = RUN
    for key, value in {**chosen, "AREAS": f"{name}.gpkg", "PEOPLE": f"{name}.csv"}.items():
        text = text.replace(key, str(value))
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder / f"{name}.toml"


def forgetful(run: Path) -> Path:
    """Write the same run without a ledger: what a city would do that remembers nothing."""
    text = run.read_text(encoding="utf-8")
    other = run.with_name(f"forgetful_{run.name}")
    kept = text.replace('[releases]\nfile = "releases.sqlite"\n', "")
    other.write_text(kept, encoding="utf-8")
    return other


def told(folder: Path, rule: tuple[int, int]) -> dict[str, dict[str, tuple[float, float]]]:
    """Return what a delivery's map says of each side of each area's figure, by its own rule."""
    text = (folder / "karta.html").read_text(encoding="utf-8")
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    level = json.loads(found[1])["levels"][0]
    codes = [*(area["code"] for area in level["areas"]), "city"]
    figures = level["figures"]["alla"]["2024"]["A"]
    threshold, base = rule
    said: dict[str, dict[str, tuple[float, float]]] = {}
    for code, above, below in zip(codes, figures["numerator"], figures["denominator"], strict=True):
        if below is None:
            continue
        down, up = base // 2, (base - 1) // 2
        over = (max(above - down, threshold), above + up)
        of = (below - down, below + up)
        said[code] = {"work": over, "base": of, "rest": (of[0] - over[1], of[1] - over[0])}
    return said


def attack(
    maps: Sequence[Mapping[str, Mapping[str, tuple[float, float]]]],
    sums: Sequence[tuple[str, Sequence[str]]],
    side: str,
) -> dict[str, tuple[float, float]]:
    """Return between which whole numbers each area's side lies, by all maps and sums together.

    Bounds are narrowed until nothing changes; what no map shows is 0 or more.
    """
    names = {code for total, parts in sums for code in (total, *parts)}
    low = dict.fromkeys(names | {code for each in maps for code in each}, 0.0)
    high = dict.fromkeys(low, float("inf"))
    for each in maps:
        for code, sides in each.items():
            low[code] = max(low[code], sides[side][0])
            high[code] = min(high[code], sides[side][1])
    before = None
    while before != (low, high):
        before = (dict(low), dict(high))
        for total, parts in sums:
            low[total] = max(low[total], sum(low[part] for part in parts))
            high[total] = min(high[total], sum(high[part] for part in parts))
            for part in parts:
                others = [each for each in parts if each != part]
                low[part] = max(low[part], low[total] - sum(high[each] for each in others))
                high[part] = min(high[part], high[total] - sum(low[each] for each in others))
    return {code: (low[code], high[code]) for code in low}
