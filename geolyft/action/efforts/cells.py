"""Each cell of the register on its own: is it there, is it what its column holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from geolyft.action.efforts.form import tables
from geolyft.action.efforts.personal import marks_of_persons
from geolyft.errors import GeolyftError, brief, nearest
from geolyft.frames import BETWEEN
from geolyft.read.values.dates import is_clock, is_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geolyft.action.efforts.form import Column
    from geolyft.action.efforts.sheets import Sheet
    from geolyft.errors import Objection
    from geolyft.indicators.catalogue import Catalogue

MAILBOX: Final = "kontakt_funktion"
_NUMBER: Final = re.compile(r"\d[\d \u00a0]*(?:[.,]\d+)?")


def number(text: str) -> float:
    """Return the number a text is, with a comma or a point.

    Raises
    ------
    ValueError
        When it is none, or has a sign or a unit.

    Examples
    --------
    >>> number("0,5"), number("1 500")
    (0.5, 1500.0)
    """
    if not is_number(text):
        raise ValueError("no number")
    return float(re.sub(r"[ \u00a0]", "", text).replace(",", "."))


def is_number(text: str) -> bool:
    """Say whether a text is a number.

    Examples
    --------
    >>> is_number("15 000"), is_number("15 tkr")
    (True, False)
    """
    return bool(_NUMBER.fullmatch(text))


def faults_of_columns(sheet: Sheet) -> Iterator[GeolyftError]:
    """Yield each column that is missing, and each that nobody knows."""
    known, there = tables()[sheet.table], list(sheet.frame)
    for name in (each for each in known if each not in there):
        remedy = "add it, empty where nothing is known; geolyft efforts template has them all"
        what = f"the column {name} is missing"
        yield GeolyftError("efforts-column", what, remedy=remedy, where=sheet.where)
    for name in (str(each) for each in there if each not in known):
        what = f"the column {brief(name)} is not of this table{nearest(name, known)}"
        remedy = "correct its name, or delete it"
        yield GeolyftError("efforts-column", what, remedy=remedy, where=sheet.where)


def faults_of_cells(sheet: Sheet, catalogue: Catalogue) -> Iterator[GeolyftError]:
    """Yield what is wrong with single cells, column by column, without a protected row's texts."""
    for name in (name for name in tables()[sheet.table] if name in sheet.frame):
        column = tables()[sheet.table][name]
        values = column.values(catalogue)
        for row, text in enumerate(map(str, sheet.frame[name])):
            for code, what, remedy in _objections(column, text, values):
                shown = what if not is_protected(sheet, row) else what.partition(":")[0]
                yield GeolyftError(code, shown, remedy=remedy, where=sheet.at(row, name))


def is_protected(sheet: Sheet, row: int) -> bool:
    """Say whether a row of places is protected; anything but a plain no is a yes."""
    if "skyddad" not in sheet.frame:
        return False
    return sheet.frame["skyddad"].iloc[row].casefold() not in ("", "nej")


def _objections(column: Column, text: str, values: dict[str, str]) -> Iterator[Objection]:
    if not text:
        if column.required:
            yield "efforts-empty", "the cell is empty", f"fill it: {column.en.rstrip('.')}"
        return
    marks = marks_of_persons(text)
    if column.name == MAILBOX:
        marks = [mark for mark in marks if "mail" not in mark]
    if marks:
        remedy = f"take it away; a function's mailbox goes in {MAILBOX}"
        yield "efforts-personal", f"the text holds {' and '.join(marks)}", remedy
        return
    yield from _OF_KIND[column.kind](column, text, values)


def _of_text(_column: Column, _text: str, _values: dict[str, str]) -> Iterator[Objection]:
    yield from ()


def _of_choice(column: Column, text: str, values: dict[str, str]) -> Iterator[Objection]:
    code = "efforts-theme" if column.catalogue else "efforts-choice"
    parts = [part.strip() for part in text.split(BETWEEN)] if column.kind == "list" else [text]
    for part in parts:
        if part.casefold() not in values:
            meant = nearest(part, values)
            what = f"no value of the column: {brief(part)}{meant}"
            remedy = f"use one of {', '.join(dict.fromkeys(values.values()))}"
            yield code, what, remedy


def _of_date(_column: Column, text: str, _values: dict[str, str]) -> Iterator[Objection]:
    if not is_date(text):
        yield "efforts-date", f"no date: {brief(text)}", "write 2024, 2024-09 or 2024-09-15"


def _of_clock(_column: Column, text: str, _values: dict[str, str]) -> Iterator[Objection]:
    if not is_clock(text):
        yield "efforts-clock", f"no time of day: {brief(text)}", "write 17:00"


def _of_share(_column: Column, text: str, _values: dict[str, str]) -> Iterator[Objection]:
    if not is_number(text) or number(text) > 1:
        yield "efforts-share", f"no share: {brief(text)}", "write a number from 0 to 1, such as 0.5"


def _of_amount(_column: Column, text: str, _values: dict[str, str]) -> Iterator[Objection]:
    if not is_number(text):
        remedy = "write the number alone, and kr or tkr in kostnad_enhet"
        yield "efforts-cost", f"no number: {brief(text)}", remedy


_OF_KIND: Final = {
    "text": _of_text,
    "choice": _of_choice,
    "list": _of_choice,
    "date": _of_date,
    "clock": _of_clock,
    "share": _of_share,
    "amount": _of_amount,
}
