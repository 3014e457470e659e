"""Events: known answers, agreement with esda, and counts that nobody can work out."""

from __future__ import annotations

import math
from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from delivered_events import attack_events
from hypothesis import given, settings
from hypothesis import strategies as st

from geolyft.action.events.bands import HOURS, bands_of
from geolyft.action.events.density import density_of
from geolyft.action.events.knox import knox
from geolyft.action.events.local import (
    by_row,
    gi_star,
    local_moran,
    morans_i,
    p_of_neighbours,
)
from geolyft.action.events.poisson import change_of
from geolyft.action.events.rates import DOWN, NEITHER, UP, by_area, rates
from geolyft.disclosure.own_rules.events import EVENT_KEY, publish_events
from geolyft.disclosure.own_rules.on_grid import count_on_grid
from geolyft.disclosure.protect import Protection
from geolyft.disclosure.raw import Raw
from geolyft.disclosure.tables import bounds_of
from geolyft.frames import CITY, EVERYONE

Y = np.array([1.0, 2, 3, 4, 5, 6, 7, 8, 20])
LOCAL_I = [0.526763285, 0.42589372, 0.224154589, 0.131400966, 0.046763285, -0.021642512,
           -0.005410628, 0.247342995, 0.335458937]  # fmt: skip
GI_STAR = [-1.459600898, -1.648451183, -0.959166305, -0.936320272, -0.725318521, 1.081383976,
           0.041702883, 1.793514888, 1.918332609]  # fmt: skip
AREAS = [str(n) for n in range(1, 8)]
KINDS = ["buller", "inbrott", "skadegörelse"]
BANDS = list(HOURS)


def rook(side: int = 3) -> np.ndarray:
    places = list(product(range(side), range(side)))
    return np.array([[float(abs(a - c) + abs(b - d) == 1) for c, d in places] for a, b in places])


def test_a_count_and_a_later_one_are_compared_exactly() -> None:
    ratio, low, high, p = change_of(20, 30)
    assert ratio == pytest.approx(1.5)
    assert p == pytest.approx(0.20263875106454066)
    assert (low, high) == pytest.approx((0.8241318992309121, 2.786754306962038))
    assert change_of(20, 60, exposure=3).ratio == pytest.approx(1)
    assert math.isinf(change_of(0, 5).high)


def test_what_lies_beside_each_other_is_as_in_the_oracle() -> None:
    near = rook()
    assert morans_i(Y, near) == pytest.approx(0.2202173913043478)
    assert morans_i(Y, by_row(near)) == pytest.approx(0.23884057971014494)
    assert local_moran(Y, near) == pytest.approx(LOCAL_I, abs=1e-9)
    assert gi_star(Y, near) == pytest.approx(GI_STAR, abs=1e-9)


@pytest.mark.needs("esda")
@pytest.mark.filterwarnings("ignore")
def test_what_lies_beside_each_other_is_as_in_esda() -> None:
    import esda  # noqa: PLC0415 - optional
    from libpysal.weights import W  # noqa: PLC0415

    rng = np.random.default_rng(4)
    near, values = rook(6), rng.exponential(size=36)
    lists = {n: np.flatnonzero(row).tolist() for n, row in enumerate(near)}

    def weights() -> W:
        return W(lists, silence_warnings=True)

    theirs = esda.G_Local(values, weights(), transform="B", star=True, permutations=0)
    assert gi_star(values, near) == pytest.approx(theirs.Zs, abs=1e-9)
    moran = esda.Moran(values, weights(), transformation="r", permutations=0)
    assert morans_i(values, by_row(near)) == pytest.approx(moran.I, abs=1e-9)
    local = esda.Moran_Local(values, weights(), transformation="r", permutations=0)
    assert local_moran(values, near) == pytest.approx(local.Is, abs=1e-9)


def test_the_p_of_neighbours_is_the_share_of_all_ways_to_deal_the_others_out() -> None:
    p, near = p_of_neighbours(Y, rook()), rook()
    for place in range(9):
        rest, own = np.delete(Y, place), near[place] @ Y
        every = [sum(each) for each in combinations(rest, int(near[place].sum()))]
        above, below = (np.mean([sign * (each - own) >= 0 for each in every]) for sign in (1, -1))
        assert p[place] == pytest.approx(min(1, 2 * min(above, below)), abs=0.02)


