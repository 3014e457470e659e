"""Small areas are merged no further than what they hide asks for, and never across a whole."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from geolyft.disclosure.grouping import Merging, merge_until_shown
from geolyft.disclosure.raw import Raw

THRESHOLD = 10
CODES = [f"a{n}" for n in range(9)]
NEAR = [*pairwise(CODES), *zip(CODES, CODES[3:], strict=False)]
WHOLES = dict(zip(CODES, "RRRRSSSTT", strict=True))
cities = st.lists(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=2, max_size=2),
    min_size=len(CODES),
    max_size=len(CODES),
)
Sides = list[list[tuple[int, int]]]


def counts_of(city: Sides) -> pd.DataFrame:
    rows = [
        (code, f"E{n}", float(one), float(one + other))
        for code, of in zip(CODES, city, strict=True)
        for n, (one, other) in enumerate(of)
    ]
    table = pd.DataFrame(rows, columns=["area", "indicator", "numerator", "denominator"])
    return table.assign(source="s", period="2025", sex="alla")


def merged(city: Sides, **options: object) -> Merging:
    said = {"within": [WHOLES], "near": NEAR, "threshold": THRESHOLD, **options}
    return merge_until_shown(Raw(counts_of(city)), **said)  # type: ignore[arg-type]


def hides(city: Sides, codes: list[str]) -> set[int]:
    """Return the figures of several areas together of which a side is of a few."""
    sums = np.sum([city[CODES.index(code)] for code in codes], axis=0)
    return {n for n, sides in enumerate(sums) if min(sides) < THRESHOLD}


def members(found: Merging) -> dict[str, list[str]]:
    every: dict[str, list[str]] = {}
    for code, first in found.groups.items():
        every.setdefault(first, []).append(code)
    return every


@given(cities)
def test_groups_hang_together_and_stay_inside_a_whole(city: Sides) -> None:
    for first, codes in members(merged(city)).items():
        assert first == min(codes)
        assert len({WHOLES[code] for code in codes}) == 1
        reached = {first}
        for _ in codes:
            reached |= {each for pair in NEAR if reached & {*pair} for each in pair} & {*codes}
        assert reached == {*codes}


@given(cities)
def test_what_hides_a_figure_that_its_whole_shows_has_no_neighbour_left(city: Sides) -> None:
    every = members(merged(city))
    for codes in every.values():
        of = [code for code in CODES if WHOLES[code] == WHOLES[codes[0]]]
        if hides(city, codes) - hides(city, of):
            others = set(of) - set(codes)
            assert not any({a, b} & set(codes) and {a, b} & others for a, b in NEAR)


@given(cities)
def test_areas_that_hide_nothing_are_never_merged_with_each_other(city: Sides) -> None:
    for codes in members(merged(city)).values():
        if len(codes) > 1:
            assert any(hides(city, [code]) for code in codes)


@given(cities, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_borders_means_nothing(city: Sides, random: object) -> None:
    near = [(b, a) for a, b in NEAR]
    random.shuffle(near)  # type: ignore[attr-defined]
    rows = counts_of(city).sample(frac=1, random_state=1)
    again = merge_until_shown(Raw(rows), within=[WHOLES], near=near, threshold=THRESHOLD)
    assert again == merged(city)


@given(cities)
def test_what_publishers_have_protected_merges_nothing(city: Sides) -> None:
    found = merged(city, exempt=["s"])
    assert found.groups == {code: code for code in CODES}
    assert (found.before, found.after) == (0.0, 0.0)


def test_where_a_whole_is_not_enough_the_next_larger_is_tried() -> None:
    city = [[(4, 40), (40, 40)] if code in ("a7", "a8") else [(40, 40)] * 2 for code in CODES]
    assert hides(city, ["a7", "a8"])
    assert merged(city).groups["a8"] == "a8"
    wider = merged(city, within=[WHOLES, dict.fromkeys(CODES, "G")])
    assert not any(hides(city, codes) for codes in members(wider).values())
    assert wider.after == 0.0 < wider.before
