"""Events of a run: each file is read and counted, and only protected counts leave this module."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geolyft.action.events.bands import bands_of
from geolyft.action.events.knox import knox
from geolyft.disclosure.inputs import published_input
from geolyft.disclosure.own_rules.events import (
    EVENT_KEY,
    NO_EVENTS_BEFORE,
    EventsBefore,
    publish_events,
)
from geolyft.disclosure.protect import protect_counts
from geolyft.disclosure.raw import Raw
from geolyft.errors import GeolyftWarning, JoinError, ReadError, count
from geolyft.frames import EVERYONE, RESIDUAL, combine_status, restated
from geolyft.join.points import assign_points
from geolyft.pipeline.counting.fine_events import Fine, count_finely, nothing_finer
from geolyft.read import read_points
from geolyft.read.values.crs import same_crs
from geolyft.read.values.dates import is_date, span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from geolyft.action.settings import EventsSettings
    from geolyft.disclosure.own_rules.on_grid import GridFigures
    from geolyft.frames import Floats
    from geolyft.read.understand.model import Points
    from geolyft.run_file.config import Config

SURFACE: Final = "handelser_tathet.tif"
NEAR_COLUMNS: Final = ["typ", "period", "par", "vantat", "kvot", "p"]
_CROWD: Final = 0.05


@dataclass(frozen=True, kw_only=True)
class Events:
    """What may be published of a run's events.

    Parameters
    ----------
    counts
        See `geolyft.disclosure.own_rules.events.publish_events`.
    near
        Near repeats in the latest period: ``NEAR_COLUMNS``.
    fine
        What may be made more of: a surface, and counts of small areas, of the latest period.
    inputs
        What may be said of the files.
    """

    counts: pd.DataFrame
    near: pd.DataFrame
    fine: Fine
    inputs: list[dict[str, object]] = field(default_factory=list)

    @property
    def surfaces(self) -> dict[str, GridFigures]:
        """The surface by its file in a delivery."""
        density = self.fine.density
        return {SURFACE: density} if density is not None else {}


def event_files(config: Config) -> list[Path]:
    """Return the files of events that a run names."""
    return [config.path(each.file) for each in config.events]


def protector_of(config: Config) -> str:
    """Return who has protected a run's events; empty where geolyft has to."""
    by = {each.protected_by for each in config.events}
    return by.pop() if len(by) == 1 else ""


def count_events(
    config: Config, areas: gpd.GeoDataFrame, before: EventsBefore = NO_EVENTS_BEFORE
) -> Events | None:
    """Read, place, count and protect a run's events; nothing where it names none.

    Parameters
    ----------
    before
        What earlier releases say of the same events.

    Raises
    ------
    ReadError
        ``events-time``, ``events-kind`` or what reading refuses.
    JoinError
        ``events-same-point`` when they stand on one place, and what placing refuses.
    DisclosureError
        See `geolyft.disclosure.own_rules.events.publish_events`.
    """
    if not config.events:
        return None
    read = [read_events(config, each, areas) for each in config.events]
    rows = pd.concat([frame for frame, _ in read], ignore_index=True)
    counted = rows.groupby(EVENT_KEY, as_index=False).size().rename(columns={"size": "count"})
    protected_by = protector_of(config)
    counts = publish_events(
        Raw(counted),
        config.protection,
        areas=list(areas.index),
        protected_by=protected_by,
        again=before.hidden,
    )
    last = rows[rows["period"] == rows["period"].max()]
    made_up = "synthetic" if config.run.synthetic else ""
    near = _near(config, last[last["x"].notna()])
    return Events(
        counts=counts.assign(status=restated(counts["status"], partial(combine_status, made_up))),
        near=near.assign(status=restated(near["status"], partial(combine_status, made_up))),
        fine=count_finely(config, last, areas, counts, protected_by)
        if before.is_same
        else nothing_finer(),
        inputs=[record for _, record in read],
    )


def read_events(
    config: Config, source: EventsSettings, areas: gpd.GeoDataFrame
) -> tuple[pd.DataFrame, dict[str, object]]:
    """Return ``EVENT_KEY, x, y, date`` of a file's events in the run's periods."""
    points = read_points(
        config.path(source.file), x=source.x, y=source.y, crs=source.crs, layer=source.layer,
        columns=[source.time, *([source.kind] if source.kind else [])],
    )  # fmt: skip
    where, frame = points.understood.path, points.frame
    xs, ys = _there(points, areas)
    area = _placed(xs, ys, areas, source, where)
    when = bands_of(frame[source.time].astype("str"))
    kinds = frame[source.kind].astype("str").str.strip() if source.kind else source.name
    rows = pd.DataFrame({"x": xs, "y": ys, "band": when["band"], "date": when["day"]})
    rows = rows.assign(area=area.set_axis(rows.index), kind=kinds)
    rows["period"] = _periods(rows["date"], config.run.periods)
    _check_rows(rows, where)
    located = rows["x"].notna()
    outside = int((located & rows["area"].isna()).sum())
    placed = {"total": len(rows), "placed": int(rows["area"].notna().sum()), "outside": outside,
              "unplaced": int((~located).sum())}  # fmt: skip
    record = {"source": source.name, "period": config.run.periods[-1], "path": where,
              "kind": points.understood.kind, "rows": len(rows), "placed": placed}  # fmt: skip
    # What has no place is the city's; what lies elsewhere is not.
    kept = rows[(rows["period"] != "") & (rows["area"].notna() | ~located)]
    rows = kept.assign(area=kept["area"].fillna(RESIDUAL))
    return rows, published_input(record, config.protection, persons=True)


