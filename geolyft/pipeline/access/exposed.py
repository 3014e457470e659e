"""Those who live where a raster is above a limit are counted on each level, and become a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.action.access.exposure import UNKNOWN
from geolyft.action.access.reached import sums
from geolyft.action.stages.exponering import CODE
from geolyft.frames import CITY, RESIDUAL, combine_status
from geolyft.pipeline.access.counted import book, by_code, observations, observed, on_areas
from geolyft.pipeline.access.read import input_of
from geolyft.rasters.sampled import sampled
from geolyft.read import understand_raster

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from geolyft.action.access.exposure import ExposureSettings
    from geolyft.frames import Floats
    from geolyft.pipeline.access.counted import Counted
    from geolyft.pipeline.access.read import Users
    from geolyft.pipeline.counting.ledger import CountedAreas
    from geolyft.run_file.config import Config

_COVERED: Final = 0.95
"""An area where fewer of the users have a value is partial."""


def count_exposure(
    config: Config,
    said: ExposureSettings,
    users: Users,
    levels: Sequence[CountedAreas],
    counted: Counted,
    areas: gpd.GeoDataFrame,
) -> None:
    """Count who lives in cells above the limit, and who in others, on each level.

    Raises
    ------
    GeolyftError
        Whatever the readers refuse; ``raster-…``, ``join-outside``.
    """
    file = said.raster.of(config.path(said.raster.file))
    above = sampled(file, users.xy, areas, over=said.limit)
    for n, level in enumerate(levels):
        position, placed = on_areas(users, level, said)
        table = by_code(
            _by_area(above, users.weights, np.full_like(position, -1), 0),
            _by_area(above, users.weights, position, len(level.areas)),
            level,
            said,
        )
        rows = list(_shares(table, said, few=config.protection.threshold if said.is_open else 0))
        counted.observations[n].append(observations(rows, said, config))
        if n == 0:
            counted.inputs.append(input_of(config, said, users.understood, placed=placed))
    counted.inputs.append(input_of(config, said, understand_raster(file)))
    book(config, said, counted)


def _by_area(
    above: Floats, weights: Floats, position: NDArray[np.int32], areas: int
) -> pd.DataFrame:
    """Return all users, those with a value, without one, and above; a last row of those in none."""
    at = np.where(position < 0, areas, position).astype(np.intp)
    known = np.isfinite(above)
    flags = {"users": np.ones(len(at)), "known": known, "unknown": ~known, "above": above == 1}
    return pd.DataFrame({name: sums(at, weights * flag, areas + 1) for name, flag in flags.items()})


def _shares(table: pd.DataFrame, said: ExposureSettings, *, few: int) -> Iterator[pd.DataFrame]:
    """Yield how many are above the limit, and of the city how many have no value.

    An area is partial where many have none. Of persons there have to be as many as may be
    published: that an area is partial says that there are some.
    """
    lacking = (table["known"] < _COVERED * table["users"]) & (table["unknown"] >= few)
    status = lacking.map({True: "partial", False: "ok"})
    rows = observed(table, "above", "known", indicator=said.code)
    yield rows.assign(status=status.to_numpy())
    city = table.loc[[CITY]]
    if city["unknown"].item() > 0:
        rows = observed(city, "unknown", "users", indicator=UNKNOWN.format(code=said.code))
        yield rows.assign(status="ok")


def exposed_names(config: Config) -> list[str]:
    """Return what the table, and the layer, of each raster is called: the first is plain."""
    codes = [each.code for each in config.exposure]
    return [CODE, *(f"{CODE}_{code}" for code in codes[1:])][: len(codes)]


def exposed_tables(
    config: Config, observed_on: Sequence[pd.DataFrame]
) -> list[dict[str, pd.DataFrame]]:
    """Return by level the table of each raster.

    Parameters
    ----------
    observed_on
        By level, what is published of it.
    """
    named = list(zip(exposed_names(config), config.exposure, strict=True))
    return [{name: _table(config, said, seen) for name, said in named} for seen in observed_on]


def _table(config: Config, said: ExposureSettings, seen: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each area and the city."""
    rows = seen[(seen["indicator"] == said.code) & (seen["area"] != RESIDUAL)].set_index("area")
    unknown = seen[seen["indicator"] == UNKNOWN.format(code=said.code)].set_index("area")
    synthetic = "synthetic" if config.run.synthetic else ""
    table = pd.DataFrame(
        {
            "period": rows["period"],
            "typ": said.code,
            "typ_namn": said.name,
            "vem": said.users.who,
            "grans": said.limit,
            "enhet": said.unit,
            "antal": rows["denominator"],
            "antal_over": rows["numerator"],
            "andel_over": rows["value"],
            "antal_utan_varde": unknown["numerator"].reindex(rows.index),
            "antal_alla": unknown["denominator"].reindex(rows.index),
            "status": [combine_status(each, synthetic) for each in rows["status"]],
        }
    )
    return table.rename_axis("area").reset_index()
