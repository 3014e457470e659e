"""All that a run counts of users beside the index: what they have near, and where they live."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geolyft.disclosure.inputs import unsaid
from geolyft.pipeline.access.count import count_access
from geolyft.pipeline.access.counted import Counted
from geolyft.pipeline.access.exposed import count_exposure
from geolyft.pipeline.access.read import read_users

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd

    from geolyft.disclosure.door import Published
    from geolyft.pipeline.counting.ledger import CountedAreas
    from geolyft.run_file.config import Config


def count_users(
    config: Config, levels: Sequence[CountedAreas], *, areas: gpd.GeoDataFrame | None = None
) -> Counted:
    """Count the users of every kind of place, and of every raster, on each level.

    Parameters
    ----------
    areas
        What rasters have to lie over, and candidates for new places are spread over; by default
        the areas of the first level.

    Raises
    ------
    GeolyftError
        Whatever the readers refuse; ``access-…``, ``raster-…``, ``join-outside``.
    """
    counted = Counted(observations=[[] for _ in levels])
    areas = levels[0].areas if areas is None else areas
    for place in config.access:
        with unsaid(config.protection if place.is_open else None):
            users = read_users(config, place, areas)
            count_access(config, place, users, levels, counted, areas)
    for raster in config.exposure:
        with unsaid(config.protection if raster.is_open else None):
            users = read_users(config, raster, areas)
            count_exposure(config, raster, users, levels, counted, areas)
    return counted


def parted(
    config: Config, published: Sequence[Published]
) -> tuple[list[Published], list[pd.DataFrame]]:
    """Return what is published of the sources, and by level what is of users beside them."""
    names = {each.source for each in config.counting}
    own = [each.observations["source"].isin(names) for each in published]
    rest = [
        replace(each, observations=each.observations[~is_own].reset_index(drop=True))
        for each, is_own in zip(published, own, strict=True)
    ]
    return rest, [e.observations[is_own] for e, is_own in zip(published, own, strict=True)]