def _there(points: Points, areas: gpd.GeoDataFrame) -> tuple[Floats, Floats]:
    """Return the coordinates in the areas' CRS."""
    xs, ys = (points.frame[axis].to_numpy(dtype="float64") for axis in ("x", "y"))
    if same_crs(points.crs, areas.crs):
        return xs, ys
    known = np.isfinite(xs) & np.isfinite(ys)
    moved = gpd.GeoSeries.from_xy(xs[known], ys[known], crs=points.crs).to_crs(areas.crs)
    east, north = (np.full(len(xs), np.nan) for _ in range(2))
    east[known], north[known] = moved.x, moved.y
    return east, north


def _placed(
    xs: Floats, ys: Floats, areas: gpd.GeoDataFrame, source: EventsSettings, where: str
) -> pd.Series[str]:
    """Return the area of each event; what stands on one point is refused before what lies far."""
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        area = assign_points(xs, areas, y=ys, crs=areas.crs, max_outside=1, where=where)
    _check_places(xs, ys, area, where)
    located = np.isfinite(xs) & np.isfinite(ys)
    outside = int((located & area.isna().to_numpy()).sum())
    if outside > source.max_outside * located.sum() or area.isna().all():
        what = f"{count(outside)} of {count(located.sum())} events fall outside every area"
        remedy = "check the CRS, take those of the city, or allow more with max_outside"
        raise JoinError("join-outside", what, remedy=remedy, where=where)
    return area


def _periods(dates: pd.Series, periods: tuple[str, ...]) -> pd.Series[str]:
    """Return the period that each date lies in; empty for none."""
    found = pd.Series("", index=dates.index, dtype="str")
    for period in (each for each in periods if is_date(each)):
        first, last = (pd.Timestamp(day) for day in span(period))
        found = found.mask((dates >= first) & (dates <= last), period)
    return found


def _check_places(xs: Floats, ys: Floats, area: pd.Series, where: str) -> None:
    """Refuse events whose place is that of the city; warn where many share one."""
    inside, places = area.notna().to_numpy(), xs + 1j * ys
    _, times = np.unique(places[inside], return_counts=True)
    if not inside.any() and len(np.unique(places[np.isfinite(places)])) > len(places) / 2:
        return  # each has a place of its own, somewhere else
    if (inside.sum() > 1 and len(times) == 1) or not inside.any():
        what = "the events stand on one point, or name no place below the county"
        remedy = "get them with the place of each; a public police feed has the city's midpoint"
        raise JoinError("events-same-point", what, remedy=remedy, where=where)
    if times.max() > max(_CROWD * inside.sum(), 1):
        share = times.max() / inside.sum()
        note = f"{where}: {share:.0%} of the events share one point: a square, or a default?"
        warnings.warn(note, GeolyftWarning, stacklevel=2)


def _check_rows(rows: pd.DataFrame, where: str) -> None:
    """Refuse events of which none is in a period, or some have no type."""
    if not (rows["period"] != "").any():
        what = f"not one of {count(len(rows))} events has a time in the run's periods"
        remedy = "give times such as 2024-05-03 21:30, and periods that are years or months"
        raise ReadError("events-time", what, remedy=remedy, where=where)
    without = rows["kind"].isna() | rows["kind"].isin(["", EVERYONE, "nan"])
    if without.any():
        what = f"{count(without.sum())} events have no type, or one called {EVERYONE}"
        remedy = "name each event's type, or leave out kind for one type in all"
        raise ReadError("events-kind", what, remedy=remedy, where=where)


def _near(config: Config, rows: pd.DataFrame) -> pd.DataFrame:
    """Return for each type how many pairs are near in space and time, as may be published."""
    made = list(_repeats(config, rows))
    table = pd.DataFrame(made, columns=[*NEAR_COLUMNS])
    pairs = protect_counts(table["par"].astype(float), config.protection, exempt=False)
    shown = pairs.notna()
    few = {name: table[name].astype(float).where(shown) for name in ("vantat", "kvot", "p")}
    return table.assign(par=pairs, **few, status=shown.map({True: "ok", False: "hidden"}))


def _repeats(config: Config, rows: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    metres, days = config.lagesbild.near_metres, config.lagesbild.near_days
    for kind, of in rows.groupby("kind"):
        day = np.asarray((of["date"] - pd.Timestamp(0)).dt.days, dtype=np.float64)
        x, y = (of[axis].to_numpy(dtype="float64") for axis in ("x", "y"))
        found = knox(x, y, day, metres=metres, days=days)
        # Finer than this a ratio would give the pairs back.
        base = config.protection.base
        expected = round(found.expected / base) * base
        ratio = round(found.both / found.expected, 1) if found.expected else np.nan
        yield kind, of["period"].iloc[0], found.both, expected, ratio, round(found.p, 2)
