"""The figures on the delivered pages are those of the delivered ``resultat.parquet``."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
import web_browser
from web_browser import Window, assert_quiet

import geolyft
from geolyft.divisions.areas import demo_folder
from geolyft.indicators.catalogue import load_catalogue

if TYPE_CHECKING:
    from pathlib import Path

browser, window = web_browser.browser, web_browser.window
TABLE = """() => Object.fromEntries([...document.querySelectorAll('#tabell tbody tr')].map(
  (row) => [row.dataset.area, row.querySelector('td.chosen').firstChild.textContent]))"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("delivered") / "demo"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", geolyft.GeolyftWarning)
        geolyft.run(demo_folder() / "run.toml", out=out)
    return out


def shown(value: float) -> str:
    return "saknas" if pd.isna(value) else f"{value:.1f}".replace(".", ",")


def signed(value: float, decimals: int = 1) -> str:
    known = round(value, decimals) + 0.0
    text = f"{known:,.{decimals}f}".translate(str.maketrans({",": "\u202f", ".": ","}))
    return "+" + text if known > 0 else text.replace("-", "\u2212")


def layer_of(demo: Path, name: str) -> pd.DataFrame:
    layer = gpd.read_file(demo / "omradeslyft.gpkg", layer=name, ignore_geometry=True)
    return layer.set_index("geso_kod")


def figures(demo: Path) -> pd.DataFrame:
    """Area × theme, read from the files of scripts."""
    seen = pd.read_parquet(demo / "resultat.parquet").query("sex == 'alla' and period == '2025'")
    shares = seen.pivot_table(index="area", columns="indicator", values="value", dropna=False)
    index = pd.read_csv(demo / "index.csv", dtype={"area": str, "period": str})
    catalogue = load_catalogue()
    scores = index[index["period"] == "2025"].set_index("area")
    themes = ["index", *(dimension.code for dimension in catalogue.dimensions)]
    return shares.reindex(columns=list(catalogue.codes)).join(scores[themes])


def test_every_theme_and_area_of_the_map_is_as_in_the_files(demo: Path, window: Window) -> None:
    expected = figures(demo)
    assert expected.shape == (15, 17)
    for theme in expected:
        seen = window.open(demo / "karta.html", state=f"#tema={theme}&period=2025")
        if expected[theme].isna().all():
            # A page does not open on nothing: it says why, and what it shows instead.
            assert "i stället" in seen.page.inner_text("#tema-tomt")
            continue
        texts = seen.page.evaluate(TABLE)
        unit = "" if theme == theme.lower() else "\u00a0%"
        for area, value in expected[theme].items():
            known = shown(value) if pd.isna(value) else shown(value) + unit
            assert texts[area] == known, (theme, area)
        assert len(texts) == len(expected)
        assert_quiet(seen)


def test_every_difference_of_the_map_is_as_in_the_geopackage(demo: Path, window: Window) -> None:
    layer = layer_of(demo, "geso_indikatorer")
    for theme in ("D1", "E1", "E3", "B3"):
        seen = window.open(demo / "karta.html", state=f"#tema=skillnad-{theme}&period=2025")
        texts = seen.page.evaluate(TABLE)
        expected = {area: signed(away) for area, away in layer[f"{theme}_skillnad"].items()}
        assert {area: texts[area] for area in expected} == expected, theme


def test_differences_persons_and_ways_of_every_profile_are_as_in_the_geopackage(
    demo: Path,
) -> None:
    layer, index = layer_of(demo, "geso_indikatorer"), layer_of(demo, "geso_index")
    for area, row in layer.iterrows():
        page = (demo / "omraden" / f"{area}.html").read_text("utf-8")
        for code in ("D1", "E1", "E3", "B3"):
            line = re.search(rf'<tr><th scope="row">{code} .*?</tr>', page, re.DOTALL)
            cells = [re.sub("<[^>]+>", "", cell) for cell in line[0].split("<td")]
            told = [cell.partition(">")[2].strip() for cell in cells]
            assert signed(row[f"{code}_skillnad"]) in told, (area, code)
            assert signed(row[f"{code}_personer"], 0) in told, (area, code)
        percent = shown(100 * index.loc[area, "andel_bland_lagsta"])
        said = "alla" if percent == shown(100) else f"{percent}\u00a0% av"
        assert f"lägsta i {said}" in page, area


def test_every_profile_has_the_figures_of_the_files(demo: Path) -> None:
    expected = figures(demo).drop(index="city")
    for area, row in expected.iterrows():
        page = (demo / "omraden" / f"{area}.html").read_text("utf-8")
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split("<main", 1)[1]))
        for code in ("D1", "E1", "E3", "B3"):
            assert re.search(rf" {code} \D*{shown(row[code])} \(", text), (area, code)
        assert f" {shown(row['index'])} " in text


def test_every_page_leads_to_every_other_and_no_link_ends_in_nothing(demo: Path) -> None:
    pages = [*demo.glob("*.html"), *demo.glob("omraden/*.html")]
    wanted = {demo / "karta.html", demo / "rapport.html", demo / "omraden" / "index.html"}
    for page in pages:
        # Only what is ours: Leaflet's script has an address in it too.
        text = re.sub(r"<script.*?</script>", "", page.read_text("utf-8"), flags=re.DOTALL)
        links = re.findall(r'<a [^>]*href="([^"#]+)[^"]*"', text)
        ends = {(page.parent / link).resolve() for link in links}
        assert {end for end in ends if not end.is_file()} == set(), page.name
        assert wanted - {page} <= ends, page.name
        assert "be då om hela mappen" in text, page.name
