"""A table of totals becomes counts on areas: rows are picked, codes matched, totals moved."""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.divisions.areas import is_shipped
from geolyft.divisions.codes import Matched, match_codes
from geolyft.divisions.crosswalks import (
    CROSSWALKS,
    ERROR_BY_CERTAINTY,
    Crosswalk,
    identity_crosswalk,
    load_crosswalk,
    unsure_sources,
)
from geolyft.errors import GeolyftWarning, JoinError, brief, content, count
from geolyft.frames import EVERYONE, RESIDUAL
from geolyft.indicators.aggregate import count_moved
from geolyft.indicators.categories import named
from geolyft.indicators.measures import counts_of_totals
from geolyft.indicators.selection import listed
from geolyft.join.small_areas import Moved, move_totals
from geolyft.pipeline.counting.ledger import INPUT
from geolyft.pipeline.counting.totals.possible import Plausible
from geolyft.pipeline.counting.totals.rows import PEOPLE, Chosen, Picked, pick_columns, read_where
from geolyft.pipeline.counting.totals.units import refuse_unclear_units

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geolyft.indicators.measures import Unit
    from geolyft.pipeline.counting.ledger import CountedAreas, Edition, Gathered
    from geolyft.read import Table
    from geolyft.run_file.config import Config

_PEOPLE: Final = "people"


def gather_totals(
    counted: Sequence[Gathered], edition: Edition, levels: Sequence[CountedAreas], config: Config
) -> None:
    """Read a file of totals once, and place its counts on each level that its codes lead to.

    Raises
    ------
    GeolyftError
        ``run-where``, ``join-duplicate``, ``join-unknown``, ``join-absent``, ``join-targets``,
        ``read-sum-row``, ``aggregate-share``, ``aggregate-negative``, and what readers refuse.
    """
    chosen = read_where(edition)
    for n, (level, gathered) in enumerate(zip(levels, counted, strict=True)):
        crosswalk = crosswalk_of(config, edition, level)
        if crosswalk is None:
            continue
        rows = _Rows.of(config, edition, chosen, crosswalk, level)
        # Small areas are of the same rows: what is said once is enough.
        if n == 0:
            rows.tell()
        _keep(gathered, rows, [*level.areas.index, RESIDUAL])


def crosswalk_of(config: Config, edition: Edition, level: CountedAreas) -> Crosswalk | None:
    """Return how an edition's small areas lie in a level's areas, if they can be placed there.

    Raises
    ------
    JoinError
        ``join-targets`` when it leads to areas that are not the run's.
    """
    name = edition.source.crosswalk_of(edition.period)
    if name is None:
        division = config.areas.division
        known = division if division and is_shipped(division) else "areas"
        return None if level.name else identity_crosswalk(level.areas, division=known)
    # A name is a shipped crosswalk, a file name the user's own.
    crosswalk = load_crosswalk(config.path(name) if name.endswith(".csv") else name)
    if level.name:
        if crosswalk.source == level.name:
            return identity_crosswalk(level.areas, division=level.name)
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


@dataclass(frozen=True, kw_only=True)
class _Rows:
    """A file of totals, with the codes of a crosswalk in place of its own.

    Parameters
    ----------
    left_out
        How many rows or codes do not count, and why.
    """

    edition: Edition
    table: Table
    crosswalk: Crosswalk
    matched: Matched
    residual: list[str]
    left_out: dict[str, int]
    picked: Picked

    @classmethod
    def of(
        cls,
        config: Config,
        edition: Edition,
        chosen: Chosen,
        crosswalk: Crosswalk,
        level: CountedAreas,
    ) -> _Rows:
        """Match the codes, pick what is counted, and refuse what cannot be."""
        source, table = edition.source, chosen.table
        texts = _codes_of(table.frame[source.area])
        _refuse_blank(texts, edition)
        residual, left = _texts(source.residual), _texts(source.leave_out)
        given = texts[~texts.isin([*residual, *left])]
        names = level.areas["name"] if not source.crosswalk else pd.Series(dtype="str")
        matched = match_codes(given, crosswalk, names=names, where=edition.path.name)
        # What is no area keeps its code until its figures have said whether it is a sum.
        odd = [*matched.larger, *matched.unknown]
        codes = texts.map(matched.found).where(~texts.isin([*residual, *odd]), texts)
        picked = pick_columns(chosen, codes, edition)
        refuse_unclear_units(picked, table.understood, edition)
        plausible = Plausible.of(config, edition, crosswalk)
        plausible.check_sums(picked, matched, residual)
        picked = picked.without(odd)
        plausible.check_counts(picked)
        left_out = {
            "where": table.understood.rows - len(table.frame),
            "leave_out": int(texts[texts.isin(left)].nunique()),
            "sums": len(matched.larger),
            "elsewhere": len(matched.elsewhere),
            "other_year": len(matched.other_year),
        }
        return cls(edition=edition, table=table, crosswalk=crosswalk, matched=matched,
                   residual=residual, left_out=left_out, picked=picked)  # fmt: skip

    def tell(self) -> None:
        """Warn of rows that do not count although nobody listed them."""
        said = {
            "are the sum of others and left out": self.matched.larger,
            "are of other municipalities or larger regions and left out": self.matched.elsewhere,
            "are of another year's division and left out": self.matched.other_year,
        }
        where = self.edition.path.name
        for what, codes in said.items():
            if codes:
                message = f"{where}: {len(codes)} area codes {what}: {listed(codes, content)}"
                warnings.warn(message, GeolyftWarning, stacklevel=4)
        unsure = unsure_sources(self.crosswalk)
        if unsure:
            message = (
                f"crosswalk {self.crosswalk.name}: {len(unsure)} split areas have no certainty and "
                f"are taken as low, an error of {ERROR_BY_CERTAINTY['low']} in each weight: "
                f"{listed(unsure)}; say it in a column certainty or error"
            )
            warnings.warn(message, GeolyftWarning, stacklevel=4)

    def audit(self) -> dict[str, object]:
        """Return how codes were found and which rows were left out, as far as any were."""
        said = {"matched": self.matched.how, "left_out": self.left_out}
        kept = {name: {k: n for k, n in each.items() if n} for name, each in said.items()}
        return {name: each for name, each in kept.items() if each}


