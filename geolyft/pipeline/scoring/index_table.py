"""The index of a run as it is published: a row for each area and period, and what it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geolyft.certainty.sensitivity import rank_ranges
from geolyft.export.publication import index_columns
from geolyft.frames import CITY, EVERYONE, combine_status
from geolyft.index.combine import contributions
from geolyft.pipeline.scoring.tables import how_sure, rank_spans

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from geolyft.pipeline.scoring.score import (
        Scored,
    )
    from geolyft.run_file.config import Config


def base_of(config: Config, scored: Scored) -> str:
    """Return the period in which the city is 100: that of the scales, where these are kept."""
    kept = scored.scales["base_period"]
    return str(kept.iloc[0]) if config.index.scales and len(kept) else config.run.base


def explained(config: Config, scored: Scored) -> pd.DataFrame:
    """Return what each indicator gives the index; only the default index is such a sum."""
    explained = contributions(scored.weighed)
    if config.index.comparable:
        return explained
    return explained.assign(contribution=float("nan"), difference=float("nan"))


def index_table(
    config: Config, areas: gpd.GeoDataFrame, scored: Scored, tables: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Lay out a row per area and period, the city first, also where there is no index."""
    key = ["area", "period"]
    names = pd.concat([pd.Series({CITY: config.run.city}), areas["name"]])
    table = pd.MultiIndex.from_product(
        [config.run.periods, names.index], names=["period", "area"]
    ).to_frame(index=False)
    combined = scored.index[scored.index["sex"] == EVERYONE]
    ranks = rank_ranges(
        scored.scores,
        scored.catalogue,
        config.index.aggregation,
        **config.index.minimums.as_keywords,
    )
    for more in (combined, rank_spans(ranks, tables), how_sure(tables)):
        table = table.merge(more, on=key, how="left")
    table["name"] = table["area"].map(names)
    table["n_indicators"] = table["n_indicators"].fillna(0).astype("int64")
    empty = combine_status("missing", "synthetic" if config.run.synthetic else "")
    table["status"] = table["status"].fillna(empty)
    dimensions = [dimension.code for dimension in scored.catalogue.dimensions]
    return table[index_columns(dimensions)]
