"""What a run file says of efforts and needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from geolyft.form import Form


class EffortsSettings(Form):
    """The run file's ``[efforts]``.

    Parameters
    ----------
    file
        The register: a workbook, or the CSV of efforts with those of places and times beside it.
    as_of
        The day on which efforts are seen as planned, ongoing or ended; by default the last day of
        the latest period, so that the same input gives the same result on any day.
    limit
        An area has a need in a theme when it is among the lowest in at least this share of ways.

    Examples
    --------
    >>> EffortsSettings(file="insatser.xlsx").limit
    0.5
    """

    file: str
    as_of: dt.date | None = None
    limit: Annotated[float, Field(gt=0, le=1)] = 0.5


class EffectsSettings(Form):
    """The run file's ``[effects]``.

    Parameters
    ----------
    registered
        The register of plans, as ``geolyft effects register`` writes it. All its plans are held
        against the figures.
    plans
        Files of plans: each is in the register, or says that it is exploratory.

    Examples
    --------
    >>> EffectsSettings(plans=["plan.toml"]).registered
    'effektplaner.jsonl'
    """

    registered: str = "effektplaner.jsonl"
    plans: tuple[str, ...] = ()


class EventsSettings(Form):
    """The run file's ``[[events]]``: a file of points, each with a time and a type.

    Parameters
    ----------
    time, kind
        Columns: when it was, as 2024-05-03 21:30, and of which type; without `kind` all are of one
        type that is called as the source.
    x, y, crs, layer
        As of a source.
    max_outside
        The share that may lie outside all areas; those are not counted.
    protected_by
        Who has already protected them.

    Examples
    --------
    >>> EventsSettings(name="Felanmälan", file="fel.csv", x="x", y="y", crs=3008, time="tid").kind
    """

    name: Annotated[str, Field(min_length=1, max_length=60)]
    file: str
    time: str
    kind: str | None = None
    x: str | None = None
    y: str | None = None
    crs: int | str | None = None
    layer: str | None = None
    max_outside: Annotated[float, Field(ge=0, le=1)] = 0.05
    protected_by: str = ""


class SituationSettings(Form):
    """The run file's ``[lagesbild]``.

    Parameters
    ----------
    cycle_days
        How often a lägesbild is made: 7 for a week, 730 for the law's two years.
    themes
        By type of event, the themes of the register of efforts that meet it; by default
        ``trygghet``.
    cell, bandwidth
        Of the surface of events, metres.
    near_metres, near_days
        What is near in a near repeat.

    Examples
    --------
    >>> SituationSettings().cycle_days
    730
    """

    cycle_days: Annotated[int, Field(ge=1, le=3660)] = 730
    themes: Mapping[str, tuple[str, ...]] = {}
    cell: Annotated[float, Field(ge=250, le=10_000)] = 500.0
    bandwidth: Annotated[float, Field(ge=250, le=10_000)] = 500.0
    near_metres: Annotated[float, Field(gt=0, le=5000)] = 200.0
    near_days: Annotated[float, Field(gt=0, le=366)] = 14.0


class AllocationSettings(Form):
    """The run file's ``[allocation]``: a sum that is parted on areas by several rules.

    Parameters
    ----------
    sum
        In whole kronor or thousands of them, as `unit` says.
    share
        The indicator whose bad side says who is exposed.
    lowest
        The areas that may be among so many lowest get all of it by the rule ``lagsta``.

    Examples
    --------
    >>> AllocationSettings(sum=15000, unit="tkr", share="E3").lowest
    3
    """

    sum: Annotated[int, Field(gt=0, le=10**12)]
    unit: Literal["kr", "tkr"] = "kr"
    share: str
    lowest: Annotated[int, Field(ge=1)] = 3