def _refuse_blank(codes: pd.Series[str], edition: Edition) -> None:
    blank = int((codes == "").sum())
    if blank:
        what = f"{count(blank)} of {count(len(codes))} rows have no area code"
        remedy = "give each row one, or take the row away"
        raise JoinError("join-unknown", what, remedy=remedy, where=edition.path.name)


def _codes_of(column: pd.Series) -> pd.Series[str]:
    """Return each row's code as it is compared, empty where there is none."""
    positions, values = pd.factorize(column)
    texts = [*named(pd.Series(values)), ""]
    return pd.Series([texts[n] for n in positions], index=column.index, dtype="str")


def _texts(codes: Sequence[str]) -> list[str]:
    return named(pd.Series(list(codes), dtype="str")).tolist()


def _keep(gathered: Gathered, rows: _Rows, codes: Sequence[str]) -> None:
    """Move a file's totals onto the areas, and enter them with what is known of them."""
    edition, crosswalk = rows.edition, rows.crosswalk
    source, picked = edition.source, rows.picked
    parts = {
        str(n): counts_of_totals(picked.blocks[str(n)], m) for n, m in enumerate(source.measures)
    }
    if source.people:
        parts[PEOPLE] = picked.blocks[PEOPLE]
    if source.crosswalk:
        weights = crosswalk.table.to_csv(index=False).encode()
        gathered.crosswalks[crosswalk.name] = hashlib.sha256(weights).hexdigest()
    moved = _moved(parts, rows)
    gathered.cells.append(_cells(crosswalk).assign(source=source.name))
    for unit in dict.fromkeys(measure.moved_by for measure in source.measures):
        gathered.small.append((_small(edition, parts, unit), crosswalk.by(unit)))
    for n, measure in enumerate(source.measures):
        of_measure = moved[measure.moved_by].of(str(n), codes)
        if measure.sex == EVERYONE:
            totals = parts[str(n)].sum().rename(INPUT).to_frame().T
            gathered.book(edition, measure.indicator, pd.concat([of_measure.totals, totals]))
        hidden = _targets_of(picked.hidden.get(str(n), set()), crosswalk)
        if source.is_open:
            of_measure = replace(of_measure, split=_may_be_split(of_measure.split, crosswalk))
        gathered.keep(edition, count_moved(of_measure, measure, hidden=hidden), measure.reference)
    if source.people:
        people = moved["residents"].of(PEOPLE, codes).totals
        gathered.keep_people(edition, people, parts[PEOPLE].sum())
    audit = {**asdict(next(iter(moved.values())).audit), **rows.audit()}
    gathered.inputs.append(edition.input(rows.table.understood.as_dict(), audit))


def _moved(parts: dict[str, pd.DataFrame], rows: _Rows) -> dict[Unit, Moved]:
    """Move each measure's counts with the weights it asks for: residents', or dwellings'."""
    source = rows.edition.source
    asked = {str(n): measure.moved_by for n, measure in enumerate(source.measures)}
    by_unit: dict[Unit, dict[str, pd.DataFrame]] = {}
    for name, part in parts.items():
        by_unit.setdefault(asked.get(name, "residents"), {})[name] = part
    return {
        unit: move_totals(
            pd.concat(each, axis=1),
            rows.crosswalk.by(unit),
            residual=rows.residual,
            allow_absent=source.allow_absent,
            where=rows.edition.path.name,
        )
        for unit, each in by_unit.items()
    }


def _cells(crosswalk: Crosswalk) -> pd.DataFrame:
    """Return of how many small areas each area is summed."""
    led = crosswalk.table
    pairs = led[(led["weight"] > 0) & (led["target"] != RESIDUAL)]
    return pairs.groupby("target").size().rename_axis("area").to_frame("cells").reset_index()


def _small(edition: Edition, parts: Mapping[str, pd.DataFrame], unit: Unit) -> pd.DataFrame:
    """Return the counts of the small areas, of every measure that is moved by `unit`.

    Of a source that nobody has protected there are none: what its splits do to a figure is then
    told from weights and published figures alone.
    """
    of_measures = [
        parts[str(n)]
        .rename_axis("part")
        .reset_index()
        .assign(
            indicator=measure.indicator,
            sex=measure.sex,
            reference=measure.reference or edition.reference,
        )
        for n, measure in enumerate(edition.source.measures)
        if measure.moved_by == unit
    ]
    every = pd.concat(of_measures, ignore_index=True)
    if edition.source.is_open:
        every[["numerator", "denominator"]] = float("nan")
    else:
        every = every[every["denominator"] > 0]
    return every.assign(source=edition.source.name, period=edition.period)


def _may_be_split(split: pd.DataFrame, crosswalk: Crosswalk) -> pd.DataFrame:
    """Say of each area whether any part of it is split, whoever lives there."""
    table = crosswalk.table
    targets = table.loc[table["weight"].between(0, 1, inclusive="neither"), "target"]
    return split.assign(**dict.fromkeys(split.columns, split.index.isin(targets).astype("float64")))


def _targets_of(codes: set[str], crosswalk: Crosswalk) -> set[str]:
    pairs = crosswalk.table[crosswalk.table["weight"] > 0]
    return set(pairs.loc[pairs["source"].isin(codes), "target"])
