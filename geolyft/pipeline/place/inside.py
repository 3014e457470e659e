"""What a run's registers hold inside polygons: counted, protected and audited as areas are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd
import shapely

from geolyft.disclosure.own_rules.places import check_differences, check_residents
from geolyft.disclosure.raw import Raw
from geolyft.frames import CHILDREN, EVERYONE, POPULATION
from geolyft.join.area_lookup import first_positions
from geolyft.join.points import lead_onto
from geolyft.pipeline.access.users import count_users
from geolyft.pipeline.account.audited import audited
from geolyft.pipeline.counting.gather import editions, gather, open_edition
from geolyft.pipeline.counting.ledger import CountedAreas
from geolyft.pipeline.scoring.score import protect_levels

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import geopandas as gpd

    from geolyft.action.access.users import CountingSettings
    from geolyft.frames import Floats
    from geolyft.run_file.config import Config

    Homes = tuple[Floats, Floats]

CountingT = TypeVar("CountingT", bound="CountingSettings")


@dataclass(frozen=True, kw_only=True, repr=False)
class Inside:
    """Published figures of places.

    Parameters
    ----------
    observations
        ``place``, and the columns of observations.
    people
        ``place, population, children``.
    """

    observations: pd.DataFrame
    people: pd.DataFrame


def of_registers(config: Config) -> Config | None:
    """Return the run with its registers alone, whose points may lie anywhere; or none."""
    points = [
        source.model_copy(update={"max_outside": 1.0})
        for source in config.sources
        if source.kind == "points"
    ]
    if not any(source.population for source in points):
        return None
    alone = {
        "sources": tuple(points),
        "inside": (),
        "access": tuple(_anywhere(each, siting=None) for each in config.access),
        "exposure": tuple(_anywhere(each) for each in config.exposure),
        "releases": None,
    }
    return config.model_copy(update=alone).placed(config.file)


def _anywhere(said: CountingT, **changed: object) -> CountingT:
    """Return a count whose users may all lie outside what they are counted on."""
    users = said.users.model_copy(update={"max_outside": 1.0})
    return said.model_copy(update={"users": users, **changed})


def figures_inside(
    config: Config, polygons: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, *, where: str
) -> Inside:
    """Return what may be published of the residents of each polygon, and of the users in it.

    Parameters
    ----------
    config
        What `of_registers` returns.
    areas
        The run's own.

    Raises
    ------
    DisclosureError
        ``protect-place-few``, and whatever the audit refuses.
    """
    levels = [
        CountedAreas(name=f"place {name}", areas=polygons.loc[[name]]) for name in polygons.index
    ]
    gathered = gather(config, levels)
    period = config.run.periods[-1]
    for name, each in zip(polygons.index, gathered, strict=True):
        held = Raw.all(each.people).then(partial(_residents, place=name, period=period))
        check_residents(held, where=where)
    users = count_users(config, levels, areas=areas)
    protected = protect_levels(
        config, config.catalogue(), levels, gathered, beside=users.observations
    )
    published, _ = audited(config, levels, protected)
    seen, people = [], []
    for name, level in zip(polygons.index, published, strict=True):
        of = level.observations
        mine = (of["area"] == name) & (of["period"] == period) & (of["sex"] == EVERYONE)
        seen.append(of[mine].assign(place=name))
        who = level.people
        people.append(who[(who["area"] == name) & (who["period"] == period)].assign(place=name))
    columns = ["place", POPULATION, CHILDREN]
    return Inside(observations=pd.concat(seen), people=pd.concat(people)[columns])


def _residents(people: list[pd.DataFrame], *, place: str, period: str) -> pd.Series[float]:
    rows = pd.concat(people)
    return rows.loc[(rows["area"] == place) & (rows["period"] == period), POPULATION]


def refuse_differences(
    config: Config,
    polygons: gpd.GeoDataFrame,
    known: Sequence[gpd.GeoDataFrame],
    earlier: gpd.GeoDataFrame,
    *,
    where: str,
) -> None:
    """Refuse a polygon that with another, an area or several of them leaves a few residents over.

    Parameters
    ----------
    known
        The run's own areas and the smaller ones that it publishes.
    earlier
        Polygons that were published before.

    Raises
    ------
    DisclosureError
        ``protect-place-difference``.
    """
    apart = Raw(_homes(config, polygons)).then(
        partial(_apart, polygons=polygons, known=known, earlier=earlier)
    )
    check_differences(apart, config.protection, where=where)


def _homes(config: Config, polygons: gpd.GeoDataFrame) -> Homes:
    """Return where the residents of the last period live."""
    xs, ys = [], []
    for edition in editions(config):
        if edition.source.population and edition.period == config.run.periods[-1]:
            file = lead_onto(open_edition(edition), polygons)
            for batch in file.batches():
                x, y = file.there(batch.frame["x"].to_numpy(), batch.frame["y"].to_numpy())
                xs.append(x)
                ys.append(y)
    return np.concatenate(xs), np.concatenate(ys)


def _apart(
    homes: Homes,
    *,
    polygons: gpd.GeoDataFrame,
    known: Sequence[gpd.GeoDataFrame],
    earlier: gpd.GeoDataFrame,
) -> pd.DataFrame:
    """Return how many live in one alone and in the other alone, of each two that matter."""
    is_known = np.isfinite(homes[0]) & np.isfinite(homes[1])
    x, y = (axis[is_known] for axis in homes)
    places = [shapely.intersects_xy(each, x, y) for each in polygons.geometry]
    others = [shapely.intersects_xy(each, x, y) for each in earlier.geometry]
    at = [first_positions(each.geometry.to_numpy(), x.copy(), y.copy()) for each in known]
    rows = [
        (np.count_nonzero(one & ~other), np.count_nonzero(other & ~one))
        for n, one in enumerate(places)
        for other in (*places[n + 1 :], *others, *_made_of_areas(one, at))
    ]
    return pd.DataFrame(rows, columns=["one", "other"])


def _made_of_areas(place: np.ndarray, at: Sequence[np.ndarray]) -> Iterator[np.ndarray]:
    """Yield of each level the areas together that have more residents in the place than outside."""
    for position in at:
        size = int(position.max(initial=-1)) + 2
        inside = np.bincount(position[place] + 1, minlength=size)
        mostly = inside > np.bincount(position[~place] + 1, minlength=size)
        mostly[0] = False
        if mostly.any():
            yield mostly[position + 1]
