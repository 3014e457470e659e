"""The second step: everything is counted, and what may leave of it is protected and audited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from geolyft.join.engine import Progress, no_progress
from geolyft.pipeline.access.exposed import exposed_tables
from geolyft.pipeline.access.publish import access_tables
from geolyft.pipeline.access.users import count_users, parted
from geolyft.pipeline.account.audited import audited
from geolyft.pipeline.account.provenance import ledger
from geolyft.pipeline.levels import count_levels
from geolyft.pipeline.scoring.score import protect_levels

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from geolyft.disclosure.auditor.result import AuditResult
    from geolyft.disclosure.door import Published
    from geolyft.disclosure.releases import Memory
    from geolyft.pipeline.access.counted import Counted
    from geolyft.pipeline.counting.ledger import CountedAreas, Gathered
    from geolyft.pipeline.steps.asked import Asked

# Reading and placing is most of the work; explaining and writing is the rest.
COUNTED = 0.7
AUDITED = 0.75


@dataclass(frozen=True, kw_only=True)
class Released:
    """What was counted, and what may leave of it, on each level of the run.

    Parameters
    ----------
    published
        Figures of indicators.
    of_users
        Figures of those who live near places, or where a raster is above a limit.
    tables
        The same as the tables of ``[[access]]`` and ``[[exposure]]``, by name.
    lines
        Where each count went: what of it is in areas, in none, hidden.
    """

    levels: Sequence[CountedAreas]
    gathered: Sequence[Gathered]
    memory: Memory
    reached: Counted
    published: Sequence[Published]
    of_users: Sequence[pd.DataFrame]
    tables: Sequence[Mapping[str, pd.DataFrame]]
    audit: AuditResult | None
    lines: list[dict[str, object]]

    @classmethod
    def of(cls, asked: Asked, *, progress: Progress = no_progress) -> Self:
        """Count it, protect it, and audit all of it together.

        Raises
        ------
        GeolyftError
            What readers, joins and the rules of disclosure refuse.
        """
        config = asked.config
        levels, gathered, memory = count_levels(
            config, asked.levels, progress=lambda step, share: progress(step, COUNTED * share)
        )
        reached = count_users(config, levels)
        progress("audit", COUNTED)
        protected = protect_levels(
            config, asked.catalogue, levels, gathered, memory, beside=reached.observations
        )
        published, audit = audited(config, levels, protected, memory=memory)
        lines = ledger(config, [*gathered[0].booked, *reached.booked], published[0])
        published, of_users = parted(config, published)
        near, exposed = access_tables(config, reached, of_users), exposed_tables(config, of_users)
        progress("index", AUDITED)
        return cls(
            levels=levels,
            gathered=gathered,
            memory=memory,
            reached=reached,
            published=published,
            of_users=of_users,
            tables=[{**one, **other} for one, other in zip(near, exposed, strict=True)],
            audit=audit,
            lines=lines,
        )
