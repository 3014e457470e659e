"""A register of efforts as files, from rows that say only what a test is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geolyft.action.efforts.form import tables
from geolyft.action.efforts.gazetteer import Gazetteer
from geolyft.action.efforts.register import Register, read_register
from geolyft.indicators.catalogue import load_catalogue

if TYPE_CHECKING:
    from pathlib import Path

KNOWN = Gazetteer(
    areas={"1": "Hamnen", "2": "Torget", "3": "Parken"},
    small={
        "hamnen": ("Hamnen", "1"),
        "torget": ("Torget", "2"),
        "parken": ("Parken", "3"),
        "kajen": ("Kajen", "1"),
    },
)
EFFORT = {
    "namn": "Läxhjälp",
    "namnd": "Fritidsnämnden",
    "tema": "utbildning",
    "malgrupp": "barn",
    "status": "pågår",
    "kalla": "prov",
}
Rows = "Sequence[dict[str, object]]"


def effort(key: str, **said: object) -> dict[str, object]:
    """Return a row of efforts; what a test does not say is as in ``EFFORT``."""
    return {"rad_id": key, "insats_id": key, **EFFORT, **said}


def place(key: str, code: str = "", **said: object) -> dict[str, object]:
    """Return a row of places: by name where there is an area, else not stated."""
    sure = "uttryckligt namn" if code else "ej angiven"
    return {"rad_id": key, "kod": code, "plats_sakerhet": sure, **said}


def frame(table: str, rows: Rows) -> pd.DataFrame:
    """Return rows as the table has them."""
    cells = {name: [str(row.get(name, "")) for row in rows] for name in tables()[table]}
    return pd.DataFrame(cells, dtype="str")


def write_register(
    folder: Path, efforts: Rows, places: Rows = (), times: Rows = (), *, sep: str = ","
) -> Path:
    """Write the three tables, and return the path of the first."""
    made = {"insatser": efforts, "insatser_platser": places, "insatser_tider": times}
    for name, rows in made.items():
        table = name.rpartition("_")[2]
        frame(table, rows).to_csv(folder / f"{name}.csv", index=False, sep=sep)
    return folder / "insatser.csv"


def register(folder: Path, efforts: Rows, places: Rows = (), times: Rows = ()) -> Register:
    """Return a register that was written and read."""
    file = write_register(folder, efforts, places, times)
    return read_register(file, catalogue=load_catalogue(), known=KNOWN)
