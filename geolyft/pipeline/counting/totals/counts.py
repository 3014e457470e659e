"""A table of totals becomes counts on areas: rows are picked, codes matched, totals moved."""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.divisions.areas import is_shipped
from geolyft.divisions.codes import Matched, match_codes
from geolyft.divisions.crosswalks import CROSSWALKS, Crosswalk, identity_crosswalk, load_crosswalk
from geolyft.errors import GeolyftWarning, JoinError, brief
from geolyft.frames import EVERYONE, RESIDUAL
from geolyft.indicators.aggregate import count_moved
from geolyft.indicators.categories import named
from geolyft.indicators.measures import counts_of_totals
from geolyft.indicators.selection import listed
from geolyft.join.small_areas import move_totals
from geolyft.pipeline.counting.ledger import INPUT
from geolyft.pipeline.counting.totals.possible import Plausible
from geolyft.pipeline.counting.totals.rows import PEOPLE, Picked, pick_columns, read_where
from geolyft.pipeline.counting.totals.units import refuse_unclear_units

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    table = read_where(edition)
    for n, (level, gathered) in enumerate(zip(levels, counted, strict=True)):
        crosswalk = crosswalk_of(config, edition, level)
        if crosswalk is None:
            continue
        rows = _Rows.of(config, edition, table, crosswalk, level)
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
        table: Table,
        crosswalk: Crosswalk,
        level: CountedAreas,
    ) -> _Rows:
        """Match the codes, pick what is counted, and refuse what cannot be."""
        source = edition.source
        texts = _codes_of(table.frame[source.area])
        _refuse_blank(texts, edition)
        residual, left = _texts(source.residual), _texts(source.leave_out)
        given = texts[~texts.isin([*residual, *left])]
        names = level.areas["name"] if not source.crosswalk else pd.Series(dtype="str")
        matched = match_codes(given, crosswalk, names=names, where=edition.path.name)
        # What is no area keeps its code until its figures have said whether it is a sum.
        odd = [*matched.larger, *matched.unknown]
        codes = texts.map(matched.found).where(~texts.isin([*residual, *odd]), texts)
        picked = pick_columns(table, codes, edition)
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
                message = f"{where}: {len(codes)} area codes {what}: {listed(codes)}"
                warnings.warn(message, GeolyftWarning, stacklevel=4)

    def audit(self) -> dict[str, object]:
        """Return how codes were found and which rows were left out, as far as any were."""
        said = {"matched": self.matched.how, "left_out": self.left_out}
        kept = {name: {k: n for k, n in each.items() if n} for name, each in said.items()}
        return {name: each for name, each in kept.items() if each}


def _refuse_blank(codes: pd.Series[str], edition: Edition) -> None:
    blank = int((codes == "").sum())
    if blank:
        what = f"{blank} of {len(codes)} rows have no area code"
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
    moved = move_totals(
        pd.concat(parts, axis=1),
        crosswalk,
        residual=rows.residual,
        allow_absent=source.allow_absent,
        where=edition.path.name,
    )
    gathered.cells.append(_cells(crosswalk, moved.split.max(axis=1)).assign(source=source.name))
    for n, measure in enumerate(source.measures):
        of_measure = moved.of(str(n), codes)
        if measure.sex == EVERYONE:
            totals = parts[str(n)].sum().rename(INPUT).to_frame().T
            gathered.book(edition, measure.indicator, pd.concat([of_measure.totals, totals]))
        hidden = _targets_of(picked.hidden.get(str(n), set()), crosswalk)
        gathered.keep(edition, count_moved(of_measure, measure, hidden=hidden), measure.reference)
    if source.people:
        gathered.keep_people(edition, moved.of(PEOPLE, codes).totals, parts[PEOPLE].sum())
    audit = {**asdict(moved.audit), **rows.audit()}
    gathered.inputs.append(edition.input(rows.table.understood.as_dict(), audit))


def _cells(crosswalk: Crosswalk, split: pd.Series[float]) -> pd.DataFrame:
    """Return of how many small areas each area is summed, and the share that is of split ones."""
    led = crosswalk.table
    pairs = led[(led["weight"] > 0) & (led["target"] != RESIDUAL)]
    cells = pairs.groupby("target").size().rename_axis("area").to_frame("cells").reset_index()
    # The largest share of any of its totals that comes from split small areas.
    return cells.assign(split=cells["area"].map(split))


def _targets_of(codes: set[str], crosswalk: Crosswalk) -> set[str]:
    pairs = crosswalk.table[crosswalk.table["weight"] > 0]
    return set(pairs.loc[pairs["source"].isin(codes), "target"])
