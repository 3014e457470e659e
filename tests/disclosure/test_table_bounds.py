"""What is hidden stays hidden from who can add and subtract."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geolyft.disclosure.protect import Protection, protect_counts, round_counts
from geolyft.disclosure.tables import Constraint, bounds_of, cheapest_secondaries, margins
from geolyft.errors import GeolyftError

FOUR = pd.DataFrame(
    [[30, 47, 64, 89], [90, 124, 5, 31], [92, 100, 59, 85], [800, 991, 651, 685]],
    index=list("wxyz"),
    columns=list("abcd"),
)
SEXES = pd.DataFrame({"f": [2, 19, 10, 14], "m": [18, 14, 12, 11]}, index=list("ABCD"))
AGES = pd.DataFrame([[5, 2, 0], [6, 3, 4]], index=["young", "old"], columns=list("123"))


def inner(table: pd.DataFrame) -> dict[str, float]:
    """Hiding a cell costs its count, and totals are not hidden."""
    values, _ = margins(table)
    return {str(cell): each for cell, each in values.items() if "total" not in str(cell)}


def interval(
    values: pd.Series[float], hidden: list[str], constraints: list[Constraint], cell: str
) -> tuple[float, float, bool]:
    made = bounds_of(values.mask(values.index.isin(hidden)), constraints).set_index("cell")
    assert sorted(made.index) == sorted(hidden)
    low, high, exact = made.loc[cell]
    return low, high, exact


@pytest.mark.parametrize(("more", "found"), [("", (47, 47, True)), ("xd", (0, 78, False))])
def test_two_hidden_in_every_line_is_not_enough(
    more: str, found: tuple[float, float, bool]
) -> None:
    values, constraints = margins(FOUR)
    pattern = ["wa", "wb", "wc", "xa", "xc", "yb", "yd", "zb", "zd", *([more] if more else [])]
    hidden = ["/".join(each) for each in pattern]
    assert interval(values, hidden, constraints, "w/b") == found


def test_the_cheapest_pattern_of_one_small_count() -> None:
    values, constraints = margins(SEXES)
    added = cheapest_secondaries(values, ["A/f"], constraints, inner(SEXES))
    assert sorted(added) == ["A/m", "C/f", "C/m"]
    assert values[added].sum() == 40
    assert interval(values, ["A/f", *added], constraints, "A/f") == (0, 12, False)


def test_a_hidden_zero_takes_the_three_cheapest_with_it() -> None:
    values, constraints = margins(AGES)
    added = cheapest_secondaries(values, ["young/3"], constraints, inner(AGES))
    assert len(added) == 3
    assert values[added].sum() == 9


# A DeSO over two GeSO has its main part (1000) in one and a sliver in the other. What every DeSO
# and every GeSO holds is published, and no part is.
PARTS = {"1": ("P", "Q", 4), "2": ("Q", "R", 7), "3": ("R", "P", 2)}


def straddling(names: str) -> pd.DataFrame:
    values: dict[str, float] = {}
    deso, geso = {}, {"P": [], "Q": [], "R": []}
    for name in names:
        main, over, sliver = PARTS[name]
        deso[name] = [f"main {name}", f"sliver {name}"]
        geso[main].append(f"main {name}")
        geso[over].append(f"sliver {name}")
        values |= {f"main {name}": 1000, f"sliver {name}": sliver}
    constraints = [(parts, total) for total, parts in (deso | geso).items()]
    published = {total: sum(values[part] for part in parts) for parts, total in constraints}
    hidden = dict.fromkeys(values, np.nan)
    made = bounds_of(pd.Series(hidden | published, dtype="float64"), constraints)
    return made.set_index("cell")


def test_slivers_are_exact_where_their_edge_is_a_bridge() -> None:
    made = straddling("12")
    assert made["exact"].all()
    assert made.loc[["sliver 1", "sliver 2"], "low"].tolist() == [4, 7]


def test_a_third_straddling_area_closes_the_ring_and_frees_all_slivers() -> None:
    made = straddling("123").loc[["sliver 1", "sliver 2", "sliver 3"]]
    assert made[["low", "high"]].to_numpy().tolist() == [[2, 1004], [5, 1007], [0, 1002]]
    assert not made["exact"].any()


# ---- laws -----------------------------------------------------------------------------------

TABLES = st.lists(st.integers(0, 30), min_size=6, max_size=6).map(
    lambda counts: pd.DataFrame(np.reshape(counts, (2, 3)), index=list("xy"), columns=list("abc"))
)


@given(table=TABLES, base=st.sampled_from([1, 3, 5, 10]))
def test_the_truth_lies_in_every_interval(table: pd.DataFrame, base: int) -> None:
    values, constraints = margins(table)
    published = protect_counts(values, Protection(base=base), exempt=False)
    made = bounds_of(published, constraints, rounding=base)
    truth = values[made["cell"]].to_numpy()
    assert ((made["low"] <= truth) & (truth <= made["high"])).all()


@given(
    truth=st.tuples(st.integers(0, 9), st.integers(0, 9)),
    parts=st.lists(st.text("ab", min_size=2, max_size=4), min_size=2, max_size=3, unique=True),
    base=st.integers(1, 3),
)
def test_a_cell_is_exact_when_at_most_one_whole_number_lies_between_its_bounds(
    truth: tuple[int, int], parts: list[str], base: int
) -> None:
    # A cell that is counted twice or more in a rounded sum is known to a half, a third, a fourth.
    cells = dict(zip("ab", truth, strict=True))
    sums = {f"sum {each}": float(sum(cells[cell] for cell in each)) for each in parts}
    published = pd.Series(dict.fromkeys(cells, np.nan) | sums)
    published[list(sums)] = round_counts(published[list(sums)], base)
    constraints = [(tuple(each), f"sum {each}") for each in parts]
    made = bounds_of(published, constraints, rounding=base)
    for cell, low, high, exact in made.itertuples(index=False):
        assert low <= cells[cell] <= high
        whole = range(int(low), 100 if np.isinf(high) else int(high) + 2)
        assert exact == (sum(low <= each <= high for each in whole) <= 1)


@given(table=TABLES, data=st.data())
def test_no_cheaper_pattern_protects(table: pd.DataFrame, data: st.DataObject) -> None:
    values, constraints = margins(table)
    cost = inner(table)
    primary = data.draw(st.sampled_from(sorted(cost)))

    def protects(added: list[str]) -> bool:
        return not interval(values, [primary, *added], constraints, primary)[2]

    others = [cell for cell in cost if cell != primary]
    if not protects(others):
        with pytest.raises(GeolyftError, match="no pattern protects"):
            cheapest_secondaries(values, [primary], constraints, cost)
        return
    added = cheapest_secondaries(values, [primary], constraints, cost)
    assert protects(added)
    price = values[added].sum()
    patterns = [set(each) for n in range(len(others)) for each in combinations(others, n)]
    cheaper = [each for each in patterns if values[sorted(each)].sum() < price]
    # Hiding more never narrows an interval, so the largest of them speak for all.
    largest = [each for each in cheaper if not any(each < other for other in cheaper)]
    assert not any(protects(sorted(each)) for each in largest)


def test_rounding_frees_what_subtraction_gave_back() -> None:
    values = pd.Series({"a": np.nan, "b": 23.0, "all": 30.0})
    constraints = [(("a", "b"), "all")]
    assert bounds_of(values, constraints)["exact"].tolist() == [True]
    made = bounds_of(round_counts(values, 5), constraints, rounding=5)
    assert made[["low", "high", "exact"]].to_numpy().tolist() == [[1, 9, False]]


def test_a_cell_that_only_one_whole_number_fits_is_exact() -> None:
    values = pd.Series({"a": np.nan, "all": 25.0})
    made = bounds_of(values, [(("a", "a"), "all")])
    assert made.to_numpy().tolist() == [["a", 12.5, 12.5, True]]


def test_nothing_bounds_a_cell_without_a_published_total() -> None:
    made = bounds_of(pd.Series({"a": np.nan, "b": 4.0, "all": np.nan}), [(("a", "b"), "all")])
    assert made.to_numpy().tolist() == [["a", 0, np.inf, False], ["all", 4, np.inf, False]]


def test_nothing_hidden_is_an_empty_table() -> None:
    values, constraints = margins(SEXES)
    assert bounds_of(values, constraints).empty
    assert cheapest_secondaries(values, [], constraints, {}) == []


def test_twenty_candidates_are_searched() -> None:
    table = pd.DataFrame(np.arange(21.0).reshape(3, 7) + 1, columns=list("abcdefg"))
    values, constraints = margins(table)
    added = cheapest_secondaries(values, ["0/a"], constraints, inner(table))
    assert sorted(added) == ["0/b", "1/a", "1/b"]


# ---- refusals -------------------------------------------------------------------------------

SUM: list[Constraint] = [(("a", "b"), "all")]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"a": np.nan, "b": 5, "all": 4}, "contradict"),
        ({"a": 1, "b": 5, "all": 7}, "contradict"),
        ({"a": np.nan, "b": -1, "all": 4}, "negative"),
        ({"a": np.nan, "b": np.inf, "all": 4}, "infinite"),
        ({"a": np.nan, "all": 4}, "no value, such as 'b'"),
    ],
)
def test_what_cannot_be_audited_is_refused(values: dict[str, float], message: str) -> None:
    with pytest.raises(GeolyftError, match=message) as refusal:
        bounds_of(pd.Series(values, dtype="float64"), SUM)
    assert refusal.value.code == "audit-infeasible"


def test_a_label_that_occurs_twice_is_refused() -> None:
    with pytest.raises(GeolyftError, match="twice"):
        bounds_of(pd.Series([1.0, 2.0], index=["a", "a"]), [])
    with pytest.raises(GeolyftError, match="share a label"):
        margins(pd.DataFrame({"b/c": [1], "c": [2]}, index=["a"]).rename(columns={"b/c": "total"}))
    with pytest.raises(GeolyftError, match="missing"):
        margins(SEXES.mask(SEXES < 3))


@pytest.mark.parametrize(
    ("primary", "cost", "message"),
    [
        (["A/f"], {"A/m": 1}, "no pattern protects"),
        (["A/x"], {"A/m": 1}, "true count"),
        (["A/f"], {"A/m": -1}, "negative"),
        (["A/f"], {"A/m": np.nan}, "no number"),
        (["A/f"], {str(i): 1 for i in range(21)}, "true count"),
    ],
)
def test_a_search_without_an_answer_is_refused(
    primary: list[str], cost: dict[str, float], message: str
) -> None:
    values, constraints = margins(SEXES)
    with pytest.raises(GeolyftError, match=message) as refusal:
        cheapest_secondaries(values, primary, constraints, cost)
    assert refusal.value.code == "audit-infeasible"


def test_a_search_needs_the_true_count_of_every_cell() -> None:
    values, constraints = margins(SEXES)
    with pytest.raises(GeolyftError, match="true count"):
        cheapest_secondaries(values.mask(values.index == "D/m"), ["A/f"], constraints, {"A/m": 1})


def test_more_candidates_than_can_be_searched_are_refused() -> None:
    table = pd.DataFrame(np.ones((2, 11)))
    values, constraints = margins(table)
    with pytest.raises(GeolyftError, match="21 cells may be hidden, and 20"):
        cheapest_secondaries(values, ["0/0"], constraints, inner(table))
