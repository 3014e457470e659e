"""What is written for people is true: pages name every key, and every example runs."""

import ast
import doctest
import importlib
import importlib.util
import pkgutil
import re
import runpy
import sys
import tomllib
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import geopandas as gpd
import pandas as pd
import pytest
from everything import publish_everything
from needs import marked
from pydantic import BaseModel

import geolyft
from geolyft.action.access.exposure import CellsSettings, ExposureSettings
from geolyft.action.access.settings import (
    AccessSettings,
    NetworkSettings,
    PlacesSettings,
    SitingSettings,
)
from geolyft.action.access.users import UsersSettings
from geolyft.action.settings import EffortsSettings
from geolyft.certainty.errors.correlation import Correlation
from geolyft.certainty.noise import Noise
from geolyft.cli import cli, main
from geolyft.disclosure.protect import Protection
from geolyft.divisions.crosswalks import load_crosswalk
from geolyft.errors import CODES, DisclosureError, GeolyftError, OutputError
from geolyft.export.layers.rows import change_rows, index_rows
from geolyft.export.publication import Publication, index_columns
from geolyft.findings.against import AgainstSettings
from geolyft.findings.change import Break
from geolyft.findings.scb_index import SecondOpinion
from geolyft.frames import STATUSES
from geolyft.indicators.catalogue import Dimension, IndexName, Indicator, Question
from geolyft.indicators.measures import Condition, Measure
from geolyft.run_file.config import Config
from geolyft.run_file.delivery import (
    BackgroundSettings,
    DeliverySettings,
    MapSettings,
    PortalSettings,
    ReleasesSettings,
)
from geolyft.run_file.postgis import SchemaSettings, TableSettings
from geolyft.run_file.sources import GroupColumn, RasterSettings, SexColumn, Source
from geolyft.run_file.tables import (
    AreasSettings,
    IndexSettings,
    InsideSettings,
    Run,
    TargetSettings,
    UncertaintySettings,
)

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.glob("*.md"), *ROOT.glob("*.md")])
FENCE = re.compile(
    r"^```(?:\{code-block\} )?(?P<kind>\w+)\n"
    r"(?::caption: (?P<caption>[^\n]+)\n\n)?(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
MODULES = [m.name for m in pkgutil.walk_packages(geolyft.__path__, "geolyft.")]
# What an example needs, by page or module.
NEEDED = {
    "rasters.md": "raster",
    "geolyft.export.formats.workbook.content": "openpyxl",
    "geolyft.export.pictures.lettering": "matplotlib",
    "geolyft.export.pictures.page": "matplotlib",
}
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))


class Block(NamedTuple):
    kind: str
    caption: str | None
    text: str


def blocks(page: Path) -> list[Block]:
    found = FENCE.finditer(page.read_text(encoding="utf-8"))
    return [Block(each["kind"], each["caption"], each["text"]) for each in found]


def name_of(page: Path) -> str:
    return page.name


# ---- every example runs ---------------------------------------------------------------------


def extend(run_file: Path, text: str) -> None:
    """Do what the tutorial says: sources at the end, everything else above the first of them."""
    said = run_file.read_text(encoding="utf-8")
    if text.startswith("[["):
        said += "\n" + text
    else:
        said = said.replace("[[source]]", f"{text}\n[[source]]", 1)
    run_file.write_text(said, encoding="utf-8")


