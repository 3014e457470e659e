"""What a run file says of efforts and needs."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

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
