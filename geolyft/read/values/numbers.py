"""Text becomes numbers, or the reason why there is none; nothing is guessed.

Swedish numbers have a decimal comma and spaces between thousands, exports of programs a full stop.
Which of the two a file uses is read off the numbers that can only be meant one way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geolyft.errors import ReadError
from geolyft.read.values.plain import PLAIN, is_tidy, numbers_of, shapes_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from geolyft.read.understand.model import Meaning

SPACES: Final = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"
_PAD: Final = SPACES + "\t"
_SIGN: Final = "^[+-]?"
_BELOW: Final = "^[<≤] ?[0-9]+([.,][0-9]+)?$"
_PER_CENT: Final = f"([0-9])[{SPACES}]?%$"
_PUNCTUATION: Final = re.compile(r"[^\w\s]{1,5}")
_REASONS: Final = ("", "missing", "hidden")
_WHOLE: Final = ("whole", "")


@dataclass(frozen=True, kw_only=True)
class NumberStyle:
    """Which signs numbers are written with; ``decimal`` is None where no number needs it."""

    decimal: str | None
    thousands: str = SPACES


@dataclass(frozen=True, kw_only=True)
class Parsed:
    """Numbers, why each empty one is empty, how often each mark was met, and the cells' unit.

    Of ages, `last` is the last of each class of which the number is the first.
    """

    numbers: NDArray[np.float64]
    marks: Any  # texts: an array of pyarrow's, or a series
    counts: dict[str, int]
    per_cent: bool = False
    last: NDArray[np.float64] | None = None


class NotANumberError(Exception):
    """Carries the position and a harmless description of the first cell that is no number."""

    def __init__(self, code: str, position: int, what: str, count: int) -> None:
        self.code, self.position, self.what, self.count = code, position, what, count
        super().__init__(what)


def tidy(cells: Any) -> Any:  # noqa: ANN401 - pyarrow is not typed
    """Return the cells without spaces around them, with a plain minus and without a per cent sign.

    Which numbers had one, `says_per_cent` tells.
    """
    cells = pc.fill_null(cells, "")
    if is_tidy(cells):
        return cells
    trimmed = pc.utf8_trim(cells, _PAD)
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


def find_style(columns: Iterable[Any], *, separator: str | None, where: str) -> NumberStyle:
    """Read the decimal sign off all tidy number columns of a file, or refuse to guess it."""
    evidence = shown_together(map(style_evidence, columns))
    return decide_style(evidence, separator=separator, where=where)


@dataclass(frozen=True)
class Shown:
    """What number cells show of their signs, see `style_evidence`.

    Plain are those that are plain numbers as they stand, without a space around them.
    """

    evidence: frozenset[tuple[str, str]] = frozenset()
    plain: bool = True

    def __add__(self, other: Shown) -> Shown:
        """Return what both show."""
        return Shown(self.evidence | other.evidence, self.plain and other.plain)

    def are_numbers(self, decimal: str, marks: Iterable[str]) -> bool:
        """Say whether each cell is a plain number with this sign, and can be nothing else."""
        signs = {sign for _, sign in self.evidence - {_WHOLE}}
        return self.plain and signs <= {decimal} and not _is_any_plain(marks)


def style_evidence(cells: Any) -> frozenset[tuple[str, str]]:  # noqa: ANN401
    """Return what tidy cells show of their signs; the union is what parts of a file show together.

    ``("decimal", sign)``: some number can only mean a decimal sign; ``("groups", sign)``: some
    only thousands; ``("either", sign)``: some could mean both; ``("whole", "")``: some have none.
    """
    return shown_by(cells).evidence


def shown_together(columns: Iterable[frozenset[tuple[str, str]]]) -> frozenset[tuple[str, str]]:
    """Return what columns show together, each given by all that it shows.

    ``("beside", sign)``: a column has whole numbers beside some that could mean both.
    """
    each = list(columns)
    beside = {("beside", s) for shown in each if _WHOLE in shown for w, s in shown if w == "either"}
    return frozenset(beside).union(*each)


def shown_by(cells: Any) -> Shown:  # noqa: ANN401 - pyarrow is not typed
    """Return what cells show, tidy or not."""
    tidied = tidy(cells)
    shapes = shapes_of(tidied)
    styles = {_WHOLE} if shapes.whole.any() else set()
    for sign, plain in shapes.signs.items():
        styles |= {("decimal", sign)} if (plain & ~shapes.unclear).any() else set()
        styles |= {("either", sign)} if (plain & shapes.unclear).any() else set()
    odd = ~shapes.plain(",.")
    if odd.any():
        styles |= _odd_evidence(tidied.filter(pa.array(odd)))
    return Shown(frozenset(styles), plain=not odd.any() and is_tidy(cells))


def _odd_evidence(cells: Any) -> frozenset[tuple[str, str]]:  # noqa: ANN401
    signed = {sign: cells.filter(pc.match_substring(cells, sign)) for sign in ",."}
    styles = {_WHOLE} if _any(cells, f"{_SIGN}[0-9]+$") else set()
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
    # Between commas a decimal comma would need quotes: the full stop is the decimal sign, unless
    # whole numbers beside it, as 30 beside 1.020, let it be one that groups thousands.
    beside = ("beside", ".") in evidence
    if not signs and ambiguous == {"."} and separator == "," and not beside:
        signs = {"."}
    if not signs and ambiguous:
        sign = min(ambiguous)
        other = "." if sign == "," else ","
        raise ReadError(
            "read-decimal-ambiguous",
            f"numbers such as 1{sign}234 could mean one or one thousand, and no number decides it",
            remedy=f'give decimal = "{sign}", or decimal = "{other}" and thousands = "{sign}"',
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
    plain = _plain(cells, style, marks)
    odd = np.flatnonzero(~plain)
    others = cells.take(pa.array(odd))
    is_mark = pc.is_in(others, value_set=pa.array([each for each in marks if each != "<"]))
    if "<" in marks:
        is_mark = pc.or_(is_mark, pc.match_substring_regex(others, _BELOW))
    is_number = pc.match_substring_regex(others, _number_pattern(style))
    _refuse_rest(others, pc.or_(is_mark, is_number), style, odd)
    values = np.empty(len(cells))
    values[plain] = numbers_of(cells.filter(pa.array(plain)) if len(odd) else cells)
    values[odd] = _cast(pc.if_else(pc.and_not(is_number, is_mark), others, "nan"), style)
    infinite = np.isinf(values)
    if infinite.any():
        count = int(infinite.sum())
        raise NotANumberError("read-infinite", int(infinite.argmax()), "a number too large", count)
    return _explain(others.filter(is_mark), odd[np.asarray(is_mark)], values, marks)


def _plain(
    cells: Any,  # noqa: ANN401
    style: NumberStyle,
    marks: Mapping[str, Meaning],
) -> NDArray[np.bool_]:
    """Return which cells need no look at what is a mark and which signs there are."""
    if _is_any_plain(marks):
        return np.zeros(len(cells), dtype=bool)
    return shapes_of(cells).plain(style.decimal or ",")


def _is_any_plain(marks: Iterable[str]) -> bool:
    return any(map(PLAIN.fullmatch, marks))


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


def _refuse_rest(
    cells: Any,  # noqa: ANN401
    known: Any,  # noqa: ANN401
    style: NumberStyle,
    rows: NDArray[np.intp],
) -> None:
    unknown = pc.invert(known)
    count = int(pc.sum(unknown).as_py() or 0)
    if not count:
        return
    first = int(pc.index(unknown, value=True).as_py())
    position, cell = int(rows[first]), str(cells[first].as_py())
    other = "." if (style.decimal or ",") == "," else ","
    if re.match(_ambiguous(other), cell):
        what = f"a number such as 1{other}234 where the decimal sign is {style.decimal!r}"
        raise NotANumberError("read-decimal-ambiguous", position, what, count)
    if cell.lower().lstrip("+-") in ("inf", "infinity", "∞"):
        raise NotANumberError("read-infinite", position, "an infinite number", count)
    # Only punctuation is shown: anything else could be about a person.
    what = f"the mark {cell!r}" if _PUNCTUATION.fullmatch(cell) else "a text"
    raise NotANumberError("read-not-a-number", position, what, count)


def _explain(
    cells: Any,  # noqa: ANN401
    rows: NDArray[np.intp],
    numbers: NDArray[np.float64],
    marks: Mapping[str, Meaning],
) -> Parsed:
    """Return the numbers, and what the cells that are marks say of their rows."""
    counts: dict[str, int] = {}
    why = np.zeros(len(numbers), dtype=np.int8)
    for cell in sorted(pc.unique(cells).to_pylist()):
        mark = cell if cell in marks else "<"
        at = rows[np.asarray(pc.equal(cells, cell))]
        counts[mark] = counts.get(mark, 0) + len(at)
        if marks[mark] == "zero":
            numbers[at] = 0.0
        else:
            why[at] = _REASONS.index(marks[mark])
    reasons = pa.array(_REASONS, type=pa.large_string()).take(pa.array(why))
    return Parsed(numbers=numbers, marks=reasons, counts=counts)
