"""What repeats near by as a stage."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

from geolyft.findings.stages.stage import Stage

if TYPE_CHECKING:
    import pandas as pd

    from geolyft.action.known import Known


def _compute(known: Known, _settings: object) -> pd.DataFrame:
    return known.events.near if known.events else known.rates.iloc[:0]


STAGE: Final = Stage("handelser_nara", _compute, setting="events", folder=files(__package__))
