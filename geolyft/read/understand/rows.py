"""The header above the rows, and the notes below them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Final

from geolyft.errors import ReadError, brief, is_personal
from geolyft.read.understand.files import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    Row = Sequence[object]

SUMS: Final = ("summa", "summa totalt", "totalsumma", "totalt", "total", "sum")
"""What names a row that is the sum of others."""
_SUM: Final = re.compile(rf"\s*({'|'.join(SUMS)})\s*:?\s*", re.IGNORECASE)
_NOTE: Final = re.compile(
    r"\s*((källa|kalla|source|not|noter|fotnot(er)?|notes?|anm(ärkning(ar)?)?|obs|kommentar"
    r"|senast uppdaterad|uppdaterad|last updated|databas|kontakt(person)?|copyright"
    r"|förklaring(ar)?)\s*\.?\s*:|©|\(c\)|\*|\d{1,2}\)\s)",
    re.IGNORECASE,
)
_FOOTER_LIMIT: Final = 200
_YEAR: Final = re.compile(r"(19|20)[0-9]{2}")
_NUMBER: Final = re.compile(r"[+-]?[0-9][0-9\s]*([.,][0-9]+)?([eE][+-]?[0-9]+)?")
_FEW_DIGITS: Final = 4
_MOST_LISTED: Final = 20
_MISSING: Final = "; the first row looks like data; is the header missing?"


def clean_header(cells: Row, *, where: str) -> list[str]:
    """Return the column names, or refuse a header that does not name each column once.

    Names lose the spaces around them and are composed (NFC): ``kön`` is the same name whether its
    ö is one sign or two.
    """
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
    if width > 1 and len([name for name in names if name]) == 1:
        what = f"the first row has one cell and the table {width} columns: it looks like a title"
        remedy = "give skip_rows = the number of rows above the header, or delete them"
        raise ReadError("read-header-title", what, remedy=remedy, where=where)


def refuse_nameless(names: Sequence[str], filled: Callable[[int], bool], *, where: str) -> None:
    """Refuse a column with cells and no name; which positions have cells, `filled` tells."""
    for position, name in enumerate(names):
        if not name and filled(position):
            what = f"column {position + 1} has cells and no name"
            remedy = "give every column a name, in one header row without merged cells"
            raise ReadError("read-header-empty", what, remedy=remedy, where=where)


def choose(
    names: Sequence[str], *, numbers: Collection[str], columns: Collection[str] | None, where: str
) -> list[str]:
    """Return the columns to read in the order asked, or refuse one that is not there."""
    asked = [*names] if columns is None else list(dict.fromkeys([*columns, *numbers]))
    for name in [*asked, *numbers]:
        if name not in names or not name:
            what = f"there is no column {brief(name)}{_present(name, names)}"
            remedy = "name a column of the file"
            raise ReadError("read-column-missing", what, remedy=remedy, where=where)
    return asked


def _present(name: str, names: Sequence[str]) -> str:
    """Return a clause that says which columns there are."""
    if _is_data(names):
        return _MISSING
    present = [each for each in names if each]
    more = ", …" if len(present) > _MOST_LISTED else ""
    return f"{nearest(name, present)}; there are {', '.join(present[:_MOST_LISTED])}{more}"


def split_footer(rows: list[Row], width: int) -> tuple[list[Row], int]:
    """Split the note rows after the table, and one sum row at its end, from the rows.

    Returns the rows of the table and the number of rows set aside; blank rows are not counted.
    A note stands below a blank row, begins like one (``Källa:``), or is one cell of running text
    alone on its row. One last row named ``Summa`` or ``Totalt`` is a sum of the others.
    """
    kept = len(rows)
    notes = pending = 0
    for position in range(len(rows) - 1, max(-1, len(rows) - _FOOTER_LIMIT), -1):
        row = rows[position]
        blank = _is_blank(row)
        if blank or _is_note(row, width):
            kept, notes, pending = position, notes + pending + (not blank), 0
        elif width > 1 and _is_blank(row[1:]):
            pending += 1  # a note if what stands above it is a note or a blank row, else data
        else:
            break
    if kept > 1 and is_sum(rows[kept - 1]):
        return rows[: kept - 1], notes + 1
    return rows[:kept], notes


def refuse_sums(rows: Sequence[Row], first_row: int, *, where: str) -> None:
    """Refuse a sum row among the rows: as an area it would count everything twice."""
    labels = {row[0] or row[min(1, len(row) - 1)] for row in rows if row}
    if not any(map(_SUM.fullmatch, map(str, labels))):
        return
    sums = [position for position, row in enumerate(rows) if is_sum(row)]
    raise ReadError(
        "read-sum-row",
        f"{len(sums)} rows among the data are sums of others (Summa, Totalt)",
        remedy='delete them, or give footer = "keep" if they are a category of their own',
        where=f"{where}, row {first_row + sums[0]}",
    )


def is_sum(row: Row) -> bool:
    """Say whether the first filled of a row's first two cells names a sum."""
    return bool(row) and bool(_SUM.fullmatch(str(row[0] or row[min(1, len(row) - 1)])))


def _is_blank(row: Row) -> bool:
    return not any(cell is not None and str(cell).strip() for cell in row)


def _is_note(row: Row, width: int) -> bool:
    first = row[0]
    if width == 1 or not isinstance(first, str):
        return False
    return bool(_NOTE.match(first)) or (len(row) == 1 and " " in first.strip())
