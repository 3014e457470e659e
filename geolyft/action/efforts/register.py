"""The register of efforts: three tables that were checked, or every fault of them at once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

from geolyft.action.efforts.cells import MAILBOX, faults_of_cells, faults_of_columns, number
from geolyft.action.efforts.form import EFFORTS, KEY, PLACES, TIMES, tables
from geolyft.action.efforts.personal import is_mailbox_of_a_person, may_name_a_person
from geolyft.action.efforts.rules import (
    faults_of_costs,
    faults_of_keys,
    faults_of_periods,
    faults_of_places,
    faults_of_protected,
    faults_of_shares,
)
from geolyft.action.efforts.sheets import no_rows, read_sheets
from geolyft.errors import FaultsError, GeolyftError, brief, nearest
from geolyft.frames import BETWEEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    import pandas as pd

    from geolyft.action.efforts.form import Column
    from geolyft.action.efforts.gazetteer import Gazetteer
    from geolyft.action.efforts.sheets import Sheet
    from geolyft.indicators.catalogue import Catalogue

_BODIES: Final = frozenset(
    {"länsstyrelsen", "malmö", "region", "sveriges", "norra", "södra", "östra"}
)
"""Words with a capital before another that are no first names, in small letters."""


@dataclass(frozen=True, kw_only=True)
class Register:
    """What a register says; every table has the columns of its form, as texts.

    Parameters
    ----------
    efforts, places, times
        Choices and themes are spelled as the form and the catalogue have them; shares and costs
        are numbers. What is not said is empty.
    doubts
        Where a text may name a person, without the text.
    """

    efforts: pd.DataFrame
    places: pd.DataFrame
    times: pd.DataFrame
    doubts: tuple[str, ...] = ()


def of_board(register: Register, board: str) -> Register:
    """Return what a register says of one board: its rows of efforts, and their places and times.

    Raises
    ------
    GeolyftError
        ``efforts-board`` when the register has no row of it.
    """
    named = register.efforts["namnd"].str.casefold() == board.casefold()
    if not named.any():
        boards = sorted(set(register.efforts["namnd"]))
        what = f"the register has no rows of {brief(board)}{nearest(board, boards)}"
        remedy = f"use one of {', '.join(map(brief, boards))}"
        raise GeolyftError("efforts-board", what, remedy=remedy)
    keys = register.efforts.loc[named, KEY]
    frames = (register.efforts, register.places, register.times)
    efforts, places, times = (f[f[KEY].isin(keys)].reset_index(drop=True) for f in frames)
    return Register(efforts=efforts, places=places, times=times)


def no_register() -> Register:
    """Return a register that says nothing."""
    efforts, places, times = (no_rows(name).frame for name in (EFFORTS, PLACES, TIMES))
    return Register(efforts=efforts, places=places, times=times)


def read_register(file: Path, *, catalogue: Catalogue, known: Gazetteer) -> Register:
    """Read a register, and refuse it with all of its faults.

    Parameters
    ----------
    file
        A workbook with the sheets ``insatser``, ``platser`` and ``tider``, or the CSV of efforts:
        ``insatser.csv`` with ``insatser_platser.csv`` and ``insatser_tider.csv`` beside it.
    catalogue
        Its dimensions and indicators are themes.
    known
        The areas, and names of places that lie in one of them.

    Raises
    ------
    FaultsError
        Everything that is wrong, each with a code that begins with ``efforts-``.
    ReadError
        When a file cannot be understood at all.
    """
    sheets, faults = read_sheets(file)
    for sheet in sheets.values():
        faults += faults_of_columns(sheet)
    faults += _faults(sheets, catalogue, known)
    if faults:
        raise FaultsError(faults)
    made = {name: _spelled(sheet, catalogue) for name, sheet in sheets.items()}
    return Register(
        efforts=made[EFFORTS],
        places=made[PLACES],
        times=made[TIMES],
        doubts=tuple(_doubts(sheets, known)),
    )


def _faults(
    sheets: Mapping[str, Sheet], catalogue: Catalogue, known: Gazetteer
) -> Iterator[GeolyftError]:
    """Yield every fault, those of cells first."""
    yield from chain.from_iterable(faults_of_cells(each, catalogue) for each in sheets.values())
    # A column that is missing was told of; what the others say together is told all the same.
    whole = {
        table: sheets[table].whole() if table in sheets else no_rows(table) for table in tables()
    }
    if all(KEY in each.frame for each in sheets.values()) and EFFORTS in sheets:
        yield from faults_of_keys(whole)
        yield from faults_of_shares(whole[PLACES])
    yield from chain.from_iterable(faults_of_periods(each) for each in whole.values())
    yield from faults_of_places(whole[PLACES], known)
    yield from faults_of_costs(whole[EFFORTS])
    yield from faults_of_protected(whole)


def _spelled(sheet: Sheet, catalogue: Catalogue) -> pd.DataFrame:
    """Return a table's columns in the form's order, every value as the form spells it."""
    columns = tables()[sheet.table]
    frame = sheet.frame[list(columns)].reset_index(drop=True)
    for name, column in columns.items():
        if column.kind in ("share", "amount"):
            frame[name] = frame[name].map(lambda text: number(text) if text else float("nan"))
            frame[name] = frame[name].astype("float64")
        elif column.kind in ("choice", "list"):
            frame[name] = frame[name].map(_speller(column, catalogue)).astype("str")
    return frame


def _speller(column: Column, catalogue: Catalogue) -> Callable[[str], str]:
    values = column.values(catalogue)

    def spelled(text: str) -> str:
        parts = [part.strip() for part in text.split(BETWEEN) if part.strip()]
        return f"{BETWEEN} ".join(dict.fromkeys(values[part.casefold()] for part in parts))

    return spelled


def _doubts(sheets: Mapping[str, Sheet], known: Gazetteer) -> Iterator[str]:
    """Yield where a text may name a person: a school can be named after one, so it may stand."""
    names = [name for name, _ in known.small.values()]
    places = _BODIES | {word.casefold() for name in names for word in name.split()}
    for sheet in sheets.values():
        free = [name for name, column in tables()[sheet.table].items() if column.free]
        for name in free:
            rows = [
                sheet.lines[row]
                for row, text in enumerate(sheet.frame[name])
                if may_name_a_person(text, places)
            ]
            if rows:
                listed = ", ".join(map(str, rows))
                where = f"{sheet.where}, column {name}"
                yield f"{where}: may name a person, look at row {listed}"
        if MAILBOX in sheet.frame:
            for row, text in enumerate(sheet.frame[MAILBOX]):
                if is_mailbox_of_a_person(text):
                    yield f"{sheet.at(row, MAILBOX)}: may be a person's address"