def test_near_repeats_are_pairs_near_in_space_and_time() -> None:
    rows = np.array([[0, 0, 0], [50, 0, 3], [0, 80, 10], [1000, 0, 1], [1030, 0, 2],
                     [1030, 0, 30]], dtype=float)  # fmt: skip
    x, y, day = rows.T
    found = knox(x, y, day, metres=100, days=7)
    assert (found.in_space, found.in_time, found.both) == (6, 7, 3)
    assert found.expected == pytest.approx(6 * 7 / 15)
    clustered = np.repeat(np.arange(20.0), 5)
    assert knox(clustered * 1000, clustered * 0, clustered * 30, metres=10, days=2).p == 0.001
    rng = np.random.default_rng(0)
    assert knox(*rng.uniform(0, 1000, (2, 200)), rng.uniform(0, 365, 200), metres=100,
                days=7).p > 0.01  # fmt: skip


def test_the_bands_are_the_whole_week() -> None:
    hours = pd.Series(pd.date_range("2024-05-06", periods=168, freq="h").astype(str))
    hours = hours.str.pad(19).str.strip()
    found = bands_of(hours.where(hours.str.len() > 10, hours + " 00:00:00"))["band"]
    assert found.value_counts().to_dict() == HOURS
    assert sum(HOURS.values()) == 168
    said = bands_of(pd.Series(["2024-05-06", "", "igår", "2024-05-06T18:00", "2024-05-06 23:00"]))
    assert said["band"].tolist() == ["okänd", "okänd", "okänd", "kväll", "natt"]


@pytest.mark.parametrize("bandwidth", [250.0, 700.0])
def test_a_surface_holds_as_many_events_as_its_cells(bandwidth: float) -> None:
    rng = np.random.default_rng(1)
    x, y = rng.normal(118_000, 600, (2, 3000))
    cells = count_on_grid(x, y=y, crs=3008, cell=250)
    surface = density_of(cells, bandwidth=bandwidth)
    total = float(np.sum(surface.values * surface.grid.cell_area / 1e6))  # noqa: PD011
    assert total == pytest.approx(np.nansum(cells.values), rel=1e-9)
    assert surface.grid.bounds[0] <= cells.grid.bounds[0] - 4 * bandwidth


def events(seed: int, mean: float) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    n = max(1, rng.poisson(mean * len(AREAS) * len(KINDS) * len(BANDS)))
    where = rng.dirichlet(np.ones(len(AREAS) + 1))
    rows = pd.DataFrame({
        "area": rng.choice([*AREAS, "residual"], n, p=where), "period": "2024",
        "kind": rng.choice(KINDS, n, p=[0.5, 0.1, 0.4]), "band": rng.choice(BANDS, n),
    })  # fmt: skip
    return rows.value_counts(EVENT_KEY).rename("count").reset_index()


def published(rows: pd.DataFrame, rule: Protection | None = None) -> pd.DataFrame:
    return publish_events(Raw(rows), rule or Protection(), areas=AREAS)


@settings(max_examples=6)
@given(st.integers(0, 10_000), st.sampled_from([1.0, 4.0, 9.0, 30.0]))
def test_no_small_count_can_be_worked_out_from_all_that_is_published(
    seed: int, mean: float
) -> None:
    """The other auditor, which knows nothing of this one, is asked about every small cell."""
    shown = published(events(seed, mean))
    label = shown[["area", "kind", "band"]].agg("/".join, axis=1)
    values = pd.Series(shown["count"].to_numpy(), index=label)
    assert (values.dropna() >= 10).all()
    assert (values.dropna() % 5 == 0).all()
    sums = []
    for place in [*AREAS, CITY]:
        for kind in [*KINDS, EVERYONE]:
            bands = [each for each in BANDS if f"{place}/{kind}/{each}" in values.index]
            if f"{place}/{kind}/{EVERYONE}" in values.index:
                sums.append((tuple(f"{place}/{kind}/{b}" for b in bands),
                             f"{place}/{kind}/{EVERYONE}"))  # fmt: skip
        kinds = [each for each in KINDS if f"{place}/{each}/{EVERYONE}" in values.index]
        of_all = [b for b in [*BANDS, EVERYONE] if f"{place}/{EVERYONE}/{b}" in values.index]
        sums += [
            (tuple(f"{place}/{kind}/{b}" for kind in kinds), f"{place}/{EVERYONE}/{b}")
            for b in of_all
        ]
    found = bounds_of(values, sums, rounding=5)
    assert (found["high"] - found["low"] >= 5).all()


