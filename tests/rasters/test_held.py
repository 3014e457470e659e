"""Two grids of the same people, and a grid and areas, do not give back what each of them hides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import geolyft
from geolyft.errors import JoinError

if TYPE_CHECKING:
    from geolyft.disclosure.own_rules.on_grid import GridFigures

FINE, COARSE, WIDTH, FEW = 10.0, 20.0, 5, 9
# Three cells of 22 are shown as 20, and with one of 9 the whole of 75 as 75.
GIVES_AWAY = [22, 22, 22, 9]
blocks = st.lists(st.lists(st.integers(0, 30), min_size=4, max_size=4), min_size=3, max_size=6)


def crowd(city: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Return residents of squares of four cells each, in a row, each in its cell's middle."""
    counts = [n for four in city for n in four]
    west = [COARSE * block + FINE * (n % 2) for block in range(len(city)) for n in range(4)]
    south = [FINE * (n // 2) for _ in city for n in range(4)]
    return (np.repeat(west, counts) + FINE / 2, np.repeat(south, counts) + FINE / 2)


def counted(city: list[list[int]], cell: float, **said: object) -> GridFigures:
    x, y = crowd(city)
    return geolyft.count_on_grid(x, y=y, crs=3008, cell=cell, **said)  # type: ignore[arg-type]


def shown(figures: GridFigures) -> dict[tuple[float, float], float]:
    """Return the shown counts by the cell's corner."""
    west = figures.grid.west + figures.counts["column"] * figures.grid.dx
    south = figures.grid.north - (figures.counts["row"] + 1) * figures.grid.dy
    return dict(zip(zip(west, south, strict=True), figures.counts["denominator"], strict=True))


def narrowest(fine: GridFigures, coarse: GridFigures) -> float:
    """Return how wide the one hidden cell of a shown square is known at least."""
    cells, widths = shown(fine), [float("inf")]
    for (west, south), whole in shown(coarse).items():
        four = [(west + FINE * i, south + FINE * j) for i in (0, 1) for j in (0, 1)]
        known = [cells[each] for each in four if each in cells]
        if len(known) == len(four) - 1:
            most = min(whole + 2 - sum(n - 2 for n in known), FEW)
            least = max(whole - 2 - sum(n + 2 for n in known), 0)
            widths.append(most - least)
    return min(widths)


def test_without_the_other_grid_a_hidden_cell_is_known() -> None:
    city = [GIVES_AWAY, [30] * 4]
    assert narrowest(counted(city, FINE), counted(city, COARSE)) < WIDTH


@settings(max_examples=8)
@given(blocks)
def test_a_finer_grid_hides_what_a_coarser_one_would_give_back(city: list[list[int]]) -> None:
    city = [GIVES_AWAY, [30] * 4, *city]
    coarse = counted(city, COARSE)
    fine = counted(city, FINE, beside=[coarse])
    assert narrowest(fine, coarse) >= WIDTH
    alone = shown(counted(city, FINE))
    assert shown(fine).items() <= alone.items()


@settings(max_examples=8)
@given(blocks)
def test_a_coarser_grid_hides_what_gives_a_finer_one_back(city: list[list[int]]) -> None:
    city = [GIVES_AWAY, [30] * 4, *city]
    fine = counted(city, FINE)
    coarse = counted(city, COARSE, beside=[fine])
    assert narrowest(fine, coarse) >= WIDTH
    assert (0.0, 0.0) not in shown(coarse)
    assert (COARSE, 0.0) in shown(coarse)


def test_areas_that_stand_beside_a_grid_are_held_against_it() -> None:
    city = [GIVES_AWAY, [30] * 4]
    x = np.arange(2) * COARSE
    areas = gpd.GeoDataFrame(
        {"numerator": [75.0, 120.0], "denominator": [75.0, 120.0]},
        geometry=shapely.box(x, 0, x + COARSE, COARSE),
        crs=3008,
    )
    fine = counted(city, FINE, beside=[areas])
    assert len(shown(fine)) < len(shown(counted(city, FINE)))


def test_shares_are_held_against_each_other() -> None:
    city = [GIVES_AWAY, [30] * 4]
    x, y = crowd([[100] * 4 for _ in city])
    has = np.concatenate([np.arange(100) < n for four in city for n in four]).astype(float)
    coarse, fine = (
        geolyft.count_on_grid(x, y=y, crs=3008, cell=cell, counted=has) for cell in (COARSE, FINE)
    )
    held = geolyft.count_on_grid(x, y=y, crs=3008, cell=FINE, counted=has, beside=[coarse])
    assert held.unit == "procent"
    assert held.shown < fine.shown


def test_a_grid_in_another_crs_is_refused() -> None:
    coarse = counted([[30] * 4], COARSE)
    x, y = crowd([[30] * 4])
    with pytest.raises(JoinError) as other:
        geolyft.count_on_grid(x, y=y, crs=3006, cell=FINE, beside=[coarse])
    assert other.value.code == "join-crs"
