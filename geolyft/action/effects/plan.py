"""A plan: what is to change, where, from when, by how much; said before anybody can know it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, StringConstraints, field_validator

from geolyft.action.efforts.personal import marks_of_persons
from geolyft.errors import ConfigError
from geolyft.form import Form, load_form
from geolyft.read.values.dates import is_date, span

if TYPE_CHECKING:
    from pathlib import Path

_Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
_Text = Annotated[str, StringConstraints(min_length=1, max_length=200)]
_Year = Annotated[int, Field(ge=0, le=20)]


class Plan(Form):
    """What a plan file says.

    Parameters
    ----------
    id
        Its name in tables and addresses: a-z, 0-9 and hyphens.
    effort
        The key of the effort in the register of efforts (``insats_id``), where it has one.
    areas
        Codes of the areas in which something is done; the others are what they are held against.
    level
        Of which areas: by default the run's own. Small areas are compared inside one area, or
        as the whole areas that they are all of.
    start
        When it begins: 2024, 2024-09 or 2024-09-15.
    lag
        Years from the start until an effect is looked for; those years are left out.
    indicator
        An indicator of the catalogue, a dimension, or ``index``.
    direction
        Which way the figure is to go.
    smallest
        The smallest effect that would matter, in percentage points, or points of the index.
    chosen_low
        Whether the areas were chosen because they stood low: then three years before are asked for.
    exploratory
        Whether it is looked at without having been registered in time; it is then said everywhere.

    Examples
    --------
    >>> plan = Plan(id="laxhjalp", title="Läxhjälp", board="Fritidsnämnden", areas=["10"],
    ...             start="2024-09", indicator="U3", direction="up", smallest=2.0, lag=1)
    >>> plan.first_day_after.isoformat(), plan.last_day_to_register.isoformat()
    ('2025-09-01', '2026-12-31')
    """

    id: _Id
    title: _Text
    board: _Text
    effort: Annotated[str, StringConstraints(max_length=60)] = ""
    areas: Annotated[tuple[str, ...], Field(min_length=1)]
    level: str = ""
    start: str
    lag: _Year = 0
    indicator: str
    direction: Literal["up", "down"]
    smallest: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    chosen_low: bool = False
    exploratory: bool = False

    @field_validator("areas")
    @classmethod
    def _each_once(cls, areas: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(areas)) < len(areas):
            raise ValueError("has an area twice")
        return areas

    @field_validator("start")
    @classmethod
    def _date(cls, start: str) -> str:
        if not is_date(start):
            raise ValueError("has to be a year, a month or a day such as 2024-09")
        return start

    @field_validator("title", "board", "effort")
    @classmethod
    def _of_nobody(cls, text: str) -> str:
        if marks := marks_of_persons(text):
            raise ValueError(f"holds {marks[0]}; a plan is published")
        return text

    @property
    def first_day(self) -> dt.date:
        """The day on which it begins at the earliest."""
        return span(self.start)[0]

    @property
    def first_day_after(self) -> dt.date:
        """The day from which an effect is looked for."""
        return _later(self.first_day, self.lag)

    @property
    def last_day_to_register(self) -> dt.date:
        """The last day of the first whole year after: until then nobody can know its figure."""
        day = self.first_day_after
        whole = day.year if (day.month, day.day) == (1, 1) else day.year + 1
        return dt.date(whole, 12, 31)

    @property
    def sha256(self) -> str:
        """The fingerprint of all that the plan says."""
        said = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(said.encode("utf-8")).hexdigest()

    @property
    def mark(self) -> str:
        """The beginning of the fingerprint, which tables have."""
        return self.sha256[:12]


def _later(day: dt.date, years: int) -> dt.date:
    leap = (day.month, day.day) == (2, 29)
    return dt.date(day.year + years, day.month, 28 if leap else day.day)


def read_plan(file: Path) -> Plan:
    """Read a plan.

    Raises
    ------
    ConfigError
        ``effects-file`` or ``effects-form``.
    """
    return load_form(Plan, file, error=ConfigError, prefix="effects")
