"""What a run declares of its figures: the noise in their cells, and that people are the same."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from small_run import ONE_EDITION, in_malmo

from geolyft.certainty.noise import Noise, estimated_sd, intervals
from geolyft.errors import ConfigError, GeolyftError
from geolyft.pipeline.dry_run import check, inspect
from geolyft.pipeline.run import run
from geolyft.run_file.config import load_config

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import geopandas as gpd

    Written = Callable[..., Path]

DECLARED = """
[[uncertainty.noise]]
source = "SCB"
cell_sd = "estimate"

[[source]]
name = "SCB"
kind = "totals"
protected_by = "SCB"
area = "kod"
file = "t.csv"
crosswalk = "small.csv"
"""
MEASURE = """
[[source.measure]]
indicator = "B3"
numerator = "w"
denominator = "n"
"""
LONG_MEASURE = """
[[source.measure]]
indicator = "B3"
numerator = { column = "antal", where = { kon = ["K"] } }
denominator = { column = "antal", where = { kon = ["T"] } }
"""
WIDE = 'sums = [{ total = "n", parts = ["w", "m"] }]\n'
_AREAS = 40


def noisy(sd: float, *, areas: int = _AREAS, seed: int = 1) -> pd.DataFrame:
    """Return women, men and all of small areas, with noise in each of the three."""
    rng = np.random.default_rng(seed)
    true = rng.integers(400, 600, (areas, 2))
    counts = np.column_stack([true, true.sum(axis=1)]) + rng.normal(0, sd, (areas, 3)).round()
    codes = [f"A{n:02}" for n in range(areas)]
    return pd.DataFrame(counts.astype("int64"), columns=["w", "m", "n"]).assign(kod=codes)


@pytest.fixture
def written(tmp_path: Path, squares: gpd.GeoDataFrame) -> Written:
    layer = in_malmo(squares).rename_axis("kod").rename(columns={"name": "namn"}).reset_index()
    layer.to_file(tmp_path / "areas.gpkg", driver="GPKG")

    def write(table: pd.DataFrame, *, sums: str = WIDE, more: str = MEASURE) -> Path:
        codes = table["kod"].unique()
        targets = [str(n % 4 + 1) for n in range(len(codes))]
        weights = pd.DataFrame({"source": codes, "target": targets, "weight": 1})
        weights.to_csv(tmp_path / "small.csv", index=False)
        table.to_csv(tmp_path / "t.csv", index=False, sep=";")
        (tmp_path / "run.toml").write_text(ONE_EDITION + DECLARED + sums + more, encoding="utf-8")
        return tmp_path / "run.toml"

    return write


@pytest.mark.parametrize("sd", [0.5, 1.46, 6.0])
@pytest.mark.parametrize("cells", [2, 34])
def test_the_noise_put_in_is_the_noise_told(sd: float, cells: int) -> None:
    rng = np.random.default_rng(3)
    misses = pd.Series(rng.normal(0, sd, 4000) - rng.normal(0, sd, (4000, cells)).sum(axis=1))
    assert estimated_sd([misses], [cells]) == pytest.approx(sd, rel=0.05)
    # Two tables of one publisher tell it together.
    both = estimated_sd([misses[:2000], misses[2000:]], [cells, cells])
    assert both == pytest.approx(estimated_sd([misses], [cells]))


def test_a_run_says_what_it_estimated_and_uses_it(written: Written, tmp_path: Path) -> None:
    table = noisy(4.0)
    file = written(table)
    misses = table["n"] - table["w"] - table["m"]
    sd = float(np.sqrt((misses**2).mean() / 3))
    with warnings.catch_warnings(action="ignore"):
        publication = run(file, out=tmp_path / "out").publication
        said, records = check(file), inspect(file)
    uncertainty = publication.provenance["uncertainty"]
    assert isinstance(uncertainty, dict)
    assert uncertainty["noise"][0]["cell_sd"] == pytest.approx(sd, abs=1e-4)
    (record,) = uncertainty["cell_sd"]
    assert (record["rows"], record["cells"]) == (_AREAS, 2)
    assert {**record, "kind": "noise"} in records
    assert f"noise of {sd:.2f} per cell" in said[-1]
    report = (tmp_path / "out" / "rapport.html").read_text(encoding="utf-8")
    assert f"{sd:.2f}".replace(".", ",") + " personer per publicerad cell" in report
    assert uncertainty["correlation"]["assumed"] == ["indicators", "years"]
    assert "Talen är antaganden." in report
    # The run file is told as it was written, and the same number by hand gives the same intervals.
    assert publication.provenance["config"]["uncertainty"]["noise"][0]["cell_sd"] == "estimate"
    by_hand = file.read_text(encoding="utf-8").replace('"estimate"', str(record["sd"]))
    file.write_text(by_hand, encoding="utf-8")
    with warnings.catch_warnings(action="ignore"):
        again = run(file).publication
    assert again.observations.equals(publication.observations)


def test_a_run_draws_figures_of_the_same_people_together(written: Written) -> None:
    both = MEASURE + MEASURE.replace("B3", "B2")
    wide = {}
    for among in (0.0, 1.0):
        file = written(noisy(0.0), more=both)
        said = f"[uncertainty.correlation]\nindicators = {among}\n\n[[uncertainty.noise]]"
        text = file.read_text(encoding="utf-8").replace("[[uncertainty.noise]]", said)
        file.write_text(text, encoding="utf-8")
        with warnings.catch_warnings(action="ignore"):
            publication = run(file).publication
        sure = publication.tables["osakerhet"]
        wide[among] = sure[sure["what"] == "index"]["sd"].mean()
        uncertainty = publication.provenance["uncertainty"]
        assert isinstance(uncertainty, dict)
        assert uncertainty["correlation"]["assumed"] == ["years"]
    # Two indicators with one error are as unsure as one: √2 times two with their own.
    assert wide[1.0] / wide[0.0] == pytest.approx(2**0.5, rel=0.1)


def test_a_long_table_counts_the_cells_of_its_parts(written: Written) -> None:
    table = noisy(4.0).rename(columns={"w": "K", "m": "M", "n": "T"})
    long = table.melt("kod", var_name="kon", value_name="antal")
    parts = '{ column = "antal", where = { kon = ["K", "M"] } }'
    total = '{ column = "antal", where = { kon = ["T"] } }'
    sums = f"sums = [{{ total = {total}, parts = [{parts}] }}]\n"
    with warnings.catch_warnings(action="ignore"):
        (of_long,) = inspect(written(long, sums=sums, more=LONG_MEASURE))[1:]
        (of_wide,) = inspect(written(noisy(4.0)))[1:]
    assert of_long["cells"] == 2
    assert of_long["sd"] == of_wide["sd"]


def test_nothing_is_estimated_from_what_nobody_has_protected(written: Written) -> None:
    file = written(noisy(4.0))
    said = file.read_text(encoding="utf-8").replace('protected_by = "SCB"\n', "")
    file.write_text(said, encoding="utf-8")
    with pytest.raises(ConfigError, match="0 totals") as refusal:
        check(file)
    assert refusal.value.code == "run-noise"


_FORGOTTEN = noisy(2.0).assign(m=lambda table: table["m"] // 2)


@pytest.mark.parametrize(
    ("table", "sums", "words"),
    [
        (noisy(2.0), "", "0 totals"),
        (noisy(2.0, areas=8), WIDE, "8 totals"),
        (_FORGOTTEN, WIDE, "exceeds its parts"),
    ],
)
def test_nothing_is_estimated_from_nothing(
    written: Written, table: pd.DataFrame, sums: str, words: str
) -> None:
    with pytest.raises(GeolyftError, match=words) as refusal:
        check(written(table, sums=sums))
    assert refusal.value.code == "run-noise"


def test_a_file_of_other_years_tells_nothing_of_the_noise(written: Written) -> None:
    file = written(noisy(2.0))
    later = file.read_text(encoding="utf-8").replace(
        'cell_sd = "estimate"', 'cell_sd = "estimate"\nsince = "2026"'
    )
    file.write_text(later, encoding="utf-8")
    with pytest.raises(ConfigError, match="0 totals"):
        check(load_config(file))


def test_outside_a_run_an_estimate_has_to_be_made_first() -> None:
    seen = pd.DataFrame(
        {
            "area": ["1"], "period": "2025", "reference": "2025", "source": "s", "status": "ok",
            "indicator": "E1", "numerator": 5.0, "denominator": 100.0,
        }
    )  # fmt: skip
    with pytest.raises(ConfigError, match="estimate") as refusal:
        intervals(seen, [Noise(cell_sd="estimate")])
    assert refusal.value.code == "run-noise"
