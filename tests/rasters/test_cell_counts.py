"""A raster as a source of a run: an indicator like any other, with its coverage in the audit."""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import shapely
from pydantic import ValidationError
from small_run import CATALOGUE, RUN, in_malmo, write_small_run

from geolyft.disclosure.raw import opened
from geolyft.errors import GeolyftError, GeolyftWarning, OutputError, ReadError
from geolyft.pipeline.counting.gather import CountedAreas, gather
from geolyft.pipeline.dry_run import check
from geolyft.pipeline.run import Result
from geolyft.pipeline.run import run as run_with_warnings
from geolyft.rasters.statistics import zonal_statistics
from geolyft.run_file.config import load_config
from geolyft.run_file.sources import Source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import geopandas as gpd

QUIET = """
[[indicator]]
code = "Q"
name = "Andel tyst mark"
dimension = "boende"
numerator = "m² under 55 dB"
denominator = "m²"
direction = "high"

[[dimension]]
code = "boende"
name = "Boende"
"""

SOURCE = """
[[source]]
name = "Buller"
file = "noise.tif"
kind = "raster"
{said}

[[source.measure]]
indicator = "Q"
{measure}
"""
OVER = 'statistic = "share_over"\nlimit = 55\ncomplement = true'


@pytest.fixture
def squares_run(
    tmp_path: Path, squares: gpd.GeoDataFrame, raster_of: Callable[..., Path]
) -> Callable[..., Path]:
    """Write the small run with a raster of 1 m as its third source; 20 × 20 m lie on the areas."""

    def make(
        values: Any,  # noqa: ANN401 - what numpy takes
        *,
        said: str = "",
        measure: str = OVER,
        weights: Any = None,  # noqa: ANN401
        **profile: object,
    ) -> Path:
        folder = tmp_path / "run"
        run_file = write_small_run(folder, squares)
        (folder / "catalogue.toml").write_text(CATALOGUE + QUIET, encoding="utf-8")
        west, south, *_ = in_malmo(squares).total_bounds
        where = {"west": west, "north": south + 20, **profile}
        raster_of(values, **where).replace(folder / "noise.tif")
        if weights is not None:
            raster_of(weights, west=west, north=south + 20).replace(folder / "people.tif")
        source = SOURCE.format(said=said, measure=measure)
        run_file.write_text(RUN + source, encoding="utf-8")
        return run_file

    return make


def run(run_file: Path, **said: Any) -> Result:  # noqa: ANN401
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        return run_with_warnings(run_file, **said)


def noise() -> np.ndarray:
    """Return 70 dB in the east and 40 in the west, but for a loud corner in the south-west."""
    values = np.full((20, 20), 40.0, dtype="float32")
    values[:, 10:] = 70
    values[15:, :5] = 60
    return values


def of(made: Result, period: str = "2024") -> pd.DataFrame:
    seen = made.publication.observations
    return seen[(seen["indicator"] == "Q") & (seen["period"] == period)].set_index("area")


def test_ground_is_an_indicator_like_any_other_and_needs_no_protection(
    squares_run: Callable[..., Path], tmp_path: Path
) -> None:
    run_file = squares_run(noise())
    made = run(run_file, out=tmp_path / "out")
    seen = of(made)
    # Squares 1 and 2 lie in the west, 3 and 4 in the east, where not one square metre is quiet.
    assert seen["value"].to_dict() == pytest.approx(
        {"1": 75.0, "2": 100.0, "3": 0.0, "4": 0.0, "city": 43.75}
    )
    assert seen.loc["1", ["numerator", "denominator"]].tolist() == pytest.approx([75, 100])
    assert set(seen["status"]) == {"ok"}
    index = made.publication.index.query("period == '2024'").set_index("area")
    assert index["boende"].notna().all()
    assert (tmp_path / "out" / "karta.html").exists()
    report = (tmp_path / "out" / "rapport.html").read_text(encoding="utf-8")
    assert "Mark räknas, och inga människor, i Buller;" in report
    assert "Ett rasters rader är celler" in report


