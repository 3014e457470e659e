"""Why: parts that add up exactly, and sentences that say no more than the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geolyft.errors import IndexComputationError
from geolyft.export.words import Words, load_words
from geolyft.findings.causes import (
    age_standardised,
    byar,
    change_of_index,
    explain_change,
    kitagawa,
    kitagawa_total,
)
from geolyft.findings.stories import in_words, strengths
from geolyft.frames import CITY
from geolyft.index.combine import combine, weigh
from geolyft.index.scales import fit_scales, score
from geolyft.indicators.aggregate import wilson

if TYPE_CHECKING:
    from collections.abc import Callable

    from geolyft.indicators.catalogue import Catalogue

AREAS = ["1", "2", "3", CITY]
PARTS = ["part", "city_part", "relative"]
seeds = st.integers(0, 10_000)


def two_years(
    seen: Callable[..., pd.DataFrame], catalogue: Catalogue, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return observations of two years, and their weighed scores on the scales of the first."""
    draw = np.random.default_rng(seed)
    rows = [
        (area, year, code, float(draw.uniform(5, 95)))
        for code in catalogue.codes
        for area in AREAS
        for year in ("2022", "2025")
    ]
    table = seen(*rows)
    scales = fit_scales(table, catalogue, base_period="2022")
    return table, weigh(score(table, scales), catalogue)


@given(seed=seeds)
def test_the_parts_of_a_change_are_the_change(
    seed: int, seen: Callable[..., pd.DataFrame], catalogue: Catalogue
) -> None:
    _, weighed = two_years(seen, catalogue, seed)
    index = combine(weighed, catalogue).set_index(["area", "period"])
    made = explain_change(weighed, catalogue, before="2022", after="2025")
    whole = change_of_index(made).set_index("area")
    points = made.assign(part=made["part"], moved=made["dimension_part"])
    dimensions = points.groupby(["area", "dimension"])[["part", "moved"]].sum(min_count=1)
    for area in AREAS:
        change = index.loc[(area, "2025"), "index"] - index.loc[(area, "2022"), "index"]
        assert whole.loc[area, "moved"] == pytest.approx(change, rel=1e-12, abs=1e-11)
        parts = dimensions.loc[area]
        assert parts["part"].sum() == pytest.approx(change, rel=1e-12, abs=1e-11)
        for dimension in catalogue.dimensions:
            own = index[dimension.code]
            moved = own[(area, "2025")] - own[(area, "2022")]
            assert parts.loc[dimension.code, "moved"] == pytest.approx(moved, abs=1e-11)


@given(seed=seeds)
def test_what_the_area_moved_less_what_the_city_moved_is_the_distance(
    seed: int, seen: Callable[..., pd.DataFrame], catalogue: Catalogue
) -> None:
    _, weighed = two_years(seen, catalogue, seed)
    index = combine(weighed, catalogue).set_index(["area", "period"])["index"]
    whole = change_of_index(explain_change(weighed, catalogue, before="2022", after="2025"))
    for row in whole.itertuples():
        distance = {y: index[(row.area, y)] - index[(CITY, y)] for y in ("2022", "2025")}
        assert row.relative == pytest.approx(distance["2025"] - distance["2022"], abs=1e-11)
        assert row.relative == pytest.approx(row.moved - row.city_moved, abs=1e-11)
    assert whole.set_index("area").loc[CITY, "relative"] == pytest.approx(0, abs=1e-12)


@given(seed=seeds)
def test_row_order_does_not_matter_and_nothing_moves_in_no_time(
    seed: int, seen: Callable[..., pd.DataFrame], catalogue: Catalogue
) -> None:
    _, weighed = two_years(seen, catalogue, seed)
    first = explain_change(weighed, catalogue, before="2022", after="2025")
    mixed = weighed.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(
        first, explain_change(mixed, catalogue, before="2022", after="2025")
    )
    still = explain_change(weighed, catalogue, before="2022", after="2022")
    assert still[PARTS].eq(0).all(axis=None)


