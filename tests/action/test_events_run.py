"""Events through a whole run: layer, surface and pages, and never a point in any of them."""

from __future__ import annotations

import re
import warnings
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import web_browser
from effects_city import write_city
from efforts_register import effort, place, write_register
from events_city import CANARY, ODD, events, write_events_city
from web_browser import Window, assert_quiet, violations

import geolyft
from geolyft.action.events.page.areas import area_pages
from geolyft.errors import GeolyftError, GeolyftWarning

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.needs("raster")
browser, window = web_browser.browser, web_browser.window
REGISTER = """
[efforts]
file = "insatser.csv"

[[events]]"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("events")


@pytest.fixture(scope="module")
def delivery(folder: Path) -> Path:
    run_file = write_events_city(folder)
    said = run_file.read_text(encoding="utf-8").replace("[[events]]", REGISTER.lstrip(), 1)
    run_file.write_text(said, encoding="utf-8")
    efforts = [
        effort("a", namn="Kvällsvandring", tema="trygghet"),
        effort("b", namn="Läger", tema="vardag", slut="2024-06", status="avslutad"),
    ]
    times = [{"rad_id": "a", "veckodag": "lördag", "fran": "18:00", "till": "23:00"}]
    write_register(folder, efforts, [place("a", "1"), place("b", "1")], times)
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        geolyft.run(run_file, out=folder / "out")
    return folder / "out"


@pytest.fixture(scope="module")
def opened(delivery: Path) -> geolyft.Delivered:
    return geolyft.open(delivery)


def text_of(page: Path) -> str:
    main = page.read_text(encoding="utf-8").partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", main))


def test_a_layer_has_the_events_of_each_area_and_hour(opened: geolyft.Delivered) -> None:
    layer = opened.layer("stadsdel_handelser")
    assert len(layer) == 14
    assert {"antal", "per_1000", "dag", "kvall", "natt", "helg", "mot_staden"} <= set(layer.columns)
    assert layer.loc["1", "kvall"] > layer.loc["1", "natt"]
    assert layer.loc["1", "mot_staden"] > 200
    assert pd.isna(layer.loc["14", "per_1000"])  # few live there


def test_areas_sum_to_the_city_within_rounding(opened: geolyft.Delivered) -> None:
    table = opened.tables["handelser_typer"]
    whole = table[(table["typ"] == "alla") & (table["tid"] == "alla") & (table["period"] == "2024")]
    areas = whole[whole["area"] != "city"]["antal"]
    city = whole[whole["area"] == "city"]["antal"].item()
    made = events()
    assert city == pytest.approx((made["tid"].str[:4] == "2024").sum(), abs=2.5)
    assert abs(areas.sum() - city) <= 2.5 * 15 + 30


def test_a_change_is_found_where_it_was_made(opened: geolyft.Delivered) -> None:
    layer = opened.layer("stadsdel_handelser")
    assert layer.loc["3", "ord"] == "statistiskt säkerställd ökning"
    assert (layer["ord"] == "ingen statistiskt säkerställd förändring").sum() >= 10


def test_no_place_and_no_free_text_is_in_any_byte(delivery: Path) -> None:
    def marks() -> list[bytes]:
        odd = [str(ODD[0]), str(ODD[1]), str(ODD[0]).replace(".", ","), "118123", "6164321"]
        return [each.encode() for each in (CANARY, CANARY[:12], *odd)]

    doubles = [np.float64(each).tobytes() for each in ODD]
    for file in (each for each in delivery.rglob("*") if each.is_file()):
        content = file.read_bytes()
        if file.suffix == ".qgz":
            with zipfile.ZipFile(file) as packed:
                content = b"".join(packed.read(name) for name in packed.namelist())
        assert [mark for mark in [*marks(), *doubles] if mark in content] == [], file.name


def test_the_surface_holds_the_shown_events_in_cells_of_250_metres_or_more(
    delivery: Path,
) -> None:
    import rasterio  # noqa: PLC0415 - optional

    with rasterio.open(delivery / "handelser_tathet.tif") as surface:
        assert surface.res[0] >= 250
        assert surface.crs.to_epsg() == 3008
        values = surface.read(1, masked=True)
        total = float(values.sum()) * surface.res[0] ** 2 / 1e6
    made = (events()["tid"].str[:4] == "2024").sum()
    assert 0.7 * made <= total <= 1.05 * made


def test_the_page_of_an_area_has_the_parts_of_the_law(delivery: Path) -> None:
    said = text_of(delivery / "lagesbild" / "1.html")
    heads = ["Del 1: Kartläggning", "Del 2: Annan information", "Del 3: Analys", "Åtgärder",
             "Uppföljning av förra perioden"]  # fmt: skip
    assert [said.index(each) for each in heads] == sorted(said.index(each) for each in heads)
    assert "Kvällsvandring" in said
    assert "ingen åtgärd kopplad" not in said
    assert "Avslutat: Läger" in said
    assert "Plan Läxhjälp" in said
    assert "på kvällen" in said
    assert "ingen åtgärd kopplad" in text_of(delivery / "lagesbild" / "2.html")
    assert len(list((delivery / "lagesbild").iterdir())) == 14


def test_the_page_of_the_city_leads_to_each_area(delivery: Path) -> None:
    page = (delivery / "lagesbild.html").read_text(encoding="utf-8")
    assert page.count('href="lagesbild/') == 14
    assert "buller, nedskräpning, skadegörelse" in page


def test_efforts_by_hour_stand_under_problems_by_hour(opened: geolyft.Delivered) -> None:
    table = opened.tables["lagesbild"].set_index(["area", "typ"])
    row = table.loc[("1", "buller")]
    assert (row["insatser"], row["insatser_kvall"], row["insatser_helg"]) == (1, 1, 1)
    assert table.loc[("2", "buller"), "insatser"] == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"x": 118_500.0, "y": 6_164_500.0}, "events-same-point"),
        ({"x": 140_000.0, "y": 6_200_000.0}, "events-same-point"),
        ({"tid": "igår"}, "events-time"),
        ({"typ": ""}, "events-kind"),
    ],
)
def test_events_that_say_too_little_are_refused(
    tmp_path: Path, change: dict[str, object], code: str
) -> None:
    run_file = write_events_city(tmp_path, events(size=200).dropna().assign(**change))
    with (
        warnings.catch_warnings(action="ignore", category=GeolyftWarning),
        pytest.raises(GeolyftError) as refusal,
    ):
        geolyft.run(run_file)
    assert refusal.value.code == code


def test_many_events_on_one_point_are_warned_of(tmp_path: Path) -> None:
    table = events(size=400).dropna()
    table.loc[table.index[:60], ["x", "y"]] = (118_500.0, 6_164_500.0)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", GeolyftWarning)
        geolyft.run(write_events_city(tmp_path, table))
    assert sum("share one point" in str(each.message) for each in said) == 1


def test_a_city_without_events_has_no_pages_of_them(tmp_path: Path) -> None:
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        made = geolyft.run(write_city(tmp_path)).publication
    assert not {"handelser", "lagesbild"} & set(made.tables)
    assert made.surfaces == {}


def test_how_near_places_are_stands_under_other_information(delivery: Path, folder: Path) -> None:
    assert "inte räknat i den här körningen" in text_of(delivery / "lagesbild" / "1.html")
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        made = geolyft.run(folder / "run.toml").publication
    near = {"area": "1", "period": "2024", "typ_namn": "Bibliotek", "vem": "barn"}
    table = pd.DataFrame([{**near, "grans_m": 1000.0, "andel_inom": 75.0}])
    beside = replace(made, tables={**made.tables, "tillganglighet": table})
    pages = area_pages(beside)
    said = re.sub(r"\s", " ", pages["lagesbild/1.html"])
    assert "Bibliotek: 75,0 % har en plats inom 1 000 meter (barn)." in said
    assert "Bibliotek" not in pages["lagesbild/2.html"]


@pytest.mark.needs("chromium", "playwright", "axe")
@pytest.mark.parametrize("page", ["lagesbild.html", "lagesbild/1.html", "lagesbild/14.html"])
def test_the_pages_are_quiet_and_can_be_read_by_all(
    delivery: Path, window: Window, page: str
) -> None:
    assert_quiet(window.open(delivery / page))
    assert violations(window.open(delivery / page, csp=False).page) == []
