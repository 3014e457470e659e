"""An index from counts that a script has, without a file: frames in, a frame out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd

from geolyft.certainty.draws import draw_scores
from geolyft.certainty.noise import DEFAULT_NOISE, Noise, intervals
from geolyft.certainty.sensitivity import rank_ranges
from geolyft.disclosure.auditor.knowledge.known import Meaning
from geolyft.disclosure.door import Counted, publish_counts
from geolyft.disclosure.protect import Protection
from geolyft.disclosure.raw import Raw
from geolyft.disclosure.together.families import OWN
from geolyft.export.publication import index_columns
from geolyft.frames import CITY, EVERYONE, RESIDUAL, check_areas, check_frame
from geolyft.index.combine import combine, weigh
from geolyft.index.minimums import Minimums
from geolyft.index.scales import fit_scales, score
from geolyft.indicators.aggregate import COUNT_COLUMNS, aggregate
from geolyft.indicators.catalogue import load_catalogue
from geolyft.pipeline.account.audited import audited_as
from geolyft.pipeline.scoring.tables import certainty_of, how_sure, rank_spans

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from geolyft.indicators.catalogue import Catalogue
    from geolyft.typed import CatalogueFile

_GIVEN: Final = ["area", "indicator", "numerator", "denominator"]
_SOURCE: Final = "counts"
_DEFAULTS: Final = {"period": "", "sex": EVERYONE, "status": "ok", "source": _SOURCE}
_KEY: Final = ["area", "period"]
_ROBUST: Final = "share_among_lowest"
"""The column of ``index.csv`` that rests on hundreds of ways to compute, which only a run tries."""
_PROTECTION: Final = Protection()


def make_index(
    counts: pd.DataFrame,
    areas: gpd.GeoDataFrame,
    *,
    catalogue: CatalogueFile | Catalogue | str | Path | None = None,
    protected_by: str = "",
    protection: Protection = _PROTECTION,
    base_period: str | None = None,
    minimum_indicators: int | None = None,
    minimum_dimensions: int | None = None,
) -> gpd.GeoDataFrame:
    """Return the index of areas from counts, with its certainty.

    The stages are those of `geolyft.run`: shares, protection and its audit, scales, scores, the
    index, and 1 000 draws of it. What a run adds is files, ledgers, tables, maps and the report.

    Parameters
    ----------
    counts
        A row per area and indicator: ``area`` (text; a column or the index), ``indicator`` (a code
        of the catalogue), ``numerator`` and ``denominator`` (people). Where there are several,
        ``period`` and ``source``; ``reference``, ``sex`` and ``status`` as in `geolyft.aggregate`.
        People of the city in none of its areas are the area ``residual``.
    areas
        Polygons in metres on a text index, with ``name``; see `geolyft.load_areas`, which takes a
        frame with any columns.
    catalogue
        A dict, a catalogue, or a file; by default the shipped twelve indicators.
    protected_by
        Who has already protected the counts. Without it they are protected here, as a run does.
    protection
        How.
    base_period
        The period in which the city is 100; by default the first.
    minimum_indicators, minimum_dimensions
        See `geolyft.weigh`.

    Returns
    -------
    geopandas.GeoDataFrame
        Index: text codes named ``area``, a row per period and area. ``name``, ``period``,
        ``index`` (100 is the city in the base period), a column per dimension, ``rank_low``,
        ``rank_high``, ``n_indicators``, ``status``, ``index_low`` and ``index_high`` (95 %
        interval), ``distinct`` and ``distinct_fdr`` (surely apart from the city), a column per
        indicator (per cent), ``geometry``. A hidden or missing value is empty. Write
        ``frame["index"]``: ``frame.index`` is pandas' own.

    Raises
    ------
    GeolyftError
        As the stages: unknown codes, areas without a metric CRS, too little protection, …

    Examples
    --------
    >>> from shapely import box
    >>> areas = gpd.GeoDataFrame({"name": ["Norr", "Söder"]}, crs=3006, geometry=[
    ...     box(0, 0, 100, 100), box(100, 0, 200, 100)], index=pd.Index(["N", "S"], name="area"))
    >>> made = make_index(
    ...     pd.DataFrame({"area": ["N", "S"], "indicator": "T1", "numerator": [300.0, 500.0],
    ...                   "denominator": 1000.0}),
    ...     areas,
    ...     catalogue={
    ...         "index": {"code": "trivsel", "name": "Trivsel"},
    ...         "dimension": [{"code": "trygghet", "name": "Trygghet"}],
    ...         "indicator": [{"code": "T1", "dimension": "trygghet", "name": "Otrygga",
    ...                        "numerator": "otrygga", "denominator": "invånare",
    ...                        "direction": "low"}]})
    >>> made[["name", "index", "T1"]].round(1).to_dict("index")["N"]
    {'name': 'Norr', 'index': 130.0, 'T1': 30.0}
    """
    areas, definition = check_areas(areas), load_catalogue(catalogue)
    minimums = Minimums(indicators=minimum_indicators, dimensions=minimum_dimensions)
    full = _filled(counts)
    periods = sorted(full["period"].unique())
    exempt = set(full["source"]) if protected_by else set()
    shares = partial(aggregate, areas=list(areas.index), periods=periods, catalogue=definition)
    seen = _protected(Raw(full).then(shares), definition, protection, exempt)
    noise = (*DEFAULT_NOISE, *_rounding(full, protection, exempt))
    seen = seen.assign(**intervals(seen, noise))
    scales = fit_scales(seen, definition, base_period=base_period or periods[0])
    scores = score(seen, scales)
    index = combine(weigh(scores, definition, **minimums.as_keywords), definition)
    drawn = draw_scores(seen, scales, definition, noise=noise, minimums=minimums)
    tables = {"osakerhet": certainty_of(drawn)}
    ranks = rank_spans(rank_ranges(scores, definition, **minimums.as_keywords), tables)
    for more in (ranks, how_sure(tables), _values(seen)):
        index = index[index["sex"] == EVERYONE].merge(more, on=_KEY, how="left")
    return _on_areas(index, areas, definition, periods)


def _filled(counts: pd.DataFrame) -> pd.DataFrame:
    """Return counts with every column, what is not said filled in."""
    table = counts.reset_index() if counts.index.name == "area" else counts
    check_frame(table, texts=["area", "indicator"], numbers=_GIVEN[2:], what="counts")
    said = {name: each for name, each in _DEFAULTS.items() if name not in table}
    table = table.assign(**said)
    table = table if "reference" in table else table.assign(reference=table["period"])
    # A frame of areas with counts has a geometry, and stages take frames without.
    return pd.DataFrame({name: table[name].to_numpy() for name in COUNT_COLUMNS}).astype(
        {name: "str" for name in COUNT_COLUMNS if name not in _GIVEN[2:]}
    )


def _protected(
    shares: Raw[pd.DataFrame],
    catalogue: Catalogue,
    protection: Protection,
    exempt: Collection[str],
) -> pd.DataFrame:
    """Return what may be published of the counts, given that all of it is."""
    sensitive = [each.code for each in catalogue.indicators if each.sensitive]
    counted = [Counted(level=OWN, observations=shares)]
    published = publish_counts(counted, protection, exempt=exempt, sensitive=sensitive)
    (own,), _ = audited_as(published, protection, Meaning(exempt=exempt))
    seen = own.observations
    return seen[seen["area"] != RESIDUAL].reset_index(drop=True)


def _rounding(
    counts: pd.DataFrame, protection: Protection, exempt: Collection[str]
) -> tuple[Noise, ...]:
    names = sorted(set(counts["source"]) - set(exempt))
    return tuple(Noise(source=name, count_base=protection.base) for name in names)


def _values(seen: pd.DataFrame) -> pd.DataFrame:
    everyone = seen[seen["sex"] == EVERYONE]
    return everyone.pivot(index=_KEY, columns="indicator", values="value").reset_index()


def _on_areas(
    index: pd.DataFrame, areas: gpd.GeoDataFrame, catalogue: Catalogue, periods: list[str]
) -> gpd.GeoDataFrame:
    """Lay out a row per period and area, also where there is no index."""
    rows = pd.MultiIndex.from_product([periods, areas.index], names=_KEY[::-1])
    table = index[index["area"] != CITY].set_index(_KEY[::-1]).reindex(rows).reset_index("period")
    table["status"] = table["status"].fillna("missing")
    table["n_indicators"] = table["n_indicators"].fillna(0).astype("int64")
    named = table.assign(name=areas["name"].reindex(table.index))
    of_index = index_columns([dimension.code for dimension in catalogue.dimensions])
    columns = [name for name in of_index if name not in ("area", _ROBUST)]
    geometry = areas.geometry.reindex(table.index)
    return gpd.GeoDataFrame(
        named[[*columns, *catalogue.codes]], geometry=geometry.to_numpy(), crs=areas.crs
    )