def test_a_partial_index_is_not_compared_but_its_whole_dimensions_are(
    seen: Callable[..., pd.DataFrame], catalogue: Catalogue
) -> None:
    table, _ = two_years(seen, catalogue, 1)
    hit = (table["area"] == "2") & (table["indicator"] == "E1") & (table["period"] == "2025")
    scales = fit_scales(table, catalogue, base_period="2022")
    weighed = weigh(score(table[~hit], scales), catalogue, minimum_indicators=2)
    made = explain_change(weighed, catalogue, before="2022", after="2025")
    own = made[made["area"] == "2"].set_index("indicator")
    assert own["part"].isna().all()
    assert own.loc[["E2", "E3"], "dimension_part"].isna().all()
    assert own.loc[["B1", "U1"], "dimension_part"].notna().all()
    assert set(change_of_index(made)["area"]) == {"1", "3", CITY}


def test_an_index_partial_in_the_same_way_twice_is_not_compared_either(
    seen: Callable[..., pd.DataFrame], catalogue: Catalogue
) -> None:
    table, _ = two_years(seen, catalogue, 1)
    scales = fit_scales(table, catalogue, base_period="2022")
    rest = table[table["indicator"] != "E1"]
    weighed = weigh(score(rest, scales), catalogue, minimum_indicators=2)
    made = explain_change(weighed, catalogue, before="2022", after="2025")
    assert change_of_index(made).empty


def test_scores_weighed_otherwise_have_no_parts_here(
    seen: Callable[..., pd.DataFrame], catalogue: Catalogue
) -> None:
    table, weighed = two_years(seen, catalogue, 1)
    heavier = tuple(
        i.model_copy(update={"weight": 2.0}) if i.code == "E1" else i for i in catalogue.indicators
    )
    other = catalogue.model_copy(update={"indicators": heavier})
    again = weigh(score(table, fit_scales(table, catalogue, base_period="2022")), other)
    half = pd.concat([weighed[weighed["period"] == "2022"], again[again["period"] == "2025"]])
    for mixed in (again, half):
        made = explain_change(mixed, catalogue, before="2022", after="2025")
        assert change_of_index(made).empty
        assert made.loc[made["dimension"] == "ekonomi", "dimension_part"].isna().all()


def test_a_period_without_scores_is_refused(
    seen: Callable[..., pd.DataFrame], catalogue: Catalogue
) -> None:
    _, weighed = two_years(seen, catalogue, 1)
    with pytest.raises(IndexComputationError, match="choose among 2022, 2025") as refusal:
        explain_change(weighed, catalogue, before="2020", after="2025")
    assert refusal.value.code == "explain-period"


# Kitagawa -----------------------------------------------------------------------------------------

bands = st.lists(
    st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.integers(0, 50)),
    min_size=1,
    max_size=6,
)


