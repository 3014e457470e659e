"""What lies around the areas, kept so small that the page stays one file that is mailed.

Shapes are generalised further until they fit, then the smallest are left out, which the page says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import geopandas as gpd
import shapely

from geolyft.divisions.background import LABEL
from geolyft.export.html.page import json_text
from geolyft.export.layers.build import background_title
from geolyft.export.web.levels import GENERALISE_METRES, WEB_CRS, rings, steps
from geolyft.export.words import load_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geolyft.divisions.background import Background
    from geolyft.export.publication import Publication

PAGE_BYTES: Final = 60_000
"""Of all layers of the background together, as the page holds them."""
_COARSEST: Final = 64.0
_FEWEST: Final = 2**-12
Shown: TypeAlias = dict[str, object]


def page_background(publication: Publication, *, most_bytes: int = PAGE_BYTES) -> list[Shown]:
    """Return the layers of the background as the page draws them, within a budget of bytes.

    A layer's ``lines`` are steps from corner to corner, its ``polygons`` rings of steps as those of
    areas, its ``names`` a name a line, and ``spots`` where they stand. ``left_out`` is how many of
    its parts are not there.
    """
    words = load_words(publication.lang)
    made: list[Shown] = []
    for tolerance, share in _ways():
        made = [
            {"kind": each.kind, "title": background_title(each, words)}
            | _shown(each, tolerance, share)
            for each in publication.background
        ]
        if len(json_text(made).encode()) <= most_bytes:
            break
    return made


def _ways() -> Iterator[tuple[float, float]]:
    """Yield a tolerance in metres and a share of the parts, each way smaller than the last."""
    tolerance, share = GENERALISE_METRES, 1.0
    while share > _FEWEST:
        yield tolerance, share
        if tolerance < _COARSEST:
            tolerance *= 2
        else:
            share /= 2


def _shown(background: Background, tolerance: float, share: float) -> Shown:
    """Return a layer at a tolerance: the largest of its parts, of places the first."""
    frame = background.frame
    size = frame.area.where(frame.area > 0, frame.length)
    order = size.sort_values(ascending=False, kind="stable").index
    kept = frame.loc[order[: int(len(frame) * share)]]
    left_out = {"left_out": len(frame) - len(kept)} if len(kept) < len(frame) else {}
    return {**_shapes(background, kept, tolerance), **_names(kept), **left_out}


def _shapes(background: Background, kept: gpd.GeoDataFrame, tolerance: float) -> Shown:
    if background.kind == "place":
        return {}
    if (kept.geom_type == "Polygon").any():
        simple = kept.geometry.simplify(tolerance).to_crs(WEB_CRS)
        return {"polygons": [rings(polygon) for polygon in simple]}
    # Streets come in pieces from crossing to crossing, which one line says in fewer corners.
    joined = shapely.line_merge(shapely.union_all(kept.geometry.to_numpy()))
    lines = gpd.GeoSeries(shapely.get_parts(joined), crs=kept.crs).simplify(tolerance)
    return {"lines": [steps(shapely.get_coordinates(line)) for line in lines.to_crs(WEB_CRS)]}


def _names(kept: gpd.GeoDataFrame) -> Shown:
    """Return each name once, at the largest part that has it."""
    named = kept[kept[LABEL] != ""].drop_duplicates(LABEL)
    if not len(named):
        return {}
    spots = named.geometry.representative_point().to_crs(WEB_CRS)
    return {"names": "\n".join(named[LABEL]), "spots": steps(shapely.get_coordinates(spots))}
