"""The last step: a publication of it all, and one of each division of small areas."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geolyft.divisions.areas import DIVISIONS
from geolyft.divisions.gazetteer.places import places_of
from geolyft.export.publication import Publication
from geolyft.frames import POPULATION
from geolyft.pipeline.account.caveats import caveats_of, set_aside
from geolyft.pipeline.account.provenance import provenance, source_notes
from geolyft.pipeline.around.against import against_tables
from geolyft.pipeline.around.inside import events_inside
from geolyft.pipeline.earlier import all_sources, record
from geolyft.pipeline.scoring.index_table import base_of, explained, index_table
from geolyft.pipeline.scoring.stages import chapters
from geolyft.pipeline.scoring.tables import stories

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import geopandas as gpd
    import pandas as pd

    from geolyft.export.publication import SourceNote
    from geolyft.pipeline.scoring.tables import Inner
    from geolyft.pipeline.steps.asked import Asked
    from geolyft.pipeline.steps.released import Released
    from geolyft.pipeline.steps.told import Told


def publication_of(asked: Asked, released: Released, told: Told) -> Publication:
    """Return what may leave the program, with what it says of itself."""
    config, tables = asked.config, told.tables
    every = chapters(tables, config.access, config.exposure, config.against)
    own = replace(
        _of_areas(asked, released, told),
        # A chapter that only small areas have rows of shows nothing by itself on the run's own.
        chapters=tuple(each if each.code in tables else each.without_rows() for each in every),
    )
    pattern = replace(own, chapters=every)
    return replace(own, inner=tuple(_inside(asked, released, told, pattern)))


def _of_areas(asked: Asked, released: Released, told: Told) -> Publication:
    config, whole, scored = asked.config, asked.whole, told.scored
    events = asked.beside.events
    inputs = released.gathered[0].inputs
    notes = caveats_of(
        whole,
        asked.catalogue,
        scored.observations,
        told.index,
        inputs,
        memory=released.memory,
        levels=released.levels,
    )
    aside = (*set_aside(whole, inputs), *asked.beside.doubts)
    sources = all_sources(asked.earlier, source_notes(config))
    said = _provenance(asked, released, told, sources)
    return Publication(
        title=config.run.title,
        city=config.run.city,
        lang=config.run.lang,
        division=config.areas.word,
        catalogue=asked.catalogue,
        base_period=base_of(whole, scored),
        periods=whole.run.periods,
        synthetic=config.run.synthetic,
        areas=asked.areas,
        observations=scored.observations,
        index=told.index,
        scores=explained(config, scored),
        scales=scored.scales,
        population=scored.people[["area", "period", POPULATION]],
        sources=sources,
        tables=told.tables,
        stories=stories(whole, scored, told.tables),
        places=places_of(config.areas.division),
        background=asked.beside.background,
        surfaces=events.surfaces if events else {},
        warnings=notes,
        set_aside=aside,
        audit=released.audit,
        created=config.run.created,
        contact=config.run.contact,
        provenance={**said, "warnings": [*notes, *aside]},
    )


def _provenance(
    asked: Asked, released: Released, told: Told, sources: tuple[SourceNote, ...]
) -> dict[str, object]:
    inputs = (released.gathered[0].inputs, released.reached.inputs)
    made_from = provenance(
        asked.said,
        asked.catalogue,
        asked.areas,
        released.gathered[0],
        told.scored,
        inputs=[*inputs[0], *inputs[1], *asked.beside.inputs(asked.config)],
        lines=released.lines,
        levels=released.levels,
        estimates=asked.estimates,
        memory=released.memory,
        audit=released.audit,
    )
    return record(asked.earlier, made_from, asked.whole, sources)


def _inside(
    asked: Asked, released: Released, told: Told, pattern: Publication
) -> Iterator[Publication]:
    """Yield the publication of each division of small areas."""
    levels = released.levels[1:]
    events = events_inside(asked.config, asked.beside.events, levels, told.small)
    of_levels = zip(told.small, levels, released.tables[1:], events, strict=True)
    for small, level, near, of_events in of_levels:
        yield _on_level(asked, pattern, small, level.areas, {**near, **of_events})


def _on_level(
    asked: Asked,
    pattern: Publication,
    small: Inner,
    areas: gpd.GeoDataFrame,
    own: Mapping[str, pd.DataFrame],
) -> Publication:
    """Return the same result on smaller areas: their layers, and little that explains them."""
    config, scored = asked.config, small.scored
    index = index_table(config, areas, scored, {})
    against = against_tables(config, asked.beside.against, index, own, level=small.level)
    tables = {**own, **against}
    return replace(
        pattern,
        division=DIVISIONS[small.level].level,
        # Small areas of earlier periods are in no delivery's tables.
        periods=config.run.periods,
        areas=areas,
        observations=scored.observations,
        index=index,
        scores=explained(config, scored),
        population=scored.people[["area", "period", POPULATION]],
        tables=tables,
        chapters=tuple(each for each in pattern.chapters if each.code in tables),
        surfaces={},
        stories={},
        places=(),
        background=(),
    )
