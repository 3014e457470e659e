"""Effects: exact answers, plans that were said beforehand, and words that say no more than is."""

from __future__ import annotations

import datetime as dt
import json
import math
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geolyft.action.effects.compute import effects_of
from geolyft.action.effects.panel import Published, panel_of
from geolyft.action.effects.permutation import attained, exact_test, smallest_p
from geolyft.action.effects.plan import Plan, read_plan
from geolyft.action.effects.power import returns_by_itself, smallest_effect
from geolyft.action.effects.registered import (
    Registered,
    read_register,
    register_plan,
    with_plans,
)
from geolyft.action.effects.synthetic import gap, simplex_weights
from geolyft.errors import GeolyftError, OutputError
from geolyft.indicators.catalogue import load_catalogue

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

D = np.array([9, 1, -1, 2, -2, 0, 1, -1, 3, -3, 2, 0, -1, 1], dtype=float)
YEARS = tuple(str(year) for year in range(2018, 2026))
DAY = dt.date(2021, 12, 1)


def plan(**said: object) -> Plan:
    content = {
        "id": "laxhjalp", "title": "Läxhjälp", "board": "Fritidsnämnden", "areas": ["1"],
        "start": "2022", "indicator": "U3", "direction": "up", "smallest": 3.0,
    }  # fmt: skip
    return Plan.model_validate({**content, **said})


def city(
    seed: int, *, areas: int = 14, years: tuple[str, ...] = YEARS, noise: float = 1.0,
    effect: float = 0.0, treated: tuple[int, ...] = (0,), rho: float = 0.0,
) -> pd.DataFrame:  # fmt: skip
    """Return figures of U3 by area and year: levels, a common path, noise, and an effect."""
    rng = np.random.default_rng(seed)
    chance = rng.normal(size=(len(years), areas))
    for n in range(1, len(years)):
        chance[n] = rho * chance[n - 1] + math.sqrt(1 - rho**2) * chance[n]
    level = rng.uniform(40, 80, areas)
    values = level + rng.normal(size=(len(years), 1)) + noise * chance
    values[np.ix_([year >= "2022" for year in years], treated)] += effect
    return figures(values, years)


def figures(values: np.ndarray, years: tuple[str, ...]) -> pd.DataFrame:
    cells = [(str(a + 1), year, values[n, a]) for n, year in enumerate(years)
             for a in range(values.shape[1])]  # fmt: skip
    rows = pd.DataFrame(cells, columns=["area", "period", "value"])
    same = {"reference": rows["period"], "sex": "alla", "indicator": "U3", "status": "synthetic"}
    return rows.assign(**same, denominator=200.0)


def published(observations: pd.DataFrame, **small: dict[str, Any]) -> Published:
    index = observations[["area", "period", "status"]].assign(sex="alla", index=100.0)
    return Published(observations=observations, index=index, catalogue=load_catalogue(), **small)


def effect(of: pd.DataFrame, *, day: dt.date | None = DAY, **said: object) -> pd.Series:
    table, _ = effects_of([Registered(plan(**said), day)], published(of))
    return table.iloc[0]


@pytest.mark.parametrize(("chosen", "p"), [([0], "1/14"), ([0, 1], "6/91"), ([0, 1, 2], "29/182")])
def test_the_share_of_all_sets_that_differ_as_much(chosen: list[int], p: str) -> None:
    assert Fraction(exact_test(D, chosen).p).limit_denominator(999) == Fraction(p)


def test_ties_count_and_the_smallest_p_is_that_of_the_number_of_sets() -> None:
    assert exact_test(np.zeros(14), [0, 1]).p == 1
    least = {k: Fraction(smallest_p(14, k)).limit_denominator(9999) for k in (1, 2, 3, 7)}
    assert list(map(str, least.values())) == ["1/14", "1/91", "1/364", "1/1716"]
    assert attained(14, 1) == pytest.approx(1 / 14)


@given(
    st.lists(st.integers(-40, 40), min_size=6, max_size=9),
    st.integers(1, 3),
    st.integers(-60, 60),
)
def test_an_effect_lies_in_the_interval_where_the_test_does_not_reject_it(
    changes: list[int], k: int, tenths: int
) -> None:
    d, chosen = np.array(changes, dtype=float), list(range(k))
    found, asked = exact_test(d, chosen), tenths / 2 + 0.013
    moved = d.copy()
    moved[chosen] -= asked
    rejected = exact_test(moved, chosen).p <= found.alpha + 1e-12
    assert rejected == (not found.low <= asked <= found.high)


def test_what_all_areas_share_is_no_effect() -> None:
    one, other = exact_test(D, [0, 1]), exact_test(D + 17.5, [0, 1])
    assert other.difference == pytest.approx(one.difference)
    assert (other.p, other.low) == pytest.approx((one.p, one.low))


