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
    change_of_index,
    explain_change,
    kitagawa,
    kitagawa_total,
)
from geolyft.findings.stories import in_words, strengths
from geolyft.frames import CITY
from geolyft.index.combine import combine, weigh
from geolyft.index.scales import fit_scales, score

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


# Strengths and words ------------------------------------------------------------------------------

TEXTS = {
    "below_some": "Under {city} i {n} av {all} dimensioner: {list}.",
    "below_all": "Under {city} i alla {all} dimensioner: {list}.",
    "below_none": "Nära eller över {city} i alla {all} dimensioner.",
    "below_all_one": "Under {city} i den enda dimension som har uppgifter: {list}.",
    "below_none_one": "Nära eller över {city} i den enda dimension som har uppgifter.",
    "missing": "Uppgifter saknas för {list}.",
    "challenge": "Längst under {city}: {list}.",
    "strength": "Längst över {city}: {list}.",
    "item": "{name} ({points} poäng)",
    "change": "Från {before} till {after} har områdets index {area} och stadens {city_moved}.",
    "relative": "Skillnaden är {points} poäng i förhållande till {city}.",
    "up": "stigit {points} poäng",
    "down": "sjunkit {points} poäng",
    "still": "legat stilla",
    "and": "{first} och {last}",
    **{
        f"number_{n}": word
        for n, word in enumerate(
            ("noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio",
             "elva", "tolv")
        )
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def words() -> Words:
    return Words("sv", {**load_words("sv").sections, "explain": TEXTS})


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
    assert said[1:] == (f"Längst under Malmö: {label} (30,0 poäng).",)


def test_sentences_are_whole_swedish(catalogue: Catalogue, words: Words) -> None:
    index = pd.DataFrame({"area": ["1", "2", "3", CITY], "period": "2025", "sex": "alla"})
    index = index.assign(
        index=[80.0, 100.0, 100.0, 100.0],
        delaktighet=[80.0, 99.0, 80.0, 100.0],
        utbildning=[70.0, 104.0, float("nan"), 100.0],
        ekonomi=[90.0, 100.0, float("nan"), 100.0],
        boende=[120.0, 96.0, float("nan"), 100.0],
    )
    changes = pd.DataFrame({"area": ["1"], "sex": "alla", "moved": -1.25, "city_moved": 0.01,
                            "relative": -1.26})  # fmt: skip
    standing = strengths(scores_of(a1=[100.0] * 4))
    said = in_words(
        index, standing, catalogue, words, city="Malmö", period="2025",
        changes=changes, before="2022",
    )  # fmt: skip
    assert said["1"] == (
        "Under Malmö i tre av fyra dimensioner: Utbildning, Delaktighet och Ekonomi.",
        "Från 2022 till 2025 har områdets index sjunkit 1,2 poäng och stadens legat stilla.",
        "Skillnaden är \u22121,3 poäng i förhållande till Malmö.",
    )
    assert said["2"] == ("Nära eller över Malmö i alla fyra dimensioner.",)
    assert said["3"] == (
        "Under Malmö i den enda dimension som har uppgifter: Delaktighet.",
        "Uppgifter saknas för Utbildning, Ekonomi och Boende.",
    )