def act(block: Block, names: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Write what is to be a file, run what is Python, and run lines that begin with geolyft."""
    if block.caption and block.caption.endswith(", added"):
        extend(Path(block.caption.removesuffix(", added")), block.text)
    elif block.caption:
        Path(block.caption).write_text(block.text, encoding="utf-8")
    elif block.kind == "python":
        exec(compile(block.text, "<page>", "exec"), names)  # noqa: S102 - our own pages
    elif block.kind == "sh":
        for line in block.text.splitlines():
            if line.startswith("geolyft "):
                monkeypatch.setattr(sys, "argv", line.split())
                main()


@pytest.mark.parametrize(
    "page", marked([p for p in PAGES if p.stem != "tutorial"], NEEDED, name_of), ids=name_of
)
def test_every_example_on_a_page_runs_as_it_stands(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": page.stem}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", geolyft.GeolyftWarning)
        for block in blocks(page):
            if block.kind == "toml" and not block.caption:
                tomllib.loads(block.text)
            act(block, names, monkeypatch)


def test_the_tutorial_reaches_what_it_promises(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "tutorial"}
    runs = []
    for block in blocks(DOCS / "tutorial.md"):
        with warnings.catch_warnings():
            act(block, names, monkeypatch)
        if block.kind == "sh":
            index = pd.read_csv(tmp_path / "forsta" / "index.csv", dtype={"area": str})
            runs.append((index["index"].notna().any(), index["status"].iloc[0]))
    assert runs[0] == (False, "missing+synthetic"), "one indicator is no index"
    assert runs[1] == (True, "partial+synthetic"), "until it is asked for"
    observations = pd.read_csv(tmp_path / "forsta" / "resultat.csv", dtype={"area": str})
    by_sex = observations[(observations["indicator"] == "U2") & (observations["sex"] != "alla")]
    hidden = by_sex["status"].str.contains("hidden")
    assert hidden.any()
    assert by_sex.loc[hidden, "value"].isna().all()
    later = pd.read_csv(tmp_path / "andra" / "resultat.csv", dtype=str)
    assert not later["status"].str.contains("stale").any()
    assert "changed: data, definition" in capsys.readouterr().out


def test_the_crosswalk_in_the_page_of_the_run_file_is_one(tmp_path: Path) -> None:
    (block,) = (each for each in blocks(DOCS / "run-file.md") if each.caption)
    path = tmp_path / str(block.caption)
    path.write_text(block.text, encoding="utf-8")
    assert load_crosswalk(path).table["target"].tolist() == ["A", "A", "B", "B"]


@pytest.mark.parametrize("name", marked(MODULES, NEEDED))
def test_every_example_in_a_docstring_runs(name: str) -> None:
    module = importlib.import_module(name)
    failed = doctest.testmod(module, extraglobs={"pd": pd}).failed
    assert failed == 0


@pytest.mark.parametrize("script", EXAMPLES, ids=name_of)
def test_an_example_script_runs_and_writes_under_out_only(
    script: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", geolyft.GeolyftWarning)
        runpy.run_path(str(script), run_name="__main__")
    assert {each.name for each in tmp_path.iterdir()} <= {"out"}
    assert capsys.readouterr().out


# ---- every key, code, command and name is on its page ---------------------------------------


def sections(page: Path) -> dict[str, str]:
    """Return the text under each heading, down to the next heading of any level."""
    parts = re.split(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def keys_of_tables(text: str) -> set[str]:
    first_cells = re.findall(r"^\| (`[^|]*) \|", text, flags=re.MULTILINE)
    return {key for cell in first_cells for key in re.findall(r"`(\w+)`", cell)}


def keys_of(*models: type[BaseModel]) -> set[str]:
    return {f.alias or name for model in models for name, f in model.model_fields.items()}


@pytest.mark.parametrize(
    ("headings", "model"),
    [
        (["[run]"], Run),
        (["[areas]"], AreasSettings),
        (["[index]"], IndexSettings),
        (["[protection]"], Protection),
        (["[uncertainty]"], UncertaintySettings),
        (["[uncertainty.correlation]"], Correlation),
        (["[[uncertainty.noise]]"], Noise),
        (["[[break]]"], Break),
        (["[target]"], TargetSettings),
        (["[delivery]"], DeliverySettings),
        (["[map]"], MapSettings),
        (["[[map.background]]"], BackgroundSettings),
        (["[portal]"], PortalSettings),
        (["[releases]"], ReleasesSettings),
        (["[[inside]]"], InsideSettings),
        (["[second_opinion]"], SecondOpinion),
        (["[efforts]"], EffortsSettings),
        (["[[access]]"], AccessSettings),
        (["[access.places]"], PlacesSettings),
        (["[access.users]"], UsersSettings),
        (["[access.network]"], NetworkSettings),
        (["[access.siting]"], SitingSettings),
        (["[[exposure]]"], ExposureSettings),
        (["[exposure.raster]"], CellsSettings),
        (["[[against]]"], AgainstSettings),
        (["[[source]]", "Totals", "Points"], Source),
        (["Rasters"], RasterSettings),
        (["groups"], GroupColumn),
        (["sex"], SexColumn),
        (["[[source.measure]]"], Measure),
        (["Conditions"], Condition),
    ],
)
def test_the_page_of_the_run_file_has_every_key_and_no_other(
    headings: list[str], model: type[BaseModel]
) -> None:
    said = sections(DOCS / "run-file.md")
    assert keys_of_tables(" \n".join(said[each] for each in headings)) == keys_of(model)


def test_the_page_of_the_run_file_has_every_key_of_a_database() -> None:
    said = sections(DOCS / "run-file.md")["A database"]
    assert keys_of_tables(said) == keys_of(TableSettings, SchemaSettings)


def test_the_page_of_the_run_file_has_every_table() -> None:
    headings = {heading.strip("[]") for heading in sections(DOCS / "run-file.md")}
    assert keys_of(Config) <= headings


def test_the_page_of_the_catalogue_has_every_key_and_no_other() -> None:
    said = sections(DOCS / "catalogue.md")["Its keys"]
    assert keys_of_tables(said) == keys_of(Dimension, Indicator, Question)
    assert all(f"`{key}`" in said for key in keys_of(IndexName))


@pytest.fixture(scope="module")
def published(
    squares: gpd.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Publication, ...]:
    return publish_everything(squares, tmp_path_factory)


def columns_of(
    text: str, table: pd.DataFrame, publication: Publication
) -> tuple[set[str], set[str]]:
    """Return the columns a page has for a table, and those the table has beside the shared ones."""
    shared = keys_of_tables(sections(DOCS / "tables.md")["Tables"])
    dimensions = {dimension.code for dimension in publication.catalogue.dimensions}
    # A column for each indicator stands on the page once, for one of them.
    each = {f"r_{code}": "r_E1" for code in publication.catalogue.codes}
    for code in publication.catalogue.column_codes["dimension"]:
        each |= {f"{code}_{part}": f"ekonomi_{part}" for part in ("behov", "insatser", "lage")}
    each[f"{publication.division}_kod"] = "geso_kod"
    made = {each.get(name, name) for name in table.columns}
    return keys_of_tables(text) - shared, made - shared - dimensions


def test_every_table_of_a_run_is_explained_with_every_column(
    published: tuple[Publication, ...],
) -> None:
    said = sections(DOCS / "tables.md")
    for publication in published:
        for name, table in publication.tables.items():
            assert name in said, name
            written, made = columns_of(said[name], table, publication)
            assert written == made, name


@pytest.mark.needs("raster")
def test_every_table_explained_is_one_that_a_run_writes(
    published: tuple[Publication, ...],
) -> None:
    named = re.findall(r"^### (\w+)$", (DOCS / "tables.md").read_text("utf-8"), re.MULTILINE)
    written = {name for publication in published for name in publication.tables}
    layers = {"geso_index", "geso_tid", "geso_indikatorer", "geso_granser", "geso_forandring"}
    layers |= {"bakgrund"}
    assert set(named) - layers == written


def test_the_columns_of_index_and_layers_are_explained(
    published: tuple[Publication, ...],
) -> None:
    said, readme = sections(DOCS / "tables.md"), sections(ROOT / "README.md")["GIS specialist"]
    promised = set(index_columns(()))
    assert keys_of_tables(said["index.csv"]) | {"index"} == promised
    demo, small, _ = published
    layer = set(index_rows(demo, demo.periods[-1]).columns) - {"geometry"}
    assert [column for column in layer if f"`{column}`" not in readme] == []
    assert keys_of_tables(said["geso_index"]) <= layer
    moved = change_rows(small)
    assert moved is not None
    dimensions = {dimension.code for dimension in small.catalogue.dimensions}
    columns = {column.replace("stadsdel_", "geso_") for column in moved.columns}
    columns -= {"geometry", *dimensions}
    assert keys_of_tables(said["geso_forandring"]) == columns
    assert [column for column in columns if f"`{column}`" not in readme] == []


@pytest.fixture(scope="module")
def errors_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_errors", DOCS / "errors.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_of_errors_is_up_to_date(errors_script: ModuleType) -> None:
    written = (DOCS / "errors.md").read_text(encoding="utf-8")
    assert written == errors_script.page(), "run python docs/errors.py"


def raised() -> Iterator[tuple[str, str]]:
    """Yield every class of error that is made with a literal code, and the code."""
    for file in (ROOT / "geolyft").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
                continue
            code = node.args[0]
            if isinstance(code, ast.Constant) and code.value in CODES:
                yield node.func.id, code.value


def test_the_page_of_errors_says_the_exit_code_a_refusal_has(errors_script: ModuleType) -> None:
    kinds = {each.__name__: each for each in (GeolyftError, DisclosureError, OutputError)}
    seen = list(raised())
    assert {"DisclosureError", "OutputError"} <= {kind for kind, _ in seen}
    for kind, code in seen:
        family = code.partition("-")[0]
        exit_code = kinds.get(kind, GeolyftError).exit_code
        assert errors_script.EXIT.get(family, GeolyftError.exit_code) == exit_code, code


def test_every_public_name_is_on_the_page_of_the_library() -> None:
    page = (DOCS / "api.md").read_text(encoding="utf-8")
    assert [name for name in geolyft.__all__ if not re.search(rf"\b{name}\b", page)] == []


def test_every_command_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in cli.commands if f"`geolyft {name}" not in readme] == []


def test_every_status_is_explained_to_the_gis_specialist() -> None:
    said = sections(ROOT / "README.md")["GIS specialist"]
    assert set(STATUSES) <= keys_of_tables(said)


# ---- the pages hold together ----------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text)]
    local = [link for link in links if link and "://" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_every_page_is_in_the_table_of_contents() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8").splitlines()
    assert [p.stem for p in DOCS.glob("*.md") if p.stem not in {"index", *index}] == []


def test_the_commands_of_the_readme_are_targets_of_make() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([\w-]+):", text, re.MULTILINE))
    targets.update(*(line.split() for line in re.findall(r"^OTHERS := (.+)", text, re.MULTILINE)))
    pages = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    named = set(re.findall(r"^make ([\w.-]+)|`make ([\w.-]+)", pages, re.MULTILINE))
    assert {first or second for first, second in named} <= targets
