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
from geolyft.action.siting.demand import spread
from geolyft.action.siting.sited import site
from geolyft.disclosure.inputs import unsaid
from geolyft.disclosure.raw import Raw
from geolyft.errors import GeolyftWarning
from geolyft.frames import CITY, EVERYONE, OBSERVATION_COLUMNS, RESIDUAL
from geolyft.indicators.aggregate import divide
from geolyft.join.area_lookup import first_positions
from geolyft.join.placed import check_placed, look_at, with_positions
from geolyft.pipeline.access.read import (
    Users,
    input_of,
    read_candidates,
    read_network,
    read_places,
    read_users,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import geopandas as gpd

    from geolyft.action.access.network import Network
    from geolyft.action.access.reached import Reached
    from geolyft.action.access.settings import AccessSettings
    from geolyft.action.siting.sited import Sited
    from geolyft.frames import Floats
    from geolyft.pipeline.access.read import Places
    from geolyft.pipeline.counting.ledger import CountedAreas, Line
    from geolyft.run_file.config import Config

UNREACHED: Final = "{code} unreached"
SITED: Final = "{code} sited"
"""The indicators of those who reach no place at all, and get one near: of the city alone."""


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
    sited: Sited | None = None


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
    sited = _sited(config, said, users, places, areas, counted)
    summaries = []
    for n, level in enumerate(levels):
        table, placed = _on_level(users, reached, shared.per_user, level, said)
        rows = [*_shares(table, said), *_gained(table, said, users, reached, sited)]
        period = config.run.periods[-1]
        counted.observations[n].append(Raw(_observations(pd.concat(rows), said, period)))
        summaries.append(Raw(table.drop(RESIDUAL)[["users", *SUMMARIES]]))
        if n == 0:
            counted.inputs.append(input_of(config, said, users.understood, placed=placed))
    read = [places.understood, *([lines[1]] if lines else [])]
    counted.inputs += [input_of(config, said, each) for each in read]
    lines_of = ("numerator", "denominator")
    counted.booked += [(said.source, config.run.periods[-1], said.code, of) for of in lines_of]
    counted.ways.append(
        Ways(
            said=said,
            users=Raw(users),
            places=places,
            network=network,
            summaries=summaries,
            sited=sited,
        )
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


def _shares(table: pd.DataFrame, said: AccessSettings) -> Iterator[pd.DataFrame]:
    """Yield how many have a place within the limit, and of the city how many reach none."""
    yield pd.DataFrame(
        {"area": table.index, "numerator": table["within"].to_numpy(), "indicator": said.code}
    ).assign(denominator=table["users"].to_numpy())
    lost = float(table["unreached"][CITY])
    if lost > 0:
        yield _of_city(table, UNREACHED.format(code=said.code), lost)


def _gained(
    table: pd.DataFrame, said: AccessSettings, users: Users, reached: Reached, sited: Sited | None
) -> Iterator[pd.DataFrame]:
    """Yield how many of the city get a place within the limit by the new ones."""
    if sited is not None:
        gets = (sited.nearest <= said.within) & ~(reached.nearest <= said.within)
        yield _of_city(table, SITED.format(code=said.code), users.weights[gets].sum())


def _of_city(table: pd.DataFrame, indicator: str, number: float) -> pd.DataFrame:
    row = {"area": CITY, "numerator": number, "indicator": indicator}
    return pd.DataFrame([{**row, "denominator": table.loc[CITY, "users"]}])


def _observations(rows: pd.DataFrame, said: AccessSettings, period: str) -> pd.DataFrame:
    """Return counts as observations."""
    of = {"period": period, "reference": period, "sex": EVERYONE, "status": "ok"}
    return divide(rows.reset_index(drop=True).assign(**of, source=said.source))[OBSERVATION_COLUMNS]


def _sited(
    config: Config,
    said: AccessSettings,
    users: Users,
    places: Places,
    areas: gpd.GeoDataFrame,
    counted: Counted,
) -> Sited | None:
    """Return where new places serve most, if the run asks for any."""
    if said.siting is None:
        return None
    if said.siting.candidates is None:
        candidates = spread(areas, None if said.users.persons else users.xy)
    else:
        candidates, understood = read_candidates(config, said.siting.candidates, areas)
        counted.inputs.append(input_of(config, said, understood))
    return site(
        said.siting,
        users.xy,
        users.weights,
        candidates,
        places=places.xy,
        limit=said.within,
    )


def _warn_of_parts(network: Network, said: AccessSettings) -> None:
    """Say of how many parts a network is that nobody gets between."""
    parts = network.parts()
    if len(parts) > 1:
        share = 100 * (1 - parts[0] / sum(parts))
        what = f"access {said.code}: the network is in {len(parts)} parts without a way between "
        what += f"them; {share:.1f} % of its length is not in the longest"
        warnings.warn(what, GeolyftWarning, stacklevel=5)
