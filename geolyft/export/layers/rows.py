"""The rows of each layer: an area each, with the columns the delivery promises, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import MultiPolygon

from geolyft.export.figures.cells import percent_of_ways, round_persons
from geolyft.export.figures.reader import reader_of
from geolyft.export.figures.schemes import CHANGE, INDEX
from geolyft.export.layer import GEOMETRY
from geolyft.frames import CITY, EVERYONE, OBSERVATION_COLUMNS, has_status
from geolyft.read.values.dates import is_date, span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from shapely import Polygon

    from geolyft.export.chapter import Chapter
    from geolyft.export.publication import Publication

_FIGURES: Final = ["numerator", "denominator", "value", "low", "high"]


def index_rows(publication: Publication, period: str) -> gpd.GeoDataFrame:
    """Return one period's index per area, with the columns the delivery promises first."""
    index = publication.index
    rows = index[(index["period"] == period) & (index["area"] != CITY)].set_index("area")
    people = publication.population
    residents = people[people["period"] == period].set_index("area")["population"]
    named = rows.drop(columns="name").rename(columns=publication.columns.sources("index"))
    layer = _named(publication).join(named)
    layer["period"] = period
    layer["befolkning"] = residents.reindex(layer.index).round()
    ways = layer["andel_bland_lagsta"].astype("float64")
    layer["andel_bland_lagsta"] = ways.map(percent_of_ways, na_action="ignore") / 100
    layer["osakerhet"] = (layer["index_hog"] - layer["index_lag"]) / 2
    reader = reader_of(publication)
    for dimension in publication.catalogue.column_codes["dimension"]:
        cells = (reader.cell(dimension, area, period) for area in layer.index)
        layer[f"{dimension}_status"] = [str(cell["status"]) for cell in cells]
        for name, part in {"lag": "low", "hog": "high", "sakert_skild": "distinct"}.items():
            said = _where_known(reader.judged(dimension, part, period), layer[dimension])
            layer[f"{dimension}_{name}"] = said
    return _laid_out(layer, "index", publication)


def rows_of_all(publication: Publication, periods: Sequence[str]) -> gpd.GeoDataFrame:
    """Return the index of every period, a row for each area and period, the latest last."""
    rows = []
    for period in periods:
        days = [day.isoformat() for day in span(period)] if is_date(period) else ["", ""]
        rows.append(index_rows(publication, period).assign(fran=days[0], till=days[1]))
    whole = gpd.GeoDataFrame(pd.concat(rows, ignore_index=True), crs=rows[0].crs)
    return whole[[*whole.columns.drop(GEOMETRY), GEOMETRY]]


def indicator_rows(publication: Publication, period: str) -> gpd.GeoDataFrame:
    """Return one period's indicators per area: the share, then how it differs from the city's.

    ``_skillnad`` is in percentage points. ``_personer`` is the same difference in what the
    indicator counts: about how many more are counted in the area than with the city's share, as
    the pages say it.
    """
    shares = _shares(publication, period)
    columns: dict[str, object] = {"period": period}
    columns |= dict(zip(shares["code"], shares["value"], strict=True))
    index = publication.index
    columns["status"] = index[index["period"] == period].set_index("area")["status"]
    parts = {"skillnad": "difference", "personer": "persons", "lag": "low", "hog": "high"}
    judged = reader_of(publication).judged
    for n, code in enumerate(shares["code"]):
        for name, part in {**parts, "status": "status"}.items():
            columns[f"{code}_{name}"] = shares[part][n]
        value = pd.Series(shares["value"][n], index=publication.areas.index)
        columns[f"{code}_sakert_skild"] = _where_known(judged(code, "distinct", period), value)
    return _laid_out(_joined(publication, columns), "indikatorer", publication)


def _where_known(said: Mapping[str, object], values: pd.Series[float]) -> list[object]:
    """Return what is said of each area; nothing of one without a value."""
    known = zip(values.index, values.notna(), strict=True)
    return [said.get(area, np.nan) if is_known else np.nan for area, is_known in known]


def _shares(publication: Publication, period: str) -> dict[str, NDArray[Any]]:
    """Return the parts of a period's shares, each a row per indicator with a value per area."""
    rows = publication.observations
    rows = _without_unseen(rows[(rows["period"] == period) & (rows["sex"] == EVERYONE)])
    codes, areas = list(publication.catalogue.codes), publication.areas.index
    keyed = rows.set_index(["indicator", "area"])[[*_FIGURES, "status"]]
    # What has no row is missing.
    table = keyed.reindex(pd.MultiIndex.from_product([codes, areas]))
    table["status"] = table["status"].fillna("missing")
    city = keyed["value"].reindex(pd.MultiIndex.from_product([codes, [CITY]])).to_numpy()
    table["difference"] = table["value"] - city.repeat(len(areas))
    exact = (table["difference"] / 100 * table["denominator"]).to_numpy("float64")
    table["persons"] = round_persons(exact)
    parts = {str(name): table[name].to_numpy().reshape(len(codes), -1) for name in table}
    return {"code": np.array(codes), **parts}


