"""Every source of a run becomes counts on its areas, and every count closes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.aggregate import count_moved, count_points
from geolyft.crosswalks import CROSSWALKS, Crosswalk, identity_crosswalk, load_crosswalk
from geolyft.errors import ConfigError, JoinError, brief
from geolyft.frames import EVERYONE, RESIDUAL
from geolyft.gathered import CHILDREN, INPUT, POPULATION, Edition, Gathered
from geolyft.join import assign_points, audit_points
from geolyft.measures import counts_of_totals, rows_that_meet
from geolyft.move import move_totals
from geolyft.read import Points, Table, read_points, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import geopandas as gpd

    from geolyft.config import Config
    from geolyft.measures import Measure
    from geolyft.sources import Source

_PARTS: Final = ["numerator", "denominator"]
_AREA: Final = " area"
_SEX: Final = " sex"
_PEOPLE: Final = "people"

Progress = Callable[[str, float], None]
"""Told what comes next, and how much of the work is done (0 to 1)."""


def no_progress(_step: str, _share: float) -> None:
    """Tell nobody."""


@dataclass(frozen=True, kw_only=True)
class Level:
    """A division that a run's sources are placed on.

    Parameters
    ----------
    name
        The shipped division's name, or empty for the run's own areas.
    areas
        Its polygons.
    """

    name: str
    areas: gpd.GeoDataFrame


def gather(
    config: Config, levels: Sequence[Level], *, progress: Progress = no_progress
) -> list[Gathered]:
    """Read every source for every edition once, and place its counts on each level.

    Parameters
    ----------
    levels
        The run's areas, and any small areas. A source of totals whose crosswalk starts elsewhere
        gives small areas nothing.
    progress
        Called before each file with its name and the share of files done, 0 to 1.

    Raises
    ------
    GeolyftError
        Whatever the readers and joins refuse.
    """
    made = [Gathered() for _ in levels]
    every = list(editions(config))
    for n, edition in enumerate(every):
        progress(edition.path.name, n / len(every))
        read = _read_points if edition.source.kind == "points" else _read_totals
        rows = read(edition)
        for level, gathered in zip(levels, made, strict=True):
            if isinstance(rows, Points):
                _gather_points(gathered, edition, level.areas, rows)
                continue
            crosswalk = _crosswalk(config, edition, level)
            if crosswalk is not None:
                _gather_totals(gathered, edition, level.areas, crosswalk, rows)
    return made


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
            file = source.file.replace("{period}", period).replace("{reference}", reference)
            if "{" in file or "}" in file:
                raise ConfigError(
                    "run-path",
                    f"file {brief(source.file)} has an unknown placeholder",
                    remedy="use {period} and {reference}",
                    where=config.file_name,
                )
            path = config.path(file)
            yield Edition(source=source, period=period, reference=reference, path=path)


def _crosswalk(config: Config, edition: Edition, level: Level) -> Crosswalk | None:
    """Return how an edition's small areas lie in a level's areas, if they can be placed there."""
    said = edition.source.walk(edition.period)
    if said is None:
        return None if level.name else identity_crosswalk(level.areas)
    # A name is a shipped crosswalk, a file name the user's own.
    crosswalk = load_crosswalk(config.path(said) if said.endswith(".csv") else said)
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


def _read_points(edition: Edition) -> Points:
    source = edition.source
    columns, numbers = source.columns()
    points = read_points(
        edition.path,
        x=source.x,
        y=source.y,
        crs=source.crs,
        numbers=sorted(numbers),
        columns=sorted(columns),
        layer=source.layer or source.sheet,
        options=edition.options(),
    )
    if source.sex:
        points.frame[_SEX] = _sexes(points.frame[source.sex.column], edition)
    return points


def _gather_points(
    gathered: Gathered, edition: Edition, areas: gpd.GeoDataFrame, points: Points
) -> None:
    source = edition.source
    area = assign_points(
        points.frame["x"],
        areas,
        y=points.frame["y"],
        crs=points.crs,
        max_outside=source.max_outside,
        where=edition.path.name,
    )
    people = points.frame.assign(**{_AREA: area})
    audit = audit_points(area, people[["x", "y"]].notna().all(axis=1))
    codes = list(areas.index)
    if source.measures:
        sex = people[_SEX] if source.sex else None
        counts = count_points(people, source.measures, place=area, areas=codes, sex=sex)
        _count_groups(gathered, edition, people, area, codes)
        for measure in source.measures:
            counted = counts[counts["indicator"] == measure.indicator]
            everyone = counted[counted["sex"] == EVERYONE].set_index("area")[_PARTS]
            everyone.loc[INPUT] = _count_all(people, measure)
            gathered.book(edition, measure.indicator, everyone)
            gathered.keep(edition, counted, measure.reference)
    if source.population:
        _count_people(gathered, edition, people, codes)
    gathered.inputs.append(_input(edition, points.understood.as_dict(), asdict(audit)))


def _count_groups(
    gathered: Gathered,
    edition: Edition,
    people: pd.DataFrame,
    area: pd.Series[str],
    codes: Sequence[str],
) -> None:
    """Count every measure in every group of the source's groupings."""
    source = edition.source
    for name, grouping in source.groups.items():
        labels = grouping.labels(people[grouping.column])
        for label in sorted(labels.dropna().unique()):
            mine = labels == label
            counts = count_points(people[mine], source.measures, place=area[mine], areas=codes)
            said = counts.assign(period=edition.period, source=source.name)
            gathered.groups.append(said.assign(group_by=name, group=label))


def _count_people(
    gathered: Gathered, edition: Edition, people: pd.DataFrame, codes: Sequence[str]
) -> None:
    flags = pd.DataFrame({POPULATION: pd.Series(1.0, index=people.index)})
    said = edition.source.children
    if isinstance(said, dict):
        flags[CHILDREN] = rows_that_meet(people, said).astype("float64")
    residents = flags.groupby(people[_AREA].fillna(RESIDUAL)).sum()
    gathered.keep_people(
        edition, residents.reindex([*codes, RESIDUAL], fill_value=0.0), flags.sum()
    )


def _count_all(people: pd.DataFrame, measure: Measure) -> list[float]:
    """Count a measure among all rows at once, to hold the areas' counts against."""
    among = rows_that_meet(people, measure.among)
    hit = among & rows_that_meet(people, measure.counted or {})
    return [float(hit.sum()), float(among.sum())]


def _sexes(column: pd.Series[str], edition: Edition) -> pd.Series[str]:
    """Say sex in geolyft's words; a text that is neither stays unknown, and counts in ``alla``."""
    said = edition.source.sex
    assert said is not None  # noqa: S101 - the caller asked; this tells mypy
    sexes = column.astype("str").map({said.women: "kvinnor", said.men: "män"})
    if not {"kvinnor", "män"} <= set(sexes.dropna()):
        raise ConfigError(
            "run-sex",
            f"column {brief(said.column)} lacks one of {brief(said.women)} and {brief(said.men)}",
            remedy="name the texts the file uses for women and men",
            where=edition.path.name,
        )
    return sexes


def _input(
    edition: Edition, understood: dict[str, object], audit: dict[str, object]
) -> dict[str, object]:
    said = {"source": edition.source.name, "period": edition.period}
    return {**said, "reference": edition.reference, **understood, "placed": audit}
