"""A file of totals of small areas as one of larger areas: every column sums to what came in."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest

import geolyft
from geolyft.errors import GeolyftError, GeolyftWarning
from geolyft.frames import RESIDUAL

if TYPE_CHECKING:
    from pathlib import Path

WEIGHTS = "source,target,weight\na,1,0.25\na,2,0.75\nb,2,1\nc,residual,1\n"


@pytest.fixture
def weights(tmp_path: Path) -> str:
    path = tmp_path / "weights.csv"
    path.write_text(WEIGHTS, encoding="utf-8")
    return str(path)


def write(folder: Path, text: str) -> Path:
    path = folder / "small.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_column_sums_to_what_came_in(tmp_path: Path, weights: str) -> None:
    file, out = write(tmp_path, "kod;n;m\na;8;..\nb;2;3\nc;5;1\n"), tmp_path / "large.csv"
    audit = geolyft.move_file(file, area="kod", columns=["n", "m"], crosswalk=weights, out=out)
    read = pd.read_csv(out, dtype={"area": "str"}).set_index("area")
    assert read["n"].to_dict() == {"1": 2, "2": 8, RESIDUAL: 5}
    assert read["n"].sum() == 15
    assert read["m"].isna().to_dict() == {"1": True, "2": False, RESIDUAL: False}
    assert read["incomplete"].to_dict() == {"1": True, "2": True, RESIDUAL: False}
    assert (audit.sources, audit.split) == (3, 1)


def test_shipped_areas_are_a_layer_and_the_residual_has_no_shape(tmp_path: Path) -> None:
    codes = geolyft.load_crosswalk("deso2025_geso").table["source"].unique()
    rows = "".join(f"{code}_DeSO2025,10\n" for code in codes)
    file = write(tmp_path, "region,folk\n0114A0010,99\n" + rows)
    out, again = tmp_path / "geso.gpkg", tmp_path / "again.gpkg"
    for path in (out, again):
        with pytest.warns(GeolyftWarning, match="1 area codes are of larger areas, of elsewhere"):
            geolyft.move_file(
                file, area="region", columns=["folk"], crosswalk="deso2025_geso", out=path
            )
    layer = gpd.read_file(out)
    assert layer["folk"].sum() == 10 * len(codes)
    assert (layer.crs.to_epsg(), len(layer)) == (3008, 15)
    assert layer.set_index("area").geometry.isna()[lambda gone: gone].index.tolist() == [RESIDUAL]
    assert layer["name"].notna().sum() == 14
    assert out.read_bytes() == again.read_bytes()


@pytest.mark.parametrize(
    ("text", "out", "code"),
    [
        ("kod;n\na;8\nb;2\nx;1\nc;5\n", "large.csv", "join-unknown"),
        ("kod;n\na;8\nb;2\n", "large.csv", "join-absent"),
        ("kod;n\na;8\na;8\nb;2\nc;5\n", "large.csv", "join-duplicate"),
        ("kod;n\na;8\n;2\nb;2\nc;5\n", "large.csv", "join-unknown"),
        ("kod;n\na;8\nb;2\nc;5\n", "large.txt", "output-format"),
        ("kod;n\na;8\nb;2\nc;5\n", "small.csv", "output-occupied"),
    ],
)
def test_what_would_not_sum_or_overwrite_is_refused(
    tmp_path: Path, weights: str, text: str, out: str, code: str
) -> None:
    file = write(tmp_path, text)
    with pytest.raises(GeolyftError) as refused:
        geolyft.move_file(file, area="kod", columns=["n"], crosswalk=weights, out=tmp_path / out)
    assert refused.value.code == code
    assert file.read_text(encoding="utf-8") == text


def test_what_belongs_nowhere_is_said(tmp_path: Path, weights: str) -> None:
    file, out = write(tmp_path, "kod;n\na;8\nx;1\n"), tmp_path / "large.csv"
    with warnings.catch_warnings(action="error"):
        audit = geolyft.move_file(
            file, area="kod", columns=["n"], crosswalk=weights, out=out,
            residual=["x"], allow_absent=True,
        )  # fmt: skip
    read = pd.read_csv(out).set_index("area")
    assert read.loc[RESIDUAL, "n"] == 1
    assert read["incomplete"].to_dict() == {"1": False, "2": True, RESIDUAL: True}
    assert (audit.residual_sources, audit.absent_sources) == (1, 2)