def _joined(publication: Publication, columns: Mapping[str, object]) -> gpd.GeoDataFrame:
    """Return the areas with columns, all at once: one at a time takes several times as long."""
    named = _named(publication)
    return pd.concat([named, pd.DataFrame(columns, index=named.index)], axis="columns")


def change_rows(publication: Publication) -> gpd.GeoDataFrame | None:
    """Return how far each area's index and dimensions moved, or nothing where a run cannot tell."""
    table = publication.tables.get(CHANGE)
    if table is None:
        return None
    whole = table[table["what"] == INDEX].set_index("area")
    names = publication.columns.sources("forandring")
    columns: dict[str, object] = {name: whole[column] for column, name in names.items()}
    for dimension in publication.catalogue.dimensions:
        rows = table[table["what"] == dimension.code]
        columns[dimension.code] = rows.set_index("area")["change"]
    return _laid_out(_joined(publication, columns), "forandring", publication)


def chapter_rows(publication: Publication, chapter: Chapter) -> gpd.GeoDataFrame:
    """Return what a stage found per area in the latest period, as its layer."""
    table, level = publication.tables[chapter.code], publication.division
    if chapter.points:
        at = gpd.points_from_xy(table["x"], table["y"], crs=publication.areas.crs)
        return gpd.GeoDataFrame(table, geometry=at)
    if chapter.listed:
        code = f"{level}_kod"
        layer = publication.areas[[GEOMETRY]].rename_axis(code).reset_index()
        # In the table's order: the register's, not the areas'.
        rows = table[table[code] != ""].merge(layer, on=code, how="left")
        return _as_multi(gpd.GeoDataFrame(rows, geometry=GEOMETRY, crs=layer.crs))
    rows = table[table["period"] == publication.periods[-1]].set_index("area")
    layer = _named(publication).join(rows).rename_axis(f"{level}_kod").reset_index()
    # Reindexing leaves an area without a row without a period and a status.
    layer["period"] = publication.periods[-1]
    if "status" in layer:
        layer["status"] = layer["status"].fillna("missing")
    order = [f"{level}_kod", f"{level}_namn", *(c for c in table if c != "area"), GEOMETRY]
    return _as_multi(layer[order])


def border_rows(publication: Publication, period: str) -> gpd.GeoDataFrame:
    """Return the borders between areas, with how far the two sides are apart, and the outline."""
    index = publication.index[publication.index["period"] == period].set_index("area")
    what = [INDEX, *(dimension.code for dimension in publication.catalogue.dimensions)]
    lines = reader_of(publication).borders
    inner = lines["kod_2"].notna()
    rows = gpd.GeoDataFrame({"kod_1": lines["kod_1"]}, geometry=lines[GEOMETRY], crs=lines.crs)
    rows["namn_1"] = lines["kod_1"].map(publication.areas["name"])
    rows["kod_2"] = lines["kod_2"]
    rows["namn_2"] = lines["kod_2"].map(publication.areas["name"])
    rows["slag"] = np.where(inner, "inre", "yttre")
    rows["period"] = period
    rows["langd"] = lines.length
    for each in what:
        sides = (lines[kod].map(index[each].astype("float64")) for kod in ("kod_1", "kod_2"))
        rows[each] = abs(next(sides) - next(sides))
    return rows[[column for column in rows if column != GEOMETRY] + [GEOMETRY]]


def observation_table(publication: Publication) -> pd.DataFrame:
    """Return the published observations, as in ``resultat.parquet``."""
    return _without_unseen(publication.observations[OBSERVATION_COLUMNS])


def _without_unseen(rows: pd.DataFrame) -> pd.DataFrame:
    """Empty the figures of what is hidden, whatever a row still holds."""
    shown = rows.copy()
    shown[_FIGURES] = rows[_FIGURES].mask(has_status(rows["status"], "hidden"))
    return shown


def _named(publication: Publication) -> gpd.GeoDataFrame:
    named = publication.areas[["name", GEOMETRY]]
    return named.rename(columns={"name": f"{publication.division}_namn"})


def _laid_out(layer: gpd.GeoDataFrame, of: str, publication: Publication) -> gpd.GeoDataFrame:
    """Return the rows with the columns that are declared, in that order."""
    level = publication.division
    columns = publication.columns.names(of, publication.catalogue.column_codes, level=level)
    return _as_multi(layer.rename_axis(f"{level}_kod").reset_index()[[*columns, GEOMETRY]])


def _as_multi(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    def whole(shape: Polygon | MultiPolygon) -> MultiPolygon:
        return shape if isinstance(shape, MultiPolygon) else MultiPolygon([shape])

    return layer.set_geometry([whole(shape) for shape in layer.geometry], crs=layer.crs)
