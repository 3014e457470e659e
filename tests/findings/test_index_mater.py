"""The audit of an index: known answers, exact parts, and no word that says more than its figure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from profile_publication import full

from geolyft.export.figures.reader import reader_of
from geolyft.export.words import load_words
from geolyft.findings.stages import index_mater
from geolyft.findings.stages.index_mater import STAGE
from geolyft.frames import CITY
from geolyft.index.coherence import OUTLIER, audit_index
from geolyft.index.combine import combine, weigh
from geolyft.indicators.catalogue import load_catalogue

if TYPE_CHECKING:
    from geolyft.index.means import Aggregation

CATALOGUE = load_catalogue()
CODES = list(CATALOGUE.codes)
LOOSE = {"minimum_indicators": 1, "minimum_dimensions": 1}


def audit(values: np.ndarray, codes: list[str], how: Aggregation = "arithmetic") -> pd.DataFrame:
    """Audit scores: a row for each area, a column for each indicator, empty where there is none."""
    areas = [str(n) for n in range(1, len(values) + 1)]
    wide = pd.DataFrame(values, index=areas, columns=codes)
    # The city is in no figure of the audit, whatever its scores are.
    wide.loc[CITY] = 5000.0
    scores = wide.rename_axis("area").reset_index().melt("area", None, "indicator", "score")
    scores = scores.dropna().assign(period="2025", sex="alla", status="ok")
    weighed = weigh(scores.astype({"indicator": "str"}), CATALOGUE, **LOOSE)
    return audit_index(weighed, combine(weighed, CATALOGUE, how=how), CATALOGUE)


def worlds(seed: int, areas: int, k: int, common: float) -> np.ndarray:
    rng = np.random.default_rng(seed)
    one = rng.standard_normal((areas, 1))
    return 100 + 10 * (
        np.sqrt(common) * one + np.sqrt(1 - common) * rng.standard_normal((areas, k))
    )


def test_known_answers() -> None:
    # By hand: both have variance 1000/3, their covariance is 900/3, r = 0.9.
    made = audit(np.array([[80.0, 80], [90, 90], [110, 120], [120, 110]]), ["E1", "E2"])
    assert made["r_E2"].tolist() == pytest.approx([0.9, 1.0])
    assert made["alpha"].tolist() == pytest.approx([2 * (1 - 2000 / 3800)] * 2)
    assert made["first_component"].tolist() == pytest.approx([1.9 / 2] * 2)
    assert made["loading"].tolist() == pytest.approx([np.sqrt(0.95)] * 2)
    assert made["variance_share"].tolist() == pytest.approx([0.5, 0.5])
    assert made["areas"].tolist() == [4, 4]


@given(seed=st.integers(0, 10**6), areas=st.integers(4, 20), k=st.integers(2, 12))
# Two indicators that go against each other load alike with opposite signs, whose sum is rounding.
@example(seed=20499, areas=4, k=2)
def test_the_parts_of_the_indexs_variance_are_all_of_it(seed: int, areas: int, k: int) -> None:
    values = worlds(seed, areas, k, common=0.5)
    made = audit(values, CODES[:k])
    assert made["variance_share"].sum() == pytest.approx(1.0)
    assert made["weight"].sum() == pytest.approx(1.0)
    # Another unit and another middle of every score change nothing.
    moved = audit(3 * values - 40, CODES[:k])
    numbers = made.select_dtypes("number").columns
    np.testing.assert_allclose(made[numbers].astype(float), moved[numbers].astype(float), atol=1e-7)
    correlations = np.corrcoef(values.T)
    found = made[[f"r_{code}" for code in CODES[:k]]].to_numpy(dtype="float64")
    np.testing.assert_allclose(found, correlations, atol=1e-9)
    share = np.linalg.eigvalsh(correlations)[-1] / k
    assert made["first_component"].iloc[0] == pytest.approx(share)
    assert (made["z"].abs() <= (areas - 1) / np.sqrt(areas) + 1e-9).all()


def test_an_index_that_is_no_weighted_mean_has_no_such_parts() -> None:
    values = worlds(1, 14, 6, common=0.3)
    made = audit(values, CODES[:6], how="geometric")
    assert made["variance_share"].isna().all()
    assert made["alpha"].notna().all()


def test_it_rests_on_the_areas_that_have_every_indicator() -> None:
    values = worlds(2, 14, 5, common=0.5)
    values[3, 0] = np.nan
    made, without = audit(values, CODES[:5]), audit(np.delete(values, 3, axis=0), CODES[:5])
    same = ["areas", "alpha", "first_component", "variance_share", "loading"]
    pd.testing.assert_frame_equal(made[same], without[same])
    assert made["areas"].eq(13).all()
    # A correlation is of all areas that have both, as the report's.
    both = np.corrcoef(values[:, 3], values[:, 4])[0, 1]
    assert made.set_index("indicator").loc[CODES[3], f"r_{CODES[4]}"] == pytest.approx(both)


def test_too_few_areas_say_nothing() -> None:
    made = audit(worlds(3, 2, 3, common=0.5), CODES[:3])
    rest = made.columns.difference(["period", "indicator", "areas", "z_area"])
    assert made[rest].isna().all(axis=None)


def test_what_does_not_vary_has_no_part() -> None:
    values = worlds(4, 14, 3, common=0.5)
    values[:, 1] = 90.0
    made = audit(values, CODES[:3]).set_index("indicator")
    assert made.loc[CODES[1], ["z", "loading"]].isna().all()
    assert made.loc[CODES[1], "variance_share"] == pytest.approx(0.0, abs=1e-12)
    assert made["first_component"].iloc[0] > 0.5


def test_an_outlier_is_named() -> None:
    values = worlds(5, 14, 4, common=0.2)
    values[6, 2] += 1000
    made = audit(values, CODES[:4]).set_index("indicator")
    assert made["outlier"].to_dict() == {code: code == CODES[2] for code in CODES[:4]}
    assert made.loc[CODES[2], "z_area"] == "7"
    assert made.loc[CODES[2], "z"] > OUTLIER


# In words -----------------------------------------------------------------------------------------


def told(values: np.ndarray, codes: list[str], period: str = "2024") -> str:
    """Return what the report says of an audit, table included."""
    base = full()
    table = audit(values, codes).assign(period=period)
    table["z_area"] = table["z_area"].where(table["z_area"] == "", base.areas.index[0])
    tables = {**base.tables, "index_mater": table}
    reader = reader_of(replace(base, tables=tables))
    return " ".join(
        block.text for block in index_mater.blocks(reader, STAGE.chapter) if block.kind == "text"
    )


def test_one_thing_is_said_only_of_a_large_first_component() -> None:
    one = told(worlds(6, 14, 12, common=0.95), CODES)
    assert "mäter i huvudsak en sak" in one
    assert "saknas" not in one
    several = told(worlds(7, 14, 12, common=0.1), CODES)
    assert "mer än en sak" in several
    assert "i huvudsak" not in several


@pytest.mark.parametrize(("areas", "k"), [(14, 4), (9, 12)])
def test_few_indicators_or_areas_say_neither(areas: int, k: int) -> None:
    text = told(worlds(8, areas, k, common=0.95), CODES[:k])
    assert "går det inte att säga" in text
    assert "i huvudsak" not in text
    assert ("Indexet ska ha 12 indikatorer" in text) == (k < 12)


def test_those_that_carry_the_index_are_the_fewest_that_make_half() -> None:
    values = worlds(9, 14, 12, common=0.0)
    values[:, :3] = 100 + 3 * (values[:, :3] - 100)
    shares = audit(values, CODES).set_index("indicator")["variance_share"]
    shares = shares.sort_values(ascending=False)
    k = int((shares.cumsum() < 0.5).sum()) + 1
    named = load_words("sv").listed(list(shares.index[:k]))
    assert f"Mest betyder {named}: {k} av 12 indikatorer står för" in told(values, CODES)


def test_a_run_without_areas_enough_says_so() -> None:
    assert "för få områden" in told(worlds(1, 2, 3, common=0.5), CODES[:3])
