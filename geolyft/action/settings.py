"""What a run file says of efforts and needs."""

from __future__ import annotations

import datetime as dt
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
