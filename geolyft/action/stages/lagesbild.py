"""The lägesbild as a stage: problems with the efforts that meet them, and its pages."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

from geolyft.action.events.linked import linked
from geolyft.action.events.page.areas import PAGE, area_pages, overview_page
from geolyft.action.stages.handelser import BAND_COLUMNS
from geolyft.findings.stages.stage import Stage

if TYPE_CHECKING:
    import pandas as pd

    from geolyft.action.known import Known


def _compute(known: Known, _settings: object) -> pd.DataFrame:
    return linked(
        known.rates,
        known.register,
        known.located,
        known.themes,
        meets=known.events.themes if known.events else {},
        bands=BAND_COLUMNS,
        as_of=known.as_of,
    )


STAGE: Final = Stage(
    "lagesbild",
    _compute,
    setting="events",
    folder=files(__package__),
    pages={PAGE: overview_page},
    more_pages=area_pages,
)
