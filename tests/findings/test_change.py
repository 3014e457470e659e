"""Change over time: only between what means the same, and marked only beyond chance."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from geolyft.certainty.draws import INDEX, Draws, draw_scores
from geolyft.certainty.errors.correlation import INDEPENDENT, SamePeople
from geolyft.certainty.noise import Noise
from geolyft.errors import IndexComputationError
from geolyft.findings.change import CHANGE_COLUMNS, COMPARABLE_COLUMNS, Break, change, comparable
from geolyft.frames import CITY, OBSERVATION_COLUMNS
from geolyft.index.minimums import EVERYTHING, Minimums
from geolyft.index.scales import SCALE_COLUMNS, fit_scales, read_scales
from geolyft.indicators.aggregate import divide
from geolyft.pipeline.counting.carry_forward import carry_forward
from geolyft.read.delivery import sealed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geolyft.indicators.catalogue import Catalogue

AREAS = ["1", "2", "3"]
SIZE = 1000.0


def panel(
    catalogue: Catalogue,
    shares: dict[str, float],
    *,
    step: float = 0.0,
) -> pd.DataFrame:
    """Observe every indicator in three areas: the share of the period, and 20 points more each."""
    rows = [
        (area, period, code, SIZE * (share + 0.2 * n + step * (area == "2")))
        for period, share in shares.items()
        for code in catalogue.codes
        for n, area in enumerate(AREAS)
    ]
    table = pd.DataFrame(rows, columns=["area", "period", "indicator", "numerator"])
    table = table.assign(denominator=SIZE)
    counts = ["numerator", "denominator"]
    city = table.groupby(["period", "indicator"], as_index=False)[counts].sum().assign(area=CITY)
    table = pd.concat([table, city], ignore_index=True)
    table = table.assign(sex="alla", reference=table["period"], status="ok", source="register")
    return divide(table)[OBSERVATION_COLUMNS]


def drawn_of(
    table: pd.DataFrame,
    catalogue: Catalogue,
    *,
    noise: Sequence[Noise] = (),
    draws: int = 200,
    minimums: Minimums = EVERYTHING,
) -> Draws:
    scales = fit_scales(table, catalogue, base_period=str(table["period"].min()))
    return draw_scores(table, scales, catalogue, noise=noise, draws=draws, minimums=minimums)


def changed(
    table: pd.DataFrame,
    catalogue: Catalogue,
    first: str,
    last: str,
    *,
    strict: bool = False,
    breaks: Sequence[Break] = (),
    noise: Sequence[Noise] = (),
    minimums: Minimums = EVERYTHING,
) -> pd.DataFrame:
    said = comparable(table, catalogue, first=first, last=last, breaks=breaks, noise=noise)
    drawn = drawn_of(table, catalogue, noise=noise, minimums=minimums)
    return change(drawn, said, strict=strict).set_index(["area", "what"])


def edit(table: pd.DataFrame, where: pd.Series, **columns: object) -> pd.DataFrame:
    table = table.copy()
    for column, value in columns.items():
        table.loc[where, column] = value
    return table


def at(table: pd.DataFrame, **keys: str) -> pd.Series:
    hit = pd.Series(True, index=table.index)
    for column, value in keys.items():
        hit &= table[column] == value
    return hit


@given(moved=st.floats(-0.2, 0.2), step=st.floats(-0.1, 0.1))
def test_change_backwards_is_change_forwards_with_the_other_sign(
    moved: float, step: float, catalogue: Catalogue
) -> None:
    table = panel(catalogue, {"2024": 0.3, "2025": 0.3 + moved}, step=step)
    drawn = drawn_of(table, catalogue, draws=50)
    forth, back = (
        change(drawn, comparable(table, catalogue, first=first, last=last))
        for first, last in (("2024", "2025"), ("2025", "2024"))
    )
    for one, other in (("change", "change"), ("low", "high"), ("points", "points")):
        gap = (forth[one] + back[other]).abs()
        assert gap.max() < 1e-9
    assert forth["exceeds"].equals(back["exceeds"])
    assert forth["comparable"].all()


def test_change_is_the_difference_of_the_scores_and_of_the_shares(catalogue: Catalogue) -> None:
    table = panel(catalogue, {"2024": 0.3, "2025": 0.4})
    moved = changed(table, catalogue, "2024", "2025")
    assert list(moved.reset_index().columns) == CHANGE_COLUMNS
    # Half the range is 20 points of share, and that is 30 of score.
    assert moved.loc[("1", "E1"), ["change", "points"]].tolist() == pytest.approx([15, 10])
    assert moved.loc[(CITY, INDEX), "change"] == pytest.approx(15)
    assert moved["value_first"].add(moved["change"]).tolist() == pytest.approx(
        moved["value_last"].tolist()
    )
    assert moved.loc[("1", INDEX), "points"] != moved.loc[("1", INDEX), "points"]


def test_a_change_within_its_uncertainty_is_not_marked(catalogue: Catalogue) -> None:
    small, large = (
        changed(panel(catalogue, {"2024": 0.3, "2025": share}), catalogue, "2024", "2025")
        for share in (0.31, 0.45)
    )
    # One per cent unit of a thousand is within chance, twelve of them together are not.
    assert not small.loc[("1", "E1"), "exceeds"]
    assert small.loc[("1", "E1"), "low"] < 0 < small.loc[("1", "E1"), "high"]
    assert large["exceeds"].all()
    assert (large["low"] > 0).all()


def test_of_no_change_at_all_one_in_twenty_is_marked(catalogue: Catalogue) -> None:
    rng = np.random.default_rng(4)
    years = [f"{2000 + n}" for n in range(40)]
    table = panel(catalogue, dict.fromkeys(years, 0.3))
    areas = table["area"] != CITY
    truth = (table["numerator"] / SIZE)[areas]
    table.loc[areas, "numerator"] = rng.binomial(int(SIZE), truth).astype("float64")
    table = divide(table)
    scales = fit_scales(table, catalogue, base_period="2000")
    alone = SamePeople(said=INDEPENDENT)
    drawn = draw_scores(table, scales, catalogue, noise=[], same_people=alone, draws=300)
    marked = [
        change(drawn, comparable(table, catalogue, first=first, last=last))
        for first, last in zip(years[::2], years[1::2], strict=True)
    ]
    every = pd.concat(marked)
    every = every[every["area"] != CITY]
    # 720 trials of independent indicators: 5 per cent, give or take two.
    assert every.loc[every["what"].isin(catalogue.codes), "exceeds"].mean() == pytest.approx(
        0.05, abs=0.02
    )


@given(sd=st.floats(0, 5), more=st.floats(0.5, 5))
def test_more_noise_widens_a_change(sd: float, more: float, catalogue: Catalogue) -> None:
    table = panel(catalogue, {"2024": 0.3, "2025": 0.4})
    said = comparable(table, catalogue, first="2024", last="2025")
    narrow, wide = (
        change(drawn_of(table, catalogue, noise=[Noise(cell_sd=size)], draws=1000), said)
        for size in (sd, sd + more)
    )
    spread, wider = ((t["high"] - t["low"])[t["area"] != CITY] for t in (narrow, wide))
    # Chance and noise are drawn apart: of a thousand draws a width is known to some per cent.
    assert (wider >= 0.85 * spread).all()
    assert wider.sum() > spread.sum()


def test_row_order_does_not_matter(catalogue: Catalogue) -> None:
    table = panel(catalogue, {"2024": 0.3, "2025": 0.4})
    shuffled = table.sample(frac=1, random_state=1)
    first, second = (changed(t, catalogue, "2024", "2025") for t in (table, shuffled))
    pd.testing.assert_frame_equal(first, second, rtol=0, atol=1e-9)


def test_a_figure_carried_forward_has_no_change(catalogue: Catalogue) -> None:
    table = panel(catalogue, {"2024": 0.3, "2025": 0.4})
    old = at(table, period="2024", indicator="D1")
    table = table[~at(table, period="2025", indicator="D1")]
    table = carry_forward(table, ["2024", "2025"])
    moved = changed(table, catalogue, "2024", "2025", strict=True)
    row = moved.loc[("1", "D1")]
    assert (row["reason"], row["note"]) == ("carried", "D1 2024")
    assert np.isnan(row["change"])
    assert not row["exceeds"]
    assert row["value_first"] == row["value_last"]
    assert old.any()
    # The rest of the dimension and the index are compared, and the carried part gives nothing.
    assert moved.loc[("1", INDEX), "change"] == pytest.approx(15 * 11 / 12)
    assert moved.loc[("1", INDEX), "note"] == "D1 2024"


def test_an_index_of_nothing_but_carried_figures_has_no_change(catalogue: Catalogue) -> None:
    table = carry_forward(panel(catalogue, {"2024": 0.3}), ["2024", "2025"])
    moved = changed(table, catalogue, "2024", "2025")
    assert (moved["reason"] == "carried").all()
    assert moved["change"].isna().all()


def test_nothing_is_compared_across_a_break(catalogue: Catalogue) -> None:
    table = panel(catalogue, {"2022": 0.3, "2024": 0.4})
    swap = Break(indicator="E1", between=("2022", "2023"), kind="register", note="RAMS till BAS")
    moved = changed(table, catalogue, "2022", "2024", breaks=[swap])
    for what in ("E1", "ekonomi", INDEX):
        assert moved.loc[("1", what), "reason"] == "break"
        assert moved.loc[("1", what), "note"] == "E1 register: RAMS till BAS"
        assert np.isnan(moved.loc[("1", what), "change"])
        assert not moved.loc[("1", what), "exceeds"]
    assert moved.loc[("1", "boende"), "comparable"]
    with pytest.raises(IndexComputationError, match="RAMS till BAS") as refusal:
        changed(table, catalogue, "2022", "2024", breaks=[swap], strict=True)
    assert refusal.value.code == "timeline-break"


def test_a_break_is_of_reference_years_unless_it_says_editions(catalogue: Catalogue) -> None:
    table = panel(catalogue, {"2024": 0.3, "2025": 0.4})
    table["reference"] = table["period"].map({"2024": "2023", "2025": "2024"})
    said: dict[str, Any] = {"between": ("2024", "2025"), "kind": "division"}
    of_figures, of_editions = Break(**said), Break(**said, years="period")
    reasons = [
        set(comparable(table, catalogue, first="2024", last="2025", breaks=[b])["reason"])
        for b in (of_figures, of_editions)
    ]
    assert reasons == [{""}, {"break"}]


def test_a_year_inside_a_break_is_compared_with_nothing() -> None:
    gap = Break(between=("2021", "2023"), kind="method")
    assert gap.crosses("2021", "2022")
    assert gap.crosses("2022", "2023")
    assert not gap.crosses("2020", "2021")
    assert not gap.crosses("2023", "2024")
    with pytest.raises(ValidationError, match="comes first"):
        Break(between=("2023", "2021"), kind="method")


def test_the_start_of_a_publishers_noise_is_a_break(catalogue: Catalogue) -> None:
    table = panel(catalogue, {"2023": 0.2, "2024": 0.3, "2025": 0.4, "2026": 0.4})
    cell_keys = Noise(source="register", indicators=("B3",), since="2025", cell_sd=2)
    moved = changed(table, catalogue, "2024", "2025", noise=[cell_keys])
    assert moved.loc[("1", "B3"), "reason"] == "noise"
    assert moved.loc[("1", "boende"), "reason"] == "noise"
    assert moved.loc[("1", "B1"), "comparable"]
    for first, last in (("2023", "2024"), ("2025", "2026")):
        assert changed(table, catalogue, first, last, noise=[cell_keys])["comparable"].all()
    with pytest.raises(IndexComputationError) as refusal:
        changed(table, catalogue, "2024", "2025", noise=[cell_keys], strict=True)
    assert refusal.value.code == "timeline-noise"


def test_partial_scores_are_never_compared(catalogue: Catalogue) -> None:
    table = panel(catalogue, {"2024": 0.3, "2025": 0.4})
    table = table[~((table["indicator"] == "E1") & (table["area"] == "1"))]
    moved = changed(table, catalogue, "2024", "2025", minimums=Minimums(indicators=2))
    for what in ("ekonomi", INDEX):
        assert moved.loc[("1", what), "reason"] == "partial"
        assert moved.loc[("1", what), "note"] == "E1"
        # The scores are there, made of fewer; their difference is not.
        assert moved.loc[("1", what), "value_last"] > 0
        assert np.isnan(moved.loc[("1", what), "change"])
    assert moved.loc[("1", "E1"), "reason"] == "missing"
    assert moved.loc[("2", INDEX), "comparable"]
    with pytest.raises(IndexComputationError) as refusal:
        changed(table, catalogue, "2024", "2025", minimums=Minimums(indicators=2), strict=True)
    assert refusal.value.code == "timeline-partial"


def test_a_figure_of_part_of_its_area_is_partial(catalogue: Catalogue) -> None:
    table = panel(catalogue, {"2024": 0.3, "2025": 0.4})
    part = at(table, area="3", period="2024", indicator="B2")
    moved = changed(edit(table, part, status="partial+synthetic"), catalogue, "2024", "2025")
    assert moved.loc[("3", "B2"), "reason"] == "partial"
    assert moved.loc[("3", INDEX), "reason"] == "partial"
    assert moved.loc[("2", "B2"), "comparable"]


def test_periods_without_figures_are_missing_and_refuse_nothing(catalogue: Catalogue) -> None:
    table = panel(catalogue, {"2024": 0.3})
    said = comparable(table, catalogue, first="2024", last="2025")
    assert list(said.columns) == COMPARABLE_COLUMNS
    assert set(said["reason"]) == {"missing"}
    moved = changed(table, catalogue, "2024", "2025", strict=True)
    assert moved["change"].isna().all()


def test_only_an_edition_without_any_figure_is_carried_to(catalogue: Catalogue) -> None:
    table = panel(catalogue, {"2022": 0.3, "2023": 0.4})
    votes = table["indicator"] == "D1"
    surveys = table["indicator"] == "D3"
    table = table[~(votes & (table["period"] == "2023"))]
    # One hidden area, and one area alone with a figure: both are somebody's news of that year.
    gone = at(table, period="2023", indicator="D3") & (table["area"] != "1")
    table = edit(table, gone, value=np.nan, status="missing")
    carried = carry_forward(table, ["2022", "2023"]).set_index(["indicator", "period", "area"])
    for area in (*AREAS, CITY):
        row = carried.loc[("D1", "2023", area)]
        assert (row["reference"], row["status"]) == ("2022", "stale")
        assert row["value"] == carried.loc[("D1", "2022", area), "value"]
    assert carried.loc[("D3", "2023", "2"), "status"] == "missing"
    assert surveys.any()
    hidden = edit(table, at(table, period="2023", indicator="D3"), value=np.nan, status="hidden")
    kept = carry_forward(hidden, ["2022", "2023"]).set_index(["indicator", "period", "area"])
    assert (kept.sort_index().loc[("D3", "2023"), "status"] == "hidden").all()


def test_what_is_too_old_or_not_asked_for_is_not_carried(catalogue: Catalogue) -> None:
    table = panel(catalogue, {"2018": 0.3})
    years = ["2018", "2022", "2023"]
    carried = carry_forward(table, years)
    assert sorted(carried["period"].unique()) == ["2018", "2022"]
    assert set(carried.loc[carried["period"] == "2022", "reference"]) == {"2018"}
    some = carry_forward(table, years, indicators=["D1"])
    assert set(some.loc[some["period"] == "2022", "indicator"]) == {"D1"}


def test_missing_rows_are_replaced_by_what_is_carried(catalogue: Catalogue) -> None:
    table = panel(catalogue, {"2022": 0.3})
    empty = table.assign(period="2023", value=np.nan, status="missing", reference="")
    carried = carry_forward(pd.concat([table, empty]), ["2022", "2023"])
    assert len(carried) == 2 * len(table)
    assert carried["value"].notna().all()


def delivery(folder: Path, scales: pd.DataFrame, catalogue: Catalogue) -> Path:
    manifest = {
        "geolyft": "0.1.0",
        "outputs": [],
        "scales": scales.to_dict(orient="records"),
        "definition": {"catalogue": catalogue.model_dump(mode="json", by_alias=True)},
    }
    # Not every scale that is tried could be delivered.
    text = sealed(json.dumps(manifest, indent=1))
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    return folder


def test_a_later_run_scores_on_the_scales_of_an_earlier_delivery(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    scales = fit_scales(panel(catalogue, {"2024": 1 / 3}), catalogue, base_period="2024")
    read = read_scales(delivery(tmp_path, scales, catalogue), catalogue)
    pd.testing.assert_frame_equal(read, scales, check_exact=True)


def test_another_definition_is_refused(catalogue: Catalogue, tmp_path: Path) -> None:
    scales = fit_scales(panel(catalogue, {"2024": 0.3}), catalogue, base_period="2024")
    folder = delivery(tmp_path, scales, catalogue)
    first, *rest = catalogue.indicators
    recounted = first.model_copy(update={"denominator": "alla"})
    for other in (
        catalogue.decide({"U1": "högst"}),
        catalogue.model_copy(update={"indicators": tuple(rest)}),
        catalogue.model_copy(update={"indicators": (recounted, *rest)}),
    ):
        with pytest.raises(IndexComputationError, match="1 indicators are not") as refusal:
            read_scales(folder, other)
        assert refusal.value.code == "timeline-definition"


def test_scales_that_turn_an_indicator_round_are_refused(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    scales = fit_scales(panel(catalogue, {"2024": 0.3}), catalogue, base_period="2024")
    turned = {"high": "low", "low": "high"}
    first = scales["direction"].iloc[0]
    scales.loc[0, "direction"] = turned[first]
    with pytest.raises(IndexComputationError, match="1 indicators are not") as refusal:
        read_scales(delivery(tmp_path, scales, catalogue), catalogue)
    assert refusal.value.code == "timeline-definition"


@pytest.mark.parametrize(
    "content",
    ["", "{}", '{"scales": []}', '{"scales": [{"indicator": "E1"}]}', '{"scales": 3}'],
)
def test_a_folder_without_readable_scales_is_refused(
    content: str, catalogue: Catalogue, tmp_path: Path
) -> None:
    (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(IndexComputationError) as refusal:
            read_scales(folder, catalogue)
        assert refusal.value.code == "timeline-manifest"


@pytest.mark.parametrize("half_range", [0.0, float("nan"), float("inf"), -1.0])
def test_a_scale_that_is_none_is_refused(
    half_range: float, catalogue: Catalogue, tmp_path: Path
) -> None:
    scales = pd.DataFrame([["E1", 72.0, half_range, "high", "2024"]], columns=SCALE_COLUMNS)
    with pytest.raises(IndexComputationError) as refusal:
        read_scales(delivery(tmp_path, scales, catalogue), catalogue)
    assert refusal.value.code == "timeline-manifest"


@pytest.mark.parametrize(
    "change", [{"direction": "up"}, {"indicator": "E1"}, {"reference_value": np.inf}]
)
def test_one_scale_that_is_none_among_good_ones_is_refused(
    change: dict[str, object], catalogue: Catalogue, tmp_path: Path
) -> None:
    scales = fit_scales(panel(catalogue, {"2024": 0.3}), catalogue, base_period="2024")
    worse = scales.copy()
    worse.loc[worse["indicator"] == "B1", list(change)] = list(change.values())
    with pytest.raises(IndexComputationError) as refusal:
        read_scales(delivery(tmp_path, worse, catalogue), catalogue)
    assert refusal.value.code == "timeline-manifest"
