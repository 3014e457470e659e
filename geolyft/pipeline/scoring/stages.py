"""What the stages that declare themselves give a run: their tables, and their chapters."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from geolyft.action import stages as action
from geolyft.action.stages import exponering
from geolyft.action.stages.fullstandighet import CHAPTER as COMPLETE
from geolyft.action.stages.platser_forslag import CHAPTER as SITES
from geolyft.action.stages.tillganglighet import CHAPTER as ACCESS
from geolyft.action.stages.tillganglighet import chapter_of
from geolyft.columns import Columns, shipped
from geolyft.findings import stages
from geolyft.findings.stages import samband

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    import pandas as pd

    from geolyft.action.access.exposure import ExposureSettings
    from geolyft.action.access.settings import AccessSettings
    from geolyft.export.chapter import Chapter
    from geolyft.findings.against import AgainstSettings
    from geolyft.pipeline.scoring.score import Scored
    from geolyft.run_file.config import Config


def chapters(
    tables: Container[str],
    access: Sequence[AccessSettings] = (),
    exposure: Sequence[ExposureSettings] = (),
    against: Sequence[AgainstSettings] = (),
) -> tuple[Chapter, ...]:
    """Return what every stage adds to a delivery, given the tables that the run has.

    Parameters
    ----------
    access, exposure, against
        The kinds of places and the rasters that the run has, and the figures that it holds its
        index against; each has a chapter of its own.
    """
    declared = tuple(
        stage.chapter if stage.code in tables else stage.chapter.without_rows()
        for stage in (*stages.STAGES, *action.STAGES)
    )
    of_access = tuple(chapter_of(each, first=each is access[0]) for each in access)
    exposed = tuple(exponering.chapter_of(e, first=e is exposure[0]) for e in exposure)
    beside = [each for each in (COMPLETE, SITES) if each.code in tables]
    held = tuple(samband.chapter_of(each, first=each is against[0]) for each in against)
    return (*declared, *of_access, *beside, *exposed, *held)


def columns(
    access: Sequence[AccessSettings] = (),
    exposure: Sequence[ExposureSettings] = (),
    against: Sequence[AgainstSettings] = (),
) -> Columns:
    """Return what every column of every table is, those of stages included.

    Parameters
    ----------
    access, exposure, against
        The kinds of places and the rasters of a run, and the figures that it holds its index
        against, where the table of each is asked for.
    """
    declared = (stage.chapter for stage in (*stages.STAGES, *action.STAGES))
    further = (chapter_of(each, first=False) for each in access)
    held = (samband.chapter_of(each, first=False) for each in against)
    exposed = (exponering.chapter_of(each, first=False) for each in exposure)
    shared = (ACCESS, COMPLETE, SITES, exponering.CHAPTER, samband.CHAPTER)
    every = (*declared, *shared, *further, *exposed, *held)
    return reduce(or_, (chapter.columns for chapter in every), shipped())


def tables_of_stages(config: Config, scored: Scored) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the table of each stage that the run asks for, by its name."""
    for stage in stages.STAGES:
        settings = getattr(config, stage.setting) if stage.setting else None
        if settings is not None or not stage.setting:
            yield stage.code, stage.compute(scored, settings)
