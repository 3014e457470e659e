"""Small areas on two levels are published together, and neither gives back what the other hides."""

from __future__ import annotations

import warnings
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from small_areas import write_small_areas

from geolyft.divisions.crosswalks import CROSSWALKS, load_crosswalk
from geolyft.errors import GeolyftWarning
from geolyft.frames import CITY
from geolyft.pipeline.run import publish
from geolyft.run_file.config import load_config

if TYPE_CHECKING:
    import pandas as pd

    from geolyft.export.publication import Publication

LEVELS = {"geso": "geso", "deso2025": "deso2025", "regso2025": "regso2025"}


def where_most_of_it_lies(name: str) -> dict[str, str]:
    """Return each source's target with the largest weight, looked for row by row."""
    best: dict[str, tuple[float, str]] = {}
    for row in load_crosswalk(name).table.itertuples():
        best[row.source] = max(best.get(row.source, (-1.0, "")), (float(row.weight), row.target))
    return {source: target for source, (_, target) in best.items()}


@pytest.fixture(scope="module")
def levels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    """Return what is published of each level, by the level's division."""
    path = write_small_areas(tmp_path_factory.mktemp("levels"))
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        made: Publication = publish(load_config(path))
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
