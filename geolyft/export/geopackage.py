"""The GeoPackage: the index and the indicators per area, and the long table of observations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely import MultiPolygon

from geolyft.errors import ConfigError
from geolyft.export.tables import SYNTHETIC
from geolyft.export.words import load_words
from geolyft.frames import CITY, EVERYONE, OBSERVATION_COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

    from shapely import Polygon

    from geolyft.export.publication import Publication

# GDAL stamps the time of writing otherwise, and the same input must give the same bytes.
_DATE: Final = "2026-01-01T00:00:00.000Z"
_AXES: Final = 2


def write_geopackage(publication: Publication, path: Path, *, crs: int | None = None) -> None:
    """Write ``<division>_index``, ``<division>_indikatorer`` and ``observationer``.

    The two polygon layers are of the latest period; each earlier period has its own pair, with the
    period at the end of the name.

    Parameters
    ----------
    publication
        What to write.
    path
        A file that does not exist yet.
    crs
        EPSG code to write in; the areas' own by default.
    """
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _DATE})
    try:
        latest = publication.periods[-1]
        for period in reversed(publication.periods):
            suffix = "" if period == latest else f"_{period}"
            for name, build in (("index", index_layer), ("indikatorer", indicator_layer)):
                layer = build(publication, period)
                if crs is not None:
                    layer = layer.to_crs(crs)
                _write(layer, path, f"{publication.division}_{name}{suffix}", publication, period)
        moved = change_layer(publication)
        if moved is not None:
            moved = moved if crs is None else moved.to_crs(crs)
            _write(moved, path, f"{publication.division}_forandring", publication, "")
        _write(observation_table(publication), path, "observationer", publication, "")
        for name, table in sorted(publication.tables.items()):
            _write(table, path, f"tabell_{name}", publication, "")
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def check_crs(epsg: int) -> None:
    """Refuse a CRS that layers cannot be written in: one that is unknown, or not of two axes.

    Raises
    ------
    ConfigError
        ``run-crs``.

    Examples
    --------
    >>> check_crs(3008)
    """
    try:
        crs = CRS.from_epsg(epsg)
    except CRSError:
        what = f"there is no CRS EPSG:{epsg}"
    else:
        if (crs.is_projected or crs.is_geographic) and len(crs.axis_info) == _AXES:
            return
        what = f"EPSG:{epsg} ({crs.name}) is no CRS of two axes on the map"
    raise ConfigError("run-crs", what, remedy="use one such as 3008 or 4326")


def index_layer(publication: Publication, period: str) -> gpd.GeoDataFrame:
    """Return one period's index per area, with the columns the delivery promises."""
    division = publication.division
    dimensions = [dimension.code for dimension in publication.catalogue.dimensions]
    index = publication.index
    rows = index[(index["period"] == period) & (index["area"] != CITY)].set_index("area")
    population = publication.population
    residents = population[population["period"] == period].set_index("area")["population"]
    layer = publication.areas.join(rows.drop(columns="name"))
    layer["befolkning"] = residents.reindex(layer.index).round().astype("Int64")
    layer = layer.rename(
        columns={
            "name": f"{division}_namn",
            "rank_low": "rang_lag",
            "rank_high": "rang_hog",
            "n_indicators": "antal_indikatorer",
            "index_low": "index_lag",
            "index_high": "index_hog",
            "distinct": "sakert_skild",
            "share_among_lowest": "andel_bland_lagsta",
        }
    )
    layer = layer.rename_axis(f"{division}_kod").reset_index()
    columns = [f"{division}_kod", f"{division}_namn", "period", "index", *dimensions]
    columns += ["rang_lag", "rang_hog", "befolkning", "antal_indikatorer", "status"]
    columns += ["index_lag", "index_hog", "sakert_skild", "andel_bland_lagsta", "geometry"]
    return _as_multi(layer[columns])


