"""DeSO 2018 and 2025: blocks that are the same ground, and counts that cross the change whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geolyft.divisions.areas import load_areas
from geolyft.divisions.blocks import NEW, OLD, check_changes, find_blocks, load_changes
from geolyft.divisions.crosswalks import Crosswalk, load_crosswalk
from geolyft.divisions.deso_change import crosswalk_through_blocks, divisions_of, sum_to_blocks
from geolyft.errors import AreaError, JoinError

if TYPE_CHECKING:
    from pathlib import Path

tables = st.lists(
    st.tuples(st.sampled_from("ABCDEF"), st.sampled_from("GHIJKL")),
    min_size=1,
    max_size=10,
    unique=True,
)


def changes_of(pairs: list[tuple[str, str]]) -> pd.DataFrame:
    return check_changes(pd.DataFrame(pairs, columns=["source", "target"]))


@pytest.fixture(scope="module")
def malmo() -> pd.DataFrame:
    return find_blocks(load_changes())


# The shipped table --------------------------------------------------------------------------------


def test_malmo_goes_from_192_to_209(malmo: pd.DataFrame) -> None:
    counts = malmo["division"].value_counts()
    assert counts.to_dict() == {NEW: 209, OLD: 192}
    new = malmo.loc[malmo["division"] == NEW, "area"]
    assert set(new) == set(load_areas("deso2025").index)


def test_the_four_blocks_that_do_not_nest_are_flagged_and_no_other(malmo: pd.DataFrame) -> None:
    flagged = malmo[~malmo["nested"]]
    assert set(flagged["block"]) == {
        "1280C1120+1280C1270",
        "1280C2080+1280C2320",
        "1280C2560+1280C2660",
        "1280C2610+1280C2720",
    }
    assert flagged["kind"].eq("regrouped").all()
    split = malmo[malmo["kind"] == "split"]
    # Nine areas ceased; three of them are in blocks that do not nest.
    assert split["block"].nunique() == 6
    assert malmo["block"].nunique() == 188


def test_what_ceased_is_nowhere_in_the_new_division(malmo: pd.DataFrame) -> None:
    ceased = ["1170", "1270", "1340", "1440", "2080", "2610", "2870", "2880", "2910"]
    new = set(malmo.loc[malmo["division"] == NEW, "area"])
    assert not new.intersection(f"1280C{code}" for code in ceased)


def test_growth_over_water_is_noted_and_moves_nobody() -> None:
    changes = load_changes()
    grown = changes[changes["note"] == "grew over water without people"]
    assert len(grown) == 12
    assert (grown["source"] == grown["target"]).all()


# Blocks -------------------------------------------------------------------------------------------


@given(pairs=tables, seed=st.integers(0, 9))
def test_blocks_part_both_divisions_and_do_not_depend_on_order(
    pairs: list[tuple[str, str]], seed: int
) -> None:
    changes = changes_of(pairs)
    blocks = find_blocks(changes)
    assert not blocks.duplicated(["division", "area"]).any()
    of = blocks.set_index(["division", "area"])["block"]
    assert all(of[(OLD, old)] == of[(NEW, new)] for old, new in pairs)
    assert set(of[OLD].index) == {old for old, _ in pairs}
    pd.testing.assert_frame_equal(blocks, find_blocks(changes.sample(frac=1, random_state=seed)))


@given(pairs=tables)
def test_no_block_can_be_parted(pairs: list[tuple[str, str]]) -> None:
    # A slow second way: walk from each old area over shared ones until nothing more is reached.
    of = find_blocks(changes_of(pairs)).set_index(["division", "area"])["block"]
    for start in {old for old, _ in pairs}:
        reached = {start}
        for _ in pairs:
            touched = {new for old, new in pairs if old in reached}
            reached |= {old for old, new in pairs if new in touched}
        assert of[(OLD, start)] == "+".join(sorted(reached))


@pytest.mark.parametrize(
    ("pairs", "kind", "nested"),
    [
        ([("A", "A")], "unchanged", True),
        ([("A", "B"), ("A", "C")], "split", True),
        ([("A", "C"), ("B", "C")], "merged", True),
        ([("A", "A"), ("A", "C"), ("B", "C")], "regrouped", False),
    ],
)
def test_a_kind_says_what_happened(
    pairs: list[tuple[str, str]],
    kind: str,
    nested: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    blocks = find_blocks(changes_of(pairs))
    assert set(blocks["kind"]) == {kind}
    assert set(blocks["nested"]) == {nested}


def test_a_users_own_table_wins(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(
        "kod2018;kod2025\n1280C1010;1280C1011_DeSO2025\n1280C1010;1280C1012_DeSO2025\n"
        "0180C1010;0180C1010_DeSO2025\n",
        encoding="utf-8",
    )
    own = load_changes(path, source="kod2018", target="kod2025", within="1280")
    assert own[["source", "target"]].to_numpy().tolist() == [
        ["1280C1010", "1280C1011"],
        ["1280C1010", "1280C1012"],
    ]
    with pytest.raises(AreaError, match="lacks source, target") as refusal:
        load_changes(path)
    assert refusal.value.code == "blocks-columns"


def test_a_change_table_with_a_gap_or_a_repeat_is_refused() -> None:
    with pytest.raises(AreaError, match="1 of 2 rows of the change table lack") as refusal:
        check_changes(pd.DataFrame({"source": ["A", None], "target": ["B", "C"]}))
    assert refusal.value.code == "blocks-columns"
    with pytest.raises(AreaError, match="repeat a pair, first 'A' to 'B'") as refusal:
        changes_of([("A", "B"), ("A", "B_DeSO2025")])
    assert refusal.value.code == "blocks-duplicate"


# Sums ---------------------------------------------------------------------------------------------


def served(pairs: list[tuple[str, str]], people: dict[tuple[str, str], float]) -> pd.DataFrame:
    """Make a table as PxWeb serves it: both divisions in both years, 0 where there is no area."""
    rows = []
    for year, live in (("2023", OLD), ("2024", NEW)):
        for division, ending, position in ((OLD, "", 0), (NEW, "_DeSO2025", 1)):
            for code in sorted({pair[position] for pair in pairs}):
                held = sum(n for pair, n in people.items() if pair[position] == code)
                rows.append((code + ending, year, held if division == live else 0.0))
    return pd.DataFrame(rows, columns=["area", "period", "n"])


@given(pairs=tables, seed=st.integers(0, 9))
def test_a_series_crosses_the_change_where_nobody_moved(
    pairs: list[tuple[str, str]], seed: int
) -> None:
    people = {pair: float(10 + i) for i, pair in enumerate(pairs)}
    table = served(pairs, people).sample(frac=1, random_state=seed)
    made = sum_to_blocks(table, find_blocks(changes_of(pairs)), values=["n"])
    wide = made.pivot_table(index="block", columns="period", values="n")
    assert wide["2023"].tolist() == wide["2024"].tolist()
    assert wide["2023"].sum() == sum(people.values())
    assert set(made.loc[made["period"] == "2023", "division"]) == {OLD}


def test_codes_that_live_on_are_not_counted_twice(malmo: pd.DataFrame) -> None:
    codes = pd.Series(["1280C1010", "1280C1010_DeSO2025"] * 2)
    periods = pd.Series(["2023", "2023", "2024", "2024"])
    found = divisions_of(codes, periods, malmo)
    assert found.fillna("").tolist() == [OLD, "", "", NEW]


def test_bare_codes_alone_are_of_the_division_of_their_year(malmo: pd.DataFrame) -> None:
    codes = pd.Series(["1280C1010", "1280C1010", "1280C1171", "1280C1171", "1280C1170"])
    periods = pd.Series(["2023", "2024", "2023", "2024", "2024"])
    assert divisions_of(codes, periods, malmo).fillna("").tolist() == [OLD, NEW, "", NEW, ""]


def test_a_true_zero_in_a_living_area_is_a_zero() -> None:
    blocks = find_blocks(changes_of([("A", "A")]))
    table = pd.DataFrame({"area": "A", "period": ["2023", "2024"], "n": 0.0})
    assert sum_to_blocks(table, blocks, values=["n"])["n"].tolist() == [0, 0]


def test_figures_where_there_is_no_area_are_refused_and_not_thrown_away() -> None:
    blocks = find_blocks(changes_of([("A", "B"), ("A", "C")]))
    table = pd.DataFrame({"area": ["A", "B_DeSO2025"], "period": "2023", "n": [9.0, 4.0]})
    with pytest.raises(JoinError, match=r"1 rows hold .* first 'B_DeSO2025'") as refusal:
        sum_to_blocks(table, blocks, values=["n"])
    assert refusal.value.code == "blocks-validity"
    earlier = pd.DataFrame({"area": ["B", "C"], "period": "2023", "n": [5.0, 4.0]})
    assert sum_to_blocks(earlier, blocks, values=["n"], first_new=2023)["n"].tolist() == [9]


def test_a_block_that_lacks_a_part_is_missing() -> None:
    blocks = find_blocks(changes_of([("A", "B"), ("A", "C")]))
    absent = pd.DataFrame({"area": ["B"], "period": "2024", "n": [4.0]})
    empty = pd.DataFrame({"area": ["B", "C"], "period": "2024", "n": [4.0, np.nan]})
    for table in (absent, empty):
        made = sum_to_blocks(table, blocks, values=["n"])
        assert made["n"].isna().all()
        assert made["n_areas"].tolist() == [2]


def test_the_rest_of_the_key_is_kept_apart() -> None:
    blocks = find_blocks(changes_of([("A", "B"), ("A", "C")]))
    table = pd.DataFrame({"area": ["B", "C"] * 2, "period": "2024", "n": [1.0, 2, 3, 4],
                          "sex": ["män", "män", "kvinnor", "kvinnor"]})  # fmt: skip
    made = sum_to_blocks(table, blocks, values=["n"], by=["sex"]).set_index("sex")["n"]
    assert made.to_dict() == {"kvinnor": 7, "män": 3}
    with pytest.raises(JoinError, match="2 rows repeat an area") as refusal:
        sum_to_blocks(table, blocks, values=["n"])
    assert refusal.value.code == "blocks-duplicate"


def test_a_code_of_neither_division_is_refused() -> None:
    blocks = find_blocks(changes_of([("A", "B")]))
    # A with the ending would be an area of the new division, and there is none.
    for code in ("X", "A_DeSO2025"):
        table = pd.DataFrame({"area": ["A", code], "period": "2023", "n": 1.0})
        with pytest.raises(JoinError, match="1 of 2 rows have a code of neither") as refusal:
            sum_to_blocks(table, blocks, values=["n"])
        assert refusal.value.code == "blocks-unknown"


# To larger areas ----------------------------------------------------------------------------------


def test_both_divisions_lead_to_the_same_totals(malmo: pd.DataFrame) -> None:
    walk = load_crosswalk("deso2025_geso")
    codes = sorted(walk.table["source"].unique())
    residents = pd.Series(np.arange(1000.0, 1000 + len(codes)), index=codes)
    of = malmo.set_index(["division", "area"])["block"]
    by_block = residents.groupby(of[NEW].reindex(residents.index)).sum()
    moved = {}
    for division in (OLD, NEW):
        table = crosswalk_through_blocks(malmo, walk, residents, division=division)
        led = Crosswalk(name="b", source=division, target="geso", table=table).table
        # All areas of a block have its weights: all of its residents may stand in the first.
        first = of[division].drop_duplicates()
        people = first.map(by_block).reindex(led["source"]).fillna(0.0).to_numpy()
        moved[division] = (led["weight"] * people).groupby(led["target"]).sum()
    pd.testing.assert_series_equal(moved[OLD], moved[NEW])
    direct = walk.table.assign(n=walk.table["source"].map(residents) * walk.table["weight"])
    expected = direct.groupby("target")["n"].sum()
    pd.testing.assert_series_equal(moved[NEW], expected, check_names=False)


def test_a_block_on_a_border_says_how_sure_it_is() -> None:
    blocks = find_blocks(changes_of([("A", "A"), ("A", "C"), ("B", "C"), ("D", "E"), ("D", "F")]))
    table = pd.DataFrame({"source": list("ACEF"), "target": list("1212"), "weight": 1.0})
    walk = Crosswalk(name="w", source="deso2025", target="geso", table=table)
    residents = pd.Series({"A": 100.0, "C": 300.0, "E": 0.0, "F": 0.0})
    made = crosswalk_through_blocks(blocks, walk, residents, division=OLD)
    made = made.set_index(["source", "target"])
    assert made.loc["A", "weight"].tolist() == [0.25, 0.75]
    assert made.loc["A", "certainty"].unique().tolist() == ["low"]
    assert made.loc["D", "weight"].tolist() == [0.5, 0.5]
    assert made.loc["D", "certainty"].unique().tolist() == ["medium"]


def test_a_way_that_lacks_an_area_is_refused(malmo: pd.DataFrame) -> None:
    walk = load_crosswalk("deso2025_geso")
    residents = pd.Series(1.0, index=walk.table["source"].unique()).drop("1280C1010")
    with pytest.raises(JoinError, match="1 of 209 areas of 2025 lack") as refusal:
        crosswalk_through_blocks(malmo, walk, residents, division=OLD)
    assert refusal.value.code == "blocks-unknown"
