"""The CSV for Swedish Excel says what the one for programs says, in the way Excel reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from web_publication import publish

from geolyft.export.formats.for_excel import write_for_excel
from geolyft.export.layers.build import all_layers
from geolyft.export.layers.tables import write_index, write_observations
from geolyft.frames import CITY

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, publication = tmp_path_factory.mktemp("excel"), publish()
    write_for_excel(all_layers(publication), folder, publication)
    write_index(publication, folder / "index.csv")
    write_observations(publication, folder / "resultat.csv")
    return folder


def excel(path: Path) -> pd.DataFrame:
    """Read a file as Swedish Excel does."""
    codes = {0: "str", 2: "str"}
    return pd.read_csv(path, sep=";", decimal=",", encoding="utf-8-sig", dtype=codes)


@pytest.mark.parametrize("name", ["index_excel.csv", "resultat_excel.csv"])
def test_excel_knows_letters_and_lines(folder: Path, name: str) -> None:
    content = (folder / name).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n") > 1
    widths = {line.count(b";") for line in content.splitlines()}
    # Statuses and names hold commas, none a semicolon.
    assert len(widths) == 1


def test_the_index_has_the_same_figures_rounded_as_they_are_shown(folder: Path) -> None:
    plain = pd.read_csv(folder / "index.csv", dtype={"area": "str", "period": "str"})
    shown = excel(folder / "index_excel.csv")
    key = ["area", "period"]
    shown = shown.rename(columns={"Områdeskod (GeSO)": "area", "Period": "period"})
    both = plain.set_index(key).join(shown.set_index(key), how="outer")
    assert len(both) == len(plain) == len(shown)
    for name, heading in {
        "index": "Index", "index_low": "Index, undre gräns", "index_high": "Index, övre gräns",
    }.items():  # fmt: skip
        pd.testing.assert_series_equal(
            both[heading].astype("float64"), both[name].round(1), check_names=False
        )
    assert shown.groupby("period", sort=False)["area"].first().eq(CITY).all()
    assert "Ekonomi, undre gräns" in shown


def test_results_name_areas_and_indicators(folder: Path) -> None:
    plain = pd.read_csv(folder / "resultat.csv", dtype={"area": "str"})
    shown = excel(folder / "resultat_excel.csv")
    assert len(shown) == len(plain)
    assert shown["Indikator"].str.split().str[0].tolist() == plain["indicator"].tolist()
    assert shown["Områdesnamn (GeSO)"].notna().all()
    # What is hidden is empty, whatever a row still holds.
    values = plain["value"].mask(plain["status"].str.contains("hidden")).round(1)
    pd.testing.assert_series_equal(shown["Andel (%)"].astype("float64"), values, check_names=False)
    # A status is said in words, never in the codes that scripts know.
    assert not shown["Status"].str.contains("hidden|missing|ok", regex=True).any()
