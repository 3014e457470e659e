"""Which rows and columns of a table of totals are counted: one row per area, or a refusal."""

from __future__ import annotations

import itertools
import math
import re
import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from geolyft.errors import ConfigError, GeolyftWarning, JoinError, ReadError, brief, content
from geolyft.indicators.selection import listed, rows_where, selected, unread_classes
from geolyft.read import Table, read_table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from geolyft.indicators.selection import Where
    from geolyft.pipeline.counting.ledger import Edition

PEOPLE: Final = "people"
"""The block of residents and lenses, beside one block per measure, called by its number."""

_ENOUGH: Final = 3
"""In so many areas or more equal counts are no chance."""
_PAIR: Final = 2
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, kw_only=True)
class Picked:
    """What a table's areas hold.

    Parameters
    ----------
    blocks
        For each block a frame with an index of codes, the same in all, and a column per figure.
    hidden
        For each block the codes whose publisher has hidden a figure.
    """

    blocks: dict[str, pd.DataFrame]
    hidden: dict[str, set[str]]

    def figures(self) -> Iterator[tuple[str, str, pd.Series[float]]]:
        """Yield block, name and figures of every column."""
        for block, frame in self.blocks.items():
            for name in frame.columns:
                yield block, name, frame[name]

    def without(self, codes: Collection[str]) -> Picked:
        """Return the same without some codes."""
        left = list(codes)
        blocks = {block: rows[~rows.index.isin(left)] for block, rows in self.blocks.items()}
        return Picked(blocks=blocks, hidden=self.hidden)


def read_totals(edition: Edition, *, every_column: bool = False) -> Table:
    """Read the columns of a table that its source names, or all of them."""
    columns, numbers = edition.source.columns()
    return read_table(
        edition.path,
        numbers=sorted(numbers),
        columns=None if every_column else sorted(columns),
        options=edition.options(),
        sheet=edition.source.sheet,
    )


class Chosen(NamedTuple):
    """The rows of a table that its source's `where` names.

    `dimension_of` has the columns that say again what another column of `where` says, such as the
    label beside a code: in the whole file each value of one stands with one of the other.
    """

    table: Table
    dimension_of: dict[str, str]


def read_where(edition: Edition) -> Chosen:
    """Read the rows of a table that hold what its source's `where` names.

    Warns of classes that are no ages where ages are asked for.

    Raises
    ------
    ConfigError
        ``run-where``.
    """
    table = read_totals(edition)
    if unread := unread_classes(table.frame, edition.source.wheres(), table.labels):
        said = f"{len(unread)} classes are no ages and not read: {listed(unread)}"
        warnings.warn(f"{edition.path.name}: {said}", GeolyftWarning, stacklevel=4)
    chosen, name = [edition.source.where], edition.path.name
    met = rows_where(table.frame, chosen, labels=table.labels, where=name)
    columns = list(dict.fromkeys(column for each in edition.source.wheres() for column in each))
    rows = replace(table, frame=table.frame[met], marks=table.marks[met])
    return Chosen(rows, _repeated(table.frame, columns))


def _repeated(frame: pd.DataFrame, columns: list[str]) -> dict[str, str]:
    """Return the columns that repeat an earlier one, value for value, and that one."""
    repeated: dict[str, str] = {}
    for first, second in itertools.combinations(columns, 2):
        pairs = frame[[first, second]].drop_duplicates()
        if first not in repeated and pairs[first].is_unique and pairs[second].is_unique:
            repeated.setdefault(second, first)
    return repeated


def pick_columns(chosen: Chosen, codes: pd.Series[str], edition: Edition) -> Picked:
    """Return each counted column with one figure per code; rows without a code are left out.

    Raises
    ------
    ConfigError
        ``run-where``.
    JoinError
        ``join-duplicate`` when a code has several rows, ``join-absent`` when it lacks one of those
        that are summed.
    """
    rows = coded(chosen, codes)
    blocks: dict[str, dict[str, pd.Series[float]]] = {}
    hidden: dict[str, set[str]] = {}
    shares = {(str(n), m.share) for n, m in enumerate(edition.source.measures)}
    for block, name, column, wheres in _asked(edition):
        share = (block, name) in shares
        figures, unseen = pick(rows, column, wheres, edition, share=share)
        blocks.setdefault(block, {})[name] = figures
        hidden[block] = hidden.get(block, set()) | unseen
    codes = pd.Index(rows.table.frame[_CODE].unique(), dtype="str", name="area")
    return Picked(
        blocks={block: pd.DataFrame(each, index=codes) for block, each in blocks.items()},
        hidden=hidden,
    )


# No column of a file can be this: names are stripped.
_CODE: Final = " code"


def _asked(edition: Edition) -> Iterator[tuple[str, str, str, list[Where]]]:
    """Yield block, name and column of each figure, and what its rows have to hold."""
    source = edition.source
    for name, chosen in source.people.items():
        yield PEOPLE, name, chosen.column, [source.where, chosen.where]
    for n, measure in enumerate(source.measures):
        for element in dict.fromkeys(map(str, measure.totals)):
            chosen = next(selected(each) for each in measure.totals if str(each) == element)
            yield str(n), element, chosen.column, [source.where, measure.where, chosen.where]


def coded(chosen: Chosen, codes: pd.Series[str]) -> Chosen:
    """Return the rows that have a code, with the code beside them."""
    counted, table = codes.notna(), chosen.table
    frame = table.frame[counted].assign(**{_CODE: codes[counted]})
    return chosen._replace(table=replace(table, frame=frame, marks=table.marks[counted]))