@pytest.mark.parametrize(("seed", "mean"), [(0, 30.0), (1, 30.0), (2, 4.0)])
def test_who_takes_each_hidden_count_to_be_small_learns_none(seed: int, mean: float) -> None:
    shown = published(events(seed, mean)).rename(columns={"count": "count_"})
    claims = [
        ends
        for found in attack_events(shown, threshold=10, base=5, enough=5)
        for ends in found.values()
        if ends[1] - ends[0] < 5
    ]
    assert claims == []


def test_a_hidden_part_is_not_given_back_by_its_total() -> None:
    rows = [
        ["1", "2024", "buller", band, n] for band, n in zip(BANDS, (40, 40, 40, 4), strict=True)
    ]
    shown = published(pd.DataFrame(rows, columns=[*EVENT_KEY, "count"]))
    mine = shown[(shown["area"] == "1") & (shown["kind"] == "buller")].set_index("band")["count"]
    # The total less three times 40 ± 2 leaves 0 to 9, which is wide enough.
    assert math.isnan(mine["helg"])
    exact = Protection(base=3, threshold=3, width=5)
    rows[3][4] = 2
    again = published(pd.DataFrame(rows, columns=[*EVENT_KEY, "count"]), exact)
    assert again["count"].isna().sum() > 0


def test_changing_an_event_within_its_bucket_changes_nothing() -> None:
    rows = events(3, 9.0)
    few = rows[rows["count"].between(2, 7)].index
    shown = published(rows)
    for n in few[:5]:
        other = rows.copy()
        other.loc[n, "count"] += 1
        again = published(other)
        same = shown["count"].fillna(-1) == again["count"].fillna(-1)
        # Only sums that pass a border of rounding may differ.
        assert (shown.loc[~same, "band"].eq(EVERYONE) | shown.loc[~same, "kind"].eq(EVERYONE)
                | shown.loc[~same, "area"].eq(CITY)).all()  # fmt: skip


def counts(values: dict[tuple[str, str, str], float]) -> pd.DataFrame:
    rows = [[area, period, kind, EVERYONE, n, "ok"] for (area, period, kind), n in values.items()]
    return pd.DataFrame(rows, columns=[*EVENT_KEY, "count", "status"])


def people(residents: dict[str, float]) -> pd.DataFrame:
    rows = [[area, period, n] for area, n in residents.items() for period in ("2023", "2024")]
    return pd.DataFrame(rows, columns=["area", "period", "population"])


def test_an_area_with_few_residents_has_counts_and_no_rate() -> None:
    of = counts({("1", "2023", "alla"): 50, ("2", "2023", "alla"): 50})
    table = rates(of, people({"1": 999, "2": 2000})).set_index("area")
    assert table["antal"].tolist() == [50, 50]
    assert math.isnan(table.loc["1", "per_1000"])
    assert table.loc["2", "per_1000"] == pytest.approx(25, rel=0.01)


def test_a_change_is_sure_when_all_comparisons_are_asked_at_once() -> None:
    pairs = {"1": (100.0, 200.0), "2": (200.0, 100.0), "3": (20.0, 30.0)}
    grown = {(area, year, "a"): n for area, both in pairs.items()
             for year, n in zip(("2023", "2024"), both, strict=True)}  # fmt: skip
    table = rates(counts(grown), people(dict.fromkeys("123", 5000.0)))
    assert table[table["period"] == "2024"]["ord"].tolist() == [UP, DOWN, NEITHER]
    assert table[table["period"] == "2023"]["ord"].tolist() == ["", "", ""]
    # Twice as many residents, twice as many events: nothing has changed.
    moved = people({"1": 5000.0})
    moved.loc[moved["period"] == "2024", "population"] = 10_000.0
    one = rates(counts({k: v for k, v in grown.items() if k[0] == "1"}), moved)
    assert one["forandring"].iloc[-1] == pytest.approx(1, rel=0.01)


def test_a_row_of_an_area_has_the_counts_of_its_bands() -> None:
    of = counts({("1", "2023", "alla"): 50})
    evening = of.assign(band="kväll", count=20.0)
    table = rates(pd.concat([of, evening], ignore_index=True), people({"1": 5000.0}))
    row = by_area(table, {"kväll": "kvall", "natt": "natt"}, {}).iloc[0]
    assert row["kvall"] == 20
    assert math.isnan(row["natt"])
