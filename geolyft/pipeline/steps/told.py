"""The third step: the index, what explains it, and what is done about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from geolyft.pipeline.access.complete import completeness
from geolyft.pipeline.access.publish import sites_table
from geolyft.pipeline.around.action import act
from geolyft.pipeline.around.against import against_tables
from geolyft.pipeline.counting.merged import merged_table
from geolyft.pipeline.levels import score_levels
from geolyft.pipeline.scoring.index_table import index_table
from geolyft.pipeline.scoring.score import figures_of
from geolyft.pipeline.scoring.tables import analyse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from geolyft.pipeline.scoring.score import Scored
    from geolyft.pipeline.scoring.tables import Inner
    from geolyft.pipeline.steps.asked import Asked
    from geolyft.pipeline.steps.released import Released


@dataclass(frozen=True, kw_only=True)
class Told:
    """Scores and index of the run's areas, the same of small areas, and every table by its name."""

    scored: Scored
    small: Sequence[Inner]
    index: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]

    @classmethod
    def of(cls, asked: Asked, released: Released) -> Self:
        """Score what may leave, and explain it.

        Raises
        ------
        GeolyftError
            ``allocation-rules`` or ``allocation-weights``.
        """
        config = asked.config
        pairs = zip(released.gathered, released.published, strict=True)
        figures = [figures_of(config, *pair) for pair in pairs]
        scored, small = score_levels(
            config, asked.catalogue, released.levels, figures, asked.earlier
        )
        tables = _tables(asked, released, scored, small)
        index = index_table(asked.whole, asked.areas, scored, tables)
        near = released.tables[0]
        tables |= against_tables(config, asked.beside.against, index, near)
        return cls(scored=scored, small=small, index=index, tables=tables)


def _tables(
    asked: Asked, released: Released, scored: Scored, small: Sequence[Inner]
) -> dict[str, pd.DataFrame]:
    """Return all tables but those that the index is held against."""
    config, areas, beside = asked.config, asked.areas, asked.beside
    before = asked.earlier.inside if asked.earlier else None
    tables = analyse(asked.whole, scored, small=small, before=before)
    acted = act(
        config,
        areas,
        scored,
        tables,
        beside.register,
        plans=beside.plans,
        small=small,
        events=beside.events,
    )
    reached, users = released.reached, released.of_users[0]
    return {
        **tables,
        **merged_table(released.levels),
        **acted,
        **released.tables[0],
        **completeness(config, reached, areas),
        **sites_table(config, reached, users, areas, scored.people),
    }
