"""A run says what it left out of its files, and in which unit it took their shares."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from small_run import write_small_run

from geolyft import check, run
from geolyft.errors import ConfigError, GeolyftError
from geolyft.export.figures.reader import Reader
from geolyft.export.report.blocks import Points
from geolyft.export.report.sections.ledger import inputs
from geolyft.frames import EVERYONE
from geolyft.pipeline.counting.totals.units import unclear

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd

VOTES = 'numerator = "röstande"\ndenominator = "röstberättigade"'


def with_shares(
    folder: Path, squares: gpd.GeoDataFrame, cells: Sequence[str], said: str = ""
) -> Path:
    """Write the small run with a share per area for indicator C."""
    path = write_small_run(folder, squares)
    rows = "".join(f"{n};{cell};1000\n" for n, cell in enumerate(cells, start=1))
    (folder / "votes.csv").write_text("kod;andel;bas\n" + rows, encoding="utf-8")
    text = path.read_text(encoding="utf-8")
    assert VOTES in text
    share = f'share = "andel"\ndenominator = "bas"\n{said}\n'
    path.write_text(text.replace(VOTES, share), encoding="utf-8")
    return path


def values(path: Path) -> dict[str, float]:
    with warnings.catch_warnings(action="ignore"):
        seen = run(path).publication.observations
    of_votes = (seen["indicator"] == "C") & (seen["sex"] == EVERYONE) & (seen["period"] == "2024")
    return seen[of_votes].set_index("area")["value"].round(9).to_dict()


CLEAR = {
    "per cents": (["10,0", "20,0", "30,0", "40,0"], ""),
    "per cent signs": (["10 %", "20 %", "30 %", "40 %"], ""),
    "declared per cents": (["10,0", "20,0", "30,0", "40,0"], 'unit = "per cent"'),
    "fractions": (["0,10", "0,20", "0,30", "0,40"], 'unit = "fraction"'),
}


@pytest.mark.parametrize("case", CLEAR)
def test_a_share_is_the_same_however_its_unit_is_said(
    tmp_path: Path, squares: gpd.GeoDataFrame, case: str
) -> None:
    path = with_shares(tmp_path, squares, *CLEAR[case])
    assert values(path) == {"1": 10, "2": 20, "3": 30, "4": 40, "city": 25}


UNCLEAR = {
    "fractions": (["0,10", "0,20", "0,30", "0,40"], "", "run-unit"),
    "one of another unit": (["10,0", "0,20", "30,0", "40,0"], "", "run-unit"),
    "per cents declared fractions": (
        ["10,0", "20,0", "30,0", "40,0"], 'unit = "fraction"', "run-unit"),
    "per cent signs declared fractions": (
        ["10 %", "20 %", "30 %", "40 %"], 'unit = "fraction"', "read-unit-contradiction"),
    "a sign on some": (["10 %", "20", "30 %", "40 %"], "", "read-unit-mixed"),
}  # fmt: skip


@pytest.mark.parametrize("case", UNCLEAR)
def test_a_share_that_could_be_in_two_units_is_refused(
    tmp_path: Path, squares: gpd.GeoDataFrame, case: str
) -> None:
    cells, said, code = UNCLEAR[case]
    path = with_shares(tmp_path, squares, cells, said)
    with pytest.raises(GeolyftError) as caught:
        check(path)
    assert caught.value.code == code
    assert "votes.csv" in str(caught.value)


def test_the_way_out_of_a_mixed_column_is_one(tmp_path: Path, squares: gpd.GeoDataFrame) -> None:
    path = with_shares(tmp_path, squares, ["10,0", "0,20", "30,0", "40,0"], 'unit = "per cent"')
    assert values(path)["2"] == 0.2


@pytest.mark.parametrize(
    "shares",
    [
        [0, 0, 0],
        [0.4, 0.9, 1.3, 2.5, 15.1],
        [0.7, 15.2],
        [0.2, 0.6, 1.9, 3.0],
        [0.2, 0.5, 1.1, 8.0, 40.0],
        [1.0, 2.0, 15.0],
        [None, 12.0, 0.0],
    ],
)
def test_low_per_cents_among_others_are_per_cents(shares: list[float | None]) -> None:
    assert not unclear(pd.Series(shares, dtype="float64"))


@pytest.mark.parametrize("shares", [[0.12, 12], [0.7, 75.0], [1.0, 0.4, 0], [0.12, 0.3, 10, 35]])
def test_what_would_be_like_the_others_as_fractions_is_unclear(shares: list[float]) -> None:
    assert unclear(pd.Series(shares))


def test_a_unit_is_of_a_share(tmp_path: Path, squares: gpd.GeoDataFrame) -> None:
    path = with_shares(tmp_path, squares, ["10"] * 4, 'unit = "per cent"')
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("counted =", 'unit = "per cent"\ncounted =', 1), encoding="utf-8")
    with pytest.raises(ConfigError, match="unit"):
        check(path)


def hide_rows(folder: Path, squares: gpd.GeoDataFrame, hidden: int, said: str = "") -> Path:
    """Write the small run with its register of 2024 in Excel, some rows of it hidden."""
    path = write_small_run(folder, squares)
    table = pd.read_csv(folder / "people_2024.csv", sep=";", decimal=",", encoding="cp1252")
    with pd.ExcelWriter(folder / "people_2024.xlsx", engine="openpyxl") as writer:
        table.head(600).to_excel(writer, index=False)
        sheet = writer.sheets["Sheet1"]
        for row in range(2, 2 + hidden):
            sheet.row_dimensions[row].hidden = True
        sheet.cell(603, 1).value = "Källa: påhittad"
    text = path.read_text(encoding="utf-8").replace("people_{period}.csv", "people_{period}.xlsx")
    text = text.replace('periods = ["2023", "2024"]', 'periods = ["2024"]')
    text = text.replace('editions = { "2023" = "2022", "2024" = "2022" }', "")
    path.write_text(text.replace("crs = 3008", f"crs = 3008\n{said}"), encoding="utf-8")
    return path


@pytest.mark.needs("openpyxl")
@pytest.mark.parametrize(("hidden", "said", "shown"), [(62, "60", 60), (7, "färre än 10", None)])
def test_rows_that_excel_hides_are_warned_of_and_no_small_number_of_them_is_shown(
    tmp_path: Path, squares: gpd.GeoDataFrame, hidden: int, said: str, shown: int | None
) -> None:
    path = hide_rows(tmp_path, squares, hidden)
    known = "a few" if shown is None else shown
    assert f"{known} rows hidden in Excel were read" in check(path)[0]
    with warnings.catch_warnings(action="ignore"):
        made = run(path).publication
    (warning,) = [note for note in made.warnings if "dolda i Excel" in note]
    assert f"people_2024.xlsx som är dolda i Excel men räknas med: {said}." in warning
    register = made.provenance["inputs"][0]
    assert (register["rows"], register["hidden_rows"]) == (600, shown)
    # The note below the table and the blank row above it, which are few as well.
    assert (register["footer_rows"], register["blank_rows"]) == (None, None)
    # That is for whoever made the run, and no caveat of a figure.
    of_notes = "noter eller summor och inte räknas: färre än 10"
    assert not any(of_notes in note for note in made.warnings)
    assert any(of_notes in note for note in made.set_aside)
    assert any(of_notes in note for note in made.provenance["warnings"])
    (listed,) = [block for block in inputs(Reader(made)).blocks if isinstance(block, Points)]
    assert any(of_notes in note for note in listed.items)


@pytest.mark.needs("openpyxl")
@pytest.mark.parametrize(("key", "rows"), [("keep", 600), ("drop", 540)])
def test_the_run_file_decides_of_hidden_rows(
    tmp_path: Path, squares: gpd.GeoDataFrame, key: str, rows: int
) -> None:
    path = hide_rows(tmp_path, squares, 60, f'hidden_rows = "{key}"')
    with warnings.catch_warnings(action="ignore"):
        made = run(path).publication
    register = made.provenance["inputs"][0]
    assert register["rows"] == rows
    assert register["hidden_rows" if key == "keep" else "dropped_rows"] == 60
    assert not any("dolda i Excel" in note for note in made.warnings)
    assert "60 rows hidden in Excel" in check(path)[0]
