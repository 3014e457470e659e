"""An index from counts in memory is the one that a run makes of the same counts in a file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from small_run import in_malmo

import geolyft
from geolyft.disclosure.protect import hide
from geolyft.errors import GeolyftError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geolyft.disclosure.auditor.result import AuditResult
    from geolyft.disclosure.door import Published

CATALOGUE: geolyft.CatalogueFile = {
    "index": {"code": "trivsel", "name": "Trivsel"},
    "dimension": [{"code": "trygghet", "name": "Trygghet"}, {"code": "narhet", "name": "Närhet"}],
    "indicator": [
        {"code": "T1", "dimension": "trygghet", "name": "Otrygga", "direction": "low",
         "numerator": "otrygga", "denominator": "invånare"},
        {"code": "N1", "dimension": "narhet", "name": "Nära park", "direction": "high",
         "numerator": "nära", "denominator": "invånare"},
    ],
}  # fmt: skip
SHARES = {
    ("T1", "2024"): (0.15, 0.35, 0.20, 0.23),
    ("N1", "2024"): (0.79, 0.43, 0.91, 0.67),
    ("T1", "2025"): (0.14, 0.31, 0.22, 0.23),
    ("N1", "2025"): (0.80, 0.45, 0.90, 0.003),  # three of a thousand: hidden
}


def counts(squares: gpd.GeoDataFrame) -> pd.DataFrame:
    size = np.array([1000.0, 2000, 1500, 1000])
    tables = [
        pd.DataFrame({"area": squares.index, "indicator": code, "period": period,
                      "numerator": (size * shares).round(), "denominator": size})
        for (code, period), shares in SHARES.items()
    ]  # fmt: skip
    return pd.concat(tables, ignore_index=True)


def run_of(folder: Path, squares: gpd.GeoDataFrame, protected_by: str | None) -> geolyft.RunFile:
    """Return the run of the same counts, each edition in a file of its own."""
    in_malmo(squares).rename_axis("kod").reset_index().to_file(folder / "areas.gpkg")
    for period, rows in counts(squares).groupby("period"):
        wide = rows.pivot(index="area", columns="indicator", values=["numerator", "denominator"])
        wide.columns = [f"{code}_{side[0]}" for side, code in wide.columns]
        wide.astype(int).to_csv(folder / f"counts_{period}.csv")
    return {
        "run": {"title": "Trivsel", "city": "Provstad", "periods": ["2024", "2025"]},
        "areas": {"file": str(folder / "areas.gpkg"), "code": "kod", "name": "name"},
        "index": {"catalogue": CATALOGUE},
        "source": [
            {
                "name": "counts",
                "file": str(folder / "counts_{period}.csv"),
                "kind": "totals",
                "area": "area",
                "protected_by": protected_by,
                "measure": [
                    {"indicator": code, "numerator": f"{code}_n", "denominator": f"{code}_d"}
                    for code in ("T1", "N1")
                ],
            }
        ],
    }


@pytest.mark.filterwarnings("ignore::geolyft.errors.GeolyftWarning")
@pytest.mark.parametrize("protected_by", ["SCB", ""])
def test_it_is_the_index_of_a_run_with_its_certainty_and_protection(
    tmp_path: Path, squares: gpd.GeoDataFrame, protected_by: str
) -> None:
    made = geolyft.make_index(
        counts(squares), in_malmo(squares), catalogue=CATALOGUE, protected_by=protected_by
    )
    run = geolyft.run(run_of(tmp_path, squares, protected_by or None)).publication
    areas = run.index[run.index["area"] != "city"].reset_index(drop=True)
    same = [name for name in areas if name != "share_among_lowest"]
    pd.testing.assert_frame_equal(
        made.drop(columns=["T1", "N1", "geometry"]).reset_index()[same],
        areas[same],
        check_dtype=False,
        check_column_type=False,
    )
    hidden = made[made["N1"].isna()]
    assert hidden["period"].tolist() == ([] if protected_by else ["2025"] * 2), "and one beside it"


def test_geopandas_goes_in_and_comes_out(squares: gpd.GeoDataFrame) -> None:
    areas = in_malmo(squares)
    one = counts(squares).query("period == '2024'").drop(columns="period").set_index("area")
    made = geolyft.make_index(one, areas, catalogue=CATALOGUE, protected_by="SCB")
    assert isinstance(made, gpd.GeoDataFrame)
    assert made.crs == areas.crs
    assert made.index.tolist() == areas.index.tolist()
    assert made.geometry.geom_equals(areas.geometry).all()
    assert (made["index_low"] < made["index"]).all()
    assert "area" not in made.columns, "which geopandas measures"
    assert made.area.tolist() == areas.area.tolist()
    assert made.loc["1", "T1"] == 15


@pytest.mark.parametrize("names", [("area", "name"), ("index", "geometry_name"), ("kod", "size")])
def test_columns_that_are_called_as_attributes_of_geopandas_are_columns(
    squares: gpd.GeoDataFrame, names: tuple[str, str]
) -> None:
    code, name = names
    frame = squares.rename_axis(code).rename(columns={"name": name}).reset_index()
    areas = geolyft.load_areas(frame, code=code, name=name)
    assert areas.index.tolist() == squares.index.tolist()
    assert areas["name"].tolist() == squares["name"].tolist()


def test_codes_that_are_numbers_become_texts_and_the_frame_stays(squares: gpd.GeoDataFrame) -> None:
    frame = squares.reset_index().astype({"area": "int64"})
    before = frame.copy()
    assert geolyft.load_areas(frame, code="area", name="name").index.tolist() == [
        "1",
        "2",
        "3",
        "4",
    ]
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"area": "9"}, "frame-unknown"),
        ({"indicator": "X"}, "frame-unknown"),
        ({"numerator": 1e9}, "aggregate-share"),
        ({"area": 1}, "frame-text"),
    ],
)
def test_counts_of_nothing_are_refused(
    squares: gpd.GeoDataFrame, change: dict[str, object], code: str
) -> None:
    wrong = counts(squares).assign(**change)
    with pytest.raises(GeolyftError) as refusal:
        geolyft.make_index(wrong, in_malmo(squares), catalogue=CATALOGUE, protected_by="SCB")
    assert refusal.value.code == code


def test_what_the_audit_hides_besides_is_hidden(
    squares: gpd.GeoDataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stricter(
        published: Sequence[Published], *_: object
    ) -> tuple[list[Published], AuditResult | None]:
        (own,) = published
        seen = own.observations
        more = (seen["area"] == "1") & (seen["indicator"] == "T1")
        return [replace(own, observations=hide(seen, more))], None

    monkeypatch.setattr("geolyft.pipeline.from_counts.audited_as", stricter)
    one = counts(squares).query("period == '2024'")
    made = geolyft.make_index(one, in_malmo(squares), catalogue=CATALOGUE)
    assert made["T1"].isna().tolist() == [True, False, False, False]
    assert made.loc["1", "status"] == "missing", "an index lacks nothing"


def test_too_little_protection_is_refused(squares: gpd.GeoDataFrame) -> None:
    weak = geolyft.Protection(threshold=0, base=1)
    with pytest.raises(GeolyftError) as refusal:
        geolyft.make_index(counts(squares), squares, catalogue=CATALOGUE, protection=weak)
    assert refusal.value.code == "protect-threshold"


@pytest.mark.parametrize(
    ("said", "code"),
    [({"index": {}}, "catalogue-form"), ({**CATALOGUE, "indicator": []}, "catalogue-form")],
)
def test_a_dict_that_is_no_catalogue_is_refused_as_a_file_is(said: object, code: str) -> None:
    with pytest.raises(GeolyftError) as refusal:
        geolyft.load_catalogue(said)  # type: ignore[arg-type]
    assert refusal.value.code == code


def test_a_dict_that_is_no_run_is_refused_as_a_file_is() -> None:
    with pytest.raises(GeolyftError) as refusal:
        geolyft.run({"run": {}})  # type: ignore[typeddict-item]
    assert refusal.value.code == "run-form"
