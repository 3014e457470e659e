"""Every source of a run becomes counts on its areas, and every count closes."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd
import shapely

from geolyft.divisions.crosswalks import CROSSWALKS, Crosswalk, identity_crosswalk, load_crosswalk
from geolyft.errors import ConfigError, JoinError, brief
from geolyft.frames import EVERYONE, RESIDUAL, check_areas
from geolyft.indicators.aggregate import count_moved
from geolyft.indicators.measures import counts_of_totals
from geolyft.join.engine import PART_ROWS, Engine, Local, open_engine
from geolyft.join.placed import check_placed, placed_again, warn_of_defaults
from geolyft.join.points import check_crs, lead_onto
from geolyft.join.small_areas import move_totals
from geolyft.pipeline.counting.cell_counts import count_cells
from geolyft.pipeline.counting.ledger import CHILDREN, INPUT, POPULATION, Edition, Gathered
from geolyft.pipeline.counting.point_counts import (
    SEXES,
    CountPlan,
    LevelTally,
    Tally,
    count_part,
    empty_tally,
    frame_of,
)
from geolyft.read import PointFile, Table, open_points, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import geopandas as gpd

    from geolyft.indicators.measures import Measure
    from geolyft.join.placed import Places
    from geolyft.run_file.config import Config
    from geolyft.run_file.sources import Source

_PARTS: Final = ["numerator", "denominator"]
_AREA: Final = " area"
_PEOPLE: Final = "people"

Progress = Callable[[str, float], None]
"""Told what comes next, and how much of the work is done (0 to 1)."""


def no_progress(_step: str, _share: float) -> None:
    """Tell nobody."""


@dataclass(frozen=True, kw_only=True)
class CountedAreas:
    """A division that a run's sources are placed on.

    Parameters
    ----------
    name
        The shipped division's name, or empty for the run's own areas.
    """

    name: str
    areas: gpd.GeoDataFrame


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
        Whatever the readers and joins refuse.
    """
    counted = [Gathered() for _ in levels]
    every = list(editions(config))
    with contextlib.ExitStack() as stack:
        engine: Engine = Local()
        if any(edition.source.kind == "points" for edition in every):
            run = config.run
            engine = stack.enter_context(open_engine(run.engine, run.scheduler))
        for n, edition in enumerate(every):

            def told(share: float, n: int = n, name: str = edition.path.name) -> None:
                progress(name, (n + share) / len(every))

            told(0)
            if edition.source.kind == "points":
                _gather_points(counted, edition, levels, engine, told)
            elif edition.source.is_raster:
                for level, gathered in zip(levels, counted, strict=True):
                    _gather_raster(gathered, edition, level.areas)
            else:
                _gather_file_of_totals(counted, edition, levels, config)
    return counted


def _gather_file_of_totals(
    counted: Sequence[Gathered], edition: Edition, levels: Sequence[CountedAreas], config: Config
) -> None:
    table = _read_totals(edition)
    for level, gathered in zip(levels, counted, strict=True):
        crosswalk = _crosswalk(config, edition, level)
        if crosswalk is not None:
            _gather_totals(gathered, edition, level.areas, crosswalk, table)


def editions(config: Config) -> Iterator[Edition]:
    """Yield each source with each period it gives figures for.

    Raises
    ------
    ConfigError
        ``run-path`` when a file's name has a placeholder that means nothing.
    """
    for source in config.sources:
        for period in config.run.periods:
            reference = source.reference(period)
            if reference is None:
                continue
            weights = source.raster.weights if source.raster else None
            yield Edition(
                source=source,
                period=period,
                reference=reference,
                path=_path(config, source.file, period, reference),
                weights=_path(config, weights, period, reference) if weights else None,
            )


def _path(config: Config, pattern: str, period: str, reference: str) -> Path:
    file = pattern.replace("{period}", period).replace("{reference}", reference)
    if "{" in file or "}" in file:
        what = f"file {brief(pattern)} has an unknown placeholder"
        remedy = "use {period} and {reference}"
        raise ConfigError("run-path", what, remedy=remedy, where=config.file_name)
    return config.path(file)


