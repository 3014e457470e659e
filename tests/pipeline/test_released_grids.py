"""A grid is remembered: areas that are published after it give nobody back, nor does it them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from attacker import attacked
from delivered_counts import all_that_is_known
from random_city import INDICATOR
from town import SQUARES, forgetful, write_town
from unknown_numbers import BASES, CELLS, IN, INSIDE, KINDS

from geolyft import (
    count_on_grid,
    load_config,
    publish,
    release_grid,
    released_areas,
    run,
)
from geolyft.disclosure.own_rules.on_grid import GridFigures
from geolyft.errors import DisclosureError, ReadError
from geolyft.pipeline.releases.record import add_release

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    from attacker import Sides

pytestmark = pytest.mark.filterwarnings("ignore::geolyft.errors.GeolyftWarning")
DAY = date(2026, 3, 1)
CELL = 5.0
WIDTH = 5
MORE = """
[[source.measure]]
indicator = "B"
among = { manader = { min = 0 } }
counted = { arbetar = { one_of = ["nej"] } }
"""
OF = {"source": "Register", "reference": "2024"}


def people() -> pd.DataFrame:
    """Return 44 and 3 residents of two cells of the first square; 30 and 30 of the others."""
    corners = {(0, 0): (44, 3), (0, 10): (30, 30), (10, 0): (30, 30), (10, 10): (30, 30)}
    rows = [
        (118_000 + x + far, 6_164_000 + y + far, 1, "ja" if n % (2 + (x + y) // 20) else "nej")
        for (x, y), counts in corners.items()
        for count, far in zip(counts, (2, 7), strict=True)
        for n in range(count)
    ]
    return pd.DataFrame(rows, columns=["x", "y", "manader", "arbetar"])


def on_grid(**said: object) -> GridFigures:
    rows = people()
    return count_on_grid(rows["x"], y=rows["y"], crs=3008, cell=CELL, **said)  # type: ignore[arg-type]


def town(folder: Path, name: str = "first", **said: object) -> Path:
    return write_town(folder, name, people=people(), **said)  # type: ignore[arg-type]


def random_people(seed: int) -> pd.DataFrame:
    """Return residents of each quarter of the four squares, in some few of them."""
    random = np.random.default_rng(seed)
    corners = [(x, y) for x in (2.5, 7.5, 12.5, 17.5) for y in (2.5, 7.5, 12.5, 17.5)]
    counts = random.choice([0, 2, 5, 9, 12, 18, 24, 33, 60], len(corners))
    works = random.uniform(0.2, 0.8, len(corners))
    places = np.repeat(np.array(corners), counts, axis=0)
    rows = pd.DataFrame(places + np.array([118_000, 6_164_000]), columns=["x", "y"])
    has = random.random(len(rows)) < np.repeat(works, counts)
    return rows.assign(manader=1, arbetar=np.where(has, "ja", "nej"))


def attack_both(grid: GridFigures, folder: Path) -> Sides:
    """Return what somebody knows of hidden residents who has the grid and the areas."""
    made = all_that_is_known(folder)
    counts, of = grid.counts, grid.grid
    west = np.rint((of.west - 118_000) / CELL).astype(int) + counts["column"]
    south = np.rint((of.north - 6_164_000) / CELL).astype(int) - 1 - counts["row"]
    shown = dict(zip(zip(west, south, strict=True), counts["denominator"], strict=True))
    for code, (x, y) in SQUARES.items():
        quarters = [(x // 5 + i, y // 5 + j) for i in (0, 1) for j in (0, 1)]
        cells = [(f"{i}:{j}", "2024", "alla", "population", "") for i, j in quarters]
        numbers = [made.number(cell, IN) for cell in cells]
        for cell, number, at in zip(cells, numbers, quarters, strict=True):
            made.shown[cell] = at in shown
            if at in shown:
                made.rounded(number, shown[at])
                made.between(number, 10, made.high[number])
        whole = made.number((code, "2024", "alla", "population", ""), IN)
        made.total(INSIDE, whole, numbers)
    alone = [kind for kind in KINDS if kind != BASES]
    ways = [(KINDS, False), (KINDS, True), (alone, True), ([CELLS, INSIDE], True)]
    found: Sides = {}
    for kinds, believing in ways:
        for side, ends in attacked(made, kinds, WIDTH, believing=believing).items():
            if side not in found or ends[1] - ends[0] < found[side][1] - found[side][0]:
                found[side] = ends
    return found


def claims(found: Sides) -> Sides:
    return {side: ends for side, ends in found.items() if ends[1] - ends[0] < WIDTH}


def residents(folder: Path) -> pd.Series[float]:
    table = pd.read_csv(folder / "tabeller" / "befolkning.csv", dtype={"area": str})
    return table.set_index("area")["population"]


def test_a_grid_that_nobody_remembers_gives_three_residents_back(tmp_path: Path) -> None:
    run(forgetful(town(tmp_path)), out=tmp_path / "out")
    told = claims(attack_both(on_grid(), tmp_path / "out"))
    assert ("1:1", "2024", "alla", "population", "") in {cell for cell, _ in told}


def test_areas_that_would_give_three_residents_back_are_hidden(tmp_path: Path) -> None:
    path = town(tmp_path)
    release_grid(on_grid(), path, **OF, day=DAY)
    made = run(path, out=tmp_path / "out")
    assert claims(attack_both(on_grid(), tmp_path / "out")) == {}
    assert residents(tmp_path / "out").isna().tolist() == [False, True, False, False, False]
    assert made.publication.audit is not None
    assert made.publication.audit.further == 1


@pytest.mark.parametrize("seed", [0, 1, 3])
def test_nobody_learns_a_few_from_a_grid_and_areas_after_it(tmp_path: Path, seed: int) -> None:
    rows = random_people(seed)
    grid = count_on_grid(rows["x"], y=rows["y"], crs=3008, cell=CELL)
    path = write_town(tmp_path, "first", people=rows)
    release_grid(grid, path, **OF, day=DAY)
    run(path, out=tmp_path / "out")
    found = attack_both(grid, tmp_path / "out")
    assert found
    assert claims(found) == {}


def known(folder: Path) -> list[gpd.GeoDataFrame | GridFigures]:
    return released_areas(folder / "releases.sqlite", "Register", "population", "2024")


def released_before(folder: Path) -> Path:
    path = town(folder)
    run(path, out=folder / "first")
    add_release(folder / "first", folder / "releases.sqlite", day=DAY, config=load_config(path))
    return path


def test_the_same_areas_are_published_again_beside_the_grid_that_was_held_against_them(
    tmp_path: Path,
) -> None:
    path = released_before(tmp_path)
    release_grid(on_grid(beside=known(tmp_path)), path, **OF, day=DAY)
    run(path, out=tmp_path / "again")
    for name in ("resultat.csv", "index.csv", "karta.html"):
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "first" / name).read_bytes()


def test_what_is_public_already_stops_no_run_and_what_is_new_is_held_against_it(
    tmp_path: Path,
) -> None:
    # Both are out, and three residents with them: whether men and women are told is another thing.
    path = released_before(tmp_path)
    release_grid(on_grid(), path, **OF, day=DAY)
    text = path.read_text(encoding="utf-8")
    path.write_text(text + MORE, encoding="utf-8")
    catalogue = tmp_path / "catalogue.toml"
    second = INDICATOR.format(code="B").replace("allt", "arbete")
    catalogue.write_text(catalogue.read_text("utf-8") + second, "utf-8")
    run(path, out=tmp_path / "more")
    assert residents(tmp_path / "more").notna().all()


def test_a_grid_is_held_against_one_that_was_released_before(tmp_path: Path) -> None:
    path = town(tmp_path)
    release_grid(on_grid(), path, **OF, day=DAY)
    (before,) = known(tmp_path)
    assert isinstance(before, GridFigures)
    np.testing.assert_array_equal(before.values, on_grid().values)
    assert before.grid == on_grid().grid
    rows = people()
    coarse = count_on_grid(rows["x"], y=rows["y"], crs=3008, cell=10, beside=[before])
    alone = count_on_grid(rows["x"], y=rows["y"], crs=3008, cell=10)
    assert coarse.shown == alone.shown - 1


def test_a_share_on_a_grid_is_remembered_as_it_was_shown(tmp_path: Path) -> None:
    rows = pd.concat([people()] * 4)
    works = (rows["arbetar"] == "ja").astype(float)
    grid = count_on_grid(rows["x"], y=rows["y"], crs=3008, cell=CELL, counted=works)
    path = write_town(tmp_path, "first", people=rows)
    release_grid(grid, path, **OF, indicator="A", day=DAY)
    (before,) = released_areas(tmp_path / "releases.sqlite", "Register", "A", "2024")
    assert isinstance(before, GridFigures)
    np.testing.assert_allclose(before.values, grid.values)
    assert before.unit == "procent"
    run(path, out=tmp_path / "out")


@pytest.mark.parametrize("threshold", [9, 11])
def test_a_run_with_another_threshold_than_a_grid_is_refused(
    tmp_path: Path, threshold: int
) -> None:
    path = town(tmp_path, THRESHOLD=threshold)
    release_grid(on_grid(), path, **OF, day=DAY)
    with pytest.raises(DisclosureError) as refused:
        publish(load_config(path))
    assert refused.value.code == "protect-released"
    assert "threshold to 10," in str(refused.value)


def test_a_grid_that_no_run_counts_is_no_release(tmp_path: Path) -> None:
    path = town(tmp_path)
    theirs = on_grid(protected_by="SCB")
    for grid, asked, of in (
        (theirs, path, OF),
        (on_grid(), path, {**OF, "source": "Annat"}),
        (on_grid(), path, {**OF, "reference": "2023"}),
        (on_grid(), path, {**OF, "indicator": "E1"}),
        (on_grid(), forgetful(path), OF),
    ):
        with pytest.raises(ReadError) as refused:
            release_grid(grid, asked, **of, day=DAY)
        assert refused.value.code == "releases-run"
    assert not (tmp_path / "releases.sqlite").exists()
