"""Every layer and table of a delivery, built from what was published.

Names, order of fields and types are the same in every run: a field without a figure is there, and
empty.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import MultiPolygon

from geolyft.export.figures.borders import border_lines
from geolyft.export.figures.cells import all_cells
from geolyft.export.figures.schemes import CHANGE, INDEX
from geolyft.export.layer import GEOMETRY, Layer
from geolyft.export.layers.fields import describe
from geolyft.export.layers.tables import SYNTHETIC
from geolyft.export.words import load_words
from geolyft.frames import CITY, EVERYONE, OBSERVATION_COLUMNS, has_status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from shapely import Polygon

    from geolyft.export.chapter import Chapter
    from geolyft.export.layer import About, Field
    from geolyft.export.publication import Publication

_FIGURES: Final = ["numerator", "denominator", "value", "low", "high"]
_DTYPES: Final = {"text": "str", "number": "float64", "whole": "Int64", "truth": "boolean"}


def all_layers(publication: Publication, *, crs: int | None = None) -> list[Layer]:
    """Return every layer and table, those of the latest period first.

    Parameters
    ----------
    publication
        What was published, on the run's areas and on any smaller ones inside them.
    crs
        EPSG code to give the layers in; the areas' own by default.
    """
    latest = publication.periods[-1]
    borders = border_rows(publication, latest)
    made = [
        *_area_layers(publication),
        _Maker(publication).layer("granser", "granser", borders, latest),
        *_chapter_layers(publication),
        *(layer for inner in publication.inner for layer in _area_layers(inner)),
        *_tables(publication),
    ]
    return [layer if crs is None else _in_crs(layer, crs) for layer in made]


def _in_crs(layer: Layer, crs: int) -> Layer:
    frame = layer.frame
    return layer.with_frame(frame.to_crs(crs)) if isinstance(frame, gpd.GeoDataFrame) else layer


def _area_layers(publication: Publication) -> Iterator[Layer]:
    latest = publication.periods[-1]
    make = _Maker(publication)
    for period in reversed(publication.periods):
        suffix = "" if period == latest else f"_{period}"
        yield make.layer(f"index{suffix}", "index", index_rows(publication, period), period)
        rows = indicator_rows(publication, period)
        yield make.layer(f"indikatorer{suffix}", "indikatorer", rows, period)
    moved = change_rows(publication)
    if moved is not None:
        yield make.layer("forandring", "forandring", moved)


def _chapter_layers(publication: Publication) -> Iterator[Layer]:
    """Yield the layers that stages declare, of the latest period."""
    make = _Maker(publication)
    for chapter in publication.chapters:
        if chapter.layer and chapter.code in publication.tables:
            yield make.chapter(chapter, chapter_rows(publication, chapter))


def _tables(publication: Publication) -> Iterator[Layer]:
    make = _Maker(publication)
    yield make.table("observationer", "observationer", observation_table(publication))
    for name, rows in audit_tables(publication).items():
        yield make.table(name, "granskning", rows)
    for name, rows in sorted(publication.tables.items()):
        yield make.table(f"tabell_{name}", "tabell", rows)


@dataclass(frozen=True)
class _Maker:
    """Puts rows together with what readers are told of them."""

    publication: Publication

    def layer(self, kind: str, about: About, rows: gpd.GeoDataFrame, period: str = "") -> Layer:
        level = self.publication.division
        named = self._say(f"{about}_of", level=self._level())
        layer = self._layer(f"{level}_{kind}", about, f"{named} {period}".strip(), rows, of=about)
        return replace(layer, level=level, period=period)

    def chapter(self, chapter: Chapter, rows: gpd.GeoDataFrame) -> Layer:
        level, lang = self.publication.division, self.publication.lang
        period = self.publication.periods[-1]
        title = f"{chapter.say(lang, 'title')} {period}"
        name = f"{level}_{chapter.code}"
        about = chapter.say(lang, "about")
        layer = self._layer(name, "kapitel", title, rows, of=chapter.code, what=about)
        return replace(layer, level=level, period=period)

    def table(self, name: str, about: About, rows: pd.DataFrame) -> Layer:
        own = name.removeprefix("tabell_")
        title = f"{self._say('tabell')} {own}" if about == "tabell" else self._say(name)
        return self._layer(name, about, title, rows, of=own)

    def _layer(
        self, name: str, about: About, title: str, rows: pd.DataFrame, *, of: str, what: str = ""
    ) -> Layer:
        own = self.publication
        fields = self._fields(rows, of, own.division)
        mark = f"{SYNTHETIC}. " if own.synthetic else ""
        what, from_ = what or self._say(f"{about}_about"), self._say("sources")
        sources = "; ".join(source.name for source in own.sources)
        return Layer(
            name=name,
            about=about,
            level="",
            period="",
            # GeoPackage wants every title once.
            title=f"{mark}{own.city}: {title}",
            abstract=f"{mark}{own.title}. {what} {from_}: {sources}.",
            frame=_typed(rows, fields),
            fields=fields,
        )

    def _fields(self, rows: pd.DataFrame, of: str, level: str) -> tuple[Field, ...]:
        columns = [str(column) for column in rows if column != GEOMETRY]
        return describe(columns, of=of, level=level, publication=self.publication)

    def _level(self) -> str:
        named = load_words(self.publication.lang).section("level")
        return named.get(self.publication.division, self.publication.division)

    def _say(self, key: str, **parts: object) -> str:
        return load_words(self.publication.lang).say(f"layer.{key}", **parts)


def _typed(rows: pd.DataFrame, fields: tuple[Field, ...]) -> pd.DataFrame:
    """Give every column its field's type, whatever the figures of this run happen to be."""
    typed = rows.astype({field.name: _DTYPES[field.kind] for field in fields})
    return typed.reset_index(drop=True)


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
    layer["osakerhet"] = (layer["index_hog"] - layer["index_lag"]) / 2
    statuses = _statuses(publication, period)
    for dimension in publication.catalogue.column_codes["dimension"]:
        layer[f"{dimension}_status"] = layer.index.map(statuses[dimension])
    return _laid_out(layer, "index", publication)


