"""Files of users, of places and of the lines between them, in the areas' CRS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.action.access.lines import network_of
from geolyft.action.access.measured import known
from geolyft.disclosure.inputs import published_input
from geolyft.errors import JoinError, brief
from geolyft.indicators.categories import named
from geolyft.indicators.measures import rows_that_meet
from geolyft.join.points import lead_onto
from geolyft.rasters.sampled import counted_in_cells
from geolyft.read import open_points, read_layer, seen_in, understand_raster
from geolyft.read.stream import FileSeen
from geolyft.read.values.crs import same_crs

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray

    from geolyft.action.access.network import Network
    from geolyft.action.access.settings import AccessSettings
    from geolyft.action.access.users import CountingSettings, PointsSettings
    from geolyft.frames import Floats
    from geolyft.read import Understood
    from geolyft.run_file.config import Config

_TRUE: Final = ("true", "1")
_FALSE: Final = ("false", "0")


@dataclass(frozen=True, kw_only=True, repr=False)
class Users:
    """Those whom places are for: coordinates in the areas' CRS, and how many each stands for."""

    xy: Floats
    weights: Floats
    understood: Understood


@dataclass(frozen=True, kw_only=True, repr=False)
class Places:
    """Places of one kind: coordinates in the areas' CRS, names, and what each can take."""

    xy: Floats
    names: tuple[str, ...]
    capacity: Floats | None
    understood: Understood


def access_files(config: Config) -> list[Path]:
    """Return the files that a run's ``[[access]]`` and ``[[exposure]]`` name, each once."""
    named = [file for each in config.counting for file in (each.users.file, *each.files)]
    sitings = (each.siting for each in config.access)
    named += [each.candidates.file for each in sitings if each and each.candidates]
    return list(dict.fromkeys(map(config.path, named)))


def read_users(config: Config, said: CountingSettings, areas: gpd.GeoDataFrame) -> Users:
    """Read those who are counted: the rows that meet their conditions, or a raster of counts."""
    users = said.users
    if users.raster is not None:
        file = users.raster.of(config.path(users.file))
        middles, counts = counted_in_cells(file, areas)
        return Users(xy=middles, weights=counts, understood=understand_raster(file))
    numeric = [column for column, each in users.among.items() if each.numeric]
    weight = [users.weight] if users.weight else []
    frame, xy, understood = _points(
        config.path(users.file),
        users,
        areas,
        columns={*users.among, *weight},
        numbers={*numeric, *weight},
    )
    weights = np.ones(len(frame)) if users.weight is None else frame[users.weight]
    is_one = rows_that_meet(frame, users.among).to_numpy(dtype=bool)
    by_row = known(weights, f"column {users.weight}", where=understood.path)
    return Users(xy=xy[is_one], weights=by_row[is_one], understood=understood)


def read_places(config: Config, said: AccessSettings, areas: gpd.GeoDataFrame) -> Places:
    """Read the places of one kind."""
    places = said.places
    name, capacity = ([column] if column else [] for column in (places.name, places.capacity))
    frame, xy, understood = _points(
        config.path(places.file), places, areas, columns={*name, *capacity}, numbers={*capacity}
    )
    each_can = None
    if places.capacity:
        what = f"column {places.capacity}"
        each_can = known(frame[places.capacity], what, where=understood.path)
    # What a program writes for a place that it does not know; users there are outside.
    xy[(frame[["x", "y"]] == 0).all(axis=1)] = np.nan
    names = frame[places.name].astype("str") if places.name else pd.Series("", index=frame.index)
    return Places(xy=xy, names=tuple(names), capacity=each_can, understood=understood)


def read_candidates(
    config: Config, said: PointsSettings, areas: gpd.GeoDataFrame
) -> tuple[Floats, Understood]:
    """Read where new places may be."""
    _, xy, understood = _points(config.path(said.file), said, areas, columns=(), numbers=())
    return xy, understood


def read_network(
    config: Config, said: AccessSettings, areas: gpd.GeoDataFrame
) -> tuple[Network, Understood] | None:
    """Read the lines that users move along, where the run names them."""
    of = said.network
    if of is None:
        return None
    columns = [of.one_way] if of.one_way else []
    layer = read_layer(config.path(of.file), layer=of.layer, crs=of.crs, columns=columns)
    name = layer.understood.path
    if not same_crs(layer.frame.crs, areas.crs):
        remedy = "save the lines in the areas' CRS"
        raise JoinError("join-crs", "is not in the areas' CRS", remedy=remedy, where=name)
    one_way = None
    if of.one_way:
        one_way = _truths(layer.frame[of.one_way], where=name)
    shapes = layer.frame.geometry.to_numpy()
    return network_of(shapes, one_way=one_way, where=name), layer.understood


def _truths(column: pd.Series, *, where: str) -> NDArray[np.bool_]:
    """Return a column of truth values, in whatever way a file keeps them; a missing one is none."""
    texts = named(column).str.casefold().fillna("false")
    if odd := sorted({*texts} - {*_TRUE, *_FALSE}):
        what = f"column {column.name} holds {brief(odd[0])}, and is to say true or false"
        remedy = "give a column of truth values, or of 1 and 0"
        raise JoinError("access-network", what, remedy=remedy, where=where)
    return texts.isin(_TRUE).to_numpy()


def _points(
    path: Path,
    said: PointsSettings,
    areas: gpd.GeoDataFrame,
    *,
    columns: Collection[str],
    numbers: Collection[str],
) -> tuple[pd.DataFrame, Floats, Understood]:
    """Return the columns of a file of points, where these lie, and what the file was taken for."""
    file = open_points(
        path,
        x=said.x,
        y=said.y,
        crs=said.crs,
        numbers=sorted(numbers),
        columns=sorted(columns),
        layer=said.layer,
    )
    file = lead_onto(file, areas)
    frames, seen = [], FileSeen()
    for batch in file.batches():
        frames.append(batch.frame)
        seen += seen_in(batch)
    understood = file.finish(seen)  # which refuses a file without rows
    frame = pd.concat(frames, ignore_index=True)
    xy = np.column_stack(file.there(frame["x"].to_numpy(), frame["y"].to_numpy()))
    return frame, xy, understood


def input_of(
    config: Config,
    said: CountingSettings,
    understood: Understood,
    *,
    placed: dict[str, int] | None = None,
) -> dict[str, object]:
    """Return what may be said of a file; `placed` says that it is the users'."""
    period = config.run.periods[-1]
    record = {"source": said.source, "period": period, **understood.as_dict()}
    if placed is None:
        return record
    record |= {"reference": period, "placed": placed}
    return published_input(record, config.protection, persons=True) if said.is_open else record
