"""A delivery holds what the run file asks for, all of it in its manifest, the same every time."""

from __future__ import annotations

import json
import sys
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pyogrio
import pytest
from pydantic import ValidationError
from small_run import CANARY, write_small_run

import geolyft
from geolyft.errors import GeolyftWarning
from geolyft.export.contents import write_contents
from geolyft.export.figures.cells import all_cells
from geolyft.export.figures.reader import reader_of
from geolyft.export.formats import FORMATS
from geolyft.frames import EVERYONE
from geolyft.pipeline.compare import verify
from geolyft.run_file.delivery import DeliverySettings, PortalSettings

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from geolyft.export.figures.cells import Cells
    from geolyft.export.publication import Publication
    from geolyft.frames import Sex


EVERYTHING = f"""
[delivery]
formats = {json.dumps(list(FORMATS))}

[portal]
address = "https://example.org/provstad"
publisher = "Provstads stad"
contact = "Statistikenheten"
email = "statistik@example.org"
licence = "http://creativecommons.org/publicdomain/zero/1.0/"

[[source]]"""


@pytest.fixture(scope="module")
def deliveries(
    squares: gpd.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """The same run twice."""
    home = tmp_path_factory.mktemp("everything")
    run_file = write_small_run(home / "run", squares)
    said = run_file.read_text(encoding="utf-8").replace("[[source]]", EVERYTHING.lstrip(), 1)
    run_file.write_text(said, encoding="utf-8")
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        for name in ("a", "b"):
            geolyft.run(run_file, out=home / name)
    return home / "a", home / "b"


@pytest.fixture
def whole(squares: gpd.GeoDataFrame, tmp_path: Path) -> Publication:
    """A publication with the same areas once more as its inner ones."""
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        made = geolyft.publish(geolyft.load_config(write_small_run(tmp_path / "run", squares)))
    return replace(made, inner=(replace(made, division="deso", tables={}),))


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.needs("matplotlib", "openpyxl", "pango")
def test_the_same_run_gives_the_same_bytes_in_every_format(deliveries: tuple[Path, Path]) -> None:
    first, second = map(files, deliveries)
    assert list(first) == list(second)
    assert [name for name in first if first[name] != second[name]] == []


@pytest.mark.needs("matplotlib", "openpyxl", "pango")
def test_everything_is_in_the_manifest(deliveries: tuple[Path, Path]) -> None:
    assert verify(deliveries[0]).intact


@pytest.mark.needs("matplotlib", "openpyxl", "pango")
def test_every_format_has_every_layer_of_the_geopackage(deliveries: tuple[Path, Path]) -> None:
    folder = deliveries[0]
    listed = pyogrio.list_layers(folder / "omradeslyft.gpkg")
    spatial = {name for name, kind in listed if kind is not None}
    for name, ending in (("geoparquet", "parquet"), ("flatgeobuf", "fgb"), ("geojson", "geojson")):
        assert {path.stem for path in (folder / name).glob(f"*.{ending}")} == spatial


@pytest.mark.needs("matplotlib", "openpyxl", "pango")
def test_the_record_tells_of_every_file_of_data(
    deliveries: tuple[Path, Path],
) -> None:
    folder = deliveries[0]
    record = json.loads((folder / "dcat.jsonld").read_text(encoding="utf-8"))
    kinds = [node["@type"] for node in record["@graph"]]
    endings = (".gpkg", ".csv", ".parquet", ".fgb", ".geojson", ".xlsx")
    data = [name for name in files(folder) if name.endswith(endings)]
    assert kinds.count("dcat:Distribution") == len(data)
    ET.fromstring((folder / "dcat.rdf").read_text(encoding="utf-8"))  # noqa: S314 - our own


@pytest.mark.needs("matplotlib", "openpyxl", "pango")
def test_no_raw_row_is_in_any_file(deliveries: tuple[Path, Path]) -> None:
    assert [n for n, content in files(deliveries[0]).items() if CANARY.encode() in content] == []


@pytest.mark.parametrize("formats", [["shape"], ["excel", "excel"]])
def test_a_format_is_one_there_is_and_named_once(formats: list[str]) -> None:
    with pytest.raises(ValidationError):
        DeliverySettings(formats=formats)


def test_a_run_file_may_ask_for_every_format_there_is_and_is_told_them() -> None:
    assert DeliverySettings(formats=tuple(FORMATS)).formats == tuple(FORMATS)
    with pytest.raises(ValidationError) as refusal:
        DeliverySettings(formats=("shape",))
    assert all(repr(name) in str(refusal.value) for name in FORMATS)


@pytest.mark.parametrize("address", ["example.org", "ftp://example.org", "https:// x", "https:///"])
def test_an_address_is_one_of_the_web(address: str) -> None:
    with pytest.raises(ValidationError):
        PortalSettings(
            address=address, publisher="P", contact="C", email="a@b",
            licence="https://example.org/licence",
        )  # fmt: skip


def test_the_figures_of_a_level_are_worked_out_once(
    whole: Publication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, str]] = []

    def counted(publication: Publication, *, sex: Sex = EVERYONE) -> Cells:
        told.append((publication.division, sex))
        return all_cells(publication, sex=sex)

    for module in [name for name in sys.modules if name.startswith("geolyft.export")]:
        if getattr(sys.modules[module], "all_cells", None) is all_cells:
            monkeypatch.setattr(f"{module}.all_cells", counted)
    folder = tmp_path / "delivery"
    folder.mkdir()
    write_contents(whole, folder)
    levels = [each.division for each in (whole, *whole.inner)]
    assert len(levels) > 1
    assert [level for level, sex in told if sex == EVERYONE] == levels
    assert len(set(told)) == len(told)


def test_a_reader_is_shared_for_as_long_as_somebody_holds_it(whole: Publication) -> None:
    reader = reader_of(whole)
    assert reader_of(whole) is reader
    assert reader_of(whole).inner == tuple(reader_of(each) for each in whole.inner)
    assert reader_of(replace(whole)) is not reader


def test_what_the_map_adds_to_a_cell_no_other_writer_sees(whole: Publication) -> None:
    reader = reader_of(whole)
    for cell in reader.cells_to_add_to(EVERYONE).values():
        cell["half"] = 1.0
    assert not any("half" in cell for cell in reader.cells.values())