@pytest.mark.parametrize("seed", range(6))
def test_shares_of_donors_are_the_best_of_all_shares(seed: int) -> None:
    rng = np.random.default_rng(seed)
    donors, target = rng.normal(size=(4, 3)), rng.normal(size=4)
    steps = 200
    every = np.array([(i, j, steps - i - j) for i in range(steps + 1)
                      for j in range(steps + 1 - i)]) / steps  # fmt: skip
    misses = ((donors @ every.T - target[:, None]) ** 2).sum(axis=0)
    weights = simplex_weights(target, donors)
    assert weights.sum() == pytest.approx(1)
    assert weights.min() >= 0
    assert ((donors @ weights - target) ** 2).sum() <= misses.min() + 1e-6
    assert np.abs(weights - every[misses.argmin()]).max() < 0.01


def test_a_donor_without_weight_can_be_left_out() -> None:
    rng = np.random.default_rng(3)
    donors, target = rng.normal(size=(6, 4)), rng.normal(size=6)
    weights = simplex_weights(target, donors)
    kept = weights > 1e-9
    assert not kept.all()
    assert simplex_weights(target, donors[:, kept]) == pytest.approx(weights[kept], abs=1e-6)


def test_the_lowest_area_has_a_control_by_how_it_moves() -> None:
    before = np.array([[10.0, 60.0, 70.0], [11.0, 61.0, 75.0], [12.0, 62.0, 71.0]])
    after = np.array([[18.0, 63.0, 90.0]])
    moved, weights = gap(before, after, [0])
    assert weights.round(2).tolist() == [0, 1, 0]
    assert moved == pytest.approx(5, abs=0.05)


def test_the_smallest_effect_is_found_four_times_of_five() -> None:
    rng, found, sets = np.random.default_rng(0), 0, 300
    size = smallest_effect(np.tile([-1.0, 1.0], 7), areas=14, chosen=2)
    for _ in range(sets):
        d = rng.normal(size=14) * np.std(np.tile([-1.0, 1.0], 7)[2:], ddof=1)
        d[:2] += size
        found += exact_test(d, [0, 1]).p <= attained(14, 2)
    assert abs(found / sets - 0.8) < 3 * math.sqrt(0.16 / sets)


def test_an_area_chosen_for_its_last_year_comes_back_by_as_much_as_is_said() -> None:
    rng = np.random.default_rng(5)
    came, told = [], []
    for _ in range(400):
        level = rng.normal(50, 3, 14)
        before, after = (level + rng.normal(0, 2, (n, 14)) for n in (4, 4))
        lowest = int(before[-1].argmin())
        moved = after.mean(axis=0) - before.mean(axis=0)
        came.append(moved[lowest] - np.delete(moved, lowest).mean())
        told.append(returns_by_itself(before, [lowest]))
    assert np.mean(told) == pytest.approx(np.mean(came), abs=0.1)
    assert np.mean(came) > 0.5


@pytest.mark.parametrize("rho", [0.0, 0.6])
def test_a_planted_effect_is_in_its_interval_and_none_is_seldom_found(rho: float) -> None:
    chosen, worlds = ("1", "2"), 60
    rows = [effect(city(seed, effect=4.0, treated=(0, 1), rho=rho), areas=chosen)
            for seed in range(worlds)]  # fmt: skip
    held = sum(row["lag"] <= 4 <= row["hog"] for row in rows)
    assert held >= 0.9 * worlds
    none = [effect(city(seed, rho=rho), areas=chosen)["p"] for seed in range(worlds)]
    level = attained(14, 2)
    slack = 2 * math.sqrt(level * (1 - level) / worlds)
    assert abs(np.mean([p <= level + 1e-12 for p in none]) - level) <= slack


def test_one_area_is_never_called_sure_or_not_sure() -> None:
    for seed in range(8):
        for size in (0.0, 40.0):
            row = effect(city(seed, effect=size, noise=0.2), areas=["1"])
            assert "säkerställd" not in row["ord"]
            assert row["minsta_p"] == pytest.approx(1 / 14)


def test_an_effect_too_small_to_be_seen_is_said_so_before_anything_else() -> None:
    of = city(1, effect=1.0, treated=(0, 1), noise=2)
    row = effect(of, areas=["1", "2"], smallest=0.5)
    assert row["mde"] > 0.5
    assert row["ord"] == "går inte att se med de här uppgifterna"
    sure = effect(city(1, effect=9.0, treated=(0, 1)), areas=["1", "2"], smallest=4.0)
    assert sure["mde"] < 4
    assert sure["ord"] == "statistiskt säkerställd skillnad"
    down = effect(city(1, effect=9.0, treated=(0, 1)), areas=["1", "2"], direction="down",
                  smallest=4.0)  # fmt: skip
    assert down["ord"].endswith("åt andra hållet")


