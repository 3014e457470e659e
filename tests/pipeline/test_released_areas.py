"""A grid of people is held against the areas that a register was released on."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from town import write_town

from geolyft import Protection, count_on_grid, released_areas, run
from geolyft.errors import DisclosureError, ReadError
from geolyft.pipeline.releases.record import add_release

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.filterwarnings("ignore::geolyft.errors.GeolyftWarning")
CELL = 5
OF = ("Register", "population", "2024")


def _people() -> pd.DataFrame:
    """Return 44 and 3 residents of two cells of the first square; 30 and 30 of the others."""
    corners = {(0, 0): (44, 3), (0, 10): (30, 30), (10, 0): (30, 30), (10, 10): (30, 30)}
    rows = [
        (118_000 + x + far, 6_164_000 + y + far, 1, "ja" if n % 2 else "nej")
        for (x, y), counts in corners.items()
        for count, far in zip(counts, (2, 7), strict=True)
        for n in range(count)
    ]
    return pd.DataFrame(rows, columns=["x", "y", "manader", "arbetar"])


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("released")
    path = write_town(folder, "first", people=_people())
    run(path, out=folder / "first")
    add_release(folder / "first", folder / "releases.sqlite", day=date(2026, 3, 1))
    return folder / "releases.sqlite"


def test_released_areas_have_what_was_published_of_them(ledger: Path) -> None:
    (areas,) = released_areas(ledger, *OF)
    assert areas["denominator"].tolist() == areas["numerator"].tolist() == [45, 60, 60, 60]
    assert areas.crs.to_epsg() == 3008


def test_a_cell_that_would_give_three_back_is_left_empty(ledger: Path) -> None:
    people = _people()
    alone = count_on_grid(people["x"], y=people["y"], crs=3008, cell=CELL)
    beside = released_areas(ledger, *OF)
    held = count_on_grid(people["x"], y=people["y"], crs=3008, cell=CELL, beside=beside)
    # Of 43 to 47 who live in the square, 43 to 47 live in one cell.
    assert np.nanmax(alone.values) == 45
    assert np.nanmax(held.values) == 30
    assert held.shown == alone.shown - 1


def test_another_rule_than_the_release_had_is_refused(ledger: Path) -> None:
    with pytest.raises(DisclosureError) as refused:
        released_areas(ledger, *OF, protection=Protection(base=3))
    assert refused.value.code == "protect-released"


def test_what_no_release_has_is_refused_and_not_taken_for_nothing(ledger: Path) -> None:
    with pytest.raises(ReadError) as refused:
        released_areas(ledger, "Register", "E1", "2024")
    assert refused.value.code == "releases-unknown"
