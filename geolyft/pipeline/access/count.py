"""Users of one kind of place are counted on each level of a run, with the ways that they have."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

from geolyft.action.access.catchment import two_step
from geolyft.action.access.measured import SUMMARIES, by_area, reach
from geolyft.action.access.network import SNAP
from geolyft.action.access.settings import SITED, UNREACHED
from geolyft.action.siting.demand import spread
from geolyft.action.siting.sited import site
from geolyft.disclosure.raw import Raw
from geolyft.errors import GeolyftWarning
from geolyft.frames import CITY, RESIDUAL
from geolyft.pipeline.access.counted import (
    Ways,
    book,
    by_code,
    observations,
    observed,
    on_areas,
)
from geolyft.pipeline.access.read import input_of, read_candidates, read_network, read_places

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import geopandas as gpd
    import pandas as pd

    from geolyft.action.access.network import Network
    from geolyft.action.access.reached import Reached
    from geolyft.action.access.settings import AccessSettings
    from geolyft.action.siting.sited import Sited
    from geolyft.frames import Floats
    from geolyft.pipeline.access.counted import Counted
    from geolyft.pipeline.access.read import Places, Users
    from geolyft.pipeline.counting.ledger import CountedAreas
    from geolyft.run_file.config import Config


def count_access(
    config: Config,
    said: AccessSettings,
    users: Users,
    levels: Sequence[CountedAreas],
    counted: Counted,
    areas: gpd.GeoDataFrame,
) -> None:
    """Count the users of one kind of place on each level.

    Raises
    ------
    GeolyftError
        Whatever the readers refuse; ``access-…``, ``join-outside``.
    """
    places, lines = read_places(config, said, areas), read_network(config, said, areas)
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
        counted.observations[n].append(observations(rows, said, config))
        summaries.append(Raw(table.drop(RESIDUAL)[["users", *SUMMARIES]]))
        if n == 0:
            counted.inputs.append(input_of(config, said, users.understood, placed=placed))
    read = [places.understood, *([lines[1]] if lines else [])]
    counted.inputs += [input_of(config, said, each) for each in read]
    book(config, said, counted)
    counted.ways.append(Ways(said=said, places=places, summaries=summaries, sited=sited))


def _capacity(places: Places) -> Floats:
    return np.ones(len(places.xy)) if places.capacity is None else places.capacity


def _on_level(
    users: Users, reached: Reached, shared: Floats, level: CountedAreas, said: AccessSettings
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the users of each area, of none and of the city; and how they were placed."""
    position, placed = on_areas(users, level, said)
    table = by_area(reached, users.weights, shared, position, len(level.areas))
    city = by_area(reached, users.weights, shared, np.full_like(position, -1), 0)
    return by_code(city, table, level, said), placed


def _shares(table: pd.DataFrame, said: AccessSettings) -> Iterator[pd.DataFrame]:
    """Yield how many have a place within the limit, and of the city how many reach none."""
    yield observed(table, "within", "users", indicator=said.code)
    city = table.loc[[CITY]]
    if city["unreached"].item() > 0:
        yield observed(city, "unreached", "users", indicator=UNREACHED.format(code=said.code))


def _gained(
    table: pd.DataFrame, said: AccessSettings, users: Users, reached: Reached, sited: Sited | None
) -> Iterator[pd.DataFrame]:
    """Yield how many of the city get a place within the limit by the new ones."""
    if sited is not None:
        gets = (sited.nearest <= said.within) & ~(reached.nearest <= said.within)
        city = table.loc[[CITY]].assign(gained=users.weights[gets].sum())
        yield observed(city, "gained", "users", indicator=SITED.format(code=said.code))


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
