"""The index against a further figure, in a run: read, matched, written and opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyogrio
import pytest
from small_areas import write_small_areas
from small_run import write_small_run

import geolyft
from geolyft import load_config, publish, run
from geolyft.errors import GeolyftError

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

pytestmark = pytest.mark.filterwarnings("ignore::geolyft.errors.GeolyftWarning")

OF_FILE = 'file = "buller.csv"\narea = "kod"\ncolumn = "db"\n'


def write_run(
    folder: Path, squares: gpd.GeoDataFrame, *, rows: str, said: str = OF_FILE, more: str = ""
) -> Path:
    """Write the small run with a file of figures beside it."""
    file = write_small_run(folder, squares)
    (folder / "buller.csv").write_text(f"kod,db\n{rows}", encoding="utf-8")
    against = f'[[against]]\ncode = "buller"\nname = "Buller, dB"\n{said}{more}\n[[source]]'
    text = file.read_text(encoding="utf-8").replace("[[source]]", against, 1)
    file.write_text(text, encoding="utf-8")
    return file


def all_rows(squares: gpd.GeoDataFrame) -> str:
    return "".join(f"{code},{50 + n}\n" for n, code in enumerate(squares.index))


def test_a_delivery_has_the_figures_as_a_table_a_layer_and_a_theme(
    squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    again = '[[against]]\ncode = "igen"\nname = "Igen"\n' + OF_FILE
    run(write_run(tmp_path, squares, rows=all_rows(squares), more=again), out=tmp_path / "out")
    tables = geolyft.open(tmp_path / "out").tables
    table = tables["samband"].set_index("area")
    assert table["varde"].to_dict() == {code: 50 + n for n, code in enumerate(squares.index)}
    assert set(table["samband"]) == {"för få områden"}
    assert tables["samband_igen"]["varde"].tolist() == table["varde"].tolist()
    layers = {name for name, _ in pyogrio.list_layers(tmp_path / "out/omradeslyft.gpkg")}
    assert {"stadsdel_samband", "stadsdel_samband_igen"} <= layers
    page = (tmp_path / "out/karta.html").read_text(encoding="utf-8")
    assert "samband-klass" in page


def test_the_file_is_a_source_and_an_input_with_its_checksum(
    squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    said = OF_FILE + 'publisher = "Påhittad"\n'
    file = write_run(tmp_path, squares, rows=all_rows(squares), said=said)
    publication = publish(load_config(file))
    assert ("Buller, dB", "Påhittad") in {(s.name, s.publisher) for s in publication.sources}
    assert "buller.csv" in str(publication.provenance["inputs"])


def test_an_area_without_a_row_is_missing_and_not_zero(
    squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    rows = all_rows(squares).split("\n", 1)[1]
    table = publish(load_config(write_run(tmp_path, squares, rows=rows))).tables["samband"]
    first = table.set_index("area").loc[str(squares.index[0])]
    assert "missing" in first["status"].split("+")
    assert table["varde"].isna().sum() == 1


@pytest.mark.parametrize(
    ("code", "more"), [("join-unknown", "utby,60\n"), ("join-duplicate", "1,60\n")]
)
def test_a_row_that_no_area_has_or_a_second_one_is_refused(
    code: str, more: str, squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    file = write_run(tmp_path, squares, rows=all_rows(squares) + more)
    with pytest.raises(GeolyftError) as refused:
        publish(load_config(file))
    assert refused.value.code == code
    assert "60" not in str(refused.value)


@pytest.mark.parametrize(
    ("said", "more"),
    [('access = "skola"\n', ""), (OF_FILE, '[[against]]\ncode = "buller"\nname = "B"\n' + OF_FILE)],
)
def test_a_kind_of_place_that_the_run_lacks_or_a_code_twice_is_refused(
    said: str, more: str, squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    file = write_run(tmp_path, squares, rows=all_rows(squares), said=said, more=more)
    with pytest.raises(GeolyftError) as refused:
        load_config(file)
    assert refused.value.code == "run-name"


def test_the_report_has_the_areas_as_named_dots_and_no_line_through_them(
    squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    run(write_run(tmp_path, squares, rows=all_rows(squares)), out=tmp_path / "out")
    page = (tmp_path / "out/rapport.html").read_text(encoding="utf-8")
    drawn = page.split("Index och Buller, dB: 4 områden som punkter")[1].split("</svg>")[0]
    assert drawn.count("<circle") == 4
    assert all(name in drawn for name in squares["name"]), drawn
    assert "polyline" not in drawn


def test_a_file_of_small_areas_is_held_against_theirs_and_not_tested(tmp_path: Path) -> None:
    file = write_small_areas(tmp_path)
    level = load_config(file).inside[0].division
    areas = geolyft.load_areas(level).index
    rows = "".join(f"{code},{n % 50}\n" for n, code in enumerate(areas))
    (tmp_path / "buller.csv").write_text(f"kod,db\n{rows}", encoding="utf-8")
    said = f'[[against]]\ncode = "buller"\nname = "Buller, dB"\n{OF_FILE}\n[[source]]'
    file.write_text(file.read_text("utf-8").replace("[[source]]", said, 1), encoding="utf-8")
    made = publish(load_config(file))
    assert "samband" not in made.tables
    table = made.inner[0].tables["samband"]
    assert len(table) == len(areas)
    assert set(table["samband"]) == {"prövas inte"}
    assert table[["rho", "p"]].isna().all(axis=None)
    assert table["varde"].tolist() == [n % 50 for n in range(len(areas))]
    assert {each.code for each in made.inner[0].chapters} >= {"samband"}
    assert not any(each.themes for each in made.chapters if each.code == "samband")
