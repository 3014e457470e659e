"""A run's raster becomes counts on areas: square metres, or the residents of a second raster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geolyft.errors import ReadError
from geolyft.frames import CITY
from geolyft.rasters.statistics import Zonal, zonal_statistics
from geolyft.read import RasterFile, Understood, understand_raster
from geolyft.run_file.sources import RasterSettings

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from geolyft.indicators.measures import Measure
    from geolyft.pipeline.counting.ledger import Edition

_PARTS = ["numerator", "denominator"]
_AUDITED = ["cells", "coverage", "nodata", "outside"]
_WHOLE_SHARE = 100
_SLACK = 1e-6


@dataclass(frozen=True, kw_only=True)
class CellCounts:
    """What a raster holds on areas.

    Parameters
    ----------
    counts
        For each measure: ``area, sex, indicator, numerator, denominator, status``.
    whole
        For each measure, numerator and denominator of all areas together. Cells beyond them are
        not counted, so there is no residual.
    understood
        The raster, and its weights where it has any.
    audit
        ``method``; ``placed`` and ``unplaced``: cells in the areas with data and without;
        ``areas``: what `geolyft.zonal_statistics` audits in each; ``bounds``: of figures in
        blocks that may be shown as they are, between which per cents the exact ones lie.
    """

    counts: tuple[pd.DataFrame, ...]
    whole: tuple[pd.Series[float], ...]
    understood: tuple[Understood, ...]
    audit: dict[str, object]


def count_cells(edition: Edition, areas: gpd.GeoDataFrame) -> CellCounts:
    """Count the cells of an edition's raster on areas.

    Raises
    ------
    ReadError
        As `geolyft.zonal_statistics`; ``raster-statistic`` when a mean is no per cent.
    """
    source = edition.source
    settings = source.raster or RasterSettings()
    file = settings.of(edition.files[0])
    files = [file, *([RasterFile(path=edition.weights)] if edition.weights else [])]
    understood = tuple(understand_raster(each) for each in files)
    measured = [(m, _zonal(file, areas, edition, m, settings)) for m in source.measures]
    counts = [_counts(zonal, measure, where=edition.path.name) for measure, zonal in measured]
    audit = _audit(measured[0][1])
    if settings.method == "blocks" and not source.is_open:
        audit["bounds"] = {
            measure.indicator: _bounds(zonal, measure) for measure, zonal in measured
        }
    return CellCounts(
        counts=tuple(table[table["area"] != CITY].reset_index(drop=True) for table in counts),
        whole=tuple(table.loc[table["area"] == CITY, _PARTS].iloc[0] for table in counts),
        understood=understood,
        audit=audit,
    )


def _zonal(
    file: RasterFile,
    areas: gpd.GeoDataFrame,
    edition: Edition,
    measure: Measure,
    settings: RasterSettings,
) -> Zonal:
    assert measure.statistic is not None  # noqa: S101 - a source's measures fit its kind
    return zonal_statistics(
        file,
        areas,
        indicator=measure.indicator,
        period=edition.period,
        statistic=measure.statistic,
        limit=measure.limit,
        weights=edition.weights,
        method=settings.method,
        min_coverage=settings.min_coverage,
    )


def _counts(zonal: Zonal, measure: Measure, *, where: str) -> pd.DataFrame:
    table = zonal.observations[["area", "numerator", "denominator", "status"]].copy()
    if measure.statistic == "mean":
        # The mean of per cents is a share: Σ value · m² of a hundred, among m².
        table["numerator"] /= _WHOLE_SHARE
        value = zonal.observations["value"]
        odd = (value < -_SLACK) | (value > _WHOLE_SHARE + _SLACK)
        if odd.any():
            raise ReadError(
                "raster-statistic",
                f"the mean is {value[odd].iloc[0]:g} in area {table['area'][odd].iloc[0]}, and a "
                "run's indicators are shares in per cent",
                remedy="give share_over with a limit, or a raster of per cents",
                where=where,
            )
    if measure.complement:
        table["numerator"] = table["denominator"] - table["numerator"]
    return table.assign(sex=measure.sex, indicator=measure.indicator)


def _audit(zonal: Zonal) -> dict[str, Any]:
    """Return what does not depend on the measure, for every area and all together."""
    table = zonal.audit.set_index("area")
    city = table.loc[CITY]
    empty = city["nodata"] / city["coverage"] * city["cells"] if city["coverage"] else None
    return {
        "method": str(city["method"]),
        "placed": round(city["cells"]),
        "unplaced": None if empty is None else round(empty),
        "areas": table[_AUDITED].round(9).to_dict(orient="index"),
    }


def _bounds(zonal: Zonal, measure: Measure) -> dict[str, list[float | None]]:
    table = zonal.audit.set_index("area")[["low", "high"]].round(6)
    if measure.complement:
        table = (_WHOLE_SHARE - table)[["high", "low"]]
    plain = table.astype("object").where(table.notna(), None)
    return {str(area): list(pair) for area, pair in zip(plain.index, plain.to_numpy(), strict=True)}
