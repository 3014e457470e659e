"""Pages of stages on paper: the lägesbild of each area and each plan, tagged as profiles are."""

from __future__ import annotations

import io
import re
import warnings
from typing import TYPE_CHECKING, Any

import pytest
from events_city import write_events_city
from needs import module

import geolyft
from geolyft.errors import GeolyftWarning
from geolyft.export.formats import pdf
from geolyft.run_file.config import load_config

if TYPE_CHECKING:
    from pathlib import Path

    from geolyft.export.publication import Publication

pypdf = module("pypdf")
pytestmark = pytest.mark.needs("pango", "pypdf", "raster")
NAMES = ["lagesbild/1.html", "effekter.html", "effekter/sedd.html"]


@pytest.fixture(scope="module")
def publication(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    run_file = write_events_city(tmp_path_factory.mktemp("paper"))
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        return geolyft.publish(load_config(run_file))


@pytest.fixture(scope="module")
def pages(publication: Publication) -> dict[str, str]:
    on_paper = [each.texts_of(publication) for each in publication.chapters if each.paper]
    return {name: text for texts in on_paper for name, text in texts.items()}


def opened(text: str) -> Any:  # noqa: ANN401 - pypdf is optional here
    return pypdf.PdfReader(io.BytesIO(pdf.tagged(text)))


def test_every_page_of_lagesbild_and_effects_is_written_beside_itself(
    publication: Publication, pages: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "tagged", lambda text: text.encode("utf-8"))
    pdf.write_pdfs(publication, tmp_path)
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.pdf")}
    asked = {name.replace(".html", ".pdf") for name in pages}
    assert len(asked) == 1 + 14 + 1 + 6
    assert {each for each in written if not each.startswith("omraden/")} == asked
    assert (tmp_path / "lagesbild/1.pdf").read_text("utf-8") == pages["lagesbild/1.html"]


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_tagged_with_its_title_and_says_what_the_page_says(
    pages: dict[str, str], name: str
) -> None:
    document = opened(pages[name])
    root = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "sv"
    assert re.search(r"pdfuaid:part[^0-9]*1", root["/Metadata"].get_data().decode("utf-8"))
    title = re.search(r"<title>([^<]*)</title>", pages[name])
    assert title is not None
    assert document.metadata.title == title.group(1).strip()
    text = re.sub(r"\s+", "", "".join(page.extract_text() for page in document.pages))
    # What leads to other pages is for a screen.
    assert "Kartan" not in text
    for head in re.findall(r'<h2 id="[^"]*" tabindex="-1">([^<]*)</h2>', pages[name]):
        assert re.sub(r"\s+", "", head) in text
    assert len(document.pages) <= 4


def test_the_same_page_gives_the_same_bytes(pages: dict[str, str]) -> None:
    assert pdf.tagged(pages[NAMES[2]]) == pdf.tagged(pages[NAMES[2]])