def indicator_rows(publication: Publication, period: str) -> gpd.GeoDataFrame:
    """Return one period's indicators per area: the share, then how it differs from the city's.

    ``_skillnad`` is in percentage points. ``_personer`` is the same difference in what the
    indicator counts: how many more are counted in the area than with the city's share.
    """
    seen = publication.observations
    seen = _without_unseen(seen[(seen["period"] == period) & (seen["sex"] == EVERYONE)])
    layer = _named(publication)
    layer["period"] = period
    by_code = {code: _of_indicator(seen, code, publication) for code in publication.catalogue.codes}
    for code, own in by_code.items():
        layer[code] = own["value"]
    index = publication.index
    layer["status"] = index[index["period"] == period].set_index("area")["status"]
    parts = {"skillnad": "difference", "personer": "persons", "lag": "low", "hog": "high"}
    for code, own in by_code.items():
        for name, part in {**parts, "status": "status"}.items():
            layer[f"{code}_{name}"] = own[part]
    return _laid_out(layer, "indikatorer", publication)


def _of_indicator(seen: pd.DataFrame, code: str, publication: Publication) -> pd.DataFrame:
    own = seen[seen["indicator"] == code].set_index("area")
    city = own["value"].get(CITY, np.nan)
    rows = own.reindex(publication.areas.index)
    # Reindexing leaves an area that has no row without a status.
    rows["status"] = rows["status"].fillna("missing")
    rows["difference"] = rows["value"] - city
    rows["persons"] = (rows["difference"] / 100 * rows["denominator"]).round()
    return rows


def change_rows(publication: Publication) -> gpd.GeoDataFrame | None:
    """Return how far each area's index and dimensions moved, or nothing where a run cannot tell."""
    table = publication.tables.get(CHANGE)
    if table is None:
        return None
    whole = table[table["what"] == INDEX].set_index("area")
    layer = _named(publication)
    for column, name in publication.columns.sources("forandring").items():
        layer[name] = whole[column].reindex(layer.index)
    for dimension in publication.catalogue.dimensions:
        own = table[table["what"] == dimension.code].set_index("area")["change"]
        layer[dimension.code] = own.reindex(layer.index)
    return _laid_out(layer, "forandring", publication)


def chapter_rows(publication: Publication, chapter: Chapter) -> gpd.GeoDataFrame:
    """Return what a stage found per area in the latest period, as its layer."""
    table, level = publication.tables[chapter.code], publication.division
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
    lines = border_lines(publication.areas)
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


def audit_tables(publication: Publication) -> dict[str, pd.DataFrame]:
    """Return what was counted where, and what had no place: ``granskning`` and its files."""
    said = publication.provenance
    files = [{**each, **_placed(each)} for each in _rows(said, "inputs")]
    columns = publication.columns
    return {
        name: pd.DataFrame(rows)
        .rename(columns=columns.sources(name))
        .reindex(columns=columns.names(name, {}))
        for name, rows in (("granskning", _rows(said, "ledger")), ("granskning_filer", files))
    }


def _placed(read: Mapping[str, object]) -> dict[str, object]:
    """Return how many rows of a file found an area: points, or the small areas of totals."""
    said = read.get("placed")
    counts = said if isinstance(said, dict) else {}
    if "sources" not in counts:
        return {name: counts.get(name) for name in ("placed", "outside", "unplaced")}
    residual = counts["residual_sources"]
    return {"placed": counts["sources"] - residual, "outside": residual}


def _rows(provenance: Mapping[str, object], name: str) -> list[dict[str, object]]:
    rows = provenance.get(name, [])
    return rows if isinstance(rows, list) else []


def _statuses(publication: Publication, period: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for (theme, of, area), cell in all_cells(publication).items():
        if of == period:
            found.setdefault(theme, {})[area] = str(cell["status"])
    return found


def _named(publication: Publication) -> gpd.GeoDataFrame:
    return publication.areas.rename(columns={"name": f"{publication.division}_namn"})


def _laid_out(layer: gpd.GeoDataFrame, of: str, publication: Publication) -> gpd.GeoDataFrame:
    """Return the rows with the columns that are declared, in that order."""
    level = publication.division
    columns = publication.columns.names(of, publication.catalogue.column_codes, level=level)
    return _as_multi(layer.rename_axis(f"{level}_kod").reset_index()[[*columns, GEOMETRY]])


def _as_multi(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    def whole(shape: Polygon | MultiPolygon) -> MultiPolygon:
        return shape if isinstance(shape, MultiPolygon) else MultiPolygon([shape])

    return layer.set_geometry([whole(shape) for shape in layer.geometry], crs=layer.crs)
