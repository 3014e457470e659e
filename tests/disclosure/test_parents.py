"""A small area is hidden beside others of every larger area that is published."""

from __future__ import annotations

import pytest

from geolyft.disclosure.families import OWN
from geolyft.disclosure.parents import nestings_of
from geolyft.divisions.crosswalks import CROSSWALKS, Crosswalk, load_crosswalk


def targets_of(crosswalk: Crosswalk) -> set[str]:
    return set(crosswalk.table["target"])


@pytest.mark.parametrize("name", CROSSWALKS)
def test_a_small_area_lies_where_no_other_part_of_it_is_larger(name: str) -> None:
    crosswalk = load_crosswalk(name)
    table = crosswalk.table.astype({"weight": "float64"})
    (nesting,) = nestings_of(crosswalk, [])
    parents = nesting.parents
    mine = table[table["target"] == table["source"].map(parents)].set_index("source")["weight"]
    assert (mine == table.groupby("source")["weight"].max().reindex(mine.index)).all()
    assert parents.keys() == set(table["source"])


def test_every_level_that_is_published_counts_and_no_other() -> None:
    crosswalk = load_crosswalk("deso2025_geso")
    alone = nestings_of(crosswalk, ["deso2025"])
    both = nestings_of(crosswalk, ["deso2025", "regso2025"])
    assert [each.larger for each in alone] == [OWN]
    assert both[-1:] == alone
    (regso,) = both[:-1]
    assert (regso.level, regso.larger) == ("deso2025", "regso2025")
    assert set(regso.parents.values()) <= targets_of(load_crosswalk("deso2025_regso2025"))
    regso_geso = nestings_of(load_crosswalk("regso2025_geso"), ["deso2025", "regso2025"])
    assert [each.larger for each in regso_geso] == [OWN]