def _crosswalk(config: Config, edition: Edition, level: CountedAreas) -> Crosswalk | None:
    """Return how an edition's small areas lie in a level's areas, if they can be placed there."""
    name = edition.source.crosswalk_of(edition.period)
    if name is None:
        return None if level.name else identity_crosswalk(level.areas)
    # A name is a shipped crosswalk, a file name the user's own.
    crosswalk = load_crosswalk(config.path(name) if name.endswith(".csv") else name)
    if level.name:
        if crosswalk.source == level.name:
            return identity_crosswalk(level.areas)
        onward = f"{crosswalk.source}_{level.name}"
        return load_crosswalk(onward) if onward in CROSSWALKS else None
    targets = crosswalk.table["target"]
    unknown = targets[~targets.isin([*level.areas.index, RESIDUAL])].unique()
    if len(unknown):
        raise JoinError(
            "join-targets",
            f"{len(unknown)} target areas of crosswalk {crosswalk.name} are not among the run's "
            f"areas, first {brief(unknown[0])}",
            remedy="use a crosswalk to the division of the run",
            where=config.file_name,
        )
    return crosswalk


def _read_totals(edition: Edition) -> Table:
    columns, numbers = edition.source.columns()
    return read_table(
        edition.path,
        numbers=sorted(numbers),
        columns=sorted(columns),
        options=edition.options(),
        sheet=edition.source.sheet,
    )


def _gather_totals(
    gathered: Gathered,
    edition: Edition,
    areas: gpd.GeoDataFrame,
    crosswalk: Crosswalk,
    table: Table,
) -> None:
    source = edition.source
    rows = table.frame.set_index(source.area)
    parts = {str(n): counts_of_totals(rows, m) for n, m in enumerate(source.measures)}
    counted = {POPULATION: source.population, CHILDREN: source.children}
    people = {name: rows[column] for name, column in counted.items() if isinstance(column, str)}
    if people:
        parts[_PEOPLE] = pd.DataFrame(people)
    if source.crosswalk:
        weights = crosswalk.table.to_csv(index=False).encode()
        gathered.crosswalks[crosswalk.name] = hashlib.sha256(weights).hexdigest()
    moved = move_totals(
        pd.concat(parts, axis=1),
        crosswalk,
        residual=source.residual,
        allow_absent=source.allow_absent,
        where=edition.path.name,
    )
    led = crosswalk.table
    pairs = led[(led["weight"] > 0) & (led["target"] != RESIDUAL)]
    cells = pairs.groupby("target").size().rename_axis("area").to_frame("cells").reset_index()
    # The largest share of any of its totals that comes from split small areas.
    cells["split"] = cells["area"].map(moved.split.max(axis=1))
    gathered.cells.append(cells.assign(source=source.name))
    codes = [*areas.index, RESIDUAL]
    for n, measure in enumerate(source.measures):
        of_measure = moved.of(str(n), codes)
        if measure.sex == EVERYONE:
            totals = parts[str(n)].sum().rename(INPUT).to_frame().T
            gathered.book(edition, measure.indicator, pd.concat([of_measure.totals, totals]))
        hidden = _targets_of(_hidden_codes(table, source, measure), crosswalk)
        counts = count_moved(of_measure, measure, hidden=hidden)
        gathered.keep(edition, counts, measure.reference)
    if people:
        gathered.keep_people(edition, moved.of(_PEOPLE, codes).totals, parts[_PEOPLE].sum())
    gathered.inputs.append(_input(edition, table.understood.as_dict(), asdict(moved.audit)))


def _hidden_codes(table: Table, source: Source, measure: Measure) -> set[str]:
    """Return the small areas whose publisher has hidden a figure of the measure."""
    marks = table.marks[sorted(measure.numbers.intersection(table.marks.columns))]
    return set(table.frame.loc[(marks == "hidden").any(axis=1), source.area])


