"""The stages of a run, in order: gather, aggregate, protect, score, combine, publish."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from geolyft.alone import own_texts
from geolyft.certainty.sensitivity import rank_ranges
from geolyft.divisions.areas import DIVISIONS, load_areas
from geolyft.divisions.crosswalks import load_crosswalk
from geolyft.divisions.gazetteer.places import places_of
from geolyft.errors import GeolyftWarning
from geolyft.export.contents import Tell, write_contents
from geolyft.export.delivery import check_destination, new_delivery
from geolyft.export.formats.portal.dcat import Contact, Publisher, dcat_record
from geolyft.export.geo.geotiff import needs_rasterio
from geolyft.export.postgis.schema import Schema, open_schema
from geolyft.export.publication import Publication, index_columns
from geolyft.frames import CITY, EVERYONE, POPULATION, combine_status
from geolyft.index.combine import contributions
from geolyft.join.beside import shared
from geolyft.join.engine import Progress, no_progress
from geolyft.pipeline.access.complete import completeness
from geolyft.pipeline.access.exposed import exposed_tables
from geolyft.pipeline.access.publish import access_tables, sites_table
from geolyft.pipeline.access.users import count_users, parted
from geolyft.pipeline.around.action import act
from geolyft.pipeline.around.against import against_tables
from geolyft.pipeline.around.beside import files_beside, read_beside
from geolyft.pipeline.around.effects import check_kept
from geolyft.pipeline.around.inside import events_inside
from geolyft.pipeline.audited import audited
from geolyft.pipeline.caveats import caveats_of, set_aside
from geolyft.pipeline.counting.gather import editions, gather
from geolyft.pipeline.counting.ledger import CountedAreas
from geolyft.pipeline.counting.merged import merged_levels, merged_table
from geolyft.pipeline.counting.totals.closing import with_estimated_noise
from geolyft.pipeline.earlier import (
    all_sources,
    check_outside,
    follow,
    read_earlier,
    record,
    whole_run,
)
from geolyft.pipeline.provenance import ledger, provenance, source_notes
from geolyft.pipeline.releases.recall import recall
from geolyft.pipeline.score import (
    Scored,
    complete,
    figures_of,
    protect_levels,
    score_figures,
)
from geolyft.pipeline.stages import chapters
from geolyft.pipeline.tables import Inner, analyse, how_sure, rank_spans, stories
from geolyft.run_file.config import Config, load_config
from geolyft.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from geolyft.disclosure.releases import Memory
    from geolyft.indicators.catalogue import Catalogue
    from geolyft.pipeline.around.against import OfLevel
    from geolyft.pipeline.counting.ledger import Gathered
    from geolyft.pipeline.earlier import Earlier
    from geolyft.pipeline.score import Figures
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
    schema = _schema(config)
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
            tell=_portal_record(config),
            progress=progress,
        )
    return Result(publication=publication, folder=None if out is None else Path(out))


def _schema(config: Config) -> Schema | None:
    """Return where in a database the run's delivery goes too, if anywhere."""
    said = config.delivery.postgis
    return Schema(connection=said.connection, name=said.schema_) if said else None


def _portal_record(config: Config) -> Tell | None:
    """Return what writes the record for a data portal, where the run has one."""
    portal = config.portal
    if portal is None:
        return None
    return partial(
        dcat_record,
        address=portal.address,
        publisher=Publisher(name=portal.publisher, uri=portal.publisher_uri),
        contact=Contact(name=portal.contact, email=portal.email),
        licence=portal.licence,
        frequency=portal.frequency,
        place=portal.place,
        issued=portal.issued,
    )


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
    index = _index_table(whole, areas, scored, tables)
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
        base_period=_base(whole, scored),
        periods=whole.run.periods,
        synthetic=config.run.synthetic,
        areas=areas,
        observations=scored.observations,
        index=index,
        scores=_explained(config, scored),
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


def levels_of(config: Config, areas: gpd.GeoDataFrame) -> list[CountedAreas]:
    """Return the run's areas, and the small areas it looks inside them with."""
    inner = (
        CountedAreas(
            name=inside.division,
            areas=load_areas(inside.division),
            crosswalk=load_crosswalk(inside.crosswalk),
        )
        for inside in config.inside
    )
    return [CountedAreas(name="", areas=areas), *inner]


