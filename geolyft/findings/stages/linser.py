"""Where those live that each lens counts, as a stage: a table, and the page of perspectives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.export.perspective.page import PAGE, perspective_page
from geolyft.findings.lenses import where_they_live
from geolyft.findings.stages.stage import Figures, Stage

if TYPE_CHECKING:
    import pandas as pd

    from geolyft.indicators.lens import Lens


def _compute(figures: Figures, lenses: tuple[Lens, ...]) -> pd.DataFrame:
    return where_they_live(figures.people, lenses)


STAGE: Final = Stage("linser", _compute, setting="lenses", pages={PAGE: perspective_page})
