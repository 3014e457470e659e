"""A surface of how close events lie, made of protected counts of cells and of nothing finer."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from geolyft.disclosure.own_rules.on_grid import GridFigures
    from geolyft.frames import Floats

SMALLEST_CELL: Final = 250.0
"""Metres."""
_REACH: Final = 4
"""Bandwidths that the kernel goes; beyond is less than a ten-thousandth of it."""


def density_of(figures: GridFigures, *, bandwidth: float) -> GridFigures:
    """Smooth the counts of a grid's cells to events per square kilometre.

    Parameters
    ----------
    figures
        Protected counts: a cell without a figure adds nothing.
    bandwidth
        Of the Gaussian kernel, metres.

    Returns
    -------
    GridFigures
        With a margin of four bandwidths. Cell value times cell area sums to the counts.
    """
    cell = figures.grid.dx
    margin = math.ceil(_REACH * bandwidth / cell)
    steps = np.arange(-margin, margin + 1) * cell
    kernel = np.exp(-0.5 * (steps / bandwidth) ** 2)
    kernel /= kernel.sum()
    counts = np.nan_to_num(figures.values)
    smooth = _along(_along(counts, kernel).T, kernel).T
    grid = replace(
        figures.grid,
        west=figures.grid.west - margin * cell,
        north=figures.grid.north + margin * cell,
        rows=figures.grid.rows + 2 * margin,
        columns=figures.grid.columns + 2 * margin,
    )
    return replace(figures, grid=grid, values=smooth / (grid.cell_area / 1e6), unit="per km2")


def _along(counts: Floats, kernel: Floats) -> Floats:
    return np.array([np.convolve(row, kernel, mode="full") for row in counts])
