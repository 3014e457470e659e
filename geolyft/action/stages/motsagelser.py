"""What boards say differently as a stage: a row for each statement."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

from geolyft.action.boards.differing import differing
from geolyft.findings.stages.stage import Stage

if TYPE_CHECKING:
    import pandas as pd

    from geolyft.action.known import Known
    from geolyft.action.settings import EffortsSettings


def _compute(known: Known, _settings: EffortsSettings) -> pd.DataFrame:
    return differing(known.register)


STAGE: Final = Stage("motsagelser", _compute, setting="efforts", folder=files(__package__))
