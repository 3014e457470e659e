"""From cells to a table: the one way for every format that has cells."""

from __future__ import annotations

import functools
import unicodedata
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geolyft.errors import ReadError, brief, count
from geolyft.read.understand.model import Table, Understood
from geolyft.read.values.ages import first_and_span
from geolyft.read.values.numbers import (
    NotANumberError,
    NumberStyle,
    Parsed,
    decide_style,
    find_style,
    parse,
    says_per_cent,
    tidy,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from geolyft.read.understand.model import Meaning, TextOptions, Unit

_REMEDIES: Final = {
    "read-not-a-number": "write numbers alone, without words or units, give the mark a meaning "
    "(marks), or name the texts that count (one_of, or where in a table of totals)",
    "read-decimal-ambiguous": 'give thousands, or decimal = "," or "."',
    "read-infinite": "leave the cell empty where there is no number",
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """Cells as text, and as numbers where the format itself says number (NaN elsewhere).

    A column that can only hold numbers has no text. Which typed numbers the format shows as per
    cents, and which are per cents here, `per_cent` tells.
    """

    text: Any  # a pyarrow array of strings, or None
    typed: NDArray[np.float64] | None = None
    per_cent: NDArray[np.bool_] | None = None


@dataclass(frozen=True, kw_only=True)
class TextGrid:
    """Cells of the chosen columns, and what is known about where they came from."""

    name: str
    kind: str
    sha256: str
    columns: dict[str, Column]
    rows: Sequence[int] | NDArray[np.int64]  # the row of each cell in the file, counted from 1
    encoding: str | None = None
    separator: str | None = None
    decimal: str | None = None  # set where the format fixes it
    sheet: str | None = None
    layer: str | None = None
    footer_rows: int = 0
    blank_rows: int = 0
    hidden_rows: int = 0
    dropped_rows: int = 0
    dimensions: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def strings(cells: Sequence[str] | NDArray[np.object_]) -> Any:  # noqa: ANN401 - pyarrow is not typed
    """Return cells as one array; large, since a column may pass 2 GB."""
    return pa.chunked_array([pa.array(cells, type=pa.large_string())])


def build(
    grid: TextGrid,
    *,
    numbers: Collection[str],
    options: TextOptions,
    evidence: frozenset[tuple[str, str]] | None = None,
) -> Table:
    """Make the table of a grid: the number columns parsed, the others as they are.

    What the whole file shows of its number style is `evidence`, where the grid is a part of it.
    """
    wanted = set(numbers)
    asked = [name for name in grid.columns if name in wanted]
    texts = {name: grid.columns[name].text for name in asked}
    tidied = {name: tidy(text) for name, text in texts.items() if text is not None}
    style = _style(grid, tidied, options, evidence)
    parsed = {name: _numbers(grid, name, tidied.get(name), style, options) for name in asked}
    index = pd.RangeIndex(len(grid.rows))
    frame = pd.DataFrame(
        {
            name: parsed[name].numbers if name in parsed else _text(column.text)
            for name, column in grid.columns.items()
        },
        index=index,
    )
    marks = pd.DataFrame(
        {name: pd.Series(each.marks, dtype="str") for name, each in parsed.items()}, index=index
    )
    last = {name: each.last for name, each in parsed.items() if each.last is not None}
    understood = _understood(grid, parsed, style)
    return Table(
        frame=frame,
        marks=marks,
        understood=understood,
        last=last,
        labels=grid.labels,
        lines=grid.rows,
    )


def _understood(grid: TextGrid, parsed: Mapping[str, Parsed], style: NumberStyle) -> Understood:
    counts: dict[str, int] = {}
    for each in parsed.values():
        for mark, times in each.counts.items():
            counts[mark] = counts.get(mark, 0) + times
    return Understood(
        path=grid.name,
        kind=grid.kind,
        rows=len(grid.rows),
        columns=tuple(grid.columns),
        sha256=grid.sha256,
        encoding=grid.encoding,
        separator=grid.separator,
        decimal=style.decimal,
        sheet=grid.sheet,
        layer=grid.layer,
        marks=counts,
        footer_rows=grid.footer_rows,
        blank_rows=grid.blank_rows,
        hidden_rows=grid.hidden_rows,
        dropped_rows=grid.dropped_rows,
        per_cent=tuple(name for name, each in parsed.items() if each.per_cent),
        dimensions=grid.dimensions,
    )


def _numbers(
    grid: TextGrid,
    name: str,
    cells: Any,  # noqa: ANN401
    style: NumberStyle,
    options: TextOptions,
) -> Parsed:
    if cells is None:
        parsed = _typed(grid, name, options.marks)
    else:
        ages = first_and_span(cells, options.marks) if name in options.ages else None
        parsed = _parse(grid, name, ages[0] if ages else cells, style, options.marks)
        parsed = replace(parsed, last=parsed.numbers + ages[1]) if ages else parsed
    return _in_per_cent(grid, name, parsed, options.units.get(name))


def _per_cents(column: Column) -> NDArray[np.bool_]:
    """Return which cells say that they are per cents."""
    signs = None if column.text is None else says_per_cent(column.text)
    found = [each for each in (column.per_cent, signs) if each is not None]
    return np.logical_or.reduce(found) if found else np.zeros(1, dtype=bool)


def _in_per_cent(grid: TextGrid, name: str, parsed: Parsed, declared: Unit | None) -> Parsed:
    """Return the numbers in the unit their cells or the options say, or refuse two units."""
    said = _per_cents(grid.columns[name])
    if not said.any():
        return replace(parsed, numbers=parsed.numbers * 100) if declared == "fraction" else parsed
    at = f"{grid.name}, row {grid.rows[int(said.argmax())]}, column {name}"
    if declared == "fraction":
        what = f"{count(said.sum())} cells say per cent, and the column is declared as fractions"
        raise ReadError("read-unit-contradiction", what, remedy="leave unit out", where=at)
    # A zero is the same in both.
    plain = ~said & (np.nan_to_num(parsed.numbers) != 0)
    if plain.any() and declared is None:
        first = int(plain.argmax())
        raise ReadError(
            "read-unit-mixed",
            f"{count(said.sum())} numbers say per cent and {count(plain.sum())} do not",
            remedy='write all of them alike, or say unit = "per cent" of a share that is all so',
            where=f"{grid.name}, row {grid.rows[first]}, column {name}",
        )
    return replace(parsed, per_cent=True)


def _text(cells: Any) -> pd.Series[str]:  # noqa: ANN401
    return pd.Series(cells.to_pandas(), dtype="str")


def _style(
    grid: TextGrid,
    tidied: Mapping[str, Any],
    options: TextOptions,
    evidence: frozenset[tuple[str, str]] | None,
) -> NumberStyle:
    if grid.decimal:
        return NumberStyle(decimal=grid.decimal, thousands="")
    if options.decimal:
        style = NumberStyle(decimal=options.decimal)
    elif evidence is not None:
        style = decide_style(evidence, separator=grid.separator, where=grid.name)
    elif tidied:
        style = find_style(tidied.values(), separator=grid.separator, where=grid.name)
    else:
        return NumberStyle(decimal=None)
    if options.thousands is None:
        return style
    _check_thousands(options.thousands, grid.name)
    return NumberStyle(decimal=style.decimal, thousands=options.thousands)


def _check_thousands(signs: str, where: str) -> None:
    # Letters, digits and control signs cannot stand between groups, and a sign starts a number.
    wrong = [sign for sign in signs if unicodedata.category(sign)[0] in "LNMC" or sign in "+-"]
    if wrong:
        what = f"thousands cannot be parted by {brief(wrong[0])}"
        remedy = 'give the signs that do, such as thousands = "."'
        raise ReadError("read-options", what, remedy=remedy, where=where)


def _parse(
    grid: TextGrid,
    name: str,
    cells: Any,  # noqa: ANN401
    style: NumberStyle,
    marks: Mapping[str, Meaning],
) -> Parsed:
    typed = grid.columns[name].typed
    has_number = None if typed is None else ~np.isnan(typed)

    def where(position: int) -> str:
        return f"{grid.name}, row {grid.rows[position]}, column {name}"

    if typed is not None:
        _refuse_infinite(grid, name, typed)
    if has_number is not None:
        # A zero stands in for each cell that needs no parsing, so that positions stay the same.
        cells = strings(np.where(has_number, "0", cells.to_numpy(zero_copy_only=False)))
    try:
        parsed = parse(cells, style, marks)
    except NotANumberError as error:
        raise _refusal(error.code, error.what, error.count, where(error.position)) from None
    if typed is not None and has_number is not None:
        parsed.numbers[has_number] = typed[has_number]
    return parsed


def _typed(grid: TextGrid, name: str, marks: Mapping[str, Meaning]) -> Parsed:
    """Return a column that holds numbers only; an empty cell means what the mark "" does."""
    numbers = grid.columns[name].typed
    assert numbers is not None  # noqa: S101 - no text: the format said number
    _refuse_infinite(grid, name, numbers)
    empty = np.isnan(numbers)
    count = int(np.count_nonzero(empty))
    meaning = marks[""] if count else "missing"
    if count and meaning == "zero":
        numbers = np.where(empty, 0.0, numbers)
    why = reasons(empty if meaning != "zero" else np.zeros_like(empty), meaning)
    return Parsed(numbers=numbers, marks=why, counts={"": count} if count else {})


def reasons(empty: NDArray[np.bool_], meaning: str) -> pd.Series[str]:
    """Return marks that give one reason for each empty cell, and nothing for the others."""
    if not empty.any():
        return _no_reasons(empty.size)
    texts = [pa.scalar(text, pa.large_string()) for text in (meaning, "")]
    return _text(pc.if_else(pa.array(empty), *texts))


@functools.lru_cache(maxsize=4)
def _no_reasons(rows: int) -> pd.Series[str]:
    """Return no mark for each row: most columns of most batches share these, for nobody writes."""
    return _text(pa.repeat(pa.scalar("", pa.large_string()), rows))


def _refuse_infinite(grid: TextGrid, name: str, numbers: NDArray[np.float64]) -> None:
    infinite = np.isinf(numbers)
    if infinite.any():
        at = f"{grid.name}, row {grid.rows[int(infinite.argmax())]}, column {name}"
        raise _refusal("read-infinite", "an infinite number", int(infinite.sum()), at)


def _refusal(code: str, what: str, cells: int, where: str) -> ReadError:
    more = f" (the first of {count(cells)} cells)" if cells > 1 else ""
    what = f"{what} stands where a number should{more}"
    return ReadError(code, what, remedy=_REMEDIES[code], where=where)
