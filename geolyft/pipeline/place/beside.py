"""What a run knows of places beside its index: shares of users, and what is nearest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from geolyft.action.places.place import Beside, Near
from geolyft.export.words import load_words
from geolyft.frames import CITY
from geolyft.pipeline.access.exposed import exposed_names
from geolyft.pipeline.access.publish import table_names
from geolyft.pipeline.access.read import read_places

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd

    from geolyft.export.publication import Publication
    from geolyft.run_file.config import Config

_COLUMNS = ["area", "indicator", "numerator", "denominator", "value", "status"]


def published_beside(config: Config, publication: Publication) -> pd.DataFrame:
    """Return the shares with a place near, and above the limit of a raster, by area."""
    rows = []
    for place, name in zip(config.access, table_names(config), strict=True):
        table = publication.tables[name]
        within = table["antal"] - table["antal_utom"]
        rows.append(table.assign(indicator=place.code, numerator=within, value=table["andel_inom"]))
    for raster, name in zip(config.exposure, exposed_names(config), strict=True):
        table = publication.tables[name]
        above = table["antal_over"]
        rows.append(table.assign(indicator=raster.code, numerator=above, value=table["andel_over"]))
    if not rows:
        return pd.DataFrame(columns=_COLUMNS)
    return pd.concat(rows).rename(columns={"antal": "denominator"})[_COLUMNS]


def beside_of(
    config: Config, publication: Publication, figures: pd.DataFrame, area: str
) -> Iterator[Beside]:
    """Yield what is known of a place's users, with its area's and the city's.

    Parameters
    ----------
    figures
        The place's, by indicator.
    area
        The area that most of it lies in.
    """
    words, seen = load_words(publication.lang), published_beside(config, publication)
    value = seen.set_index(["indicator", "area"])["value"].astype("float64")
    names = {
        each.code: words.say(
            "place.near_share", kind=each.name, who=each.users.who, metres=f"{each.within:g}"
        )
        for each in config.access
    }
    for raster in config.exposure:
        limit = raster.limit_in(publication.lang)
        names[raster.code] = words.say(
            "place.above_share", kind=raster.name, who=raster.users.who, limit=limit
        )
    for code, name in names.items():
        yield Beside(
            name=name,
            figure=dict(figures.loc[code]) if code in figures.index else None,
            area=value.get((code, area)),
            city=value.get((code, CITY)),
        )


def nearest(config: Config, drawn: gpd.GeoDataFrame) -> dict[str, tuple[Near, ...]]:
    """Return by place the nearest place of each kind of access, from the middle of it."""
    middles = shapely.get_coordinates(shapely.point_on_surface(drawn.geometry.to_numpy()))
    found: dict[str, list[Near]] = {str(code): [] for code in drawn.index}
    for said in config.access:
        places = read_places(config, said, drawn)
        for code, middle in zip(drawn.index, middles, strict=True):
            metres = np.hypot(*(places.xy - middle).T)
            at = int(np.argmin(metres))
            near = Near(kind=said.name, name=places.names[at], metres=float(round(metres[at], -1)))
            found[str(code)].append(near)
    return {code: tuple(each) for code, each in found.items()}
