"""Text becomes numbers, or the reason why there is none; nothing is guessed.

Swedish numbers have a decimal comma and spaces between thousands, exports of programs a full stop.
Which of the two a file uses is read off the numbers that can only be meant one way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geolyft.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from geolyft.read.understand.model import Meaning

SPACES: Final = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"
_PAD: Final = SPACES + "\t"
_SIGN: Final = "^[+-]?"
_BELOW: Final = "^[<≤] ?[0-9]+([.,][0-9]+)?$"
_PER_CENT: Final = f"([0-9])[{SPACES}]?%$"
_PUNCTUATION: Final = re.compile(r"[^\w\s]{1,5}")


@dataclass(frozen=True, kw_only=True)
class NumberStyle:
    """Which signs numbers are written with; ``decimal`` is None where no number needs it."""

    decimal: str | None
    thousands: str = SPACES


@dataclass(frozen=True, kw_only=True)
class Parsed:
    """Numbers, why each empty one is empty, how often each mark was met, and the cells' unit."""

    numbers: NDArray[np.float64]
    marks: NDArray[np.object_] | pd.Series[str]
    counts: dict[str, int]
    per_cent: bool = False


class NotANumberError(Exception):
    """Carries the position and a harmless description of the first cell that is no number."""

    def __init__(self, code: str, position: int, what: str, count: int) -> None:
        self.code, self.position, self.what, self.count = code, position, what, count
        super().__init__(what)


def tidy(cells: Any) -> Any:  # noqa: ANN401 - pyarrow is not typed
    """Return the cells without spaces around them, with a plain minus and without a per cent sign.

    Which numbers had one, `says_per_cent` tells.
    """
    trimmed = pc.utf8_trim(pc.fill_null(cells, ""), _PAD)
    plain = pc.replace_substring(trimmed, "\N{MINUS SIGN}", "-")
    if not pc.any(pc.match_substring(plain, "%")).as_py():
        return plain
    return pc.replace_substring_regex(plain, _PER_CENT, r"\1")


def says_per_cent(cells: Any) -> NDArray[np.bool_] | None:  # noqa: ANN401
    """Return which cells end a number with a per cent sign, or nothing where none does."""
    if not pc.any(pc.match_substring(cells, "%")).as_py():
        return None
    said = pc.match_substring_regex(pc.utf8_rtrim(cells, _PAD), _PER_CENT)
    return np.asarray(pc.fill_null(said, fill_value=False).to_numpy(zero_copy_only=False))


def find_style(cells: Any, *, separator: str | None, where: str) -> NumberStyle:  # noqa: ANN401
    """Read the decimal sign off all tidy number cells of a file, or refuse to guess it."""
    return decide_style(style_evidence(cells), separator=separator, where=where)


def style_evidence(cells: Any) -> frozenset[tuple[str, str]]:  # noqa: ANN401
    """Return what tidy cells show of their signs; the union is what parts of a file show together.

    ``("decimal", sign)``: some number can only mean a decimal sign; ``("groups", sign)``: some
    only thousands; ``("either", sign)``: some could mean both.
    """
    signed = {sign: cells.filter(pc.match_substring(cells, sign)) for sign in ",."}
    styles: set[tuple[str, str]] = set()
    for sign, other in ((",", "."), (".", ",")):
        if _any(signed[other], _grouped(other)) or _any(signed[other], _both(sign, other)):
            styles |= {("groups", other), ("decimal", sign)}
        if _shows_decimal(signed[sign], sign):
            styles.add(("decimal", sign))
        if _any(signed[sign], _ambiguous(sign)):
            styles.add(("either", sign))
    return frozenset(styles)


def decide_style(
    evidence: frozenset[tuple[str, str]], *, separator: str | None, where: str
) -> NumberStyle:
    """Return the one style that all evidence allows, or refuse."""
    signs = {sign for what, sign in evidence if what == "decimal"}
    if len(signs) > 1:
        raise ReadError(
            "read-decimal-mixed",
            "some numbers have a decimal comma and others a decimal point",
            remedy="write all numbers of a file with one decimal sign",
            where=where,
        )
    ambiguous = {sign for what, sign in evidence if what == "either"}
    # Between commas a decimal comma would need quotes: the full stop can only be the decimal sign.
    if not signs and ambiguous == {"."} and separator == ",":
        signs = {"."}
    if not signs and ambiguous:
        sign = min(ambiguous)
        raise ReadError(
            "read-decimal-ambiguous",
            f"numbers such as 1{sign}234 could mean one or one thousand, and no number decides it",
            remedy='give decimal = "," or decimal = "."',
            where=where,
        )
    if not signs:
        return NumberStyle(decimal=None)
    decimal = signs.pop()
    other = "." if decimal == "," else ","
    shown = ("groups", other) in evidence
    return NumberStyle(decimal=decimal, thousands=SPACES + other if shown else SPACES)


