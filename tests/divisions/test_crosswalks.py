"""How sure the shipped crosswalks say they are, and whether they agree with each other."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from geolyft.divisions.areas import demo_folder, shipped
from geolyft.divisions.blocks import load_changes
from geolyft.divisions.composed import CERTAINTIES, combine_sources
from geolyft.divisions.crosswalks import (
    CROSSWALKS,
    ERROR_BY_CERTAINTY,
    Crosswalk,
    load_crosswalk,
)
from geolyft.errors import AreaError

TO_GESO = [name for name, (_, target) in CROSSWALKS.items() if target == "geso"]
WEIGHTS = {"weight": "residents", "weight_dwellings": "dw_total"}
ROUNDED = 2e-6
"""Two weights as written, each rounded to six decimals."""


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    table = pd.read_csv(demo_folder() / "deso2025.csv", dtype={"deso_kod": "str"})
    return table.set_index("deso_kod")[["residents", "dw_total"]]


def table_of(name: str) -> pd.DataFrame:
    return load_crosswalk(name).table


def disagreements(one: pd.DataFrame, other: pd.DataFrame, weight: str) -> pd.DataFrame:
    """Pairs of areas whose weights differ by more than two standard errors of both."""
    error = weight.replace("weight", "error")
    key = ["source", "target"]
    pairs = {
        name: each.set_index(key)[[weight, error]].astype(float)
        for name, each in {"one": one, "other": other}.items()
    }
    both = pd.concat(pairs, axis=1).fillna(0.0)
    apart = (both["one"][weight] - both["other"][weight]).abs()
    allowed = 2 * np.hypot(both["one"][error], both["other"][error])
    return both[apart > allowed + ROUNDED]


def by_regso(people: pd.DataFrame) -> pd.DataFrame:
    within = table_of("deso2025_regso2025").set_index("source")["target"].to_dict()
    amounts = {weight: people[column] for weight, column in WEIGHTS.items()}
    return combine_sources(table_of("deso2025_geso"), within, amounts)


@pytest.mark.parametrize("weight", WEIGHTS)
def test_two_crosswalks_of_one_source_agree_within_their_errors(
    weight: str, people: pd.DataFrame
) -> None:
    direct, blocks = table_of("deso2025_geso"), table_of("deso2025blocks_geso")
    assert disagreements(direct, blocks, weight).empty
    assert disagreements(table_of("regso2025_geso"), by_regso(people), weight).empty
    changes = load_changes()
    same = changes.loc[changes["relation"] == "same", "source"]
    old = table_of("deso2018_geso")
    unchanged = old[old["source"].isin(same)]
    assert disagreements(unchanged, direct[direct["source"].isin(same)], weight).empty


def test_a_weight_that_is_too_sure_is_found() -> None:
    one = pd.DataFrame({"source": ["a", "a"], "target": ["1", "2"], "weight": [0.6, 0.4]})
    other = one.assign(weight=[0.2, 0.8])
    assert disagreements(one.assign(error=0.2), other.assign(error=0.2), "weight").empty
    assert len(disagreements(one.assign(error=0.1), other.assign(error=0.1), "weight")) == 2


@pytest.mark.parametrize("name", TO_GESO)
def test_what_is_split_can_be_off_and_what_is_whole_cannot(name: str) -> None:
    table = table_of(name)
    for weight in {"weight", "weight_dwellings"}.intersection(table.columns):
        error = table[weight.replace("weight", "error")]
        inside = table[weight].between(0, 1, inclusive="neither")
        assert error.between(0, 1).all()
        assert (error[table["method"] == "nested"] == 0).all()
        assert (error[inside & (table["method"] == "addresses")] > 0).all()
        of_two = error.groupby(table["source"]).agg(["size", "min", "max"]).query("size == 2")
        assert (of_two["max"] - of_two["min"] <= ROUNDED).all()


def rank(certainty: pd.Series) -> pd.Series:
    return certainty.map(CERTAINTIES.index)


def test_a_composed_crosswalk_is_no_surer_than_its_least_sure_part() -> None:
    parts = table_of("deso2025_geso").groupby("source")["certainty"].first()
    within = table_of("deso2025_regso2025").set_index("source")["target"]
    regso = table_of("regso2025_geso").groupby("source")["certainty"].first()
    assert (rank(within.map(regso)) >= rank(parts.reindex(within.index))).all()
    blocks = table_of("deso2025blocks_geso").groupby("source")["certainty"].first()
    assert (rank(blocks) >= rank(parts.reindex(blocks.index))).all()


def test_errors_are_combined_as_those_of_independent_parts() -> None:
    parts = pd.DataFrame(
        {
            "source": ["a", "a", "b", "b", "c"],
            "target": ["1", "2", "1", "2", "1"],
            "weight": [0.5, 0.5, 0.2, 0.8, 1.0],
            "error": [0.3, 0.3, 0.1, 0.1, 0.0],
            "certainty": ["low", "low", "medium", "medium", "high"],
        }
    )
    amounts = {"weight": pd.Series({"a": 100.0, "b": 100.0, "c": 50.0})}
    made = combine_sources(parts, {"a": "g", "b": "g", "c": "h"}, amounts)
    made = made.set_index(["source", "target"])
    assert made["weight"].tolist() == pytest.approx([0.35, 0.65, 1.0])
    assert made["error"].tolist() == pytest.approx([np.hypot(0.15, 0.05)] * 2 + [0])
    assert made["certainty"].tolist() == ["low", "low", "high"]


def test_errors_by_certainty_are_those_that_were_measured() -> None:
    assert tuple(ERROR_BY_CERTAINTY) == CERTAINTIES
    assert all(one <= two for one, two in pairwise(ERROR_BY_CERTAINTY.values()))
    measured = json.loads(shipped("measured.json").read_text(encoding="utf-8"))
    assert measured["error_by_certainty"] == {
        name: ERROR_BY_CERTAINTY[name] for name in ("medium", "low")
    }


def test_the_chosen_estimator_has_the_least_error_that_was_measured() -> None:
    measured = json.loads(shipped("measured.json").read_text(encoding="utf-8"))["estimators"]
    for tried in measured.values():
        means = {name: each["mean"] for name, each in tried.items()}
        assert min(means, key=means.__getitem__) == "kinds of addresses, by voters"
        blind = {name: mean for name, mean in means.items() if "voters" not in name}
        assert min(blind, key=blind.__getitem__) == "kinds of addresses"


def test_dwellings_move_by_their_own_weights() -> None:
    table = pd.DataFrame(
        {"source": ["a", "a"], "target": ["1", "2"], "weight": [0.5, 0.5], "error": 0.1}
    )
    own = table.assign(weight_dwellings=[0.3, 0.7], error_dwellings=0.2)
    walk = Crosswalk(name="w", source="s", target="t", table=own)
    assert walk.by("residents") is walk
    assert walk.by("dwellings").table[["weight", "error"]].to_numpy().tolist() == [
        [0.3, 0.2],
        [0.7, 0.2],
    ]
    bare = Crosswalk(name="w", source="s", target="t", table=table)
    with pytest.raises(AreaError, match="lacks weight_dwellings") as refusal:
        bare.by("dwellings")
    assert refusal.value.code == "crosswalk-columns"
    whole = Crosswalk(name="w", source="s", target="t", table=table.iloc[:1].assign(weight=1.0))
    assert whole.by("dwellings") is whole


def test_dwellings_weights_have_to_sum_to_one_too() -> None:
    table = pd.DataFrame({"source": ["a"], "target": ["1"], "weight": [1.0]})
    with pytest.raises(AreaError) as refusal:
        Crosswalk(name="w", source="s", target="t", table=table.assign(weight_dwellings=0.9))
    assert refusal.value.code == "crosswalk-sum"
