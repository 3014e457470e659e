"""The years behind each plan as a stage."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

from geolyft.findings.stages.stage import Stage

if TYPE_CHECKING:
    import pandas as pd

    from geolyft.action.known import Known


def _compute(known: Known, _settings: object) -> pd.DataFrame:
    return known.effects[1]


STAGE: Final = Stage("effekter_ar", _compute, setting="effects", folder=files(__package__))
