"""Every source of a run becomes counts on its areas, and every count closes."""

from __future__ import annotations

import contextlib
import functools
import secrets
import warnings
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from geolyft.disclosure.inputs import unsaid
from geolyft.errors import ConfigError, GeolyftWarning, brief
from geolyft.frames import EVERYONE, POPULATION, RESIDUAL, check_areas
from geolyft.join.beside import shared
from geolyft.join.engine import PART_ROWS, Engine, Progress, no_progress, open_engine
from geolyft.join.placed import check_placed, placed_again, placed_swapped, warn_of_defaults
from geolyft.join.points import check_crs, lead_onto
from geolyft.pipeline.counting.cell_counts import count_cells
from geolyft.pipeline.counting.ledger import (
    INPUT,
    CountedAreas,
    Edition,
    Gathered,
)
from geolyft.pipeline.counting.occurring import (
    Occurring,
    check_sexes,
    check_texts,
    merged,
    warn_of_twins,
)
from geolyft.pipeline.counting.pairs import PairCounts
from geolyft.pipeline.counting.point_counts import (
    SEXES,
    CountPlan,
    LevelTally,
    Tally,
    count_part,
    empty_tally,
    frame_of,
)
from geolyft.pipeline.counting.totals.counts import gather_totals
from geolyft.read import PointFile, Understood, open_points

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import geopandas as gpd

    from geolyft.join.placed import Places
    from geolyft.read.postgis.table import DatabaseTable
    from geolyft.run_file.config import Config
    from geolyft.run_file.sources import Source

_PARTS: Final = ["numerator", "denominator"]
_AREA: Final = " area"


def gather(
    config: Config, levels: Sequence[CountedAreas], *, progress: Progress = no_progress
) -> list[Gathered]:
    """Read every source for every edition once, and place its counts on each level.

    Parameters
    ----------
    levels
        The run's areas, and any small areas. A source of totals whose crosswalk starts elsewhere
        gives small areas nothing.
    progress
        Called with the file that is read and the share of files done, 0 to 1.

    Raises
    ------
    GeolyftError
        Whatever the readers and joins refuse, and ``index-empty`` when nothing is measured.
    """
    counted = [Gathered() for _ in levels]
    every = list(editions(config))
    if not any(edition.source.measures for edition in every):
        what = "no source measures an indicator in any period of the run"
        remedy = "give a source a [[source.measure]]"
        raise ConfigError("index-empty", what, remedy=remedy, where=config.file_name)
    _warn_of_same_rows(every)
    threshold = config.protection.threshold
    pairs = PairCounts(threshold=threshold)
    occurring: dict[str, dict[str, Occurring]] = {source.name: {} for source in config.sources}

    def told(share: float) -> None:
        progress(edition.path.name, (n + share) / len(every))

    with _points_counted(config, every, levels, told) as points:
        for n, edition in enumerate(every):
            progress(edition.path.name, n / len(every))
            with unsaid(edition.to_be_protected):
                if edition.source.kind == "points":
                    made = next(points)
                    found = _keep_counted(counted, edition, levels, made)
                    pairs.add(edition, made[0].pairs, made[0].followed)
                    check_sexes(edition, found, threshold=threshold)
                    known = occurring[edition.source.name]
                    occurring[edition.source.name] = merged(known, found, Occurring.beside)
                elif edition.source.is_raster:
                    for level, gathered in zip(levels, counted, strict=True):
                        _gather_raster(gathered, edition, level.areas)
                else:
                    gather_totals(counted, edition, levels, config)
    for source in config.sources:
        if occurring[source.name]:
            check_texts(source, occurring[source.name], threshold=threshold)
    for gathered in counted:
        gathered.pairs = pairs.table()
    return counted


def editions(config: Config) -> Iterator[Edition]:
    """Yield each source with each period it gives figures for, and those with the same rows.

    Raises
    ------
    ConfigError
        ``run-path`` when a file's name has a placeholder that means nothing.
    """
    for source in config.sources:
        made = list(_editions_of(config, source))
        for each in made:
            same = (other.period for other in made if each.counts_as_another_year(other))
            yield replace(each, same_rows_as=tuple(same))


def _editions_of(config: Config, source: Source) -> Iterator[Edition]:
    for period in config.run.periods:
        reference = source.reference(period)
        if reference is None:
            continue
        weights = source.raster.weights if source.raster else None
        yield Edition(
            source=source.of_edition(period, reference),
            period=period,
            reference=reference,
            path=_place_of(config, source, period, reference),
            weights=_path(config, weights, period, reference) if weights else None,
            protection=config.protection,
        )


