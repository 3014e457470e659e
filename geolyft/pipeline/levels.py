"""The levels a run has figures on: its own areas, and small areas inside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geolyft.divisions.areas import load_areas
from geolyft.divisions.crosswalks import load_crosswalk
from geolyft.join.beside import shared
from geolyft.join.engine import Progress, no_progress
from geolyft.pipeline.counting.gather import gather
from geolyft.pipeline.counting.ledger import CountedAreas
from geolyft.pipeline.counting.merged import merged_levels
from geolyft.pipeline.earlier import (
    follow,
    whole_run,
)
from geolyft.pipeline.releases.recall import recall
from geolyft.pipeline.scoring.score import (
    Scored,
    complete,
    score_figures,
)
from geolyft.pipeline.scoring.tables import Inner

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from geolyft.disclosure.releases import Memory
    from geolyft.indicators.catalogue import Catalogue
    from geolyft.pipeline.counting.ledger import Gathered
    from geolyft.pipeline.earlier import Earlier
    from geolyft.pipeline.scoring.score import Figures
    from geolyft.run_file.config import Config


def levels_of(config: Config, areas: gpd.GeoDataFrame) -> list[CountedAreas]:
    """Return the run's areas, and the small areas it looks inside them with."""
    inner = (
        CountedAreas(
            name=inside.division,
            areas=load_areas(inside.division),
            crosswalk=load_crosswalk(inside.crosswalk),
        )
        for inside in config.inside
    )
    return [CountedAreas(name="", areas=areas), *inner]


def count_levels(
    config: Config, levels: Sequence[CountedAreas], *, progress: Progress = no_progress
) -> tuple[list[CountedAreas], list[Gathered], Memory]:
    """Count every source on each level, and recall what was released of it.

    Small areas that a run merges are merged by what was counted in them.
    """
    memory = recall(config, levels)  # what it refuses, it refuses before anything is counted
    gathered = gather(config, levels, progress=progress)
    if not any(inside.group for inside in config.inside):
        return list(levels), gathered, memory
    whole, counted = merged_levels(config, levels, gathered)
    return whole, counted, recall(config, whole)


def score_levels(
    config: Config,
    catalogue: Catalogue,
    levels: Sequence[CountedAreas],
    figures: Sequence[Figures],
    earlier: Earlier | None,
) -> tuple[Scored, list[Inner]]:
    """Score the run's areas, and small areas on the same scales."""
    whole, (own, *inside) = whole_run(config, earlier), figures
    scored = score_figures(whole, catalogue, complete(config, follow(earlier, own, config)))

    def look_inside(n: int) -> Inner:
        level = levels[n + 1]
        inner = score_figures(whole, catalogue, complete(config, inside[n]), scales=scored.scales)
        names = level.areas["name"].to_dict()
        return Inner(level=level.name, scored=inner, crosswalk=level.in_own, names=names)

    with shared(look_inside, range(len(inside))) as small:
        return scored, list(small)


def read_areas(config: Config) -> gpd.GeoDataFrame:
    """Return the polygons a run is for."""
    settings = config.areas
    if settings.division is not None:
        return load_areas(settings.division)
    table = settings.postgis.located(settings.postgis.table) if settings.postgis else None
    return load_areas(
        table or config.path(settings.file or ""),
        code=settings.code,
        name=settings.name,
        layer=settings.layer,
        crs=settings.crs,
    )
