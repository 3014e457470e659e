"""Bad inputs, made in code: what people's files are like, each with the code it is refused by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bad_inputs.action import action
from bad_inputs.around import around
from bad_inputs.case import Bad, faults_of
from bad_inputs.cubes import cubes
from bad_inputs.deliveries import deliveries
from bad_inputs.layers import layers
from bad_inputs.map_files import map_files
from bad_inputs.rasters import rasters
from bad_inputs.run_files import run_files
from bad_inputs.tables import tables
from bad_inputs.workbooks import workbooks

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["KINDS", "Bad", "bad_inputs", "faults_of"]

KINDS = (
    run_files, tables, workbooks, cubes, layers, map_files, rasters, around, action, deliveries,
)  # fmt: skip


def bad_inputs() -> Iterator[Bad]:
    """Yield every bad input there is."""
    for kind in KINDS:
        yield from kind()
