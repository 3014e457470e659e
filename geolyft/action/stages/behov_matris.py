"""The matrix as a stage: area × theme, with need, efforts and the state between them."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

from geolyft.action.page.page import PAGE, efforts_page
from geolyft.findings.stages.stage import Stage

if TYPE_CHECKING:
    import pandas as pd

    from geolyft.action.known import Known


def _compute(known: Known, _settings: None) -> pd.DataFrame:
    # A theme that nothing measures has no rank.
    ranks = dict.fromkeys(("rang_lag", "rang_hog"), "Int64")
    return known.matrix.assign(period=known.period).astype(ranks)


STAGE: Final = Stage(
    "behov_matris",
    _compute,
    setting="efforts",
    folder=files(__package__),
    pages={PAGE: efforts_page},
)
