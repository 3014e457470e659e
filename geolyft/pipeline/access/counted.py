"""What every count of users beside the index has in common: placing, rows, and what is kept."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from geolyft.disclosure.raw import Raw
from geolyft.frames import CITY, EVERYONE, OBSERVATION_COLUMNS, RESIDUAL, combine_status
from geolyft.indicators.aggregate import divide
from geolyft.join.area_lookup import first_positions
from geolyft.join.placed import check_placed, look_at, with_positions

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from geolyft.action.access.settings import AccessSettings
    from geolyft.action.access.users import CountingSettings
    from geolyft.action.siting.sited import Sited
    from geolyft.pipeline.access.read import Places, Users
    from geolyft.pipeline.counting.ledger import CountedAreas, Line
    from geolyft.run_file.config import Config


@dataclass(frozen=True, kw_only=True, repr=False)
class Ways:
    """Users of one kind of place on their ways.

    Parameters
    ----------
    summaries
        By level, a row for each area and the city: see `geolyft.action.access.measured.by_area`.
    """

    said: AccessSettings
    places: Places
    summaries: list[Raw[pd.DataFrame]]
    sited: Sited | None = None


@dataclass(kw_only=True, repr=False)
class Counted:
    """What all ``[[access]]`` and ``[[exposure]]`` of a run count.

    Parameters
    ----------
    observations
        By level, frames of observations, the residual's and the city's rows among them.
    booked, inputs
        As in `geolyft.pipeline.counting.ledger.Gathered`.
    """

    observations: list[list[Raw[pd.DataFrame]]]
    ways: list[Ways] = field(default_factory=list)
    booked: list[Line] = field(default_factory=list)
    inputs: list[dict[str, object]] = field(default_factory=list)


def on_areas(
    users: Users, level: CountedAreas, said: CountingSettings
) -> tuple[NDArray[np.int32], dict[str, int]]:
    """Return each user's area by its position, -1 for none; and how they were placed.

    Raises
    ------
    JoinError
        ``join-outside``.
    """
    x, y = users.xy[:, 0].copy(), users.xy[:, 1].copy()
    where = users.understood.path
    position = first_positions(level.areas.geometry.to_numpy(), x, y)
    seen = with_positions(look_at(x, y, where=where), position)
    check_placed(seen, max_outside=said.users.max_outside, where=where)
    return position, asdict(seen.audit())


def by_code(
    city: pd.DataFrame, table: pd.DataFrame, level: CountedAreas, said: CountingSettings
) -> pd.DataFrame:
    """Return the city's row and those of the areas, the residual last, on their codes.

    Parameters
    ----------
    city, table
        Counts of all users, and of those of each area and of none; the column ``users`` of both
        has all of them.
    """
    whole, apart = city["users"].sum(), table["users"].sum()
    if abs(whole - apart) > 1e-9 * max(whole, 1):
        raise RuntimeError(f"the users of {said.source} are not kept")
    table.index = pd.Index([*level.areas.index, RESIDUAL], name="area")
    city.index = pd.Index([CITY], name="area")
    return pd.concat([city, table])


def observed(
    table: pd.DataFrame, numerator: str, denominator: str, *, indicator: str
) -> pd.DataFrame:
    """Return two columns of counts as the numerator and the denominator of an indicator."""
    counts = {"numerator": table[numerator], "denominator": table[denominator]}
    return pd.DataFrame(counts).rename_axis("area").reset_index().assign(indicator=indicator)


def observations(
    rows: Sequence[pd.DataFrame], said: CountingSettings, config: Config
) -> Raw[pd.DataFrame]:
    """Return counts as observations of everyone in the run's last period.

    Those of a raster of users are approximate: nobody lives at the middle of their cell.
    """
    period = config.run.periods[-1]
    every = pd.concat(rows, ignore_index=True)
    every = every.assign(period=period, reference=period, sex=EVERYONE, source=said.source)
    stands = "" if said.users.raster is None else "approximate"
    seen = every.get("status", pd.Series("ok", index=every.index))
    every["status"] = [combine_status(each, stands) for each in seen]
    return Raw(divide(every)[OBSERVATION_COLUMNS])


def book(config: Config, said: CountingSettings, counted: Counted) -> None:
    """Say that the counts of users have to close in the run's ledger."""
    of = ("numerator", "denominator")
    counted.booked += [(said.source, config.run.periods[-1], said.code, each) for each in of]