def test_what_was_not_registered_is_exploratory_in_every_word() -> None:
    of = city(1, effect=9.0, treated=(0, 1))
    row = effect(of, day=None, areas=["1", "2"], smallest=4.0)
    assert row["utforskande"]
    assert row["ord"].startswith("utforskande: ")
    assert "säkerställd" not in row["ord"]


def test_a_low_area_has_three_years_before_or_no_answer() -> None:
    of = city(2, years=YEARS[2:])
    assert effect(of, chosen_low=True)["ord"] == "för få år före"
    assert not math.isnan(effect(of)["skillnad"])
    assert effect(city(2, years=YEARS[1:]), chosen_low=True)["ar_fore"] == 3


def test_years_between_start_and_lag_are_left_out_and_the_future_is_no_answer() -> None:
    row = effect(city(2), start="2022-07", lag=1)
    assert (row["ar_fore"], row["ar_efter"]) == (4, 2)
    assert effect(city(2), start="2026")["ord"] == "för tidigt att säga"
    assert effect(city(2, areas=3))["ord"] == "för få områden att jämföra med"


def test_persons_are_the_difference_of_all_that_the_share_is_of() -> None:
    values = np.full((8, 5), 50.0)
    values[4:, 0] += 3.0
    values[:, 1] += np.tile([0.1, -0.1], 4)
    row = effect(figures(values, YEARS))
    assert row["skillnad"] == pytest.approx(3)
    assert row["personer"] == 6  # 3 per cent of 200


def test_carried_figures_and_gaps_are_no_figures_and_who_lacks_one_is_named() -> None:
    of = city(4)
    of.loc[of["period"] == "2020", "status"] = "stale+synthetic"
    of.loc[(of["area"] == "5") & (of["period"] == "2019"), "value"] = math.nan
    row = effect(of)
    assert (row["ar_fore"], row["utelamnade"], row["antal_ovriga"]) == (3, "5", 12)


def test_small_areas_are_compared_inside_one_area_alone() -> None:
    of = city(4)
    lies_in = {str(n): "A" if n <= 7 else "B" for n in range(1, 15)}
    made = published(of, small={"deso": of}, lies_in={"deso": lies_in})
    panel = panel_of(plan(areas=["1"], level="deso"), made)
    assert set(panel.figures.index) == {str(n) for n in range(1, 8)}
    for said, code in (
        ({"areas": ["1", "9"], "level": "deso"}, "effects-units"),
        ({"areas": [*map(str, range(1, 9))], "level": "deso"}, "effects-units"),
        ({"level": "kvarter"}, "effects-level"),
        ({"areas": ["99"]}, "effects-area"),
        ({"indicator": "X9"}, "effects-indicator"),
    ):
        with pytest.raises(GeolyftError) as refusal:
            panel_of(plan(**said), made)
        assert refusal.value.code == code


SMALL_OF = {f"{area}-{n}": str(area) for area in range(1, 15) for n in range(15)}
"""Fifteen small areas of each of fourteen, as Malmö has them."""


def shocked_city(seed: int) -> pd.DataFrame:
    """Return figures of small areas, each with chance of its own and that of its whole area."""
    rng = np.random.default_rng(seed)
    shared = np.repeat(rng.normal(size=(len(YEARS), 14)), 15, axis=1)
    values = 50 + shared + 2 * rng.normal(size=(len(YEARS), 14 * 15))
    rows = figures(values, YEARS)
    return rows.assign(area=[*SMALL_OF] * len(YEARS))


def small(rows: pd.DataFrame, areas: list[str]) -> pd.Series:
    known = published(city(1), small={"deso": rows}, lies_in={"deso": SMALL_OF})
    said = plan(areas=areas, level="deso")
    return effects_of([Registered(said, DAY)], known)[0].iloc[0]


def within(rejected: list[bool], level: float) -> bool:
    return np.mean(rejected) <= level + 2 * math.sqrt(level * (1 - level) / len(rejected))


def test_small_areas_of_whole_areas_are_dealt_out_whole() -> None:
    """What areas share is no effect: naive units find one in 20 to 36 per cent of cases."""
    chosen, worlds = [code for code, area in SMALL_OF.items() if area in ("3", "9")], 100
    rows = [shocked_city(seed) for seed in range(worlds)]
    found = [small(each, chosen) for each in rows]
    assert {row["antal_omraden"] for row in found} == {2}
    level = attained(14, 2)
    assert within([row["p"] <= level + 1e-12 for row in found], level)
    naive = []
    for each in rows:
        wide = each.pivot(index="area", columns="period", values="value").loc[[*SMALL_OF]]
        moved = (wide[[*YEARS[4:]]].mean(axis=1) - wide[[*YEARS[:4]]].mean(axis=1)).to_numpy()
        drawn = np.random.default_rng(1).permuted(np.tile(moved, (400, 1)), axis=1)
        own = moved[wide.index.isin(chosen)].mean() - moved.mean()
        naive.append(np.mean(np.abs(drawn[:, :30].mean(axis=1) - moved.mean()) >= abs(own)) <= 0.05)
    assert not within(naive, 0.05)
    assert np.mean(naive) > 0.2


