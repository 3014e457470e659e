"""The name of a group that only a few have is published nowhere."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from geolyft.disclosure.labels import OTHERS, common_groups
from geolyft.disclosure.protect import Protection

RULE = Protection()
PERIODS, AREAS = ("2024", "2025"), ("1", "2", "residual")


def counted(people: dict[tuple[str, str, str], int]) -> pd.DataFrame:
    """Count people by area, period and group, half of them with something; no row for nobody."""
    rows = [(*key, n // 2, n) for key, n in people.items() if n]
    table = pd.DataFrame(
        rows, columns=["area", "period", "group", "numerator", "denominator"]
    ).astype({"numerator": "float64", "denominator": "float64"})
    return table.assign(indicator="E1", source="s", group_by="land", status="ok")


PEOPLE = st.dictionaries(
    st.tuples(
        st.sampled_from(AREAS), st.sampled_from(PERIODS), st.sampled_from(["A", "B", "C", OTHERS])
    ),
    st.integers(0, 14),
    min_size=1,
)


@given(PEOPLE.filter(lambda people: any(people.values())))
def test_a_name_has_the_threshold_behind_it_or_is_not_said(
    people: dict[tuple[str, str, str], int],
) -> None:
    counts = counted(people)
    made = common_groups(counts, RULE)
    in_city = counts.groupby(["group", "period"])["denominator"].sum()
    named = set(made["group"]) - {OTHERS}
    for group in counts["group"].unique():
        enough = in_city[group].max() >= RULE.threshold
        assert (group in named) == enough or group == OTHERS
    if OTHERS in set(made["group"]):
        of_others = made[made["group"] == OTHERS].groupby("period")["denominator"].sum()
        assert of_others.max() >= RULE.threshold
    # Rows say nothing of who is where: each name has one in every area and period there is.
    rows = made.groupby("group").size().reset_index(drop=True)
    if made.empty:
        return
    assert rows.min() == rows.max()
    assert not made.duplicated(["area", "period", "group"]).any()


@given(PEOPLE.filter(lambda people: any(people.values())))
def test_nobody_of_a_named_group_is_lost(people: dict[tuple[str, str, str], int]) -> None:
    counts = counted(people)
    made = common_groups(counts, RULE).set_index(["group", "area", "period"])["denominator"]
    for key, n in counts.set_index(["group", "area", "period"])["denominator"].items():
        if key in made.index and key[0] != OTHERS:
            assert made[key] == n
    if OTHERS in made.index.get_level_values("group"):
        assert made.sum() == counts["denominator"].sum()


def test_bands_that_a_run_names_stand_though_nobody_is_in_them() -> None:
    counts = counted({("1", "2025", "<30"): 3, ("2", "2025", "<30"): 40})
    made = common_groups(counts, RULE, known={("s", "land"): ["<30", "30+"]})
    assert made[["group", "area", "denominator"]].to_numpy().tolist() == [
        ["30+", "1", 0.0], ["30+", "2", 0.0], ["<30", "1", 3.0], ["<30", "2", 40.0]
    ]  # fmt: skip
