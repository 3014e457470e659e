"""A small area is hidden beside others of every larger area that is published."""

from __future__ import annotations

import pytest

from geolyft.disclosure.together.families import OWN
from geolyft.disclosure.together.parents import nestings_of
from geolyft.divisions.areas import load_areas
from geolyft.divisions.crosswalks import CROSSWALKS, Crosswalk, load_crosswalk
from geolyft.pipeline.counting.ledger import CountedAreas, larger


def targets_of(crosswalk: Crosswalk) -> set[str]:
    return set(crosswalk.table["target"])


@pytest.mark.parametrize("name", CROSSWALKS)
def test_a_small_area_lies_where_no_other_part_of_it_is_larger(name: str) -> None:
    crosswalk = load_crosswalk(name)
    table = crosswalk.table.astype({"weight": "float64"})
    (nesting,) = nestings_of("small", {OWN: crosswalk})
    parents = nesting.parents
    mine = table[table["target"] == table["source"].map(parents)].set_index("source")["weight"]
    assert (mine == table.groupby("source")["weight"].max().reindex(mine.index)).all()
    assert parents.keys() == set(table["source"])


def test_every_level_that_is_published_counts_and_no_other() -> None:
    own = CountedAreas(name="", areas=load_areas("geso"))
    deso, regso = (
        CountedAreas(name=name, areas=own.areas, crosswalk=load_crosswalk(f"{name}_geso"))
        for name in ("deso2025", "regso2025")
    )
    assert list(larger(deso, [own, deso])) == [OWN]
    both = larger(deso, [own, deso, regso])
    assert list(both) == ["regso2025", OWN]
    assert targets_of(both["regso2025"]) == targets_of(load_crosswalk("deso2025_regso2025"))
    assert list(larger(regso, [own, deso, regso])) == [OWN]