def test_small_areas_inside_one_are_found_as_often_as_the_level_says() -> None:
    worlds, chosen = 100, ["3-0", "3-1", "3-2"]
    level = attained(15, 3)
    found = [small(shocked_city(seed), chosen)["p"] <= level + 1e-12 for seed in range(worlds)]
    assert within(found, level)


def test_a_plan_is_registered_once_in_time_and_never_changed(tmp_path: Path) -> None:
    file = tmp_path / "planer.jsonl"
    assert register_plan(file, plan(), DAY)
    assert not register_plan(file, plan(), DAY)
    assert register_plan(file, plan(id="b", start="2022-07"), dt.date(2023, 12, 31))
    assert [each.plan.id for each in read_register(file)] == ["laxhjalp", "b"]
    assert with_plans(read_register(file), [plan()]) == read_register(file)
    for asked, day, code in (
        (plan(smallest=1.0), DAY, "effects-changed"),
        (plan(id="c"), dt.date(2023, 1, 1), "effects-late"),
    ):
        with pytest.raises(GeolyftError) as refusal:
            register_plan(file, asked, day)
        assert refusal.value.code == code
    with pytest.raises(GeolyftError, match="not in the register"):
        with_plans(read_register(file), [plan(id="c")])
    (late,) = with_plans([], [plan(id="c", exploratory=True)])
    assert late.is_exploratory


def test_a_title_may_have_signs_that_end_a_line_elsewhere(tmp_path: Path) -> None:
    file = tmp_path / "planer.jsonl"
    for n, sign in enumerate("\u2028\u2029\x85\x1c"):
        register_plan(file, plan(id=f"p{n}", title=f"Läs{sign}hjälp"), DAY)
    assert [each.plan.id for each in read_register(file)] == ["p0", "p1", "p2", "p3"]


def test_plans_that_are_registered_at_once_are_all_there(tmp_path: Path) -> None:
    file = tmp_path / "planer.jsonl"
    with ThreadPoolExecutor(8) as eight:
        list(eight.map(lambda n: register_plan(file, plan(id=f"p{n}"), DAY), range(16)))
    assert {each.plan.id for each in read_register(file)} == {f"p{n}" for n in range(16)}


def test_a_register_that_cannot_be_added_to_is_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "planer.jsonl"
    register_plan(file, plan(), DAY)
    before = file.read_bytes()

    def full(draft: Path, content: bytes) -> int:
        with draft.open("wb") as opened:
            opened.write(content[:-9])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(OutputError, match="No space left"):
        register_plan(file, plan(id="b"), DAY)
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    "broken",
    [
        lambda lines: lines[1:],
        lambda lines: [lines[0], lines[2]],
        lambda lines: [lines[0].replace("3.0", "1.0"), *lines[1:]],
        lambda lines: [*lines[:2], lines[2].replace("3.0", "1.0")],
        lambda lines: ["nonsense", *lines],
        lambda lines: [json.dumps({"previous": "0" * 64}), *lines],
    ],
)
def test_a_register_with_a_changed_or_missing_line_is_refused(
    tmp_path: Path, broken: Callable[[list[str]], list[str]]
) -> None:
    file = tmp_path / "planer.jsonl"
    for name in "abc":
        register_plan(file, plan(id=name), DAY)
    assert len(read_register(file)) == 3
    lines = broken(file.read_text(encoding="utf-8").splitlines())
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(GeolyftError) as refusal:
        read_register(file)
    assert refusal.value.code in ("effects-register", "effects-form")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("areas = ['1', '1']", "twice"),
        ("start = 'hösten'", "has to be a year"),
        ("title = 'ring 040-34 10 00'", "telephone"),
        ("smallest = 0", "above 0"),
        ("smallest = inf", "finite"),
        ("id = '../x'", "signs that do not belong"),
        ("where = 1", "is no key here"),
    ],
)
def test_a_plan_that_is_none_says_what_is_wrong(tmp_path: Path, said: str, words: str) -> None:
    key = said.partition(" ")[0]
    lines = {
        "id": "id = 'a'", "title": "title = 'A'", "board": "board = 'N'", "areas": "areas = ['1']",
        "start": "start = '2024'", "indicator": "indicator = 'U3'", "direction": "direction = 'up'",
        "smallest": "smallest = 2",
    }  # fmt: skip
    (tmp_path / "plan.toml").write_text("\n".join({**lines, key: said}.values()), "utf-8")
    with pytest.raises(GeolyftError, match=words):
        read_plan(tmp_path / "plan.toml")