def pick(
    chosen: Chosen, column: str, wheres: list[Where], edition: Edition, *, share: bool
) -> tuple[pd.Series[float], set[str]]:
    """Return one figure per code of `coded` rows, and the codes of which one is hidden."""
    where, rows = edition.path.name, chosen.table
    met = rows_where(rows.frame, wheres, labels=rows.labels, where=where)
    frame = rows.frame[met]
    named = (name for each in wheres for name in each)
    by = list(dict.fromkeys(chosen.dimension_of.get(name, name) for name in named))
    if frame.duplicated([_CODE, *by]).any():
        raise _several_rows(frame, column, by, edition)
    figures = frame.groupby(_CODE, sort=False)[column]
    values = figures.sum(min_count=1)
    if by:
        # Every value of one column with every one of the others, also those no area has a row of.
        complete = math.prod(frame[name].nunique() for name in by)
        there = figures.size().reindex(rows.frame[_CODE].unique(), fill_value=0)
        _refuse_incomplete(there, complete, edition)
        if complete > 1:
            _refuse_no_parts(frame, column, by, share=share, edition=edition)
        values = values.mask(figures.size() < complete)
        # Missing in one of the rows that are summed is missing in the sum.
        values = values.mask(frame[column].isna().groupby(frame[_CODE], sort=False).any())
    marks = rows.marks.loc[met, column]
    return values.rename(None), set(frame.loc[marks == "hidden", _CODE])


def _refuse_incomplete(rows: pd.Series[int], complete: int, edition: Edition) -> None:
    short = rows[rows < complete]
    if len(short) and not edition.source.allow_absent:
        raise JoinError(
            "join-absent",
            f"{len(short)} of {len(rows)} areas lack some of the {complete} rows that are summed, "
            f"first {content(short.index[0])}",
            remedy="complete the table, or allow it with allow_absent",
            where=edition.path.name,
        )


def _refuse_no_parts(
    rows: pd.DataFrame, column: str, by: list[str], *, share: bool, edition: Edition
) -> None:
    """Refuse to sum shares, what says the same in each row of an area, and a sum with its parts."""
    grouped = rows.groupby(_CODE)[column]
    low, high = grouped.min(), grouped.max()
    repeated = len(low) >= _ENOUGH and (low == high).all() and low.min() < low.max()
    parts = rows.set_index([_CODE, *by])[column].unstack(_CODE)
    enough = parts.shape[1] >= _ENOUGH and parts.sum().min() < parts.sum().max()
    total = (2 * parts).eq(parts.sum()).all(axis=1).any() and enough and len(parts) > _PAIR
    if share or repeated or total:
        kind = "holds shares" if share else "says the same in all rows of an area"
        kind = "holds the sum of the others in one of the rows" if total else kind
        raise ConfigError(
            "run-where",
            f"column {brief(column)} {kind}, and several rows of an area would be summed",
            remedy="name one row per area, with { column, where } in place of the column if only "
            "others are summed",
            where=edition.path.name,
        )


def _several_rows(frame: pd.DataFrame, column: str, by: list[str], edition: Edition) -> JoinError:
    """Return the refusal of several rows per area, with the columns that tell them apart."""
    repeated = frame.loc[frame.duplicated([_CODE, *by]), _CODE]
    what = f"{repeated.nunique()} area codes have several rows, first {content(repeated.iloc[0])}"
    # What stands in other columns of a file nobody has protected is not shown.
    vary = {} if edition.source.is_open else _varying(frame, edition, by)
    remedy = "give one row per area"
    if vary:
        each = (f"{brief(name)}: {listed([*said.values()])}" for name, said in vary.items())
        what += f", which differ in {'; '.join(each)}"
        name, values = next(iter(vary.items()))
        key = name if _BARE_KEY.fullmatch(name) else f'"{name}"'
        which = f"where = {{ {key} = [{_quoted(next(iter(values)))}] }}"
        # A numerator and its denominator may be one column, each with rows of its own.
        each_count = f"{{ column = {_quoted(column)}, {which} }}"
        remedy = (
            f"say which of them count: {which} on the source or the measure, or {each_count} in "
            "place of the column wherever it stands, with every value that counts"
        )
    return JoinError("join-duplicate", what, remedy=remedy, where=edition.path.name)


def _quoted(text: str) -> str:
    return '"' + brief(text)[1:-1] + '"'


def _varying(frame: pd.DataFrame, edition: Edition, by: list[str]) -> dict[str, dict[str, str]]:
    """Return the columns whose values differ within an area, and recur from area to area.

    Each value has its label beside it, where the file has one.
    """
    try:
        table = read_totals(edition, every_column=True)
    except ReadError:  # a column that is not needed may be one that cannot be read
        return {}
    known = {*by, *edition.source.columns()[1], str(edition.source.area)}
    whole = table.frame.loc[frame.index].drop(columns=list(known))
    codes = frame[_CODE]
    most = int(codes.value_counts().max())
    vary = {}
    for name in whole.columns:
        values = whole[name].dropna().astype("str").unique()
        differs = whole[name].groupby(codes).nunique().max() > 1
        if differs and len(values) <= most:
            labels = table.labels.get(str(name), {})
            said = {each: f"{each} {labels.get(each, '')}".strip() for each in sorted(values)}
            vary[str(name)] = said
    return vary
