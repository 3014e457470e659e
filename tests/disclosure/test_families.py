"""Of a total and its parts never just one is hidden, in any family that a cell is in."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from geolyft.disclosure.together.families import CELL, OWN, Nesting, hidden_together
from geolyft.frames import CITY, RESIDUAL

SMALL = {"a": "1", "b": "1", "c": "1", "d": "2", "e": "2", "f": "3"}
OTHER = {"a": "x", "b": "y", "c": "y", "d": "y", "e": "z", "f": "z"}
NESTINGS = [
    Nesting(level="small", larger=OWN, parents=SMALL),
    Nesting(level="small", larger="other", parents=OTHER),
]
SEXES = ("alla", "kvinnor", "män")
BANDS = ("<30", "30+")
AREAS = {OWN: ["1", "2", "3", CITY, RESIDUAL], "other": list("xyz"), "small": list(SMALL)}


def every_cell() -> pd.DataFrame:
    plain = [(level, area, sex, "", "") for level, areas in AREAS.items() for area in areas
             for sex in SEXES]  # fmt: skip
    bands = [(OWN, area, "alla", "age", band) for area in AREAS[OWN] for band in BANDS]
    rows = [*plain, *bands]
    cells = pd.DataFrame(rows, columns=["level", "area", "sex", "group_by", "group"])
    return cells.assign(period="2025", indicator="E1")[CELL]


CELLS = every_cell()


NAME = ["level", "area", "sex", "group_by", "group"]


def families(cells: pd.DataFrame) -> list[list[int]]:
    """Say one by one which cells sum to which."""
    at = {tuple(row): n for n, row in enumerate(cells[NAME].itertuples(index=False))}
    found = [
        [at[level, area, sex, "", ""] for sex in SEXES]
        for level, areas in AREAS.items() for area in areas
    ]  # fmt: skip
    found += [
        [at[OWN, area, "alla", "", ""], *(at[OWN, area, "alla", "age", band] for band in BANDS)]
        for area in AREAS[OWN]
    ]
    kinds = [(sex, "", "") for sex in SEXES] + [("alla", "age", band) for band in BANDS]
    found += [[at[OWN, area, *kind] for area in ("1", "2", "3", CITY)] for kind in kinds]
    for larger, parents in ((OWN, SMALL), ("other", OTHER)):
        for parent in set(parents.values()):
            parts = [code for code, of in parents.items() if of == parent]
            found += [
                [at[larger, parent, sex, "", ""], *(at["small", p, sex, "", ""] for p in parts)]
                for sex in SEXES
            ]
    residual = {n for n, area in enumerate(cells["area"]) if area == RESIDUAL}
    return [family for family in found if not residual.intersection(family)]


@given(
    hidden=st.sets(st.integers(0, len(CELLS) - 1), max_size=6),
    bases=st.lists(st.sampled_from([20.0, 45.0, 500.0]), min_size=len(CELLS), max_size=len(CELLS)),
)
def test_nothing_is_hidden_alone_in_any_family(hidden: set[int], bases: list[float]) -> None:
    cells = CELLS.assign(hidden=CELLS.index.isin(hidden), denominator=bases)
    cells["denominator"] = cells["denominator"].mask(cells["hidden"])
    after = hidden_together(cells, NESTINGS)
    assert after[cells["hidden"]].all(), "what was hidden stays so"
    for family in families(cells):
        assert after.iloc[family].sum() != 1
    if not hidden:
        assert not after.any()
    shuffled = cells.sample(frac=1, random_state=len(hidden))
    pd.testing.assert_series_equal(hidden_together(cells, NESTINGS), after)
    assert hidden_together(shuffled, NESTINGS).index.equals(shuffled.index)


def one_level(bases: list[float | None]) -> pd.DataFrame:
    rows = [("small", code) for code in SMALL]
    cells = pd.DataFrame(rows, columns=["level", "area"]).assign(
        period="2025", sex="alla", indicator="E1", group_by="", group="", denominator=bases
    )
    return cells.assign(hidden=cells["denominator"].isna())


def test_the_second_to_go_is_the_one_with_the_smallest_base() -> None:
    cells = one_level([None, 90.0, 40.0, 300.0, 200.0, 100.0])
    assert hidden_together(cells, NESTINGS).tolist() == cells["hidden"].tolist()
    larger = cells[:1].assign(level=OWN, area="1", hidden=False, denominator=430.0)
    both = pd.concat([cells, larger], ignore_index=True)
    assert hidden_together(both, NESTINGS).tolist() == [True, False, True] + 4 * [False]


def test_an_only_part_goes_with_its_total() -> None:
    cells = one_level([90.0, 40.0, 60.0, 300.0, 200.0, None])
    larger = cells[cells["area"] == "f"].assign(level=OWN, area="3", hidden=False, denominator=70.0)
    both = pd.concat([cells, larger], ignore_index=True)
    assert hidden_together(both, NESTINGS).tolist() == 5 * [False] + 2 * [True]


def test_women_alone_are_not_hidden_beside_men_and_everyone() -> None:
    cells = CELLS[(CELLS["area"] == "1") & (CELLS["group"] == "")].reset_index(drop=True)
    hidden = cells["sex"] == "kvinnor"
    cells = cells.assign(hidden=hidden, denominator=[45.0, None, 25.0])
    assert cells.loc[hidden_together(cells, []), "sex"].tolist() == ["kvinnor", "män"]


def test_what_is_left_over_of_a_city_hides_no_area() -> None:
    cells = CELLS[(CELLS["level"] == OWN) & (CELLS["group"] == "")].reset_index(drop=True)
    cells = cells.assign(hidden=cells["area"] == RESIDUAL, denominator=100.0)
    assert hidden_together(cells, []).tolist() == cells["hidden"].tolist()
