"""The header above the rows, and the notes below them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Final

from geolyft.errors import ReadError, brief, count, is_personal, nearest
from geolyft.read.understand.limits import MOST_COLUMNS, check_size

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    import numpy as np
    from numpy.typing import NDArray

    Row = Sequence[object]
    Numbers = Sequence[int] | NDArray[np.int64]

SUMS: Final = ("summa", "summa totalt", "totalsumma", "totalt", "total", "sum")
"""What names a row that is the sum of others."""
_SUM: Final = re.compile(rf"\s*({'|'.join(SUMS)})\s*:?\s*", re.IGNORECASE)
# What tables are ended with, and what a name or a masked identity can begin with too.
_SOURCE: Final = re.compile(
    r"\s*(källa|kalla|source|noter|fotnot(er)?|notes|senast uppdaterad|uppdaterad|last updated"
    r"|databas|copyright)\s*\.?\s*:",
    re.IGNORECASE,
)
_NOTE: Final = re.compile(
    r"\s*((not|note|anm(ärkning(ar)?)?|obs|kommentar|kontakt(person)?|förklaring(ar)?)\s*\.?\s*:"
    r"|©|\(c\)|\*|\d{1,2}\)\s)",
    re.IGNORECASE,
)
_MARK: Final = re.compile(r"[.…–-]{1,3}|[xX]|[<≤].*")
_SEEN_ABOVE: Final = 50
_NAMELESS: Final = re.compile(r"column [0-9]+")
_FOOTER_LIMIT: Final = 200
_YEAR: Final = re.compile(r"(19|20)[0-9]{2}")
_NUMBER: Final = re.compile(r"[+-]?[0-9][0-9\s]*([.,][0-9]+)?([eE][+-]?[0-9]+)?(\s*%)?")
_FEW_DIGITS: Final = 4
_MOST_LISTED: Final = 20
_MISSING: Final = "; the first row looks like data; is the header missing?"


def clean_header(cells: Row, *, where: str) -> list[str]:
    """Return the column names, or refuse a header that does not name each column once.

    Names lose the spaces around them and are composed (NFC): ``kön`` is the same name whether its
    ö is one sign or two.
    """
    check_size("columns", len(cells), MOST_COLUMNS, where=where)
    names = [unicodedata.normalize("NFC", str(cell or "")).strip() for cell in cells]
    counts = Counter(name.casefold() for name in names if name)
    twice = [name for name in names if counts[name.casefold()] > 1]
    if twice:
        which = _MISSING if _is_data(names) else f": {brief(twice[0])}"
        what = f"two columns have one name, or names that differ only in case{which}"
        remedy = "give every column its own name"
        raise ReadError("read-header-duplicate", what, remedy=remedy, where=where)
    return names


def _is_data(names: Sequence[str]) -> bool:
    """Say whether a row that should be the header holds values, which are not to be repeated.

    Years and classes of age are names of columns too.
    """
    return any(
        is_personal(name)
        or (_NUMBER.fullmatch(name) and not _YEAR.fullmatch(name))
        or len(name) / 2 < sum(map(str.isdigit, name)) > _FEW_DIGITS
        for name in names
    )


def refuse_title(names: Sequence[str], width: int, *, where: str) -> None:
    """Refuse a first row that is a title above the table, not its header."""
    alone = len([name for name in names if name]) == 1
    # Codes without a heading beside one named column of figures are a table, not a title.
    if width > 1 and alone and (len(names) < width or not all(names[1:])):
        what = f"the first row has one cell and the table {width} columns: it looks like a title"
        remedy = "give skip_rows = the number of rows above the header, or delete them"
        raise ReadError("read-header-title", what, remedy=remedy, where=where)


def name_nameless(
    names: Sequence[str], filled: Callable[[int], bool], below: Row, *, where: str
) -> list[str]:
    """Return the names, where a column with cells and no name is called ``column`` and its number.

    Parameters
    ----------
    filled
        Says whether the column in a position has cells.
    below
        The first row below the header.

    Raises
    ------
    ReadError
        ``read-header-empty`` when no column has a name, or the row below is a second header.
    """
    lacking = [at for at, name in enumerate(names) if not name and filled(at)]
    if not lacking:
        return [*names]
    second = _is_header(below) and any(_filled(cell) for cell in map(_at(below), lacking))
    if second or not any(names):
        what = f"column {lacking[0] + 1} has cells and no name"
        what += ", and the row below looks like a second header" if second else ""
        remedy = "give every column a name, in one header row without merged cells"
        raise ReadError("read-header-empty", what, remedy=remedy, where=where)
    named = [*names]
    for at in lacking:
        named[at] = nameless(at)
    return clean_header(named, where=where)


def nameless(position: int) -> str:
    """Return what a column without a name is called."""
    return f"column {position + 1}"


def _at(row: Row) -> Callable[[int], object]:
    return lambda at: row[at] if at < len(row) else None


def _is_header(row: Row) -> bool:
    """Say whether a row below the header goes on with it: texts or years, and no code first."""
    cells = [str(cell).strip() for cell in row if _filled(cell)]
    texts = all(not _NUMBER.fullmatch(cell) or _YEAR.fullmatch(cell) for cell in cells)
    return bool(cells) and texts and not _filled(row[0])


def choose(
    names: Sequence[str], *, numbers: Collection[str], columns: Collection[str] | None, where: str
) -> list[str]:
    """Return the columns to read in the order asked, or refuse one that is not there."""
    asked = [*names] if columns is None else list(dict.fromkeys([*columns, *numbers]))
    present = set(names) - {""}
    for name in [*asked, *numbers]:
        if name not in present:
            what = f"there is no column {brief(name)}{_present(name, names)}"
            lacking = [each for each in names if _NAMELESS.fullmatch(each)]
            remedy = "name a column of the file"
            remedy += f", {brief(lacking[0])} for the one without a heading" if lacking else ""
            raise ReadError("read-column-missing", what, remedy=remedy, where=where)
    return asked


def _present(name: str, names: Sequence[str]) -> str:
    """Return a clause that says which columns there are."""
    if _is_data(names):
        return _MISSING
    present = [each for each in names if each]
    more = ", …" if len(present) > _MOST_LISTED else ""
    listed = ", ".join(present[:_MOST_LISTED]) or "none"
    return f"{nearest(name, present)}; there are {listed}{more}"


def split_footer(rows: list[Row], width: int, *, sums: bool = True) -> tuple[list[Row], int]:
    """Split the note rows after the table, and one sum row at its end, from the rows.

    Returns the rows of the table and the number of rows set aside; blank rows are not counted.
    A note stands below a blank row, begins like one (``Källa:``), or is one cell of running text
    alone on its row. A row that begins like a note and goes on like the rows above it is data. One
    last row named ``Summa`` or ``Totalt`` is a sum of the others.

    Without `sums` these are data, as is all that has more than one cell: no note that says where
    a table is from makes a category of ``Totalt`` unreadable.
    """
    kept = len(rows)
    notes = pending = 0
    for position in range(len(rows) - 1, max(-1, len(rows) - _FOOTER_LIMIT), -1):
        row = rows[position]
        blank = _is_blank(row)
        if not (sums or blank or _is_alone(row)):
            break
        if blank or _is_note(row, width, rows[: min(position, _SEEN_ABOVE)]):
            kept, notes, pending = position, notes + pending + (not blank), 0
        elif width > 1 and _is_blank(row[1:]):
            pending += 1  # a note if what stands above it is a note or a blank row, else data
        else:
            break
    if sums and kept > 1 and is_sum(rows[kept - 1]):
        return rows[: kept - 1], notes + 1
    return rows[:kept], notes


def refuse_sums(rows: Sequence[Row], numbers: Numbers, *, where: str) -> None:
    """Refuse a sum row among the rows: as an area it would count everything twice.

    The rows' `numbers` are those of the file.
    """
    labels = {row[0] or row[min(1, len(row) - 1)] for row in rows if row}
    if not any(map(_SUM.fullmatch, map(str, labels))):
        return
    sums = [position for position, row in enumerate(rows) if is_sum(row)]
    raise ReadError(
        "read-sum-row",
        f"{count(len(sums))} rows among the data are sums of others (Summa, Totalt)",
        remedy='delete them, or give footer = "keep" if they are a category of their own',
        where=f"{where}, row {numbers[sums[0]]}",
    )


def is_sum(row: Row) -> bool:
    """Say whether the first filled of a row's first two cells names a sum."""
    return bool(row) and bool(_SUM.fullmatch(str(row[0] or row[min(1, len(row) - 1)])))