def _warn_of_same_rows(every: Sequence[Edition]) -> None:
    """Warn of a file whose rows are counted as those of several years."""
    told: dict[tuple[str, str], list[str]] = {}
    for edition in every:
        if edition.same_rows_as:
            told.setdefault((edition.source.name, edition.path.name), []).append(edition.period)
    for (source, file), periods in told.items():
        what = f"{source}: the same rows of {file} are counted for {', '.join(periods)}"
        remedy = "pick each year's with {reference} in file, where or names of columns, or say in "
        remedy += "editions which year they are of"
        warnings.warn(f"{what}; {remedy}", GeolyftWarning, stacklevel=4)


def _place_of(config: Config, source: Source, period: str, reference: str) -> Path | DatabaseTable:
    if source.postgis is None:
        return _path(config, source.file or "", period, reference)
    return source.postgis.located(_filled(config, source.postgis.table, period, reference))


def _path(config: Config, pattern: str, period: str, reference: str) -> Path:
    return config.path(_filled(config, pattern, period, reference))


def _filled(config: Config, pattern: str, period: str, reference: str) -> str:
    file = pattern.replace("{period}", period).replace("{reference}", reference)
    if "{" in file or "}" in file:
        what = f"file {brief(pattern)} has an unknown placeholder"
        remedy = "use {period} and {reference}"
        raise ConfigError("run-path", what, remedy=remedy, where=config.file_name)
    return file


def _gather_raster(gathered: Gathered, edition: Edition, areas: gpd.GeoDataFrame) -> None:
    cells = count_cells(edition, areas)
    measures = zip(edition.source.measures, cells.counts, cells.whole, strict=True)
    for measure, counts, whole in measures:
        if measure.sex == EVERYONE:
            booked = counts.set_index("area")[_PARTS]
            booked.loc[RESIDUAL], booked.loc[INPUT] = 0.0, whole.fillna(0.0)
            gathered.book(edition, measure.indicator, booked)
        gathered.keep(edition, counts, measure.reference)
    audits: list[dict[str, object]] = [cells.audit, {}]
    for understood, audit in zip(cells.understood, audits, strict=False):
        gathered.inputs.append(edition.input(understood.as_dict(), audit))


def open_edition(edition: Edition) -> PointFile:
    """Look at a file of points, as the run says that it is to be read."""
    source = edition.source
    columns, numbers = source.columns()
    return open_points(
        edition.path,
        x=source.x,
        y=source.y,
        crs=source.crs,
        numbers=sorted(numbers),
        columns=sorted(columns),
        layer=source.layer or source.sheet,
        options=edition.options(),
    )


@contextlib.contextmanager
def _points_counted(
    config: Config,
    every: Sequence[Edition],
    levels: Sequence[CountedAreas],
    told: Callable[[float], None],
) -> Iterator[Iterator[tuple[Tally, Understood]]]:
    """Give what `_count_points` makes of each file of points, every other one in a process beside.

    Parameters
    ----------
    told
        Called with the share of the file in turn that is done.
    """
    points = [edition for edition in every if edition.source.kind == "points"]
    if not points:
        yield iter(())
        return
    shapes = tuple(tuple(shapely.to_wkb(level.areas.geometry.to_numpy())) for level in levels)
    with open_engine(config.run.engine, config.run.scheduler) as engine:
        count = functools.partial(
            _count_points,
            levels=levels,
            shapes=shapes,
            engine=engine,
            salt=secrets.token_hex(8),
        )
        silent = functools.partial(count, told=lambda _: None)
        with shared(functools.partial(count, told=told), points, there=silent) as made:
            yield made


def _count_points(
    edition: Edition,
    *,
    levels: Sequence[CountedAreas],
    shapes: tuple[tuple[bytes, ...], ...],
    engine: Engine,
    salt: str,
    told: Callable[[float], None],
) -> tuple[Tally, Understood]:
    """Count a file's points on each level, batch by batch and wherever the engine has them done."""
    # Texts of millions of rows are Arrow's, whatever those of a run's small frames are.
    with unsaid(edition.to_be_protected), pd.option_context("mode.string_storage", "pyarrow"):
        return _counted_points(
            edition, levels=levels, shapes=shapes, engine=engine, salt=salt, told=told
        )


