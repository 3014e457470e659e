"""What a run says of efforts: its register, read before anything is counted, and their tables."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from geolyft.action.efforts.form import PLACES
from geolyft.action.efforts.gazetteer import gazetteer
from geolyft.action.efforts.register import no_register, read_register
from geolyft.action.efforts.sheets import files_of
from geolyft.action.known import EventsKnown, Known
from geolyft.action.priorities.allocation import allocate
from geolyft.action.settings import EffortsSettings
from geolyft.action.stages import STAGES, insatser
from geolyft.action.stages.fordelning import weights_of
from geolyft.export.figures.borders import bordering
from geolyft.pipeline.around.effects import published_of
from geolyft.pipeline.scoring.stages import columns
from geolyft.read.delivery import sha256
from geolyft.read.understand.files import kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd

    from geolyft.action.effects.registered import Registered
    from geolyft.action.efforts.register import Register
    from geolyft.pipeline.counting.events import Events
    from geolyft.pipeline.scoring.score import Scored
    from geolyft.pipeline.scoring.tables import Inner
    from geolyft.run_file.config import Config


def read_efforts(config: Config, areas: gpd.GeoDataFrame) -> Register | None:
    """Read the register a run names, or nothing where it names none.

    Raises
    ------
    FaultsError
        Everything that is wrong with it.
    """
    if config.efforts is None:
        return None
    known = gazetteer(areas, division=config.areas.division)
    file = config.path(config.efforts.file)
    return read_register(file, catalogue=config.catalogue(), known=known)


def efforts_files(config: Config) -> list[Path]:
    """Return the files of the register a run names, each once."""
    if config.efforts is None:
        return []
    return list(dict.fromkeys(files_of(config.path(config.efforts.file)).values()))


def efforts_inputs(config: Config, register: Register | None) -> list[dict[str, object]]:
    """Return what may be said of the register's files: what they are, and which they were.

    A file that holds a protected place has no hash, and the place is not among its rows: beside all
    that is published of the file, a guess of the place could be tried against it.
    """
    if register is None or config.efforts is None:
        return []
    is_secret = register.places["skyddad"] == "ja"
    frames = (register.efforts, register.places[~is_secret], register.times)
    of = files_of(config.path(config.efforts.file))
    secret = of[PLACES] if is_secret.any() else None
    record = {"source": insatser.STAGE.chapter.say(config.run.lang, "title")}
    return [
        {
            **record,
            "period": config.run.periods[-1],
            "path": path.name,
            "kind": kind_of(path),
            "rows": max(
                len(f) for f, file in zip(frames, of.values(), strict=True) if file == path
            ),
            **({} if path == secret else {"sha256": sha256(path)}),
        }
        for path in efforts_files(config)
    ]


def act(
    config: Config,
    areas: gpd.GeoDataFrame,
    scored: Scored,
    tables: Mapping[str, pd.DataFrame],
    register: Register | None,
    *,
    plans: Sequence[Registered] = (),
    small: Sequence[Inner] = (),
    events: Events | None = None,
) -> dict[str, pd.DataFrame]:
    """Return the tables of action that the run file asks for, by name.

    Parameters
    ----------
    plans
        What was to change.
    small
        The same result on divisions of small areas, which plans may be about.
    events
        What may be published of events.

    Raises
    ------
    GeolyftError
        ``allocation-rules`` or ``allocation-weights``.
    """
    asked = {stage: getattr(config, stage.setting) for stage in STAGES}
    if not any(asked.values()):
        return {}
    known = _known(config, areas, scored, tables, register)
    known = replace(known, plans=tuple(plans), published=published_of(scored, small))
    known = replace(known, events=_events_known(config, areas, events))
    declared, codes = columns(), scored.catalogue.column_codes
    made = {stage.code: stage.compute(known, said) for stage, said in asked.items() if said}
    in_words = {code: in_language(table, code, config, codes) for code, table in made.items()}
    return {
        code: table[declared.names(code, codes, level=known.level)].reset_index(drop=True)
        for code, table in in_words.items()
        if len(table)
    }


def check_allocation(config: Config, areas: gpd.GeoDataFrame, scored: Scored) -> None:
    """Refuse a sum that too few rules can part, before it is known who is lowest.

    Raises
    ------
    GeolyftError
        ``allocation-rules`` or ``allocation-weights``.
    """
    if config.allocation is None:
        return
    known = _known(config, areas, scored, {}, None)
    # Who may be among the lowest is told by draws, which a run has when its index is comparable.
    may_be = 1.0 if config.index.comparable else float("nan")
    lowest = pd.Series(may_be, index=list(known.places.areas))
    allocate(config.allocation.sum, weights_of(known, config.allocation, lowest=lowest))


def _events_known(
    config: Config, areas: gpd.GeoDataFrame, events: Events | None
) -> EventsKnown | None:
    if events is None:
        return None
    return EventsKnown(
        counts=events.counts,
        near=events.near,
        neighbours=bordering(areas),
        themes=config.lagesbild.themes,
    )


def _known(
    config: Config,
    areas: gpd.GeoDataFrame,
    scored: Scored,
    tables: Mapping[str, pd.DataFrame],
    register: Register | None,
) -> Known:
    return Known(
        register=register or no_register(),
        places=gazetteer(areas, division=config.areas.division),
        settings=config.efforts or EffortsSettings(file=""),
        catalogue=scored.catalogue,
        tables=tables,
        observations=scored.observations,
        index=scored.index,
        people=scored.people,
        period=config.run.periods[-1],
        level=config.areas.word,
        lenses=config.lenses,
    )


def in_language(
    table: pd.DataFrame, code: str, config: Config, codes: Mapping[str, tuple[str, ...]]
) -> pd.DataFrame:
    """Return a table whose own words are in the run's language."""
    if config.run.lang == "sv":
        return table
    words = columns().english(code, codes)
    said = {name: table[name].replace(dict(words)) for name, words in words.items()}
    return table.assign(**said)
