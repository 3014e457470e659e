"""Every layer and table of a delivery, built from what was published.

Names, order of fields and types are the same in every run: a field without a figure is there, and
empty.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd

from geolyft.export.figures.reader import reader_of
from geolyft.export.layer import GEOMETRY, Layer
from geolyft.export.layers.audit import audit_tables
from geolyft.export.layers.fields import describe
from geolyft.export.layers.rows import (
    border_rows,
    change_rows,
    chapter_rows,
    index_rows,
    indicator_rows,
    observation_table,
    rows_of_all,
)
from geolyft.export.layers.tables import SYNTHETIC

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geolyft.divisions.background import Background
    from geolyft.export.chapter import Chapter
    from geolyft.export.figures.reader import Reader
    from geolyft.export.layer import About, Field
    from geolyft.export.publication import Publication
    from geolyft.export.words import Words

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
    _held = reader_of(publication)  # so that every layer asks the same one
    layers = [
        *area_layers(publication, publication.periods),
        border_layer(publication),
        *chapter_layers(publication),
        *(layer for inner in publication.inner for layer in _inner_layers(inner)),
        *background_layers(publication),
        *_tables(publication),
    ]
    return [layer if crs is None else _in_crs(layer, crs) for layer in layers]


def _inner_layers(inner: Publication) -> Iterator[Layer]:
    yield from area_layers(inner, inner.periods)
    yield from chapter_layers(inner, is_inner=True)


def _in_crs(layer: Layer, crs: int) -> Layer:
    frame = layer.frame
    return layer.with_frame(frame.to_crs(crs)) if isinstance(frame, gpd.GeoDataFrame) else layer


def area_layers(publication: Publication, periods: Sequence[str]) -> Iterator[Layer]:
    """Yield the layers of one level's areas in these periods, the last first, and their change."""
    latest = publication.periods[-1]
    make = _Maker(reader_of(publication))
    for period in reversed(periods):
        suffix = "" if period == latest else f"_{period}"
        yield make.layer(f"index{suffix}", "index", index_rows(publication, period), period)
        rows = indicator_rows(publication, period)
        yield make.layer(f"indikatorer{suffix}", "indikatorer", rows, period)
    if len(periods) > 1:
        yield make.layer("tid", "tid", rows_of_all(publication, periods))
    moved = change_rows(publication)
    if moved is not None:
        yield make.layer("forandring", "forandring", moved)


def border_layer(publication: Publication) -> Layer:
    """Return the borders between the areas, of the latest period."""
    latest = publication.periods[-1]
    rows = border_rows(publication, latest)
    return _Maker(reader_of(publication)).layer("granser", "granser", rows, latest)


def chapter_layers(publication: Publication, *, is_inner: bool = False) -> Iterator[Layer]:
    """Yield the layers that stages declare, of the latest period.

    Parameters
    ----------
    is_inner
        Whether the areas are smaller ones inside others: their level is said then.
    """
    make = _Maker(reader_of(publication))
    for chapter in publication.chapters:
        if chapter.layer:
            rows = chapter_rows(publication, chapter)
            yield make.chapter(chapter, rows, is_inner=is_inner)


def background_layers(publication: Publication) -> Iterator[Layer]:
    """Yield what tells readers where they are, the uppermost first."""
    make = _Maker(reader_of(publication))
    for each in publication.background:
        yield make.background(each)


def map_theme_layer(rows: pd.DataFrame, publication: Publication) -> Layer:
    """Return the table of a project's map themes, which its pages are made from."""
    columns = publication.columns.names("kartteman", {})
    return _Maker(reader_of(publication)).table(
        "kartteman", "kartteman", rows.reindex(columns=columns)
    )


def _tables(publication: Publication) -> Iterator[Layer]:
    make = _Maker(reader_of(publication))
    yield make.table("observationer", "observationer", observation_table(publication))
    for name, rows in audit_tables(publication).items():
        yield make.table(name, "granskning", rows)
    for name, rows in sorted(publication.tables.items()):
        yield make.table(f"tabell_{name}", "tabell", rows)


@dataclass(frozen=True)
class _Maker:
    """Puts rows together with what readers are told of them."""

    reader: Reader

    def layer(self, kind: str, about: About, rows: gpd.GeoDataFrame, period: str = "") -> Layer:
        level = self.reader.publication.division
        readable = self.reader.words.section("level").get(level, level)
        title = f"{self._say(f'{about}_of', level=readable)} {period}".strip()
        layer = self._layer(f"{level}_{kind}", about, title, rows, of=about)
        return replace(layer, level=level, period=period)

    def chapter(self, chapter: Chapter, rows: gpd.GeoDataFrame, *, is_inner: bool) -> Layer:
        publication = self.reader.publication
        level, lang, period = publication.division, publication.lang, publication.periods[-1]
        words = self.reader.words.section("level")
        of = f", {words.get(level, level)}" if is_inner else ""
        title = f"{chapter.say(lang, 'title')}{of} {period}"
        name = chapter.layer_name(level)
        about = chapter.say(lang, "about")
        layer = self._layer(name, "kapitel", title, rows, of=chapter.code, what=about)
        return replace(layer, level=level, period=period)

    def background(self, shown: Background) -> Layer:
        title = self._say("bakgrund_of", what=background_title(shown, self.reader.words))
        return self._layer(f"bakgrund_{shown.code}", "bakgrund", title, shown.frame, of="bakgrund")

    def table(self, name: str, about: About, rows: pd.DataFrame) -> Layer:
        kind = name.removeprefix("tabell_")
        title = f"{self._say('tabell')} {kind}" if about == "tabell" else self._say(name)
        return self._layer(name, about, title, rows, of=kind)

    def _layer(
        self, name: str, about: About, title: str, rows: pd.DataFrame, *, of: str, what: str = ""
    ) -> Layer:
        publication = self.reader.publication
        columns = [str(column) for column in rows if column != GEOMETRY]
        fields = describe(columns, of=of, level=publication.division, publication=publication)
        mark = f"{SYNTHETIC}. " if publication.synthetic else ""
        what, from_ = what or self._say(f"{about}_about"), self._say("sources")
        sources = "; ".join(source.name for source in publication.sources)
        return Layer(
            name=name,
            about=about,
            level="",
            period="",
            # GeoPackage wants every title once.
            title=f"{mark}{publication.city}: {title}",
            abstract=f"{mark}{publication.title}. {what} {from_}: {sources}.",
            frame=_typed(rows, fields),
            fields=fields,
        )

    def _say(self, key: str, **parts: object) -> str:
        return self.reader.words.say(f"layer.{key}", **parts)


def _typed(rows: pd.DataFrame, fields: tuple[Field, ...]) -> pd.DataFrame:
    """Give every column its field's type, whatever the figures of this run happen to be."""
    dtypes = {kind: pd.api.types.pandas_dtype(name) for kind, name in _DTYPES.items()}
    kinds, now = {field.name: dtypes[field.kind] for field in fields}, rows.dtypes
    return rows.reset_index(drop=True).astype({k: v for k, v in kinds.items() if now[k] != v})


def background_title(shown: Background, words: Words) -> str:
    """Return what readers call a layer of the background, with its number where it has one."""
    code, _, number = shown.code.partition("_")
    return f"{words.say(f'background.{code}')} {number}".strip()
