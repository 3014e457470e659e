"""Somebody with a delivery alone learns no hidden number, in cities small enough to be solved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attacker import attack, attack_by_parts
from delivered import Delivered
from delivered_events import attack_events, delivered_events
from everything import write_everything
from random_city import add_exposure, write_random_city

from geolyft import run

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

pytestmark = [
    pytest.mark.filterwarnings("ignore::geolyft.errors.GeolyftWarning"),
]
WIDTH = 5


@pytest.mark.parametrize("seed", [0, 1, 54, 57])
def test_no_hidden_number_is_known_to_less_than_the_width(tmp_path: Path, seed: int) -> None:
    # In the cities 54 and 57 he believes what all that is published contradicts.
    path = write_random_city(tmp_path, seed)
    made = run(path, out=tmp_path / "out")
    assert made.publication.audit is not None
    for found in (
        attack(tmp_path / "out", enough=WIDTH),
        *attack_by_parts(tmp_path / "out", enough=WIDTH),
    ):
        assert found
        assert {side: ends for side, ends in found.items() if ends[1] - ends[0] < WIDTH} == {}


@pytest.mark.needs("raster")
@pytest.mark.parametrize("seed", [0, 2])
def test_who_lives_above_a_limit_is_no_better_known_for_living_there(
    tmp_path: Path, seed: int
) -> None:
    path = write_random_city(tmp_path, seed)
    add_exposure(path, seed)
    run(path, out=tmp_path / "out")
    assert Delivered(tmp_path / "out").users() == {"buller unknown": "population"}
    by_all = attack(tmp_path / "out", enough=WIDTH)
    assert "buller" in {cell[3] for cell, _ in by_all}
    for found in (by_all, *attack_by_parts(tmp_path / "out", enough=WIDTH)):
        assert {side: ends for side, ends in found.items() if ends[1] - ends[0] < WIDTH} == {}


@pytest.mark.needs("raster")
def test_with_every_stage_no_hidden_number_is_known(
    tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    # Users of places are the children of the same file, those in a raster's cells its residents,
    # and events have sums of three kinds.
    run(write_everything(tmp_path, squares), out=tmp_path / "out")
    same = {"forskola": "barn", "buller unknown": "population"}
    assert Delivered(tmp_path / "out").users() == same
    events = delivered_events(tmp_path / "out")
    by_all = attack(tmp_path / "out", enough=WIDTH)
    assert {cell[3] for cell, _ in by_all} == {"buller", "forskola"}
    for found in (
        by_all,
        *attack_by_parts(tmp_path / "out", enough=WIDTH),
        *attack_events(events, threshold=10, base=5, enough=WIDTH),
    ):
        assert {side: ends for side, ends in found.items() if ends[1] - ends[0] < WIDTH} == {}


def test_without_the_audit_a_hidden_number_is_known(tmp_path: Path) -> None:
    # So the attacker can find what is there to be found.
    path = write_random_city(tmp_path, 11)
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n[protection]\naudit = false\n", encoding="utf-8")
    run(path, out=tmp_path / "out")
    found = attack(tmp_path / "out", enough=WIDTH)
    assert min(high - low for low, high in found.values()) < WIDTH
