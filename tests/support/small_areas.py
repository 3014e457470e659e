"""Residents of every DeSO, and a run that looks inside GeSO with DeSO and RegSO."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from small_run import CATALOGUE

from geolyft.divisions.areas import load_areas
from geolyft.divisions.crosswalks import load_crosswalk

if TYPE_CHECKING:
    from pathlib import Path

RUN = """
[run]
title = "Två nivåer"
city = "Malmö"
periods = ["2024"]
synthetic = true

[areas]
division = "geso"

[index]
catalogue = "catalogue.toml"

[[inside]]
division = "deso2025"
crosswalk = "deso2025_geso"

[[inside]]
division = "regso2025"
crosswalk = "regso2025_geso"

[[source]]
name = "Register"
file = "people.parquet"
kind = "points"
x = "x"
y = "y"
crs = 3008
population = true
"""
MEASURE = """
[[source.measure]]
indicator = "{code}"
counted = {{ {code} = {{ one_of = ["1"] }} }}
"""
FEW, MANY = 12, 90


def residents(few: set[str]) -> pd.DataFrame:
    """Make residents of every DeSO, half of them with each thing; of some DeSO only a few."""
    places = load_areas("deso2025").representative_point()
    sizes = [FEW if code in few else MANY for code in places.index]
    deso = np.repeat(np.arange(len(places)), sizes)
    rng = np.random.default_rng(1)
    level = rng.uniform(0.35, 0.65, len(places))[deso]
    has = {code: (rng.random(len(deso)) < level).astype(int) for code in "ABC"}
    return pd.DataFrame({"x": places.x.to_numpy()[deso], "y": places.y.to_numpy()[deso], **has})


def write_small_areas(folder: Path, *, group: bool = False) -> Path:
    """Write the run.

    Few live in the DeSO that two GeSO share, where it matters which of them is meant, and in
    every twentieth of the others.
    """
    walk = load_crosswalk("deso2025_geso").table
    shared = set(walk.loc[walk["source"].duplicated(), "source"])
    few = shared | set(load_areas("deso2025").index[::20])
    residents(few).to_parquet(folder / "people.parquet")
    (folder / "catalogue.toml").write_text(CATALOGUE, encoding="utf-8")
    said = RUN + "".join(MEASURE.format(code=code) for code in "ABC")
    asked = 'crosswalk = "deso2025_geso"\n'
    said = said.replace(asked, f"{asked}group = true\n") if group else said
    (folder / "run.toml").write_text(said, encoding="utf-8")
    return folder / "run.toml"
