"""Every variant of the index, and which choice matters: known answers and laws."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from geolyft.certainty.importance import INPUTS, importance, joint_sensitivity, normal
from geolyft.certainty.sensitivity import (
    Choices,
    rank_ranges,
    refused,
    robustness,
    variant_name,
    variants,
)
from geolyft.certainty.sobol import LARGEST_ERROR, indices, sobol
from geolyft.errors import IndexComputationError
from geolyft.frames import CITY
from geolyft.index.combine import combine, weigh
from geolyft.index.minimums import Minimums
from geolyft.index.normalise import normalise
from geolyft.index.scales import fit_scales, score
from geolyft.indicators.catalogue import Catalogue, load_catalogue

if TYPE_CHECKING:
    from collections.abc import Callable

AREAS = [f"{n:02}" for n in range(1, 15)]
PUBLISHED = "goalpost arithmetic"
# 9 pairs; without, or less one of 12 indicators or 4 dimensions; 9 sets of weights, of which a
# dimension that is left out has no use for 2.
ALL = 9 * (13 * 9 + 4 * 7)


def city_of(rng: np.random.Generator, seen: Callable[..., pd.DataFrame], catalogue: Catalogue,
            *, areas: int = 14, period: str = "2025") -> pd.DataFrame:  # fmt: skip
    """Make a city whose areas differ mostly in one thing, as cities do."""
    good = rng.normal(size=areas)
    rows = []
    for indicator in catalogue.indicators:
        sign = 1 if indicator.direction == "high" else -1
        values = np.clip(50 + sign * 8 * good + rng.normal(0, 5, areas), 1, 99)
        rows += [(f"{n + 1:02}", period, indicator.code, v) for n, v in enumerate(values)]
        rows.append((CITY, period, indicator.code, float(values.mean())))
    return seen(*rows)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """Return a catalogue in which high is not always good."""
    return load_catalogue().decide({"U1": "högst"})


@pytest.fixture(scope="module")
def malmo(seen: Callable[..., pd.DataFrame], catalogue: Catalogue) -> pd.DataFrame:
    return city_of(np.random.default_rng(7), seen, catalogue)


@pytest.fixture(scope="module")
def made(malmo: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    return variants(malmo, catalogue, base_period="2025")


def published_index(table: pd.DataFrame, catalogue: Catalogue, **minimums: int) -> pd.Series[float]:
    scales = fit_scales(table, catalogue, base_period="2025")
    index = combine(weigh(score(table, scales), catalogue, **minimums), catalogue)
    return index[index["area"] != CITY].set_index("area")["index"]


def test_every_variant_is_made_once_and_the_published_one_is_first(made: pd.DataFrame) -> None:
    assert made["variant"].nunique() == ALL
    assert len(made) == ALL * len(AREAS)
    assert not made.duplicated(["area", "variant"]).any()
    assert made["variant"].iloc[0] == PUBLISHED
    assert len(refused()) + 10 == 7 * 4


def test_the_published_variant_is_the_published_index(
    made: pd.DataFrame, malmo: pd.DataFrame, catalogue: Catalogue
) -> None:
    mine = made[made["variant"] == PUBLISHED].set_index("area")["index"]
    assert (mine - published_index(malmo, catalogue)).abs().max() < 1e-9


def test_a_variant_is_the_index_made_that_way(
    made: pd.DataFrame, malmo: pd.DataFrame, catalogue: Catalogue
) -> None:
    # By the long road: a catalogue without E1 in which the economy weighs a quarter more.
    lighter = Catalogue.model_validate(
        {
            "index": {"code": "a", "name": "a"},
            "dimension": [
                d.model_dump() | {"weight": 1.25 if d.code == "ekonomi" else 1}
                for d in catalogue.dimensions
            ],
            "indicator": [i.model_dump() for i in catalogue.indicators if i.code != "E1"],
        }
    )
    scores = normalise(malmo, lighter, "zscore", base_period="2025")
    index = combine(weigh(scores, lighter), lighter).set_index("area")["index"].drop(CITY)
    mine = made[made["variant"] == "zscore arithmetic -E1 ekonomi+25%"].set_index("area")
    assert (mine["index"] - index).abs().max() < 1e-9
    assert (mine["rank"] == index.rank()).all()


def test_a_geometric_variant_is_the_mean_of_logarithms(
    made: pd.DataFrame, malmo: pd.DataFrame, catalogue: Catalogue
) -> None:
    scores = normalise(malmo, catalogue, base_period="2025")
    wide = scores.pivot_table(index="area", columns="indicator", values="score").drop(CITY)
    mine = made[made["variant"] == "goalpost geometric"].set_index("area")["index"]
    assert (mine - np.exp(np.log(wide).mean(axis=1))).abs().max() < 1e-9


def test_the_same_run_gives_the_same_variants_in_any_row_order(
    made: pd.DataFrame, malmo: pd.DataFrame, catalogue: Catalogue
) -> None:
    shuffled = malmo.sample(frac=1, random_state=3)
    assert_frame_equal(variants(shuffled, catalogue, base_period="2025"), made)


def test_twins_share_their_rank_in_every_variant(malmo: pd.DataFrame, catalogue: Catalogue) -> None:
    twin = malmo[malmo["area"] == "05"].assign(area="99")
    both = variants(pd.concat([malmo, twin]), catalogue, base_period="2025")
    ranks = both.pivot_table(index="variant", columns="area", values="rank")
    assert (ranks["05"] == ranks["99"]).all()


def test_hundreds_of_variants_take_less_than_a_second(
    malmo: pd.DataFrame, catalogue: Catalogue
) -> None:
    # Time of this process, not of the clock: others may be at work on the machine.
    start = time.process_time()
    robustness(variants(malmo, catalogue, base_period="2025"))
    assert time.process_time() - start < 1


def test_an_area_that_is_worst_in_everything_is_lowest_in_every_variant(
    malmo: pd.DataFrame, catalogue: Catalogue
) -> None:
    worst = {i.code: 0.0 if i.direction == "high" else 100.0 for i in catalogue.indicators}
    mine = malmo["area"] == "03"
    table = malmo.assign(value=malmo["value"].where(~mine, malmo["indicator"].map(worst)))
    found = robustness(variants(table, catalogue, base_period="2025"), k=1).set_index("area")
    assert found.loc["03", ["nominal", "rank_p5", "rank_p95"]].tolist() == [1, 1, 1]
    assert found["share_among_lowest"].to_dict() == {a: float(a == "03") for a in AREAS}


def test_robustness_lays_out_what_the_ranks_say(made: pd.DataFrame) -> None:
    found = robustness(made, k=3).set_index("area")
    ranks = made.groupby("area")["rank"]
    assert found.index.tolist() == AREAS
    assert (found["rank_p5"] <= found["rank_median"]).all()
    assert (found["rank_median"] <= found["rank_p95"]).all()
    assert (found["n_variants"] == ALL).all()
    assert found["share_among_lowest"].sum() == pytest.approx(3, abs=0.01)
    assert found["share_among_lowest"].to_dict() == ranks.agg(lambda r: (r <= 3).mean()).to_dict()
    # Where no more areas are ranked than are told, each is among them, whatever its figure.
    assert robustness(made, k=14)["share_among_lowest"].isna().all()
    assert robustness(made, k=13)["share_among_lowest"].notna().all()


def test_robustness_needs_the_published_variant(made: pd.DataFrame) -> None:
    with pytest.raises(IndexComputationError, match="is not among the variants") as refusal:
        robustness(made, nominal=("zscore", "geometric"))
    assert refusal.value.code == "index-variant"


def test_a_published_pair_that_does_not_fit_is_refused_before_anything_is_read() -> None:
    with pytest.raises(IndexComputationError, match="needs scores above 0") as refusal:
        Choices(nominal=("percentile", "harmonic"))
    assert refusal.value.code == "index-pair"


def test_the_published_index_may_be_another(malmo: pd.DataFrame, catalogue: Catalogue) -> None:
    choices = Choices(nominal=("zscore", "arithmetic"), weight_change=0)
    made = variants(malmo, catalogue, base_period="2025", choices=choices)
    assert made["variant"].iloc[0] == variant_name(choices.nominal)
    assert made["variant"].nunique() == 9 * 17
    assert len(robustness(made, nominal=choices.nominal)) == 14


def test_what_the_figures_do_not_allow_is_left_out(
    malmo: pd.DataFrame, catalogue: Catalogue
) -> None:
    # A year in which E1 is the same everywhere: only scales that are fixed can be used.
    later = malmo.assign(period="2026")
    later["value"] = later["value"].where(later["indicator"] != "E1", 50.0)
    made = variants(pd.concat([malmo, later]), catalogue, base_period="2025")
    used = made.groupby("period")["variant"].agg(lambda v: {name.split()[0] for name in v})
    assert used["2025"] - used["2026"] == {"zscore", "minmax", "percentile"}
    assert used["2026"] == {"goalpost", "shares", "distance"}
    # And one in which an area is so far down that its score is below 0.
    far = malmo.assign(value=malmo["value"] / 4 + 60, period="2025")
    fallen = far.assign(period="2026")
    fallen.loc[(fallen["area"] == "01") & (fallen["indicator"] == "E1"), "value"] = 0.0
    made = variants(pd.concat([far, fallen]), catalogue, base_period="2025")
    used = made.groupby("period")["variant"].agg(lambda v: {" ".join(n.split()[:2]) for n in v})
    assert {"goalpost geometric", "goalpost harmonic", "goalpost ampi"} == (
        used["2025"] - used["2026"]
    )


def test_areas_without_an_index_are_in_no_variant(
    malmo: pd.DataFrame, catalogue: Catalogue
) -> None:
    cut = malmo[~((malmo["area"] == "02") & (malmo["indicator"] == "E1"))]
    made = variants(cut, catalogue, base_period="2025")
    assert "02" not in set(made["area"])
    assert made["rank"].max() == 13
    partial = Choices(minimums=Minimums(indicators=2))
    made = variants(cut, catalogue, base_period="2025", choices=partial)
    mine = made[made["variant"] == PUBLISHED].set_index("area")["index"]
    known = published_index(cut, catalogue, minimum_indicators=2)
    assert (mine - known).abs().max() < 1e-9
    assert (made.groupby("variant")["area"].size() == 14).all()


def test_nothing_published_is_no_variant(malmo: pd.DataFrame, catalogue: Catalogue) -> None:
    few = malmo[malmo["indicator"] == "E1"]
    made = variants(few, catalogue, base_period="2025")
    assert list(made) == ["area", "period", "variant", "index", "rank"]
    assert len(robustness(made)) == 0
    scores = score(few, fit_scales(few, catalogue, base_period="2025"))
    assert len(rank_ranges(scores, catalogue)) == 0
    assert len(joint_sensitivity(few, catalogue, base_period="2025")) == 0


def test_rank_ranges_are_those_of_the_variants_without_an_indicator(
    made: pd.DataFrame, malmo: pd.DataFrame, catalogue: Catalogue
) -> None:
    names = [PUBLISHED, *(f"{PUBLISHED} -{code}" for code in catalogue.codes)]
    ranks = made[made["variant"].isin(names)].groupby("area")["rank"]
    scores = score(malmo, fit_scales(malmo, catalogue, base_period="2025"))
    ranges = rank_ranges(scores, catalogue).set_index("area")
    assert ranges["rank_low"].to_dict() == ranks.min().to_dict()
    assert ranges["rank_high"].to_dict() == ranks.max().to_dict()
    geometric = rank_ranges(scores, catalogue, "geometric")
    assert len(geometric) == 14


def test_first_and_total_indices_of_a_sum() -> None:
    known = np.array([1, 4, 9]) / 14
    inputs = {"x1": 1, "x2": 1, "x3": 1, "unused": 1}
    found = sobol(lambda u: u[:, :3] @ np.array([1.0, 2, 3]), inputs)
    # With as many samples in a Latin hypercube: 0.02.
    assert found["first"][:3].tolist() == pytest.approx(known, abs=0.001)
    assert found["total"][:3].tolist() == pytest.approx(known, abs=0.001)
    assert found.loc[3, ["first", "total"]].tolist() == [0, 0]
    assert found["variance"][0] == pytest.approx(14 / 12, rel=0.02)


def test_first_and_total_indices_of_ishigamis_function() -> None:
    # Interactions: a = 7, b = 0.1, known since Ishigami and Homma 1990.
    def model(u: np.ndarray) -> np.ndarray:
        x = (2 * u - 1) * np.pi
        return np.sin(x[:, 0]) * (1 + 0.1 * x[:, 2] ** 4) + 7 * np.sin(x[:, 1]) ** 2

    found = sobol(model, {"x1": 1, "x2": 1, "x3": 1}, samples=16384, seed=4)
    assert found["first"].tolist() == pytest.approx([0.3139, 0.4424, 0], abs=0.003)
    assert found["total"].tolist() == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.003)


def test_columns_of_one_input_vary_together() -> None:
    found = sobol(lambda u: u @ np.array([1.0, 2, 3]), {"a": 2, "b": 1})
    assert found["total"].tolist() == pytest.approx([5 / 14, 9 / 14], abs=0.001)


def test_samples_are_a_power_of_two_and_the_same_each_time() -> None:
    seen: list[np.ndarray] = []

    def model(u: np.ndarray) -> np.ndarray:
        seen.append(u)
        return u[:, 0]

    for seed in (1, 1, 2):
        sobol(model, {"a": 1, "b": 1}, samples=600, seed=seed)
    first, again, other = seen[:4], seen[4:8], seen[8:]
    assert [len(each) for each in first] == [1024] * 4
    assert all((one == two).all() for one, two in zip(first, again, strict=True))
    assert not (first[0] == other[0]).any()
    # Each column has one value in each of the equal steps, whatever the shift.
    assert all(len({*np.floor(column * 1024)}) == 1024 for u in seen for column in u.T)


def test_nothing_matters_to_what_never_varies() -> None:
    still = np.ones((8, 2))
    for found in indices(still, still, np.ones((3, 8, 2))):
        assert (found == 0).all()


def test_the_error_of_a_total_is_no_smaller_than_what_other_samples_give() -> None:
    def model(u: np.ndarray) -> np.ndarray:
        seldom = (u[:, 0] > 0.995) & (u[:, 1] > 0.5)
        return np.column_stack([seldom, u @ np.array([1.0, 2.0, 3.0])])

    runs = [
        sobol(model, dict.fromkeys("abc", 1), outputs=["seldom", "sum"], samples=512, seed=seed)
        for seed in range(20)
    ]
    totals, errors = (np.array([run[name] for run in runs]) for name in ("total", "error"))
    assert (totals.std(axis=0) <= errors.mean(axis=0)).all()
    # What moves in some samples of a thousand cannot be parted, and says so.
    assert (np.median(errors[:, :2], axis=0) > LARGEST_ERROR).all()
    assert (errors[:, 3:] < LARGEST_ERROR / 2).all()


def test_data_that_are_exact_and_choices_that_are_none_have_no_effect(
    malmo: pd.DataFrame, catalogue: Catalogue
) -> None:
    one = Choices(normalisations=["goalpost"], aggregations=["arithmetic"], weight_change=0)
    found = joint_sensitivity(malmo, catalogue, base_period="2025", choices=one, samples=256)
    effect = found.pivot_table(index="area", columns="input", values="total")
    assert (effect.drop(columns="left_out") == 0).all(axis=None)
    moving = found.set_index("area")["variance"].groupby("area").first() > 0
    assert moving.any()
    assert effect.loc[moving, "left_out"].tolist() == pytest.approx([1] * moving.sum(), abs=0.25)


def test_the_joint_indices_are_those_of_the_whole_enumeration(
    malmo: pd.DataFrame, catalogue: Catalogue
) -> None:
    # Two choices and nothing else: every combination can be counted, and the variance split
    # exactly. Sixfold normalisation, and none or one of four dimensions left out.
    choices = Choices(aggregations=["arithmetic"], weight_change=0)
    made = variants(malmo, catalogue, base_period="2025", choices=choices)
    parts = made["variant"].str.split(n=2, expand=True)
    made = made.assign(how=parts[0], out=parts[2].fillna(""))
    dimensions = ["", *(f"-{d.code}" for d in catalogue.dimensions)]
    made = made[made["out"].isin(dimensions)]
    assert len(made) == 6 * 5 * 14
    found = joint_sensitivity(malmo, catalogue, base_period="2025", choices=choices,
                              samples=8192, seed=1).set_index(["input", "area"])  # fmt: skip
    for area, rows in made.groupby("area"):
        table = rows.pivot_table(index="how", columns="out", values="rank").to_numpy()
        variance = table.var()
        assert found.loc[("left_out", area), "variance"] == pytest.approx(variance, abs=0.05)
        if variance > 0.1:
            known = table.mean(axis=1).var() / variance, table.mean(axis=0).var() / variance
            mine = [found.loc[(name, area), "first"] for name in ("normalisation", "left_out")]
            assert mine == pytest.approx(known, abs=0.06)
            mine = [found.loc[(name, area), "total"] for name in ("normalisation", "left_out")]
            assert mine == pytest.approx([1 - known[1], 1 - known[0]], abs=0.06)


def test_noisier_data_matter_more(malmo: pd.DataFrame, catalogue: Catalogue) -> None:
    effects = []
    for error in (0.0, 1.0, 10.0):
        errors = pd.DataFrame(error, index=AREAS, columns=list(catalogue.codes))
        found = joint_sensitivity(malmo, catalogue, base_period="2025", redraw=normal(errors),
                                  draws=50, samples=512)  # fmt: skip
        effects.append(importance(found).set_index("input")["total"]["data"])
    assert effects[0] == 0
    assert effects == sorted(effects)
    assert effects[2] > 0.7


@pytest.mark.parametrize("output", ["rank", "index"])
def test_a_joint_design_is_repeatable_and_whole(
    output: str, malmo: pd.DataFrame, catalogue: Catalogue
) -> None:
    redraw = normal(pd.DataFrame(2.0, index=AREAS, columns=list(catalogue.codes)))
    first, second = (
        joint_sensitivity(malmo, catalogue, base_period="2025", redraw=redraw, draws=20,
                          output=output, samples=128, seed=5)
        for _ in range(2)
    )  # fmt: skip
    assert_frame_equal(first, second)
    assert len(first) == 14 * len(INPUTS)
    assert first.notna().all(axis=None)
    assert first["total"].min() >= 0
    assert importance(first)["total"].is_monotonic_decreasing


@given(seed=st.integers(0, 99), which=st.integers(0, 11), by=st.floats(1, 20))
def test_a_better_value_never_lowers_an_index_in_a_variant(
    seed: int,
    which: int,
    by: float,
    seen: Callable[..., pd.DataFrame],
    catalogue: Catalogue,
) -> None:
    table = city_of(np.random.default_rng(seed), seen, catalogue, areas=6)
    indicator = catalogue.indicators[which]
    better = by if indicator.direction == "high" else -by
    mine = (table["area"] == "02") & (table["indicator"] == indicator.code)
    later = table.assign(period="2026", value=table["value"] + better * mine)
    fixed = Choices(normalisations=["goalpost", "shares", "distance"],
                    aggregations=["arithmetic", "geometric", "harmonic"])  # fmt: skip
    made = variants(pd.concat([table, later]), catalogue, base_period="2025", choices=fixed)
    index = made.pivot_table(index=["area", "variant"], columns="period", values="index")
    assume(index.notna().all(axis=None))
    assert (index["2026"] - index["2025"] >= -1e-9).all()
    assert (index["2026"] - index["2025"]).drop("02").abs().max() < 1e-9