def test_the_ledger_closes_and_the_audit_says_what_the_raster_covers(
    squares_run: Callable[..., Path], tmp_path: Path
) -> None:
    values = noise()
    values[:5, :10] = -9999
    run(squares_run(values, nodata=-9999), out=tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    provenance = manifest.get("provenance", manifest)
    assert {"exactextract", "rasterio"} <= set(provenance["versions"])
    lines = [line for line in provenance["ledger"] if line["source"] == "Buller"]
    assert len(lines) == 4
    for line in lines:
        assert line["areas"] + line["residual"] == pytest.approx(line["city"])
        assert line["exact"]
    assert lines[1]["city"] == pytest.approx(350)
    (read,) = [i for i in provenance["inputs"] if i["source"] == "Buller" and i["period"] == "2024"]
    assert (read["kind"], read["rows"], read["crs"]) == ("geotiff", 400, "EPSG:3008")
    assert (read["placed"]["placed"], read["placed"]["unplaced"]) == (350, 50)
    assert read["placed"]["areas"]["2"] == {
        "cells": 50.0, "coverage": 0.5, "nodata": 0.5, "outside": 0.0,
    }  # fmt: skip
    assert "bounds" not in read["placed"]


def test_a_raster_with_holes_makes_a_figure_partial_and_one_without_data_missing(
    squares_run: Callable[..., Path],
) -> None:
    values = noise()
    values[:5, :10] = values[:, 10:] = -9999
    seen = of(run(squares_run(values, nodata=-9999)))
    assert seen["status"].to_dict() == {
        "1": "ok", "2": "partial", "3": "missing", "4": "missing", "city": "partial",
    }  # fmt: skip
    said = "raster = { min_coverage = 0.4 }"
    assert of(run(squares_run(values, nodata=-9999, said=said))).loc["2", "status"] == "ok"


def test_residents_of_a_second_raster_are_protected_like_any_others(
    squares_run: Callable[..., Path], tmp_path: Path
) -> None:
    people = np.full((20, 20), 1.13)
    people[:10, :10] = 0.05  # five people in the north-west
    said = 'raster = { weights = "people.tif", method = "blocks" }'
    values = noise()
    values[:5, 10:15] = 40
    run_file = squares_run(values, said=said, weights=people)
    made = run(run_file, out=tmp_path / "out")
    seen = of(made)
    assert seen.loc["2", "status"] == "hidden"
    assert np.isnan(seen.loc["2", "value"])
    assert seen.loc["1", ["numerator", "denominator"]].tolist() == [85, 115]  # of 84.75 and 113
    # Nobody lives in quiet in the east, and 0 of 113 says so of each of them.
    assert seen.loc["3", "status"] == "hidden"
    text = (tmp_path / "out" / "manifest.json").read_text(encoding="utf-8")
    assert "bounds" not in text
    assert "84.75" not in text
    files = [i["path"] for i in json.loads(text)["inputs"] if i["source"] == "Buller"]
    assert files == ["noise.tif", "people.tif"] * 2


def test_weights_are_protected_already_where_somebody_says_so(
    squares_run: Callable[..., Path],
) -> None:
    said = 'protected_by = "SCB"\nraster = { weights = "people.tif" }'
    seen = of(run(squares_run(noise(), said=said, weights=np.full((20, 20), 1.13))))
    assert seen.loc["1", "numerator"] == pytest.approx(84.75)
    assert seen.loc["3", "value"] == pytest.approx(0)


def test_blocks_keep_their_bounds_and_are_approximate(
    squares_run: Callable[..., Path], tmp_path: Path
) -> None:
    run_file = squares_run(noise(), said='raster = { method = "blocks" }')
    made = run(run_file, out=tmp_path / "out")
    seen = of(made)
    assert set(seen["status"]) == {"approximate"}
    text = (tmp_path / "out" / "manifest.json").read_text(encoding="utf-8")
    manifest = json.loads(text)
    (read,) = [
        i
        for i in manifest.get("provenance", manifest)["inputs"]
        if i["source"] == "Buller" and i["period"] == "2024"
    ]
    for area, (low, high) in read["placed"]["bounds"]["Q"].items():
        assert low - 1e-6 <= seen.loc[area, "value"] <= high + 1e-6
        assert 0 <= low <= high <= 100


def test_the_figures_are_those_of_the_table_of_zonal_statistics(
    squares_run: Callable[..., Path], squares: gpd.GeoDataFrame
) -> None:
    run_file = squares_run(noise(), measure='statistic = "share_over"\nlimit = 50')
    seen = of(run(run_file))
    zonal = zonal_statistics(
        run_file.parent / "noise.tif", in_malmo(squares), indicator="Q", period="2024",
        statistic="share_over", limit=50,
    ).observations.set_index("area")  # fmt: skip
    columns = ["value", "numerator", "denominator"]
    pd.testing.assert_frame_equal(
        seen[columns].sort_index(),
        zonal[columns].sort_index(),
        check_index_type=False,
        check_column_type=False,
    )


def test_a_mean_of_per_cents_is_a_share_and_any_other_mean_is_refused(
    squares_run: Callable[..., Path],
) -> None:
    canopy = np.full((20, 20), 20.0)
    canopy[:, 10:] = 35
    mean = 'statistic = "mean"'
    seen = of(run(squares_run(canopy, measure=mean)))
    assert seen.loc[["1", "3", "city"], "value"].tolist() == pytest.approx([20, 35, 27.5])
    with pytest.raises(ReadError, match=r"mean is 200 in area 1.*per cent") as refused:
        run_with_warnings(squares_run(canopy * 10, measure=mean))
    assert refused.value.code == "raster-statistic"


def test_an_edition_has_its_own_raster(squares_run: Callable[..., Path]) -> None:
    run_file = squares_run(noise())
    folder = run_file.parent
    (folder / "noise.tif").rename(folder / "noise_2023.tif")
    text = run_file.read_text(encoding="utf-8").replace("noise.tif", "noise_{reference}.tif")
    run_file.write_text(
        text.replace('kind = "raster"', 'kind = "raster"\neditions = { "2023" = "2023" }'),
        encoding="utf-8",
    )
    made = run(run_file)
    assert of(made, "2023").loc["1", "value"] == pytest.approx(75)
    assert of(made, "2024").loc["1", "status"] == "missing"


def test_small_areas_are_counted_on_the_same_raster(
    squares_run: Callable[..., Path], squares: gpd.GeoDataFrame
) -> None:
    config = load_config(squares_run(noise()))
    areas = in_malmo(squares)
    halves = areas.copy()
    halves.geometry = shapely.box(*areas.bounds.assign(maxx=areas.bounds["minx"] + 5).to_numpy().T)
    others = areas.set_index(areas.index + "b")
    others.geometry = shapely.box(*areas.bounds.assign(minx=areas.bounds["minx"] + 5).to_numpy().T)
    small = pd.concat([halves, others]).rename_axis("area")
    made = gather(config, [CountedAreas(name="", areas=areas), CountedAreas(name="x", areas=small)])
    tables = [
        pd.concat(map(opened, each.counts)).query("indicator == 'Q' and period == '2024'")
        for each in made
    ]
    whole, parts = (table.set_index("area")["numerator"] for table in tables)
    assert parts.groupby(parts.index.str[0]).sum().to_dict() == pytest.approx(whole.to_dict())
    assert len(parts) == 8


def test_what_cannot_be_read_is_refused_with_the_way_out(
    squares_run: Callable[..., Path], tmp_path: Path
) -> None:
    with pytest.raises(ReadError) as refused:
        run_with_warnings(squares_run(noise(), crs=3006), out=tmp_path / "out")
    assert refused.value.code == "raster-crs"
    assert not (tmp_path / "out").exists()
    run_file = squares_run(noise(), said='raster = { weights = "people.tif" }')
    with pytest.raises(GeolyftError, match=r"people\.tif.*does not exist"):
        check(run_file)
    run_file = squares_run(noise(), said='raster = { weights = "../out/w.tif" }')
    with pytest.raises(OutputError):
        run_with_warnings(run_file, out=tmp_path / "out")


def test_cells_that_all_are_data_can_be_said_to_be(squares_run: Callable[..., Path]) -> None:
    values = noise().astype("uint8")
    values[0, 0] = 255
    with pytest.raises(ReadError, match="255"):
        run_with_warnings(squares_run(values))
    said = 'raster = { nodata = "none" }'
    assert of(run(squares_run(values, said=said))).loc["2", "value"] == pytest.approx(99)
    said = "raster = { nodata = 255 }"
    assert of(run(squares_run(values, said=said))).loc["2", "denominator"] == pytest.approx(99)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"area": "kod"}, "area: for totals only"),
        ({"x": "x"}, "x: for points only"),
        ({"population": True}, "population"),
        ({"measure": [{"indicator": "Q", "counted": {}}]}, "does not fit"),
        ({"measure": [{"indicator": "Q", "statistic": "mean", "limit": 1}]}, "limit"),
        ({"measure": [{"indicator": "Q", "statistic": "share_over"}]}, "limit"),
        ({"measure": [{"indicator": "Q", "statistic": "mean", "share": "x"}]}, "rasters"),
        ({"kind": "points"}, "raster: for raster only"),
    ],
)
def test_a_source_says_one_kind_of_thing(said: dict[str, Any], why: str) -> None:
    whole = {
        "name": "Buller",
        "file": "n.tif",
        "kind": "raster",
        "raster": {"band": 1},
        "measure": [{"indicator": "Q", "statistic": "mean"}],
    }
    assert Source.model_validate(whole).is_raster
    with pytest.raises(ValidationError, match=why):
        Source.model_validate({**whole, **said})