def sides(
    rows: list[tuple[int, int, int, int]], area: str = "1"
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return counts of two sides from (hits, more, hits, more) per age band."""
    made = []
    for n, d in ((0, 1), (2, 3)):
        made.append(
            pd.DataFrame(
                {
                    "area": area,
                    "age": [str(i) for i in range(len(rows))],
                    "numerator": [float(row[n]) for row in rows],
                    "denominator": [float(row[n] + row[d]) for row in rows],
                }
            )
        )
    return made[0], made[1]


def total_of(first: pd.DataFrame, second: pd.DataFrame) -> pd.Series[float]:
    effects = kitagawa(first, second, stratum="age", key=["area"])
    return kitagawa_total(effects, key=["area"]).set_index("area").loc["1"]


@given(rows=bands, seed=st.integers(0, 9))
def test_rate_and_composition_are_the_whole_difference(
    rows: list[tuple[int, int, int, int]], seed: int
) -> None:
    first, second = sides(rows)
    made = total_of(first, second)
    if min(first["denominator"].sum(), second["denominator"].sum()) == 0:
        assert np.isnan(made["rate_effect"])
        return
    crude = [t["numerator"].sum() / t["denominator"].sum() * 100 for t in (first, second)]
    assert [made["rate_first"], made["rate_second"]] == pytest.approx(crude, abs=1e-10)
    effects = made["rate_effect"] + made["composition_effect"]
    assert effects == pytest.approx(crude[1] - crude[0], abs=1e-10)
    part = second.assign(numerator=second["numerator"] / 3, denominator=second["denominator"] / 2)
    rest = second.assign(
        numerator=second["numerator"] - part["numerator"], denominator=part["denominator"]
    )
    mixed = total_of(first.sample(frac=1, random_state=seed), pd.concat([part, rest]))
    assert mixed.tolist() == pytest.approx(made.tolist(), abs=1e-10)
    turned = total_of(second, first)
    assert turned["rate_effect"] == pytest.approx(-made["rate_effect"], abs=1e-10)
    assert total_of(first, first)[["rate_effect", "composition_effect"]].eq(0).all()


def test_a_worked_example_of_rate_and_composition() -> None:
    # Shares 1/2, 1/2 → 1/4, 3/4; rates 20, 60 → 30, 60 per cent: 40 → 52.5.
    first, second = sides([(20, 80, 30, 70), (60, 40, 180, 120)])
    made = total_of(first, second)
    # Rate: 3/8 · 10 + 5/8 · 0. Composition: 25 · −1/4 + 60 · 1/4.
    assert made["difference"] == pytest.approx(12.5)
    assert made["rate_effect"] == pytest.approx(3.75)
    assert made["composition_effect"] == pytest.approx(8.75)


def test_same_rates_are_all_composition_and_same_shares_all_rate() -> None:
    composition = total_of(*sides([(10, 40, 20, 80), (30, 20, 30, 20)]))
    assert composition["rate_effect"] == pytest.approx(0, abs=1e-12)
    rate = total_of(*sides([(10, 40, 20, 30), (30, 20, 35, 15)]))
    assert rate["composition_effect"] == pytest.approx(0, abs=1e-12)


def test_a_band_that_nobody_was_in_is_all_composition() -> None:
    made = total_of(*sides([(10, 40, 10, 40), (0, 0, 45, 5)]))
    assert made["rate_effect"] == pytest.approx(0, abs=1e-12)
    assert made["composition_effect"] == pytest.approx(35)


def test_a_hidden_band_leaves_the_whole_unknown() -> None:
    first, second = sides([(10, 40, 20, 30), (30, 20, 35, 15)])
    second.loc[1, ["numerator", "denominator"]] = np.nan
    effects = kitagawa(first, second, stratum="age", key=["area"])
    assert effects[["share_second", "rate_effect", "composition_effect"]].isna().all(axis=None)
    assert (
        total_of(first, second)[["rate_second", "rate_effect", "composition_effect"]].isna().all()
    )


def test_the_city_is_held_against_every_area() -> None:
    city, one = sides([(10, 40, 20, 30), (30, 20, 35, 15)])
    both = pd.concat([one, one.assign(area="2", denominator=one["denominator"] * 2)])
    made = kitagawa(city.drop(columns="area"), both, stratum="age", key=["area"])
    whole = kitagawa_total(made, key=["area"]).set_index("area")
    assert whole["rate_first"].tolist() == pytest.approx([40.0, 40.0])
    assert whole["rate_second"].tolist() == pytest.approx([55.0, 27.5])


# Standardised shares --------------------------------------------------------------------------


bands = st.lists(
    st.tuples(st.integers(0, 90), st.integers(1, 90), st.integers(1, 500)), min_size=1, max_size=6
)


def standardise(rows: list[tuple[int, int, int]], *, events: bool = False) -> pd.Series:
    """Standardise bands of (with, without, standard's people)."""
    hit, rest, base = (np.array(each, dtype=float) for each in zip(*rows, strict=True))
    ages = [str(n) for n in range(len(rows))]
    area = pd.DataFrame({"area": "1", "age": ages, "numerator": hit, "denominator": hit + rest})
    city = pd.DataFrame({"age": ages, "denominator": base})
    made = age_standardised(area, city, stratum="age", key=["area"], events=events)
    return made.set_index("area").loc["1"]


@given(rows=bands, events=st.booleans())
def test_with_its_own_ages_an_area_has_its_own_share_and_interval(
    *, rows: list[tuple[int, int, int]], events: bool
) -> None:
    made = standardise([(hit, rest, hit + rest) for hit, rest, _ in rows], events=events)
    hit, base = (
        pd.Series([float(x)])
        for x in (sum(row[0] for row in rows), sum(row[0] + row[1] for row in rows))
    )
    assert made["standardised"] == pytest.approx(100 * hit[0] / base[0])
    if events or len(rows) == 1:
        # Persons in several bands vary less than one band of all of them would.
        low, high = byar(hit, base) if events else wilson(hit, base)
        assert made["standardised_low"] == pytest.approx(100 * low[0], abs=1e-9)
        assert made["standardised_high"] == pytest.approx(100 * high[0], abs=1e-9)


@given(rows=bands, factor=st.integers(2, 9))
def test_a_standardised_share_is_the_standards_mean_of_the_bands(
    rows: list[tuple[int, int, int]], factor: int
) -> None:
    made = standardise(rows)
    shares = [hit / (hit + rest) for hit, rest, _ in rows]
    weights = [base for _, _, base in rows]
    assert made["standardised"] == pytest.approx(100 * np.average(shares, weights=weights))
    assert 0 <= made["standardised_low"] <= made["standardised"] + 1e-9
    assert made["standardised"] - 1e-9 <= made["standardised_high"] <= 100
    again = standardise([(hit, rest, base * factor) for hit, rest, base in rows])
    np.testing.assert_allclose(again.astype(float), made.astype(float))


def test_the_interval_holds_what_it_promises() -> None:
    """400 areas of three bands, on a standard that is older than they are."""
    rng = np.random.default_rng(5)
    people, share = np.array([300, 150, 60]), np.array([0.3, 0.5, 0.8])
    standard = np.array([200, 200, 300])
    truth = 100 * np.average(share, weights=standard)
    held = 0
    for _ in range(400):
        hit = rng.binomial(people, share)
        made = standardise(list(zip(hit, people - hit, standard, strict=True)))
        held += made["standardised_low"] <= truth <= made["standardised_high"]
    assert held / 400 == pytest.approx(0.95, abs=2.5 * np.sqrt(0.95 * 0.05 / 400))


def test_a_band_without_a_figure_leaves_the_standardised_share_unknown() -> None:
    area = pd.DataFrame({"area": ["1", "1", "2"], "age": ["a", "b", "a"], "numerator": 5.0,
                         "denominator": [9.0, np.nan, 9.0]})  # fmt: skip
    city = pd.DataFrame({"age": ["a", "b", "c"], "denominator": [10.0, 20.0, 0.0]})
    made = age_standardised(area, city, stratum="age", key=["area"]).set_index("area")
    assert made.isna().all(axis=None)
    area.loc[1, "denominator"] = 8.0
    made = age_standardised(area, city, stratum="age", key=["area"]).set_index("area")
    assert made["standardised"].to_dict() == pytest.approx(
        {"1": 100 * (5 / 9 + 2 * 5 / 8) / 3, "2": np.nan}, nan_ok=True
    )


# Strengths and words ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def words() -> Words:
    return load_words("sv")


def scores_of(**areas: list[float]) -> pd.DataFrame:
    codes = ["E1", "E2", "E3", "B1"]
    rows = [
        (area.removeprefix("a"), "2025", "alla", code, each)
        for area, values in {**areas, CITY: [100.0] * 4}.items()
        for code, each in zip(codes, values, strict=True)
    ]
    return pd.DataFrame(rows, columns=["area", "period", "sex", "indicator", "score"])


def test_what_stands_out_is_ranked_and_what_equals_the_city_is_neither() -> None:
    made = strengths(scores_of(a1=[70.0, 100.0, 90.0, 130.0]), k=1)
    assert made[["indicator", "difference", "kind", "rank"]].to_numpy().tolist() == [
        ["B1", 30.0, "strength", 1],
        ["E1", -30.0, "challenge", 1],
    ]
    assert strengths(scores_of(a1=[100.0] * 4)).empty
    assert len(strengths(scores_of(a1=[70.0, 100.0, 90.0, 130.0]), near=10)) == 2


def test_equal_distances_do_not_depend_on_row_order() -> None:
    scores = scores_of(a1=[80.0] * 4)
    made = strengths(scores, k=2)
    assert made["indicator"].tolist() == ["B1", "E1"]
    pd.testing.assert_frame_equal(made, strengths(scores.sample(frac=1, random_state=3), k=2))


def test_a_difference_inside_the_interval_is_not_put_in_words(
    seen: Callable[..., pd.DataFrame], catalogue: Catalogue, words: Words
) -> None:
    values = seen(("1", "2025", "E1", 50), (CITY, "2025", "E1", 70),
                  ("1", "2025", "E2", 90), (CITY, "2025", "E2", 92))  # fmt: skip
    values[["low", "high"]] = np.column_stack([values["value"] - 5, values["value"] + 5])
    scores = scores_of(a1=[70.0, 95.0, 100.0, 100.0])
    made = strengths(scores, observations=values)
    assert made.set_index("indicator")["sure"].to_dict() == {"E1": True, "E2": False}
    index = pd.DataFrame({"area": ["1", CITY], "period": "2025", "sex": "alla", "index": 100.0})
    index = index.assign(**{d.code: [90.0, 100.0] for d in catalogue.dimensions})
    said = in_words(index, made, catalogue, words, city="Malmö", period="2025")["1"]
    label = catalogue["E1"].label("sv")
    assert len(said) == 2
    assert f"{label} (30,0 poäng" in said[1]


def test_what_is_sure_stands_before_what_is_only_further_away() -> None:
    scores = scores_of(a1=[60.0, 70.0, 80.0, 95.0])
    seen = scores.rename(columns={"score": "value"}).assign(low=0.0, high=200.0)
    judged = scores.rename(columns={"indicator": "what"}).assign(distinct=scores["score"].eq(95.0))
    made = strengths(scores, observations=seen, certainty=judged[judged["area"] != CITY])
    assert made["indicator"].tolist() == ["B1", "E1", "E2"]
    assert made["sure"].tolist() == [True, False, False]


def test_sentences_are_whole_swedish(catalogue: Catalogue, words: Words) -> None:
    index = pd.DataFrame({"area": ["1", "2", "3", CITY], "period": "2025", "sex": "alla"})
    index = index.assign(
        index=[80.0, 100.0, 100.0, 100.0],
        delaktighet=[80.0, 99.0, 80.0, 100.0],
        utbildning=[70.0, 104.0, float("nan"), 100.0],
        ekonomi=[90.0, 100.0, float("nan"), 100.0],
        boende=[120.0, 96.0, float("nan"), 100.0],
    )
    codes = [each.code for each in catalogue.dimensions]
    certainty = index.melt(["area", "period"], codes, "what").dropna()
    certainty["distinct"] = (certainty["value"] - 100).abs() > 5
    row = {"what": "index", "first": "2022", "last": "2025", "comparable": True}
    changes = pd.DataFrame(
        [
            {**row, "area": "1", "change": -1.25, "low": -2.0, "high": -0.5, "exceeds": True},
            {**row, "area": "2", "change": 1.25, "low": -0.5, "high": 3.0, "exceeds": False},
            {**row, "area": "3", "change": 9.0, "low": 8.0, "high": 10.0, "exceeds": True}
            | {"comparable": False},
            {**row, "area": CITY, "change": 0.5, "low": -0.1, "high": 1.1, "exceeds": False},
        ]
    )
    standing = strengths(scores_of(a1=[100.0] * 4))
    said = in_words(
        index, standing, catalogue, words, city="Malmö", period="2025",
        certainty=certainty, changes=changes, hidden={("3", "boende")},
    )  # fmt: skip
    assert said["1"] == (
        (
            "Statistiskt säkerställt under Malmö 2025 i tre av fyra dimensioner: utbildning,"
            " delaktighet och ekonomi; över i en: boende."
        ),
        "Från 2022 till 2025 har indexet sjunkit 1,2 poäng (osäkerhet \u22122,0 till \u22120,5).",
        "Hela Malmö är inte säkert förändrat (+0,5 poäng).",
    )
    assert said["2"] == (
        (
            "Ingen statistiskt säkerställd skillnad mot Malmö 2025: delaktighet,"
            " utbildning, ekonomi och boende."
        ),
        (
            "Från 2022 till 2025 är indexet inte säkert förändrat"
            " (+1,2 poäng, osäkerhet \u22120,5 till +3,0)."
        ),
        "Hela Malmö är inte säkert förändrat (+0,5 poäng).",
    )
    assert said["3"] == (
        (
            "Statistiskt säkerställt under Malmö 2025 i den enda dimension som har uppgifter:"
            " delaktighet. Uppgifter saknas för utbildning och ekonomi."
            " Visas inte, eftersom en uppgift är dold av sekretesskäl: boende."
        ),
    )