def _filled(cell: object) -> bool:
    return cell is not None and bool(str(cell).strip())


def _is_blank(row: Row) -> bool:
    return not any(map(_filled, row))


def _is_alone(row: Row) -> bool:
    """Say whether a row ends with its first cell, as no row of a table of several columns does."""
    return all(cell is None for cell in row[1:])


def _is_note(row: Row, width: int, above: Sequence[Row]) -> bool:
    first = row[0]
    if width == 1 or not isinstance(first, str):
        return False
    if not (_SOURCE.match(first) or _NOTE.match(first)):
        return len(row) == 1 and " " in first.strip()
    others = [cell for cell in row[1:] if _filled(cell)]
    if not others or _is_misfit(row, above):
        return True
    whole = len(row) == width and len(others) == width - 1
    if _SOURCE.match(first):
        return not whole
    return len(row) != width and not any(map(_is_number, others))


def _is_misfit(row: Row, above: Sequence[Row]) -> bool:
    """Say whether a row has running text in a column where the rows above have numbers."""
    texts = [at for at, cell in enumerate(row) if at and _filled(cell) and not _is_number(cell)]
    return any(_has_numbers(at, above) for at in texts if not _is_mark(row[at]))


def _has_numbers(at: int, rows: Sequence[Row]) -> bool:
    cells = [row[at] for row in rows if at < len(row) and _filled(row[at])]
    figures = [cell for cell in cells if not _is_mark(cell)]
    return bool(figures) and all(map(_is_number, figures))


def _is_number(cell: object) -> bool:
    return isinstance(cell, int | float) or bool(_NUMBER.fullmatch(str(cell).strip()))


def _is_mark(cell: object) -> bool:
    return bool(_MARK.fullmatch(str(cell).strip()))
