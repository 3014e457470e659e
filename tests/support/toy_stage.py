"""A stage as small as one can be: its function here, all it declares in ``toy.toml`` beside."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from geolyft.findings.stages.stage import Stage
from geolyft.frames import CITY, EVERYONE

if TYPE_CHECKING:
    import pandas as pd

    from geolyft.findings.stages.stage import Figures


def distance(figures: Figures, _settings: None) -> pd.DataFrame:
    """Return how many points each area's index is from 100, and the status of the index."""
    index = figures.index
    rows = index[(index["sex"] == EVERYONE) & (index["area"] != CITY)]
    far = (rows["index"] - 100).round(1)
    return rows[["area", "period"]].assign(avstand_100=far, status=rows["status"])


STAGE: Final = Stage("toy", distance, folder=Path(__file__).parent)
