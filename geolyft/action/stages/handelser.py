"""Events by area as a stage: a layer, a theme of the map, and a section of every profile."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

from geolyft.action.events.bands import DAY, EVENING, NIGHT, WEEKEND
from geolyft.action.events.rates import by_area
from geolyft.findings.stages.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from geolyft.action.known import Known

BAND_COLUMNS: Final[Mapping[str, str]] = {
    DAY: "dag",
    EVENING: "kvall",
    NIGHT: "natt",
    WEEKEND: "helg",
}


def _compute(known: Known, _settings: object) -> pd.DataFrame:
    near = known.events.neighbours if known.events else {}
    return by_area(known.rates, BAND_COLUMNS, near)


STAGE: Final = Stage("handelser", _compute, setting="events", folder=files(__package__))
