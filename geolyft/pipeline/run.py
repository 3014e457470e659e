"""The stages of a run, in order: gather, aggregate, protect, score, combine, publish."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from geolyft.alone import own_texts
from geolyft.divisions.areas import DIVISIONS
from geolyft.divisions.gazetteer.places import places_of
from geolyft.errors import GeolyftWarning
from geolyft.export.delivery import check_destination
from geolyft.export.geo.geotiff import needs_rasterio
from geolyft.export.publication import Publication
from geolyft.frames import POPULATION
from geolyft.join.engine import Progress, no_progress
from geolyft.pipeline.access.complete import completeness
from geolyft.pipeline.access.exposed import exposed_tables
from geolyft.pipeline.access.publish import access_tables, sites_table
from geolyft.pipeline.access.users import count_users, parted
from geolyft.pipeline.account.audited import audited
from geolyft.pipeline.account.caveats import caveats_of, set_aside
from geolyft.pipeline.account.provenance import ledger, provenance, source_notes
from geolyft.pipeline.around.action import act
from geolyft.pipeline.around.against import against_tables
from geolyft.pipeline.around.beside import files_beside, read_beside
from geolyft.pipeline.around.effects import check_kept
from geolyft.pipeline.around.inside import events_inside
from geolyft.pipeline.counting.gather import editions
from geolyft.pipeline.counting.merged import merged_table
from geolyft.pipeline.counting.totals.closing import with_estimated_noise
from geolyft.pipeline.deliver import deliver, portal_record, schema_of
from geolyft.pipeline.earlier import (
    all_sources,
    check_outside,
    read_earlier,
    record,
    whole_run,
)
from geolyft.pipeline.levels import count_levels, levels_of, read_areas, score_levels
from geolyft.pipeline.scoring.index_table import base_of, explained, index_table
from geolyft.pipeline.scoring.score import (
    figures_of,
    protect_levels,
)
from geolyft.pipeline.scoring.stages import chapters
from geolyft.pipeline.scoring.tables import Inner, analyse, stories
from geolyft.run_file.config import Config, load_config
from geolyft.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd

    from geolyft.pipeline.around.against import OfLevel
    from geolyft.typed import RunFile


@dataclass(frozen=True, kw_only=True, repr=False)
class Result(Shown):
    """What a run made.

    Parameters
    ----------
    folder
        Where the delivery is, or nothing when none was asked for.
    """

    publication: Publication
    folder: Path | None

    def _repr_html_(self) -> str:
        """Return the index of the last period."""
        return self.publication._repr_html_()


def run(
    config: Config | RunFile | str | Path,
    *,
    out: str | Path | None = None,
    progress: Progress = no_progress,
) -> Result:
    """Take one run from its files to the published result.

    Parameters
    ----------
    config
        A run, the path of its file, or a dict that says the same.
    out
        The folder of the delivery; an earlier delivery there is replaced whole. Without it nothing
        is written.
    progress
        Called before each step with its name and the share of the work that is done.

    Raises
    ------
    GeolyftError
        Whatever is refused on the way; nothing is then left at `out`.

    Examples
    --------
    >>> import warnings
    >>> from geolyft.divisions.areas import demo_folder
    >>> with warnings.catch_warnings(action="ignore"):
    ...     result = run(demo_folder() / "run.toml")
    >>> index = result.publication.index.set_index("area")["index"]
    >>> float(index["city"]), index.idxmin()
    (100.0, '10')
    """
    if not isinstance(config, Config):
        config = load_config(config)
    schema = schema_of(config)
    if out is not None:
        check_outside(config, Path(out))
        counted = (file for edition in editions(config) for file in edition.files)
        check_destination(Path(out), inputs=[config.file, *counted, *files_beside(config)])
        if schema is not None:
            schema.check()
        if config.events:
            needs_rasterio()
    publication = publish(config, progress=progress)
    for note in (*publication.warnings, *publication.set_aside):
        warnings.warn(note, GeolyftWarning, stacklevel=2)
    if out is not None:
        deliver(
            publication,
            Path(out),
            crs=config.run.crs,
            formats=config.delivery.formats,
            schema=schema,
            tell=portal_record(config),
            progress=progress,
        )
    return Result(publication=publication, folder=None if out is None else Path(out))


@own_texts()
def publish(config: Config, *, progress: Progress = no_progress) -> Publication:
    """Compute everything that may leave the program."""
    catalogue = config.catalogue()
    areas = read_areas(config)
    beside = read_beside(config, areas)
    earlier = read_earlier(config, catalogue, areas)
    check_kept(config, beside.plans)
    whole = whole_run(config, earlier)
    levels = levels_of(config, areas)
    said, (config, estimates) = config, with_estimated_noise(config, list(editions(config)))
    # Reading and placing is most of the work; explaining and writing is the rest.
    levels, gathered, memory = count_levels(
        config, levels, progress=lambda step, share: progress(step, 0.7 * share)
    )
    reached = count_users(config, levels)
    progress("audit", 0.7)
    protected = protect_levels(
        config, catalogue, levels, gathered, memory, beside=reached.observations
    )
    published, audit = audited(config, levels, protected, memory=memory)
    lines = ledger(config, [*gathered[0].booked, *reached.booked], published[0])
    published, of_users = parted(config, published)
    near, exposed = access_tables(config, reached, of_users), exposed_tables(config, of_users)
    beside_index = [{**one, **other} for one, other in zip(near, exposed, strict=True)]
    progress("index", 0.75)
    figures = [figures_of(config, *each) for each in zip(gathered, published, strict=True)]
    scored, small = score_levels(config, catalogue, levels, figures, earlier)
    tables = analyse(whole, scored, small=small, before=earlier.inside if earlier else None)
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
    sites = sites_table(config, reached, of_users[0], areas, scored.people)
    there = completeness(config, reached, areas)
    tables = {**tables, **merged_table(levels), **acted, **beside_index[0], **there, **sites}
    index = index_table(whole, areas, scored, tables)
    tables = {**tables, **against_tables(config, beside.against, index, beside_index[0])}
    inputs = gathered[0].inputs
    notes = caveats_of(
        whole, catalogue, scored.observations, index, inputs, memory=memory, levels=levels
    )
    aside = (*set_aside(whole, inputs), *beside.doubts)
    sources = all_sources(earlier, source_notes(config))
    made_from = provenance(
        said,
        catalogue,
        areas,
        gathered[0],
        scored,
        inputs=[*inputs, *reached.inputs, *beside.inputs(config)],
        lines=lines,
        levels=levels,
        estimates=estimates,
        memory=memory,
        audit=audit,
    )
    # A chapter that only small areas have rows of shows nothing by itself on the run's own.
    told = chapters(tables, config.access, config.exposure, config.against)
    publication = Publication(
        title=config.run.title,
        city=config.run.city,
        lang=config.run.lang,
        division=config.areas.word,
        catalogue=catalogue,
        base_period=base_of(whole, scored),
        periods=whole.run.periods,
        synthetic=config.run.synthetic,
        areas=areas,
        observations=scored.observations,
        index=index,
        scores=explained(config, scored),
        scales=scored.scales,
        population=scored.people[["area", "period", POPULATION]],
        sources=sources,
        tables=tables,
        stories=stories(whole, scored, tables),
        places=places_of(config.areas.division),
        background=beside.background,
        chapters=tuple(e if e.code in tables else e.without_rows() for e in told),
        surfaces=beside.events.surfaces if beside.events else {},
        warnings=notes,
        set_aside=aside,
        audit=audit,
        created=config.run.created,
        contact=config.run.contact,
        provenance={**record(earlier, made_from, whole, sources), "warnings": [*notes, *aside]},
    )
    within = events_inside(config, beside.events, levels[1:], small)
    every = replace(publication, chapters=told)
    smaller = [
        _on_level(config, every, each, level.areas, {**of_level, **of_events}, beside.against)
        for each, level, of_level, of_events in zip(
            small, levels[1:], beside_index[1:], within, strict=True
        )
    ]
    return replace(publication, inner=tuple(smaller))


def _on_level(
    config: Config,
    publication: Publication,
    small: Inner,
    areas: gpd.GeoDataFrame,
    own: Mapping[str, pd.DataFrame],
    against: Mapping[str, OfLevel],
) -> Publication:
    """Return the same result on smaller areas: their layers, and little that explains them."""
    scored = small.scored
    index = index_table(config, areas, scored, {})
    tables = {**own, **against_tables(config, against, index, own, level=small.level)}
    return replace(
        publication,
        division=DIVISIONS[small.level].level,
        # Small areas of earlier periods are in no delivery's tables.
        periods=config.run.periods,
        areas=areas,
        observations=scored.observations,
        index=index,
        scores=explained(config, scored),
        population=scored.people[["area", "period", POPULATION]],
        tables=tables,
        chapters=tuple(each for each in publication.chapters if each.code in tables),
        surfaces={},
        stories={},
        places=(),
        background=(),
    )
