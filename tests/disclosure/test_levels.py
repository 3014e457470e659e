"""Small areas on two levels are published together, and neither gives back what the other hides."""

from __future__ import annotations

import warnings
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from small_run import CATALOGUE

from geolyft.divisions.areas import load_areas
from geolyft.divisions.crosswalks import CROSSWALKS, load_crosswalk
from geolyft.errors import GeolyftWarning
from geolyft.frames import CITY
from geolyft.pipeline.run import publish
from geolyft.run_file.config import load_config

if TYPE_CHECKING:
    from geolyft.export.publication import Publication

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
LEVELS = {"geso": "geso", "deso2025": "deso2025", "regso2025": "regso2025"}
FEW, MANY = 12, 90


def where_most_of_it_lies(name: str) -> dict[str, str]:
    """Return each source's target with the largest weight, looked for row by row."""
    best: dict[str, tuple[float, str]] = {}
    for row in load_crosswalk(name).table.itertuples():
        best[row.source] = max(best.get(row.source, (-1.0, "")), (float(row.weight), row.target))
    return {source: target for source, (_, target) in best.items()}


def residents(few: set[str]) -> pd.DataFrame:
    """Make residents of every DeSO, half of them with each thing; of some DeSO only a few."""
    places = load_areas("deso2025").representative_point()
    sizes = [FEW if code in few else MANY for code in places.index]
    deso = np.repeat(np.arange(len(places)), sizes)
    rng = np.random.default_rng(1)
    level = rng.uniform(0.35, 0.65, len(places))[deso]
    has = {code: (rng.random(len(deso)) < level).astype(int) for code in "ABC"}
    return pd.DataFrame({"x": places.x.to_numpy()[deso], "y": places.y.to_numpy()[deso], **has})


@pytest.fixture(scope="module")
def levels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    """Return what is published of each level, by the level's division.

    Few live in the DeSO that two GeSO share, where it matters which of them is meant, and in
    every twentieth of the others.
    """
    folder = tmp_path_factory.mktemp("levels")
    walk = load_crosswalk("deso2025_geso").table
    shared = set(walk.loc[walk["source"].duplicated(), "source"])
    few = shared | set(load_areas("deso2025").index[::20])
    residents(few).to_parquet(folder / "people.parquet")
    (folder / "catalogue.toml").write_text(CATALOGUE, encoding="utf-8")
    said = RUN + "".join(MEASURE.format(code=code) for code in "ABC")
    (folder / "run.toml").write_text(said, encoding="utf-8")
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        made: Publication = publish(load_config(folder / "run.toml"))
    every = [made, *made.inner]
    assert len(every) == len(LEVELS)
    return {
        name: each.observations[each.observations["area"] != CITY]
        for name, each in zip(LEVELS, every, strict=True)
    }


NESTED = [
    (name, pair)
    for pair in combinations(["deso2025", "regso2025", "geso"], 2)
    for name, ends in CROSSWALKS.items()
    if ends == pair and "blocks" not in name
]


@pytest.mark.parametrize(("crosswalk", "pair"), NESTED)
def test_no_small_area_is_hidden_alone_in_any_larger_one_that_is_published(
    levels: dict[str, pd.DataFrame], crosswalk: str, pair: tuple[str, str]
) -> None:
    small, large = (levels[name] for name in pair)
    hidden = small.assign(
        hidden=small["status"].str.contains("hidden"),
        parent=small["area"].map(where_most_of_it_lies(crosswalk)),
    )
    counted = hidden.groupby(["parent", "indicator"])["hidden"].agg(["sum", "size"])
    shown = large.loc[large["value"].notna()].set_index(["area", "indicator"]).index
    open_ = counted[counted.index.isin(shown) & (counted["size"] > 1)]
    assert (open_["sum"] > 1).any(), "there has to be something to give back"
    assert not (open_["sum"] == 1).any()
