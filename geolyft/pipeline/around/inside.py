"""What a run says of events on the small areas that it looks inside its areas with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geolyft.action.events.around import LEAST_RESIDENTS_INSIDE
from geolyft.action.stages.handelser_runtom import STAGE, table_of
from geolyft.export.figures.borders import bordering
from geolyft.pipeline.around.action import in_language
from geolyft.pipeline.scoring.stages import columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from geolyft.pipeline.counting.events import Events
    from geolyft.pipeline.counting.ledger import CountedAreas
    from geolyft.pipeline.scoring.tables import Inner
    from geolyft.run_file.config import Config


def events_inside(
    config: Config, events: Events | None, levels: Sequence[CountedAreas], small: Sequence[Inner]
) -> list[dict[str, pd.DataFrame]]:
    """Return by level of small areas its table of events: classes, and no counts.

    Parameters
    ----------
    levels, small
        The small areas, and the same result on each.
    """
    return [_tables(config, events, *each) for each in zip(levels, small, strict=True)]


def _tables(
    config: Config, events: Events | None, level: CountedAreas, small: Inner
) -> dict[str, pd.DataFrame]:
    if events is None or events.fine.level != small.level:
        return {}
    codes = small.scored.catalogue.column_codes
    table = table_of(
        events.fine.counts,
        small.scored.people,
        bordering(level.areas),
        period=events.counts["period"].max(),
        least=LEAST_RESIDENTS_INSIDE,
        synthetic="synthetic" if config.run.synthetic else "",
    )
    said = in_language(table, STAGE.code, config, codes)
    return {STAGE.code: said[columns().names(STAGE.code, codes)].reset_index(drop=True)}