def _targets_of(codes: set[str], crosswalk: Crosswalk) -> set[str]:
    pairs = crosswalk.table[crosswalk.table["weight"] > 0]
    return set(pairs.loc[pairs["source"].isin(codes), "target"])


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
        gathered.inputs.append(_input(edition, understood.as_dict(), audit))


def _open_points(edition: Edition) -> PointFile:
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


def _gather_points(
    by_level: Sequence[Gathered],
    edition: Edition,
    levels: Sequence[CountedAreas],
    engine: Engine,
    told: Callable[[float], None],
) -> None:
    """Count a file's points on each level, batch by batch and wherever the engine has them done."""
    file = lead_onto(_open_points(edition), check_areas(levels[0].areas))
    for level in levels[1:]:
        # All levels of a run are in the CRS of its areas.
        check_crs(levels[0].areas.crs, check_areas(level.areas), where=edition.path.name)
    shapes = tuple(tuple(shapely.to_wkb(level.areas.geometry.to_numpy())) for level in levels)
    plan = CountPlan(file=file, source=edition.source, shapes=shapes)
    tally, parts = empty_tally(plan), file.parts(PART_ROWS)
    for done, part in enumerate(engine.map(count_part, plan, parts), start=1):
        tally += part
        told(done / len(parts))
    understood = file.finish(tally.seen)
    _check_sexes(tally, edition)
    for n, (level, gathered) in enumerate(zip(levels, by_level, strict=True)):
        counted = tally.levels[n]
        _check_places(plan, n, counted.places, edition)
        _keep_points(gathered, edition, tally, counted, list(level.areas.index))
        audit = asdict(counted.places.audit())
        gathered.inputs.append(_input(edition, understood.as_dict(), audit))


def _check_places(plan: CountPlan, level: int, places: Places, edition: Edition) -> None:
    where = edition.path.name
    check_placed(places, max_outside=edition.source.max_outside, where=where)
    grid = plan.grids()[level]
    warn_of_defaults(places, placed_again(plan.file, grid), where=where, stacklevel=4)


def _keep_points(
    gathered: Gathered, edition: Edition, tally: Tally, counted: LevelTally, areas: Sequence[str]
) -> None:
    source, codes = edition.source, [*areas, RESIDUAL]
    measured = [measure.indicator for measure in source.measures]
    sexes = [EVERYONE, *(SEXES if source.sex else ())]
    for n, measure in enumerate(source.measures):
        counts = frame_of(counted.counts[n : n + 1], [measure.indicator], codes, sexes)
        everyone = counts[counts["sex"] == EVERYONE].set_index("area")[_PARTS]
        everyone.loc[INPUT] = tally.whole[n].astype("float64")
        gathered.book(edition, measure.indicator, everyone)
        gathered.keep(edition, counts, measure.reference)
    for name in source.groups if source.measures else ():
        for label in sorted(label for group, label in counted.groups if group == name):
            counts = frame_of(counted.groups[name, label][:, None], measured, codes, [EVERYONE])
            rows = counts.assign(period=edition.period, source=source.name)
            gathered.groups.append(rows.assign(group_by=name, group=label))
    if source.population:
        names = [POPULATION, CHILDREN] if isinstance(source.children, dict) else [POPULATION]
        index = pd.Index(codes, name=_AREA)
        people = counted.people[:, : len(names)].astype("float64")
        total = pd.Series(tally.residents[: len(names)].astype("float64"), index=names)
        gathered.keep_people(edition, pd.DataFrame(people, index, columns=names), total)


def _check_sexes(tally: Tally, edition: Edition) -> None:
    sex = edition.source.sex
    if sex is not None and not set(SEXES) <= tally.sexes:
        what = f"column {brief(sex.column)} lacks one of {brief(sex.women)} and {brief(sex.men)}"
        remedy = "name the texts the file uses for women and men"
        raise ConfigError("run-sex", what, remedy=remedy, where=edition.path.name)


def _input(
    edition: Edition, understood: dict[str, object], audit: dict[str, object]
) -> dict[str, object]:
    key = {"source": edition.source.name, "period": edition.period}
    return {**key, "reference": edition.reference, **understood, "placed": audit}
