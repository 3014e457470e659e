"""The index and the results as a CSV that opens in Swedish Excel by a double click.

``index.csv`` and ``resultat.csv`` are for programs: comma, decimal point, the names of columns that
scripts know. Swedish Excel puts such a row into one cell, and takes 93.6 for a date. These have
semicolons, decimal commas, the digits that are shown elsewhere, and headings that people read.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geolyft.export.figures.names import Names
from geolyft.export.figures.reader import reader_of
from geolyft.export.formats.cells import in_words, plain_cells
from geolyft.export.layer import GEOMETRY
from geolyft.export.layers.tables import TextForm, write_rows
from geolyft.frames import CITY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geolyft.export.layer import Field, Layer
    from geolyft.export.publication import Publication
    from geolyft.export.words import Words

_EXCEL: Final = TextForm(separator=";", encoding="utf-8-sig", line_end="\r\n", decimal=",")


def write_for_excel(layers: Sequence[Layer], folder: Path, publication: Publication) -> None:
    """Write ``index_excel.csv`` and ``resultat_excel.csv`` beside their twins for programs.

    The first has a row for the city and each area in each period, the city first, with the
    intervals of index and dimensions; the second is the table of observations.
    """
    level = publication.division
    indexes = [each for each in layers if each.about == "index" and each.level == level]
    observed = next(each for each in layers if each.about == "observationer")
    words = reader_of(publication).words
    rows = [_with_city(each, publication) for each in reversed(indexes)]
    named = [_with_names(observed, publication, name=indexes[0].fields[1])]
    for name, parts in {"index_excel.csv": rows, "resultat_excel.csv": named}.items():
        table = pd.concat([_shown(each, words) for each in parts])
        with (folder / name).open("w", encoding=_EXCEL.encoding, newline="") as file:
            write_rows(table, file, form=_EXCEL)


def _with_city(layer: Layer, publication: Publication) -> Layer:
    """Return the rows of a layer of the index without geometry, the whole city before them."""
    reader, level, period = reader_of(publication), layer.level, layer.period
    index, people = publication.index, publication.population
    city = index[(index["area"] == CITY) & (index["period"] == period)]
    city = city.rename(columns=publication.columns.sources("index"))
    residents = people[(people["area"] == CITY) & (people["period"] == period)]["population"]
    more: dict[str, Any] = {
        f"{level}_kod": CITY,
        f"{level}_namn": publication.city,
        "befolkning": residents.iloc[0] if len(residents) else None,
    }
    for dimension in publication.catalogue.column_codes["dimension"]:
        more[f"{dimension}_status"] = reader.cell(dimension, CITY, period)["status"]
        for name, part in {"lag": "low", "hog": "high"}.items():
            more[f"{dimension}_{name}"] = reader.judged(dimension, part, period).get(CITY)
    areas = pd.DataFrame(layer.frame).drop(columns=GEOMETRY)
    first = city.assign(**more).reindex(columns=areas.columns).astype(areas.dtypes)
    return layer.with_frame(pd.concat([first, areas], ignore_index=True))


def _with_names(layer: Layer, publication: Publication, *, name: Field) -> Layer:
    """Return observations with the names of areas, and those of indicators after their codes."""
    names = Names(publication)
    said = {CITY: publication.city, **publication.areas["name"]}
    frame = layer.frame.assign(indicator=layer.frame["indicator"].map(names.indicator))
    frame.insert(1, name.name, frame["area"].map(said))
    area, *rest = layer.fields
    return replace(layer, frame=frame, fields=(area, name, *rest))


def _shown(layer: Layer, words: Words) -> pd.DataFrame:
    """Return a layer's rows as people read them: headings, digits, words for yes, no and status."""
    return pd.DataFrame({field.alias: _cells(layer, field, words) for field in layer.fields})


def _cells(layer: Layer, field: Field, words: Words) -> pd.Series[Any]:
    cells: pd.Series[Any] = pd.Series(
        list(in_words(plain_cells(layer, field), field, words)), dtype="object"
    )
    if field.kind == "truth":
        return cells.map({True: words.say("page.yes"), False: words.say("page.no")})
    if field.kind != "number":
        return cells
    numbers = cells.astype("float64").round(field.decimals)
    return numbers if field.decimals else numbers.astype("Int64")
