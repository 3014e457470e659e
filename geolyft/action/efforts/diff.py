"""What differs between two registers, cell by cell: what was corrected and sent back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.action.efforts.form import EFFORTS, KEY, PLACES, TIMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geolyft.action.efforts.register import Register

COLUMNS: Final = ["tabell", KEY, "kolumn", "fore", "efter"]
_WHOLE: Final = "(rad)"
"""Stands for the column where a whole row is new or gone."""


def diff(before: Register, after: Register) -> pd.DataFrame:
    """Return every cell that differs, and every row that came or went.

    Rows of places and times have no key of their own and are compared in their order within a row
    of efforts. Protected places are in neither side.

    Returns
    -------
    pandas.DataFrame
        ``tabell, rad_id, kolumn, fore, efter``: all text, sorted as the tables are.

    Examples
    --------
    >>> none = pd.DataFrame({"rad_id": [], "skyddad": []}, dtype="str")
    >>> def register(status):
    ...     rows = pd.DataFrame({"rad_id": ["a"], "status": [status]})
    ...     return Register(efforts=rows, places=none, times=none)
    >>> from geolyft.action.efforts.register import Register
    >>> diff(register("pågår"), register("avslutad")).to_numpy().tolist()
    [['insatser', 'a', 'status', 'pågår', 'avslutad']]
    """
    pairs = (
        (EFFORTS, before.efforts, after.efforts),
        (PLACES, _open(before.places), _open(after.places)),
        (TIMES, before.times, after.times),
    )
    rows = [row for table, old, new in pairs for row in _changes(table, _keyed(old), _keyed(new))]
    return pd.DataFrame(rows, columns=COLUMNS, dtype="str")


def _open(places: pd.DataFrame) -> pd.DataFrame:
    return places[places["skyddad"] != "ja"]


def _keyed(frame: pd.DataFrame) -> dict[tuple[str, int], dict[str, str]]:
    texts = frame.astype("object").where(frame.notna(), "").astype("str")
    within = texts.groupby(KEY).cumcount()
    records = [{str(name): text for name, text in row.items()} for row in texts.to_dict("records")]
    return {(row[KEY], int(n)): row for row, n in zip(records, within, strict=True)}


def _changes(
    table: str,
    old: dict[tuple[str, int], dict[str, str]],
    new: dict[tuple[str, int], dict[str, str]],
) -> Iterator[tuple[str, ...]]:
    for key in dict.fromkeys([*old, *new]):
        one, other = old.get(key), new.get(key)
        if one is None or other is None:
            yield table, key[0], _WHOLE, "" if one is None else "finns", "finns" if other else ""
            continue
        for column in one:
            if one[column] != other[column]:
                yield table, key[0], column, one[column], other[column]
