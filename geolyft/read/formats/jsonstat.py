"""JSON-stat 2 data sets, as SCB's API and Eurostat give them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geolyft.errors import ReadError, brief
from geolyft.read.formats.cube import Dimension, cube_grid, size_of
from geolyft.read.understand.files import sha256_of
from geolyft.read.understand.grid import Column, TextGrid, strings
from geolyft.read.understand.limits import CELLS_OF_A_BYTE, FREE_CELLS, check_size
from geolyft.read.understand.text import decode

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from geolyft.read.understand.model import TextOptions

_LONGEST: Final = 100  # signs of a status that holds for every cell


def read_jsonstat(
    file: Path, *, numbers: Collection[str], columns: Collection[str] | None, options: TextOptions
) -> TextGrid:
    """Read a cube as a long table: a column of codes per dimension, and ``value``."""
    where = file.name
    text, encoding = decode(file.read_bytes(), encoding=options.encoding, where=where)
    dataset = parse_json(text, where)
    if dataset.get("class") != "dataset" or not isinstance(dataset.get("id"), list):
        raise _unclear(where, "is not a JSON-stat 2 data set")
    try:
        dimensions = [_dimension(dataset, str(name), where) for name in dataset["id"]]
        size = size_of(dimensions, where=where)
        most = max(FREE_CELLS, CELLS_OF_A_BYTE * len(text))
        check_size("cells", size, most, where=where, code="read-cube-size")
        if dataset["size"] != [len(dimension.codes) for dimension in dimensions]:
            raise _unclear(where, "gives its dimensions other sizes than they have")
        values = _values(dataset, size, where)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        raise _unclear(where, "lacks a part that JSON-stat 2 requires") from None
    grid = TextGrid(
        name=where,
        kind="json-stat",
        sha256=sha256_of(file, "json-stat"),
        columns={},
        rows=(),
        encoding=encoding,
        decimal=".",
    )
    return cube_grid(dimensions, values, grid, numbers=numbers, columns=columns)


def parse_json(text: str, where: str) -> dict[str, Any]:
    """Return a JSON object; truncated, endlessly nested and infinite ones are refused."""
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, dict):
        remedy = "fetch it again, it may be incomplete"
        raise ReadError("read-damaged", "is not whole JSON", remedy=remedy, where=where)
    return parsed


def _dimension(dataset: dict[str, Any], name: str, where: str) -> Dimension:
    codes = _codes(dataset, name, where)
    label = dataset["dimension"][name]["category"].get("label") or {}
    return Dimension(name, codes, [str(label.get(code, "")) for code in codes])


def _codes(dataset: dict[str, Any], name: str, where: str) -> list[str]:
    category = dataset["dimension"][name]["category"]
    index = category.get("index", category.get("label"))
    # An object gives each code its position, in any order; one lone category needs no index.
    if "index" in category and not isinstance(index, list):
        positions = {code: int(position) for code, position in index.items()}
        if sorted(positions.values()) != [*range(len(positions))]:
            raise _unclear(where, f"gives the codes of {brief(name)} no place each")
        index = sorted(positions, key=positions.__getitem__)
    if len(set(index)) < len(index):
        raise _unclear(where, f"has a code of {brief(name)} twice")
    return [str(code) for code in index]


def _values(dataset: dict[str, Any], size: int, where: str) -> Column:
    """Return the numbers, and as text the status of each cell without one."""
    sparse = dataset["value"] if isinstance(dataset["value"], dict) else {}
    if not all(position.isdecimal() and int(position) < size for position in sparse):
        raise _unclear(where, "has values at places that are no cells")
    cells = _full(dataset["value"], size)
    status = dataset.get("status")
    marks = [status[:_LONGEST]] * size if isinstance(status, str) else _full(status or {}, size)
    if len(cells) != size:
        raise _unclear(where, f"has {len(cells)} values for {size} cells")
    typed = np.full(size, np.nan)
    text = [""] * size
    for position, cell in enumerate(cells):
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            typed[position] = cell
        else:
            text[position] = str(marks[position] or "") if cell is None else str(cell)
    return Column(text=strings(text), typed=typed)


def _full(cells: Any, size: int) -> list[Any]:  # noqa: ANN401 - JSON
    """Return a list of every cell; the sparse form names only those that are there."""
    if isinstance(cells, list):
        return cells
    return [cells.get(str(position)) for position in range(size)]


def _unclear(where: str, what: str) -> ReadError:
    return ReadError(
        "read-json-stat", what, remedy='fetch it with the format "json-stat2"', where=where
    )
