"""What releases tell: an interval for each side they show, and which cells stay hidden."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from shapely import affinity, box

from geolyft.disclosure.protect import Protection, protect
from geolyft.disclosure.releases import CELL, COUNTS, Memory
from geolyft.divisions.nesting import nested
from geolyft.frames import OBSERVATION_COLUMNS, has_status

RULES = st.tuples(st.integers(3, 30), st.sampled_from([3, 5, 10]))
SIDES = ("numerator", "rest", "denominator")


def observed(counts: list[tuple[int, int]]) -> pd.DataFrame:
    """Return observations of the areas a, b, c … with these counts."""
    rows = [
        [chr(97 + n), "2024", "2024", "alla", "A", float(over), float(over + rest), 0.0, 0.0, 0.0,
         "ok", "register"]
        for n, (over, rest) in enumerate(counts)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=OBSERVATION_COLUMNS)


def remembered(
    counts: list[tuple[int, int]], *rules: tuple[int, int], level: str = "", **more: object
) -> Memory:
    """Return the memory of the same counts released under each of these rules, the latest first."""
    parts = [
        protect(observed(counts), Protection(threshold=threshold, base=base)).assign(
            release=f"r{n}", level=level, threshold=threshold, base=base, group_by="", group=""
        )
        for n, (threshold, base) in enumerate(rules)
    ]
    return Memory(kept=True, counts=pd.concat(parts)[COUNTS], **more)


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=5),
    st.lists(RULES, min_size=1, max_size=3),
)
def test_what_is_known_is_true_and_no_release_tells_it_wider(
    counts: list[tuple[int, int]], rules: list[tuple[int, int]]
) -> None:
    known = remembered(counts, *rules).known().set_index(["area", "side"])
    for (area, side), row in known.iterrows():
        over, rest = counts[ord(area) - 97]
        true = {"numerator": over, "rest": rest, "denominator": over + rest}[side]
        assert row["low"] <= true <= row["high"]
    for rule in rules:
        alone = remembered(counts, rule).known().set_index(["area", "side"])
        both = known.reindex(alone.index)
        assert (both["low"] >= alone["low"]).all()
        assert (both["high"] <= alone["high"]).all()


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=5), RULES)
def test_a_cell_is_known_as_often_as_it_is_shown(
    counts: list[tuple[int, int]], rule: tuple[int, int]
) -> None:
    shown = [min(each) >= rule[0] for each in counts]
    known = remembered(counts, rule).known()
    assert set(known["area"]) == {chr(97 + n) for n, each in enumerate(shown) if each}
    assert len(known) == 3 * sum(shown)


def test_known_intervals_have_the_bounds_one_reckons_by_hand() -> None:
    known = remembered([(12, 41)], (10, 5)).known().set_index("side")[["low", "high"]]
    # Published 10 of 55: between 10 and 12, and between 53 and 57, of whom nine may be beyond.
    assert known.loc["numerator"].tolist() == [10, 12]
    assert known.loc["denominator"].tolist() == [44, 57]
    assert known.loc["rest"].tolist() == [32, 47]


def test_of_two_bases_both_are_known_and_a_correction_leaves_the_later_one() -> None:
    known = remembered([(13, 40)], (10, 5), (10, 3)).known().set_index("side")
    # 15 to the nearest 5 is 13 to 17, 12 to the nearest 3 is 11 to 13.
    assert known.loc["numerator", ["low", "high"]].tolist() == [13, 13]
    few, many = remembered([(13, 40)], (10, 5)), remembered([(23, 40)], (10, 5))
    for later, before, interval in ((many, few, [23, 27]), (few, many, [13, 17])):
        both = pd.concat([later.counts, before.counts.assign(release="before")])
        told = Memory(kept=True, counts=both).known().set_index("side")
        assert told.loc["numerator", ["low", "high"]].tolist() == interval


def test_residents_are_known_as_a_base_and_nothing_else() -> None:
    counts = remembered([(12, 41)], (10, 5)).counts.assign(numerator=np.nan, indicator="population")
    known = Memory(kept=True, counts=counts).known()
    assert known[["side", "low", "high"]].to_numpy().tolist() == [["denominator", 53.0, 57.0]]


def test_what_was_hidden_is_hidden_again_and_nothing_else() -> None:
    memory = remembered([(3, 50), (30, 50)], (10, 5))
    now = protect(observed([(13, 50), (30, 50)]), Protection())
    assert has_status(memory.hide("", now)["status"], "hidden").tolist() == [True, False]
    assert memory.hide("deso2025", now).equals(now)
    assert now["denominator"].notna().all(), "what is given is not changed"


def test_an_area_around_one_that_was_hidden_alone_is_hidden() -> None:
    parts = {"": [("quarters", {"a": "x", "b": "x", "c": "y", "d": "y"})]}
    counts = [(3, 50), (30, 50), (3, 50), (3, 50)]
    memory = remembered(counts, (10, 5), level="quarters", parts=parts)
    now = protect(observed([(33, 99), (33, 99)]), Protection()).assign(area=["x", "y"])
    assert has_status(memory.hide("", now)["status"], "hidden").tolist() == [True, False]


def test_groups_are_hidden_again_by_their_group() -> None:
    memory = remembered([(3, 50), (30, 50)], (10, 5))
    counts = memory.counts.assign(group_by="alder", group=["<30", "30+"], area="a")
    now = protect(observed([(33, 99), (33, 99)]), Protection())
    groups = now.assign(area="a", group_by="alder", group=["<30", "30+"]).drop(columns="sex")
    seen = Memory(kept=True, counts=counts).hide("", groups)
    assert has_status(seen["status"], "hidden").tolist() == [True, False]
    assert set(CELL) - set(groups) == {"sex"}
    assert Memory(kept=True, counts=counts).hide("", now).equals(now)
    none = pd.DataFrame(columns=["area", "period", "indicator", "group_by", "group"])
    assert Memory(kept=True, counts=counts).hide("", none).equals(none)


# ---- how two divisions lie in each other --------------------------------------------------------


def areas(**shapes: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=list(shapes.values()), index=list(shapes), crs=3008)


WHOLE = areas(w=box(0, 0, 100, 100), x=box(100, 0, 200, 100))


def test_the_same_areas_under_other_codes_lie_in_each_other() -> None:
    pairs, across = nested(WHOLE, WHOLE.set_axis(["1", "2"]))
    assert pairs.to_numpy().tolist() == [["w", "1"], ["x", "2"]]
    assert across == []


def test_what_rounding_leaves_between_borders_is_no_overlap() -> None:
    moved = WHOLE.set_geometry([affinity.translate(each, 0.004, -0.004) for each in WHOLE.geometry])
    pairs, across = nested(WHOLE, moved)
    assert (len(pairs), across) == (2, [])


def test_parts_that_fill_an_area_lie_in_it_from_both_sides() -> None:
    halves = areas(a=box(0, 0, 50, 100), b=box(50, 0, 100, 100))
    assert nested(halves, WHOLE)[0].to_numpy().tolist() == [["a", "w"], ["b", "w"]]
    assert sorted(nested(WHOLE, halves)[0].to_numpy().tolist()) == [["w", "a"], ["w", "b"]]
    assert nested(halves, WHOLE)[1] == nested(WHOLE, halves)[1] == []


def test_a_part_alone_lies_across_for_what_is_left_is_published_by_nobody() -> None:
    assert nested(areas(a=box(0, 0, 50, 100)), WHOLE)[1] == ["a"]
    assert nested(areas(a=box(50, 0, 150, 100)), WHOLE)[1] == ["a"]
    assert nested(areas(a=box(0, 0, 101, 100)), WHOLE)[1] == ["a"]


def test_areas_that_do_not_meet_do_not_matter() -> None:
    pairs, across = nested(areas(a=box(300, 0, 400, 100)), WHOLE)
    assert (len(pairs), across) == (0, [])
