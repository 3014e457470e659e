"""The boards as a stage: what each has where, in which themes, when, and what has ended."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

from geolyft.action.boards.boards import boards
from geolyft.findings.stages.stage import Stage

if TYPE_CHECKING:
    import pandas as pd

    from geolyft.action.known import Known
    from geolyft.action.settings import EffortsSettings


def _compute(known: Known, _settings: EffortsSettings) -> pd.DataFrame:
    return boards(known.register, known.located, as_of=known.as_of)


STAGE: Final = Stage("namnder", _compute, setting="efforts", folder=files(__package__))