def change_layer(publication: Publication) -> gpd.GeoDataFrame | None:
    """Return how far each area's index and dimensions moved, or nothing where a run cannot tell."""
    table = publication.tables.get("forandring")
    if table is None:
        return None
    division = publication.division
    whole = table[table["what"] == "index"].set_index("area")
    layer = publication.areas.rename(columns={"name": f"{division}_namn"})
    said = {"fran": "first", "till": "last", "forandring": "change", "lag": "low", "hog": "high"}
    said |= {"overstiger_osakerhet": "exceeds", "jamforbar": "comparable", "orsak": "reason"}
    for name, column in said.items():
        layer[name] = whole[column].reindex(layer.index)
    for dimension in publication.catalogue.dimensions:
        own = table[table["what"] == dimension.code].set_index("area")["change"]
        layer[dimension.code] = own.reindex(layer.index)
    layer = layer.rename_axis(f"{division}_kod").reset_index()
    geometry = layer.pop("geometry")
    return _as_multi(gpd.GeoDataFrame(layer, geometry=geometry, crs=publication.areas.crs))


def indicator_layer(publication: Publication, period: str) -> gpd.GeoDataFrame:
    """Return one period's indicators per area in per cent, one column each, everyone."""
    division = publication.division
    seen = publication.observations
    seen = seen[(seen["period"] == period) & (seen["sex"] == EVERYONE)]
    values = seen.pivot_table(index="area", columns="indicator", values="value", dropna=False)
    layer = publication.areas.rename(columns={"name": f"{division}_namn"})
    layer["period"] = period
    for code in publication.catalogue.codes:
        column = values[code] if code in values else pd.Series(np.nan, index=values.index)
        layer[code] = column.reindex(layer.index).astype("float64")
    layer["status"] = publication.index[publication.index["period"] == period].set_index("area")[
        "status"
    ]
    layer = layer.rename_axis(f"{division}_kod").reset_index()
    geometry = layer.pop("geometry")
    return _as_multi(gpd.GeoDataFrame(layer, geometry=geometry, crs=publication.areas.crs))


def observation_table(publication: Publication) -> pd.DataFrame:
    """Return the published observations, as in ``resultat.parquet``."""
    return publication.observations[OBSERVATION_COLUMNS]


def _as_multi(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    def whole(shape: Polygon | MultiPolygon) -> MultiPolygon:
        return shape if isinstance(shape, MultiPolygon) else MultiPolygon([shape])

    return layer.set_geometry([whole(shape) for shape in layer.geometry], crs=layer.crs)


def _about(name: str, *, spatial: bool) -> str:
    if not spatial:
        return "tabell" if name.startswith("tabell_") else "observationer"
    if name.endswith("_forandring"):
        return "forandring"
    return "index" if "_index" in name else "indikatorer"


def _write(
    layer: pd.DataFrame, path: Path, name: str, publication: Publication, period: str
) -> None:
    spatial = isinstance(layer, gpd.GeoDataFrame)
    words = load_words(publication.lang)
    about = _about(name, spatial=spatial)
    # GeoPackage wants every identifier once.
    which = name.removeprefix("tabell_") if about == "tabell" else period
    title = " ".join(filter(None, [words.say(f"layer.{about}"), which]))
    mark = f"{SYNTHETIC}. " if publication.synthetic else ""
    sources = "; ".join(s.name for s in publication.sources)
    options = {
        "IDENTIFIER": f"{mark}{publication.city}: {title}",
        "DESCRIPTION": f"{mark}{publication.title}. {words.say(f'layer.{about}_about')} "
        f"{words.say('layer.sources')}: {sources}.",
    }
    if spatial:
        options["GEOMETRY_NAME"] = "geom"
    pyogrio.write_dataframe(
        layer,
        path,
        layer=name,
        driver="GPKG",
        geometry_type="MultiPolygon" if spatial else None,
        dataset_options={"VERSION": "1.3"} if not path.exists() else None,
        layer_options=options,
        append=path.exists(),
    )
