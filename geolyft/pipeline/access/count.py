"""Users of places are counted on each level of a run, and every count closes."""

from __future__ import annotations

import warnings
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.action.access.catchment import two_step
from geolyft.action.access.measured import SUMMARIES, by_area, reach
from geolyft.action.access.network import SNAP
from geolyft.disclosure.inputs import unsaid
from geolyft.disclosure.raw import Raw
from geolyft.errors import GeolyftWarning
from geolyft.frames import CITY, EVERYONE, OBSERVATION_COLUMNS, RESIDUAL
from geolyft.indicators.aggregate import divide
from geolyft.join.area_lookup import first_positions
from geolyft.join.placed import check_placed, look_at, with_positions
from geolyft.pipeline.access.read import Users, input_of, read_network, read_places, read_users

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geolyft.action.access.network import Network
    from geolyft.action.access.reached import Reached
    from geolyft.action.access.settings import AccessSettings
    from geolyft.frames import Floats
    from geolyft.pipeline.access.read import Places
    from geolyft.pipeline.counting.ledger import CountedAreas, Line
    from geolyft.run_file.config import Config

UNREACHED: Final = "{code} unreached"
"""The indicator of those who reach no place at all: of the city alone."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Ways:
    """Users of one kind of place on their ways.

    Parameters
    ----------
    summaries
        By level, a row for each area and the city: see `geolyft.action.access.measured.by_area`.
    """

    said: AccessSettings
    users: Raw[Users]
    places: Places
    network: Network | None
    summaries: list[Raw[pd.DataFrame]]


@dataclass(kw_only=True, repr=False)
class Counted:
    """What all ``[[access]]`` of a run count.

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


def count_access(config: Config, levels: Sequence[CountedAreas]) -> Counted:
    """Count the users of every kind of place on each level.

    Raises
    ------
    GeolyftError
        Whatever the readers refuse; ``access-…``, ``join-outside``.
    """
    counted = Counted(observations=[[] for _ in levels])
    for said in config.access:
        with unsaid(config.protection if said.is_open else None):
            _count(config, said, levels, counted)
    return counted


def _count(
    config: Config, said: AccessSettings, levels: Sequence[CountedAreas], counted: Counted
) -> None:
    areas = levels[0].areas
    users, places = read_users(config, said, areas), read_places(config, said, areas)
    lines = read_network(config, said, areas)
    network = lines[0] if lines else None
    reached = reach(
        users.xy,
        places.xy,
        limit=said.within,
        network=network,
        snap=said.network.snap if said.network else SNAP,
        where=places.understood.path,
    )
    if network is not None:
        _warn_of_parts(network, said)
    shared = two_step(reached, users.weights, _capacity(places))
    summaries = []
    for n, level in enumerate(levels):
        table, placed = _on_level(users, reached, shared.per_user, level, said)
        counted.observations[n].append(Raw(_observations(table, said, config.run.periods[-1])))
        summaries.append(Raw(table.drop(RESIDUAL)[["users", *SUMMARIES]]))
        if n == 0:
            counted.inputs.append(input_of(config, said, users.understood, placed=placed))
    read = [places.understood, *([lines[1]] if lines else [])]
    counted.inputs += [input_of(config, said, each) for each in read]
    lines_of = ("numerator", "denominator")
    counted.booked += [(said.source, config.run.periods[-1], said.code, of) for of in lines_of]
    counted.ways.append(
        Ways(said=said, users=Raw(users), places=places, network=network, summaries=summaries)
    )


def _capacity(places: Places) -> Floats:
    return np.ones(len(places.xy)) if places.capacity is None else places.capacity


def _on_level(
    users: Users, reached: Reached, shared: Floats, level: CountedAreas, said: AccessSettings
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the users of each area, of none and of the city; and how they were placed."""
    x, y = users.xy[:, 0].copy(), users.xy[:, 1].copy()
    where, size = users.understood.path, len(level.areas)
    position = first_positions(level.areas.geometry.to_numpy(), x, y)
    seen = with_positions(look_at(x, y, where=where), position)
    check_placed(seen, max_outside=said.users.max_outside, where=where)
    table = by_area(reached, users.weights, shared, position, size)
    city = by_area(reached, users.weights, shared, np.full(len(x), -1, dtype=np.int32), 0)
    whole, apart = city["users"].sum(), table["users"].sum()
    if abs(whole - apart) > 1e-9 * max(whole, 1):
        raise RuntimeError(f"{where}: the users of {said.code} are not kept")
    table.index = pd.Index([*level.areas.index, RESIDUAL], name="area")
    city.index = pd.Index([CITY], name="area")
    return pd.concat([city, table]), asdict(seen.audit())


def _observations(table: pd.DataFrame, said: AccessSettings, period: str) -> pd.DataFrame:
    """Return shares with a place within the limit, and the city's share that reaches none."""
    rows = pd.DataFrame(
        {"area": table.index, "numerator": table["within"].to_numpy(), "indicator": said.code}
    )
    if table.loc[CITY, "unreached"] > 0:
        lost = {"area": CITY, "numerator": table.loc[CITY, "unreached"]}
        lost["indicator"] = UNREACHED.format(code=said.code)
        rows = pd.concat([rows, pd.DataFrame([lost])], ignore_index=True)
    rows["denominator"] = rows["area"].map(table["users"])
    rows = rows.assign(
        period=period, reference=period, sex=EVERYONE, status="ok", source=said.source
    )
    return divide(rows)[OBSERVATION_COLUMNS]


def _warn_of_parts(network: Network, said: AccessSettings) -> None:
    """Say of how many parts a network is that nobody gets between."""
    parts = network.parts()
    if len(parts) > 1:
        share = 100 * (1 - parts[0] / sum(parts))
        what = f"access {said.code}: the network is in {len(parts)} parts without a way between "
        what += f"them; {share:.1f} % of its length is not in the longest"
        warnings.warn(what, GeolyftWarning, stacklevel=5)
