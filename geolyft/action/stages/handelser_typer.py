"""Events by area, type and time of the week as a stage."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

from geolyft.findings.stages.stage import Stage

if TYPE_CHECKING:
    import pandas as pd

    from geolyft.action.known import Known


def _compute(known: Known, _settings: object) -> pd.DataFrame:
    return known.rates


STAGE: Final = Stage("handelser_typer", _compute, setting="events", folder=files(__package__))
