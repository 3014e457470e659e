"""What leaves tells no small side, and is the same wherever no published figure has to change."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geolyft.disclosure.door import GROUP_KEY, Counted, Published, publish_counts
from geolyft.disclosure.protect import FIGURES, Protection, round_counts
from geolyft.disclosure.raw import Raw
from geolyft.disclosure.together.bases import wider_bases
from geolyft.disclosure.together.families import OWN
from geolyft.frames import CITY, OBSERVATION_COLUMNS, RESIDUAL

if TYPE_CHECKING:
    from collections.abc import Mapping

RULE = Protection()
BASES = {"s": [("B3", "population"), ("U1", "E1"), ("E1", "population"), ("U1", "population")]}
AREAS, CODES = ("1", "2", RESIDUAL), ("E1", "U1", "B3")
Cells = "dict[tuple[str, str, str], tuple[int, int]]"


def counted(cells: Mapping[tuple[str, str, str], tuple[int, int]], people: int = 400) -> Counted:
    """Counts of areas by indicator and sex, and the city as their sum."""
    rows = [(area, code, sex, float(n), float(n + rest))
            for (area, code, sex), (n, rest) in cells.items()]  # fmt: skip
    table = pd.DataFrame(rows, columns=["area", "indicator", "sex", "numerator", "denominator"])
    city = table.groupby(["indicator", "sex"], as_index=False)[["numerator", "denominator"]].sum()
    table = pd.concat([table, city.assign(area=CITY)], ignore_index=True)
    fixed = {"period": "2025", "reference": "2025", "source": "s", "status": "ok"}
    table = table.assign(**fixed, value=np.nan, low=np.nan, high=np.nan)[OBSERVATION_COLUMNS]
    residents = pd.DataFrame({"area": [*AREAS, CITY], "period": "2025", "source": "s"})
    residents["population"] = [float(people)] * len(AREAS) + [float(people * len(AREAS))]
    residents["children"] = np.nan
    groups = pd.DataFrame(columns=[*GROUP_KEY, *FIGURES, "status", "source"])
    return Counted(level=OWN, observations=Raw(table), people=Raw(residents), groups=Raw(groups))


def publish(level: Counted, **said: object) -> Published:
    (made,) = publish_counts([level], RULE, bases=BASES, **said)  # type: ignore[arg-type]
    return made


SIDE = st.integers(0, 40)
EVERY = list(product(AREAS, CODES, ("kvinnor", "män")))


@st.composite
def cities(draw: st.DrawFn) -> Mapping[tuple[str, str, str], tuple[int, int]]:
    cells = {key: (draw(SIDE), draw(SIDE)) for key in EVERY}
    for area, code in product(AREAS, CODES):
        both = [cells[area, code, sex] for sex in ("kvinnor", "män")]
        cells[area, code, "alla"] = (sum(n for n, _ in both), sum(rest for _, rest in both))
    return cells


@given(cities())
def test_what_is_shown_has_the_threshold_on_both_sides(
    cells: Mapping[tuple[str, str, str], tuple[int, int]],
) -> None:
    seen = publish(counted(cells)).observations
    shown = seen[seen["status"] != "hidden"]
    for row in shown[shown["area"] != CITY].itertuples():
        assert min(cells[row.area, row.indicator, row.sex]) >= RULE.threshold
    # Hidden cells look alike, and none is hidden alone of women, men and everyone.
    hidden = seen[seen["status"] == "hidden"]
    assert hidden[[*FIGURES]].isna().all(axis=None)
    plain = seen[seen["area"] != RESIDUAL]
    alone = (plain["status"] == "hidden").groupby([plain["area"], plain["indicator"]]).sum()
    assert (alone != 1).all()


@given(cities(), st.randoms(use_true_random=False))
def test_values_that_change_within_what_is_published_change_nothing(
    cells: Mapping[tuple[str, str, str], tuple[int, int]], random: object
) -> None:
    before = publish(counted(cells))
    # Others in hidden cells: few of another number, with every sum in its bucket as it was.
    changed = {key: (few(n, random), few(rest, random)) for key, (n, rest) in cells.items()}
    if buckets(cells) != buckets(changed):
        return
    after = publish(counted(changed))
    pd.testing.assert_frame_equal(before.observations, after.observations)
    pd.testing.assert_frame_equal(before.people, after.people)


def few(n: int, random: object) -> int:
    return random.randrange(RULE.threshold) if n < RULE.threshold else n  # type: ignore[attr-defined]


def buckets(cells: Mapping[tuple[str, str, str], tuple[int, int]]) -> list[object]:
    """Say what the rule asks of every cell, and of no other number."""
    said: list[object] = []
    for code, sex in product(CODES, ("alla", "kvinnor", "män")):
        parts = {area: cells[area, code, sex] for area in AREAS}
        parts[CITY] = (sum(n for n, _ in parts.values()), sum(rest for _, rest in parts.values()))
        for n, rest in parts.values():
            few_of = min(n, rest) < RULE.threshold
            counts = round_counts(pd.Series([float(n), float(n + rest)]), 5).tolist()
            said.append("few" if few_of else counts)
    return said


def test_who_is_outside_a_base_is_not_told_by_any_bases_that_are_published() -> None:
    # Every city of some size: who is in the innermost base, in the next alone, and in neither.
    cities = pd.DataFrame(
        product(range(30, 60), range(20), range(20)), columns=["inside", "next", "outside"]
    )
    cities["area"] = cities.index.astype("str")
    cities = cities.assign(
        U1=cities["inside"],
        E1=cities["inside"] + cities["next"],
        population=cities[["inside", "next", "outside"]].sum(axis=1),
    ).astype({"U1": "float64", "E1": "float64", "population": "float64"})
    fixed = {"period": "2025", "source": "s"}
    counts = cities.melt(["area"], ["U1", "E1"], "indicator", "denominator")
    counts = counts.assign(**fixed, sex="alla", numerator=0.0)
    wide = wider_bases(counts, cities.assign(**fixed), BASES, RULE)
    grown = wide["denominator"] - counts["denominator"]
    assert grown.between(0, RULE.threshold - 1).all()
    told = round_counts(wide["denominator"], 5).groupby([wide["area"], wide["indicator"]]).first()
    told = told.unstack("indicator").reindex(cities["area"]).reset_index(drop=True)
    seen = told.assign(population=round_counts(cities["population"], 5))
    # At the ends of the range there are other cities that are not made here.
    seen = seen[seen["U1"].between(45, 50)]
    apart = cities.loc[seen.index, ["next", "outside"]].groupby([seen[name] for name in seen])
    least, most = apart.min(), apart.max()
    assert len(least) > 1
    assert ((most - least >= 5) | (least >= RULE.threshold - 5)).all(axis=None)


def test_that_there_is_nobody_at_all_is_not_sensitive() -> None:
    cells = {("1", "E1", "alla"): (0, 0), ("2", "E1", "alla"): (20, 30)}
    seen = publish(counted(cells), exempt=["s"], sensitive=["E1"]).observations
    assert (seen["status"] == "hidden").sum() == 0


@pytest.mark.parametrize(("n", "shown"), [(0.0, False), (50.0, False), (1.0, True)])
def test_what_is_sensitive_is_never_said_of_all_or_of_nobody(n: float, shown: bool) -> None:  # noqa: FBT001
    cells = {("1", "E1", "alla"): (int(n), 50 - int(n)), ("1", "U1", "alla"): (int(n), 50 - int(n))}
    seen = publish(counted(cells), exempt=["s"], sensitive=["E1"]).observations
    seen = seen[seen["area"] == "1"].set_index("indicator")
    assert (seen["status"]["E1"] == "ok") == shown
    assert seen["status"]["U1"] == "ok", "what is not sensitive is the publisher's own"


def test_children_are_hidden_where_almost_all_are_children() -> None:
    level = counted({("1", "E1", "alla"): (50, 50)})
    people = pd.DataFrame({
        "area": ["1", "2"], "period": "2025", "source": "s",
        "population": [60.0, 60.0], "children": [55.0, 40.0],
    })  # fmt: skip
    made = publish(
        Counted(level=OWN, observations=level.observations, people=Raw(people), groups=level.groups)
    )
    assert made.people["children"].isna().tolist() == [True, False]
