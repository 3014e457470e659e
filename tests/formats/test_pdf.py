from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from needs import module
from profile_page import profiles_of
from profile_publication import full, usual
from tagged_pdf import kinds, opened, tree
from web_publication import CODES, publish

from geolyft.errors import OutputError
from geolyft.export.formats import pdf
from geolyft.export.words import load_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geolyft.export.publication import Publication

SV = load_words("sv")
AREAS = ("1", "12")
pypdf = module("pypdf")
pango = pytest.mark.needs("pango", "pypdf")


def set_pages(publication: Publication, areas: Sequence[str], *, contents: bool = False) -> bytes:
    profiles = profiles_of(publication)
    made = [profiles.of(area) for area in areas]
    text = pdf.render_paper(profiles, made, title=f"Prov – {'–'.join(areas)}", contents=contents)
    return pdf.tagged(text)


@pytest.fixture(scope="module")
def one() -> bytes:
    return set_pages(usual(), ["1"])


@pytest.fixture(scope="module")
def book() -> bytes:
    return set_pages(usual(synthetic=True), AREAS, contents=True)


@pango
def test_the_document_is_tagged_and_says_its_language_and_title(one: bytes) -> None:
    document = opened(one)
    root = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "sv"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert document.metadata.title == "Prov – 1"
    said = root["/Metadata"].get_data().decode("utf-8")
    assert re.search(r"pdfuaid:part[^0-9]*1", said)
    assert "Prov – 1" in said


@pango
def test_headings_are_in_the_tree_in_order(one: bytes) -> None:
    levels = [int(kind[1]) for kind in kinds(opened(one)) if re.fullmatch(r"H\d", kind)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert levels.count(2) >= 8
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pango
def test_every_drawing_has_a_text_in_its_place(one: bytes) -> None:
    figures = [node for node in tree(opened(one)) if node["/S"] == "/Figure"]
    assert len(figures) > 20
    assert all(str(figure.get("/Alt", "")).strip() for figure in figures)
    named = " ".join(str(figure["/Alt"]) for figure in figures)
    assert "Karta: 1 Område Å1 markerat" in named


@pango
def test_tables_have_headers_for_their_cells(one: bytes) -> None:
    found = kinds(opened(one))
    assert found.count("Table") >= 7
    assert found.count("TH") > found.count("Table")
    cells = [node for node in tree(opened(one)) if node["/S"] == "/TD"]
    assert all(cell["/A"]["/Headers"] for cell in cells)


@pango
def test_lists_are_lists(one: bytes) -> None:
    found = kinds(opened(one))
    assert found.count("L") >= 2
    assert found.count("LI") >= found.count("L")


@pango
def test_the_book_has_all_areas_with_bookmarks_and_pages(book: bytes) -> None:
    document = opened(book)
    titles = [item.title for item in document.outline if not isinstance(item, list)]
    assert titles == [f"Prov – {'–'.join(AREAS)}", *(f"{c} Område Å{c}" for c in AREAS)]
    text = [page.extract_text() for page in document.pages]
    first = {
        code: next(n for n, t in enumerate(text[1:], 2) if f"{code} Område Å{code}\n" in t)
        for code in AREAS
    }
    for code in AREAS:
        assert re.search(rf"{code} Område Å{code}\s*{first[code]}\b", text[0])
    assert kinds(document).count("H1") == 1 + len(AREAS)


@pango
def test_made_up_figures_say_so_before_each_area(book: bytes) -> None:
    text = "\n".join(page.extract_text() for page in opened(book).pages)
    assert text.count(SV.say("html.synthetic_short")) >= 1 + len(AREAS)


@pango
def test_pages_are_a4_and_few(one: bytes) -> None:
    pages = opened(one).pages
    assert len(pages) <= 3
    for page in pages:
        size = [float(side) for side in page.mediabox[2:]]
        assert size == pytest.approx([595.3, 841.9], abs=0.2)


@pango
def test_the_figures_are_those_of_the_page(one: bytes) -> None:
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in opened(one).pages))
    profile = profiles_of(usual()).of("1")
    assert profile.headline in text
    for _, group in profile.groups:
        for row in group:
            assert (row.value or row.absent) in text


@pango
def test_the_same_publication_gives_the_same_bytes(one: bytes) -> None:
    script = (
        "import hashlib, test_pdf; from profile_publication import usual\n"
        "print(hashlib.sha256(test_pdf.set_pages(usual(), ['1'])).hexdigest())"
    )
    here = Path(__file__).parent
    own = {
        "PYTHONHASHSEED": "7",
        "PYTHONPATH": os.pathsep.join([str(here), str(here.parent / "support")]),
        "TZ": "Asia/Tokyo",
    }
    env = {**os.environ, **own}
    run = [sys.executable, "-c", script]
    made = subprocess.run(run, env=env, check=True, capture_output=True, text=True)  # noqa: S603
    assert made.stdout.strip() == hashlib.sha256(one).hexdigest()


@pango
def test_each_area_and_the_book_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "tagged", lambda text: text.encode("utf-8"))
    pdf.write_pdfs(usual(), tmp_path)
    folder = tmp_path / "omraden"
    assert {path.name for path in folder.iterdir()} == {*(f"{c}.pdf" for c in CODES), pdf.BOOK}
    whole = (folder / pdf.BOOK).read_text("utf-8")
    assert whole.count("<article") == len(CODES)
    assert (folder / "3.pdf").read_text("utf-8").count("<article") == 1
    ids = re.findall(r'\bid="([^"]+)"', whole)
    assert len(ids) == len(set(ids))


HOSTILE = [
    "<script>ran</script>",
    "</title></svg></style><b>x",
    '<img src="http://127.0.0.1:9/x.png">',
    "{{ 7*7 }}{% raw %}${x}",
    "\\'`//]]>--><!--&lt;",
    "<style>@import 'http://127.0.0.1:9/x.css'</style>",
]


@pango
def test_names_stay_text_and_nothing_is_fetched() -> None:
    latest = full(names=HOSTILE, city=HOSTILE[5], title=HOSTILE[2])
    text = " ".join(
        page.extract_text()
        for code in ("1", "3")
        for page in opened(set_pages(latest, [code])).pages
    )
    flat = re.sub(r"\s+", "", text)
    for name in (HOSTILE[0], HOSTILE[2], HOSTILE[5]):
        assert re.sub(r"\s+", "", name) in flat


@pango
def test_text_that_no_file_can_hold_is_marked_and_not_refused() -> None:
    assert set_pages(publish(names=["a\x00\x01\x1f\u2028b", *"bcdef"]), ["1"])


@pango
def test_a_page_that_asks_for_a_file_is_not_set() -> None:
    from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415 - optional

    for asks in (
        '<img src="http://127.0.0.1:9/x">',
        '<link rel="stylesheet" href="file:///etc/x">',
    ):
        with pytest.raises(FatalURLFetchingError):
            pdf.tagged(f'<html lang="sv"><head><title>x</title></head><body>{asks}</body></html>')


def test_without_weasyprint_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(OutputError, match=r"geolyft\[pdf\]") as refused:
        pdf.write_pdfs(usual(), tmp_path)
    assert refused.value.code == "format-extra"
    assert list(tmp_path.iterdir()) == []


def test_without_pango_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lacks(_name: str) -> None:
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr("geolyft.optional.import_module", lacks)
    with pytest.raises(OutputError, match="libpango") as refused:
        pdf.write_pdfs(usual(), tmp_path)
    assert refused.value.code == "format-extra"
