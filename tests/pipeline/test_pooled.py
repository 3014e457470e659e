"""Years of small areas together: every count once, in one window, and never surer than it is."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geolyft import load_config
from geolyft.certainty.errors.correlation import DEFAULT_CORRELATION, Correlation
from geolyft.divisions.areas import demo_folder
from geolyft.errors import ConfigError
from geolyft.indicators.aggregate import COUNT_COLUMNS
from geolyft.pipeline.counting.pooled import pooled, pooled_groups, pooled_noise, windows

if TYPE_CHECKING:
    from pathlib import Path

    from geolyft.run_file.config import Config

PERIODS = [str(year) for year in range(2018, 2026)]


def rows(*cells: tuple[str, str, float, float]) -> pd.DataFrame:
    """Return counts of one area and indicator: edition, reference year, numerator, denominator."""
    return pd.DataFrame(
        [["a", period, year, "alla", "E1", n, of, "ok", "s"] for period, year, n, of in cells],
        columns=COUNT_COLUMNS,
    )


def sums(counts: pd.DataFrame) -> dict[tuple[str, str], tuple[float, float]]:
    grouped = counts.groupby(["period", "reference"])[["numerator", "denominator"]]
    return {
        cast("tuple[str, str]", key): (n, of)
        for key, n, of in grouped.sum(min_count=1).itertuples(name=None)
    }


@given(st.integers(1, len(PERIODS)), st.integers(1, len(PERIODS)))
def test_windows_part_the_editions_and_end_with_the_latest(n: int, years: int) -> None:
    periods = PERIODS[:n]
    found = windows(periods, years)
    assert list(found) == periods
    assert found[periods[-1]] == periods[-1]
    sizes = pd.Series(found).value_counts(sort=False)
    assert sizes.max() <= years
    assert (sizes[sizes.index != min(found.values())] == years).all()
    assert all(period <= end for period, end in found.items())


@given(st.lists(st.integers(0, 50), min_size=1, max_size=8), st.integers(1, 8))
def test_every_count_is_in_one_window(numbers: list[int], years: int) -> None:
    periods = PERIODS[: len(numbers)]
    counts = rows(*((p, p, n, 60.0) for p, n in zip(periods, numbers, strict=True)))
    made = pooled(counts, periods, years)
    assert made["numerator"].sum() == sum(numbers)
    assert made["denominator"].sum() == 60 * len(numbers)
    assert set(made["period"]) == set(windows(periods, years).values())


def test_a_year_that_stands_in_several_editions_is_counted_once() -> None:
    counts = rows(("2023", "2022", 4, 9), ("2024", "2022", 4, 9), ("2025", "2025", 5, 8))
    assert sums(pooled(counts, PERIODS, 3)) == {("2025", "2022–2025"): (9, 17)}
    alone = rows(("2024", "2022", 4, 9), ("2025", "2022", 4, 9))
    assert sums(pooled(alone, PERIODS, 3)) == {("2025", "2022"): (4, 9)}


def test_share_and_base_are_of_the_same_years() -> None:
    counts = rows(("2024", "2024", np.nan, 90), ("2025", "2025", 5, 8))
    assert sums(pooled(counts, PERIODS, 2)) == {("2025", "2025"): (5, 8)}
    unknown = rows(("2024", "2024", np.nan, 90), ("2025", "2025", np.nan, np.nan))
    (key,) = sums(pooled(unknown, PERIODS, 2))
    assert key == ("2025", "2024–2025")


def test_groups_are_pooled_as_everyone_is() -> None:
    counts = rows(("2023", "2022", 4, 9), ("2024", "2022", 4, 9), ("2025", "2025", 5, 8))
    groups = counts.drop(columns=["reference", "sex"]).assign(group_by="alder", group="0-17")
    of = {("s", "2023"): "2022", ("s", "2024"): "2022", ("s", "2025"): "2025"}
    made = pooled_groups(groups, PERIODS, 3, references=of)
    assert made[["numerator", "denominator"]].sum().tolist() == [9, 17]
    assert set(made["period"]) == {"2025"}


@pytest.mark.parametrize(
    ("said", "same", "effects"),
    [
        (DEFAULT_CORRELATION, ["E1"], [3.0]),
        (DEFAULT_CORRELATION, [], []),
        (Correlation(years=0.5), ["E1"], [2.0]),
        (Correlation(years=0.5, years_of={"E1": 0.0}), ["E1"], []),
    ],
)
def test_the_same_people_three_times_are_not_three_times_as_many(
    said: Correlation, same: list[str], effects: list[float]
) -> None:
    source = SimpleNamespace(
        name="s", measures=[SimpleNamespace(indicator="E1")], reference=lambda period: period
    )
    config = SimpleNamespace(
        uncertainty=SimpleNamespace(correlation=said),
        run=SimpleNamespace(periods=PERIODS),
        sources=[source],
    )
    noise = pooled_noise(cast("Config", config), 3, same=same)
    assert [each.design_effect for each in noise] == effects
    source.reference = lambda _period: "2022"
    assert pooled_noise(cast("Config", config), 3, same=same) == ()


def test_more_years_than_there_are_editions_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "run.toml"
    said = (demo_folder() / "run.toml").read_text(encoding="utf-8")
    said = said.replace("[[inside]]\n", "[[inside]]\nyears = 2\n", 1)
    file.write_text(said, encoding="utf-8")
    with pytest.raises(ConfigError) as refusal:
        load_config(file)
    assert "inside-years" in str(refusal.value.code) or "inside: 2 years" in str(refusal.value)