def count_levels(
    config: Config, levels: Sequence[CountedAreas], *, progress: Progress = no_progress
) -> tuple[list[CountedAreas], list[Gathered], Memory]:
    """Count every source on each level, and recall what was released of it.

    Small areas that a run merges are merged by what was counted in them.
    """
    memory = recall(config, levels)  # what it refuses, it refuses before anything is counted
    gathered = gather(config, levels, progress=progress)
    if not any(inside.group for inside in config.inside):
        return list(levels), gathered, memory
    whole, counted = merged_levels(config, levels, gathered)
    return whole, counted, recall(config, whole)


def score_levels(
    config: Config,
    catalogue: Catalogue,
    levels: Sequence[CountedAreas],
    figures: Sequence[Figures],
    earlier: Earlier | None,
) -> tuple[Scored, list[Inner]]:
    """Score the run's areas, and small areas on the same scales."""
    whole, (own, *inside) = whole_run(config, earlier), figures
    scored = score_figures(whole, catalogue, complete(config, follow(earlier, own, config)))

    def look_inside(n: int) -> Inner:
        level = levels[n + 1]
        inner = score_figures(whole, catalogue, complete(config, inside[n]), scales=scored.scales)
        names = level.areas["name"].to_dict()
        return Inner(level=level.name, scored=inner, crosswalk=level.in_own, names=names)

    with shared(look_inside, range(len(inside))) as small:
        return scored, list(small)


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
    index = _index_table(config, areas, scored, {})
    tables = {**own, **against_tables(config, against, index, own, level=small.level)}
    return replace(
        publication,
        division=DIVISIONS[small.level].level,
        # Small areas of earlier periods are in no delivery's tables.
        periods=config.run.periods,
        areas=areas,
        observations=scored.observations,
        index=index,
        scores=_explained(config, scored),
        population=scored.people[["area", "period", POPULATION]],
        tables=tables,
        chapters=tuple(each for each in publication.chapters if each.code in tables),
        surfaces={},
        stories={},
        places=(),
        background=(),
    )


def _base(config: Config, scored: Scored) -> str:
    """Return the period in which the city is 100: that of the scales, where these are kept."""
    kept = scored.scales["base_period"]
    return str(kept.iloc[0]) if config.index.scales and len(kept) else config.run.base


def _explained(config: Config, scored: Scored) -> pd.DataFrame:
    """Return what each indicator gives the index; only the default index is such a sum."""
    explained = contributions(scored.weighed)
    if config.index.comparable:
        return explained
    return explained.assign(contribution=float("nan"), difference=float("nan"))


def read_areas(config: Config) -> gpd.GeoDataFrame:
    """Return the polygons a run is for."""
    settings = config.areas
    if settings.division is not None:
        return load_areas(settings.division)
    table = settings.postgis.located(settings.postgis.table) if settings.postgis else None
    return load_areas(
        table or config.path(settings.file or ""),
        code=settings.code,
        name=settings.name,
        layer=settings.layer,
        crs=settings.crs,
    )


@own_texts()
def deliver(
    publication: Publication,
    out: Path,
    *,
    crs: int | None = None,
    formats: Sequence[str] = (),
    schema: Schema | None = None,
    tell: Tell | None = None,
    progress: Progress = no_progress,
) -> None:
    """Write a publication as a delivery, whole or not at all.

    A schema of a database is done a moment after the folder has its name.

    Raises
    ------
    OutputError
        See `geolyft.export.delivery.new_delivery`.
    """
    with open_schema(schema) as opened, new_delivery(out) as folder:
        write_contents(
            publication,
            folder,
            crs=crs,
            formats=formats,
            schema=opened,
            tell=tell,
            progress=lambda step, share: progress(step, 0.85 + 0.15 * share),
        )


def _index_table(
    config: Config, areas: gpd.GeoDataFrame, scored: Scored, tables: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Lay out a row per area and period, the city first, also where there is no index."""
    key = ["area", "period"]
    names = pd.concat([pd.Series({CITY: config.run.city}), areas["name"]])
    table = pd.MultiIndex.from_product(
        [config.run.periods, names.index], names=["period", "area"]
    ).to_frame(index=False)
    combined = scored.index[scored.index["sex"] == EVERYONE]
    ranks = rank_ranges(
        scored.scores,
        scored.catalogue,
        config.index.aggregation,
        **config.index.minimums.as_keywords,
    )
    for more in (combined, rank_spans(ranks, tables), how_sure(tables)):
        table = table.merge(more, on=key, how="left")
    table["name"] = table["area"].map(names)
    table["n_indicators"] = table["n_indicators"].fillna(0).astype("int64")
    empty = combine_status("missing", "synthetic" if config.run.synthetic else "")
    table["status"] = table["status"].fillna(empty)
    dimensions = [dimension.code for dimension in scored.catalogue.dimensions]
    return table[index_columns(dimensions)]
