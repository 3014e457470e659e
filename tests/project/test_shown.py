"""Public values show themselves in a line, and never a row of a file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import geolyft
from geolyft.shown import Shown, in_short, index_html

PERSON = "19121212-1212"


def values(folder: Path) -> list[object]:
    path = folder / "people.csv"
    rows = [f"{PERSON};{118000 + n};{6164000 + n};5" for n in range(1, 10)]
    path.write_text("\n".join(["pnr;x;y;n", *rows]) + "\n", encoding="utf-8")
    return [
        geolyft.load_catalogue(),
        geolyft.load_config("examples/demo/run.toml"),
        geolyft.load_crosswalk("deso2025_geso"),
        geolyft.read_table(path),
        geolyft.read_points(path, columns=["pnr"], x="x", y="y", crs=3008),
        geolyft.read_layer("boundaries/geso.gpkg"),
        geolyft.Protection(),
    ]


def test_a_public_value_is_a_line_and_a_small_table_without_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])
    for value in values(tmp_path):
        assert isinstance(value, Shown)
        for text in (repr(value), str(value), value._repr_html_()):
            assert len(text) < 1200, type(value)
            assert PERSON not in text
            assert "\n" not in text


@pytest.mark.parametrize(
    ("value", "line"),
    [
        (pd.DataFrame({"a": [1]}), "1 rows × 1 columns"),
        (pd.Series([1, 2]), "2 values"),
        (["x"] * 100, "100 items"),
        (dict.fromkeys("abcdef", 1), "6 items: a, b, c, d, …"),
        (3.5, "3.5"),
    ],
)
def test_what_is_large_is_shown_by_its_size(value: object, line: str) -> None:
    assert in_short(value) == line
    assert len(in_short("x" * 1000)) <= 60


def test_an_empty_cell_of_the_index_is_empty_and_no_place_is_shown() -> None:
    index = pd.DataFrame(
        {"area": ["1"], "name": ["<Norr>"], "period": ["2025"], "index": [float("nan")],
         "index_low": [None], "index_high": [96.04], "rank_low": [3], "status": ["missing"]}
    )  # fmt: skip
    html = index_html(index, "A & B", "2025")
    assert html.count("<td></td>") == 2
    assert "<td>96.0</td>" in html
    assert "&lt;Norr&gt;" in html
    assert "A &amp; B" in html
    assert "rank" not in html
