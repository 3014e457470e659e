"""The page of needs and efforts: its figures are the tables', and it is as quiet as the others."""

from __future__ import annotations

import re
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import web_browser
from efforts_register import effort, place, write_register
from small_run import write_small_run
from web_browser import Seen, Window, assert_quiet, violations

from geolyft import load_config
from geolyft.action.page.page import efforts_page
from geolyft.action.page.told import Told
from geolyft.errors import GeolyftWarning
from geolyft.pipeline.run import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import geopandas as gpd

    from geolyft.export.publication import Publication
    from geolyft.indicators.catalogue import Language

browser, window = web_browser.browser, web_browser.window
HOSTILE = "<script>window.ran = true</script>"
EFFORTS = [
    effort("a", insats_id="X", namn="Kvällsöppet", namnd="Nämnd ett", tema="vardag"),
    effort("b", insats_id="X", namn="Kvällsöppet", namnd="Nämnd två", tema="vardag", start="2024"),
    effort("c", insats_id="X", namn="Öppet hus", namnd="Nämnd tre", tema="vardag", start="2020"),
    effort("d", namn=HOSTILE, namnd="Nämnd fyra", tema="vardag; trygghet"),
    effort("e", namn="Läger", namnd="Nämnd ett", tema="medborgare", slut="2022"),
    effort("f", namn="Bussen", namnd="Nämnd ett", tema="medborgare", malgrupp="alla"),
]
PLACES = [
    place("a", "1"), place("a", "2"), place("b", plats_sakerhet="hela staden"), place("d", "1"),
    place("e", "1"),
]  # fmt: skip
ASKED = """
[efforts]
file = "insatser.csv"

[allocation]
sum = 1000
unit = "tkr"
share = "A"

[[source]]"""


@pytest.fixture(scope="module")
def publications(
    squares: gpd.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory
) -> dict[Language, Publication]:
    run_file = write_small_run(tmp_path_factory.mktemp("page"), squares)
    said = run_file.read_text(encoding="utf-8").replace("[[source]]", ASKED, 1)
    counted = "population = true\nchildren = { alder = { max = 17 } }\n"
    run_file.write_text(said.replace("population = true\n", counted), encoding="utf-8")
    write_register(run_file.parent, EFFORTS, PLACES)
    config = load_config(run_file)
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        return {lang: run(config.in_language(lang)).publication for lang in ("sv", "en")}


@pytest.fixture(scope="module")
def swedish(publications: dict[Language, Publication]) -> Publication:
    return publications["sv"]


def section(publication: Publication, code: str) -> str:
    """Return the texts of a section, a cell a line."""
    html = efforts_page(publication)
    start = html.index(f'<h2 id="{code}"')
    part = html[start : html.index("</section>", start)]
    return "\n".join(filter(None, map(str.strip, re.split(r"<[^>]+>", part))))


def test_every_cell_of_the_matrix_is_the_table_s(swedish: Publication) -> None:
    told = Told(swedish)
    assert told.themes == ["vardag", "medborgare", "trygghet"]
    text = section(swedish, "matrix")
    for word, state in (("Möjlig överlappning", "behov, möjlig överlappning"),
                        ("Behov okänt", "behov okänt"),
                        ("Inget utpekat behov", "inget utpekat behov")):  # fmt: skip
        cells = [cell for (_, theme), cell in told.cells.items()
                 if theme in told.themes and cell["state"] == state]  # fmt: skip
        assert cells
        assert len(re.findall(f"^{word}$", text, re.MULTILINE)) == len(cells)


def test_a_share_of_ways_is_never_rounded_up_nor_down_to_none(swedish: Publication) -> None:
    said = [Told(swedish).percent(share) for share in (1.0, 0.8999, 0.004, 0.0, float("nan"))]
    assert said == ["100\u00a0%", "89\u00a0%", "under 1\u00a0%", "0\u00a0%", "–"]


def test_what_is_nowhere_and_citywide_closes_the_matrix(swedish: Publication) -> None:
    lines = section(swedish, "matrix").splitlines()
    city, nowhere = (lines[lines.index(name) :] for name in ("Hela staden", "Utan känd plats"))
    assert city[1:4] == ["rader: 1", "rader: 0", "rader: 0"]
    assert nowhere[1:4] == ["rader: 1", "rader: 1", "rader: 0"]


def test_an_overlap_names_its_efforts_and_a_gap_what_may_fill_it(swedish: Publication) -> None:
    overlaps = section(swedish, "overlaps")
    assert "Kvällsöppet (Nämnd ett); &lt;script&gt;" in overlaps
    gaps = section(swedish, "gaps").splitlines()
    # The one of medborgare has ended in area 1; another has no known place.
    at = gaps.index("Medborgare")
    assert gaps[at + 1].startswith("1")
    assert gaps[at + 3] == "1"


def test_children_have_a_column_where_somebody_has_counted_them(swedish: Publication) -> None:
    assert "Barn 0–17 år" in section(swedish, "first")
    nobody = swedish.tables["linser"].iloc[:0]
    without = replace(swedish, tables={**swedish.tables, "linser": nobody})
    assert "Barn 0–17 år" not in section(without, "first")


def test_every_rule_is_shown_with_its_sum_and_what_was_chosen(swedish: Publication) -> None:
    text = section(swedish, "allocation")
    assert text.count("1\u202f000") == 6
    for rule in ("Lika till alla områden", "Lika per barn", "Per utsatt barn", "Minst", "Mest"):
        assert rule in text
    assert "A Andel som arbetar" in text


def test_boards_differ_where_they_do_and_what_has_ended_is_grey(swedish: Publication) -> None:
    text = section(swedish, "differing")
    for said in ("Öppet hus", "2024", "2020"):
        assert said in text
    html = efforts_page(swedish)
    assert re.search(r'<tr class="faint"><th scope="row" class="text">Läger</th>', html)
    assert html.count('class="faint"') == 1


def test_the_english_page_has_no_swedish_words_of_ours(
    publications: dict[Language, Publication],
) -> None:
    text = re.sub(r"<[^>]+>", " ", efforts_page(publications["en"]))
    for word in ("behov", "känd plats", "okänt", "slumpen", "områden", "sätten"):
        assert word not in text.casefold(), word
    assert "Possible overlap" in text


def test_the_same_publication_gives_the_same_page(swedish: Publication) -> None:
    assert efforts_page(swedish) == efforts_page(swedish)


@pytest.fixture
def opened(window: Window, tmp_path: Path) -> Callable[..., Seen]:
    def open_page(publication: Publication, *, width: int = 1200) -> Seen:
        path = tmp_path / "insatser.html"
        path.write_text(efforts_page(publication), encoding="utf-8")
        return window.open(path, size=(width, 900))

    return open_page


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("width", [320, 1200])
@pytest.mark.needs("axe")
def test_the_page_is_quiet_accessible_and_fits(
    opened: Callable[..., Seen],
    publications: dict[Language, Publication],
    lang: Language,
    width: int,
) -> None:
    seen = opened(publications[lang], width=width)
    assert violations(seen.page) == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    assert seen.page.evaluate("window.ran") is None
    assert_quiet(seen)
