"""Areas and grids that were released, with what they show: a grid is held against these."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd

from geolyft.disclosure.protect import Protection
from geolyft.divisions.areas import is_shipped, load_areas
from geolyft.errors import DisclosureError, ReadError, brief
from geolyft.frames import CITY, EVERYONE
from geolyft.pipeline.releases.grids import figures_in, is_grid
from geolyft.read.releases import read_ledger

if TYPE_CHECKING:
    from pathlib import Path

    from geolyft.disclosure.own_rules.on_grid import GridFigures
    from geolyft.read.releases import Ledger


def released_areas(
    ledger: Path,
    source: str,
    indicator: str,
    reference: str,
    *,
    protection: Protection | None = None,
) -> list[gpd.GeoDataFrame | GridFigures]:
    """Return what releases have published of everyone in a register's year, by area and by cell.

    Parameters
    ----------
    ledger
        The ledger of releases.
    source, indicator, reference
        Their names in the ledger: see ``geolyft releases show``. Residents are ``population``.
    protection
        The rule that they were released with, by default threshold 10 and base 5.

    Returns
    -------
    list[geopandas.GeoDataFrame | GridFigures]
        By release and division: ``numerator, denominator``, missing where hidden, by area. Of
        residents both are the number of them. And the grids that were released. All of it is for
        the `beside` of `geolyft.count_on_grid`.

    Raises
    ------
    ReadError
        ``releases-file``; ``releases-unknown`` when no release has such figures.
    DisclosureError
        ``protect-released`` when they were released under another rule.
    """
    held, rule = read_ledger(ledger), protection or Protection()
    counts = held["count"]
    asked = {"source": source, "indicator": indicator, "reference": reference}
    whole = {**asked, "sex": EVERYONE, "grouping": ""}
    for column, value in whole.items():
        counts = counts[counts[column] == value]
    counts = counts[counts["area"] != CITY]
    if counts.empty:
        what = f"no release has {brief(indicator)} of {brief(source)} in {brief(reference)}"
        remedy = "see geolyft releases list, and geolyft releases show"
        raise ReadError("releases-unknown", what, remedy=remedy, where=ledger.name)
    _check_rule(held, set(counts["release"]), rule, ledger)
    frames: list[gpd.GeoDataFrame | GridFigures] = []
    for release, level, crs in held["level"].itertuples(index=False, name=None):
        rows = counts[(counts["release"] == release) & (counts["level"] == level)]
        if len(rows) and is_grid(level):
            frames.append(figures_in(rows, level, crs, rule))
        elif len(rows):
            figures = rows.set_index("area")[["numerator", "denominator"]]
            figures["numerator"] = figures["numerator"].fillna(figures["denominator"])
            frames.append(shapes_of(held, level, crs)[["geometry"]].join(figures, how="inner"))
    return frames


def shapes_of(ledger: Ledger, level: str, crs: str) -> gpd.GeoDataFrame:
    """Return the areas of a division that was released."""
    if is_shipped(level):
        return load_areas(level)
    rows = ledger["area"][ledger["area"]["level"] == level].drop_duplicates("area")
    shapes = gpd.GeoSeries.from_wkb(rows["shape"].to_list(), index=rows["area"], crs=crs)
    return gpd.GeoDataFrame(geometry=shapes)


def _check_rule(held: Ledger, releases: set[str], rule: Protection, ledger: Path) -> None:
    of = held["release"][held["release"]["release"].isin(releases)]
    other = of[(of["threshold"] != rule.threshold) | (of["base"] != rule.base)]
    if len(other):
        first = other.iloc[0]
        raise DisclosureError(
            "protect-released",
            f"{len(other)} releases have another rule, first threshold {first['threshold']} and "
            f"base {first['base']}",
            remedy="count with the rule of the releases, and give it as protection",
            where=ledger.name,
        )
