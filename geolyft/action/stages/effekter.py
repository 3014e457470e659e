"""Effects as a stage: a row for each plan, a page of all plans by board, and one for each."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

from geolyft.action.effects.page.boards import PAGE, effects_page
from geolyft.action.effects.page.plan import plan_pages
from geolyft.findings.stages.stage import Stage

if TYPE_CHECKING:
    import pandas as pd

    from geolyft.action.known import Known


def _compute(known: Known, _settings: object) -> pd.DataFrame:
    return known.effects[0]


STAGE: Final = Stage(
    "effekter",
    _compute,
    setting="effects",
    folder=files(__package__),
    pages={PAGE: effects_page},
    more_pages=plan_pages,
)