def _counted_points(
    edition: Edition,
    *,
    levels: Sequence[CountedAreas],
    shapes: tuple[tuple[bytes, ...], ...],
    engine: Engine,
    salt: str,
    told: Callable[[float], None],
) -> tuple[Tally, Understood]:
    file = lead_onto(open_edition(edition), check_areas(levels[0].areas))
    for level in levels[1:]:
        # All levels of a run are in the CRS of its areas.
        check_crs(levels[0].areas.crs, check_areas(level.areas), where=edition.path.name)
    plan = CountPlan(
        file=file,
        source=edition.source,
        shapes=shapes,
        salt=salt,
        protection=edition.to_be_protected,
    )
    tally, parts = empty_tally(plan), file.parts(PART_ROWS)
    for done, part in enumerate(engine.map(count_part, plan, parts), start=1):
        tally += part
        told(done / len(parts))
    understood = file.finish(tally.seen)
    for n, level_tally in enumerate(tally.levels):
        _check_places(plan, n, level_tally.places, edition)
    return tally, understood


def _keep_counted(
    by_level: Sequence[Gathered],
    edition: Edition,
    levels: Sequence[CountedAreas],
    made: tuple[Tally, Understood],
) -> dict[str, Occurring]:
    """Keep a file's counts on each level.

    Returns which texts occur in the columns whose texts the run names.
    """
    tally, understood = made
    for level, gathered, counted in zip(levels, by_level, tally.levels, strict=True):
        _keep_points(gathered, edition, tally, counted, list(level.areas.index))
        audit = asdict(counted.places.audit())
        gathered.inputs.append(edition.input(understood.as_dict(), audit))
    return tally.occurring


def _check_places(plan: CountPlan, level: int, places: Places, edition: Edition) -> None:
    where = edition.path.name
    grid = plan.grids()[level]
    swapped = functools.partial(placed_swapped, plan.file, grid)
    allowed = edition.source.max_outside
    check_placed(places, max_outside=allowed, where=where, swapped=swapped)
    warn_of_defaults(places, placed_again(plan.file, grid), where=where, stacklevel=4)


def _keep_points(
    gathered: Gathered, edition: Edition, tally: Tally, counted: LevelTally, areas: Sequence[str]
) -> None:
    source, codes = edition.source, [*areas, RESIDUAL]
    measured = [measure.indicator for measure in source.measures]
    sexes = [EVERYONE, *(SEXES if source.sex else ())]
    index = pd.Index([*codes, INPUT], name="area")
    for n, indicator in enumerate(measured):
        booked = np.vstack([counted.counts[n, 0], tally.whole[n]]).astype("float64")
        gathered.book(edition, indicator, pd.DataFrame(booked, index, columns=_PARTS))
    if measured:
        counts = frame_of(counted.counts[:, : len(sexes)], measured, codes, sexes)
        references = [measure.reference or edition.reference for measure in source.measures]
        of_rows = np.repeat(references, len(sexes) * len(codes)).tolist()
        gathered.keep(edition, counts, of_rows)
        _keep_groups(gathered, edition, counted, codes)
    if source.population:
        names = [POPULATION, *source.of_points]
        index = pd.Index(codes, name=_AREA)
        people = counted.people.astype("float64")
        total = pd.Series(tally.residents.astype("float64"), index=names)
        gathered.keep_people(edition, pd.DataFrame(people, index, columns=names), total)


def _keep_groups(
    gathered: Gathered, edition: Edition, counted: LevelTally, codes: Sequence[str]
) -> None:
    source = edition.source
    for name in source.groups:
        labels = sorted(label for group, label in counted.groups if group == name)
        if not labels:
            continue
        warn_of_twins(_common(counted, name, edition), where=f"{edition.path.name}, {name}")
        counts = np.stack([counted.groups[name, label] for label in labels], axis=1)
        rows = frame_of(counts, [m.indicator for m in source.measures], codes, labels)
        gathered.keep_groups(edition, name, rows.rename(columns={"sex": "group"}))


def _common(counted: LevelTally, name: str, edition: Edition) -> list[str]:
    """Return the names of a grouping's groups that may be said."""
    fewest = edition.protection.threshold if edition.source.is_open else 0
    return sorted(
        label
        for (group, label), counts in counted.groups.items()
        if group == name and counts[..., 1].sum(axis=-1).max(initial=0) >= fewest
    )