def _shows_decimal(cells: Any, sign: str) -> bool:  # noqa: ANN401
    single = f"{_SIGN}[0-9{SPACES}]+[{sign}][0-9]+(e[+-][0-9]+)?$"
    clear = pc.and_not(
        pc.match_substring_regex(cells, single, ignore_case=True),
        pc.match_substring_regex(cells, _ambiguous(sign)),
    )
    return bool(pc.any(clear).as_py())


def _ambiguous(sign: str) -> str:
    return f"{_SIGN}[1-9][0-9]{{0,2}}[{sign}][0-9]{{3}}$"


def _grouped(sign: str) -> str:
    return f"{_SIGN}[0-9]{{1,3}}([{sign}][0-9]{{3}}){{2,}}$"


def _both(decimal: str, thousands: str) -> str:
    return f"{_SIGN}[0-9]{{1,3}}([{thousands}][0-9]{{3}})+[{decimal}][0-9]+$"


def _any(cells: Any, pattern: str) -> bool:  # noqa: ANN401
    return bool(len(cells)) and bool(pc.any(pc.match_substring_regex(cells, pattern)).as_py())


def parse(cells: Any, style: NumberStyle, marks: Mapping[str, Meaning]) -> Parsed:  # noqa: ANN401
    """Return tidy cells as numbers and marks.

    Raises
    ------
    NotANumberError
        At the first cell that is neither a number in this style nor a mark.
    """
    is_mark = pc.is_in(cells, value_set=pa.array([each for each in marks if each != "<"]))
    if "<" in marks:
        is_mark = pc.or_(is_mark, pc.match_substring_regex(cells, _BELOW))
    is_number = pc.match_substring_regex(cells, _number_pattern(style))
    _refuse_rest(cells, pc.or_(is_mark, is_number), style)
    values = _cast(pc.if_else(pc.and_not(is_number, is_mark), cells, "nan"), style)
    infinite = np.isinf(values)
    if infinite.any():
        count = int(infinite.sum())
        raise NotANumberError("read-infinite", int(infinite.argmax()), "a number too large", count)
    marked: NDArray[np.bool_] = is_mark.to_numpy(zero_copy_only=False)
    return _explain(
        cells, marked, Parsed(numbers=values, marks=_blank(len(values)), counts={}), marks
    )


def _number_pattern(style: NumberStyle) -> str:
    # An exponent needs its sign: 1e-05 is how programs write small numbers, 128E10 is an area code.
    decimal = style.decimal or ","
    whole = "[0-9]+"
    groups = "|".join(
        f"[0-9]{{1,3}}([{re.escape(sign)}][0-9]{{3}})+"
        for sign in style.thousands
        if sign != decimal
    )
    whole = f"({whole}|{groups})" if groups else whole
    return f"{_SIGN}{whole}([{decimal}][0-9]+)?([eE][+-][0-9]{{1,3}})?$"


def _cast(cells: Any, style: NumberStyle) -> NDArray[np.float64]:  # noqa: ANN401
    decimal = style.decimal or ","
    for sign in style.thousands:
        if sign != decimal:
            cells = pc.replace_substring(cells, sign, "")
    plain = pc.utf8_ltrim(pc.replace_substring(cells, decimal, "."), "+")
    return np.array(pc.cast(plain, pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)


def _refuse_rest(cells: Any, known: Any, style: NumberStyle) -> None:  # noqa: ANN401
    unknown = pc.invert(known)
    count = int(pc.sum(unknown).as_py() or 0)
    if not count:
        return
    position = int(pc.index(unknown, value=True).as_py())
    cell = str(cells[position].as_py())
    other = "." if (style.decimal or ",") == "," else ","
    if re.match(_ambiguous(other), cell):
        what = f"a number such as 1{other}234 where the decimal sign is {style.decimal!r}"
        raise NotANumberError("read-decimal-ambiguous", position, what, count)
    if cell.lower().lstrip("+-") in ("inf", "infinity", "∞"):
        raise NotANumberError("read-infinite", position, "an infinite number", count)
    # Only punctuation is shown: anything else could be about a person.
    what = f"the mark {cell!r}" if _PUNCTUATION.fullmatch(cell) else "a text"
    raise NotANumberError("read-not-a-number", position, what, count)


def _blank(length: int) -> NDArray[np.object_]:
    return np.full(length, "", dtype=object)


def _explain(
    cells: Any,  # noqa: ANN401
    marked: NDArray[np.bool_],
    parsed: Parsed,
    marks: Mapping[str, Meaning],
) -> Parsed:
    counts: dict[str, int] = {}
    why = np.asarray(parsed.marks)
    marked_cells = np.asarray(cells.filter(pa.array(marked)).to_numpy(zero_copy_only=False))
    positions = np.flatnonzero(marked)
    for cell in np.unique(marked_cells.astype(str)):
        mark = str(cell) if cell in marks else "<"
        at = positions[marked_cells == cell]
        counts[mark] = counts.get(mark, 0) + len(at)
        if marks[mark] == "zero":
            parsed.numbers[at] = 0.0
        else:
            why[at] = marks[mark]
    return replace(parsed, marks=why, counts=counts)
