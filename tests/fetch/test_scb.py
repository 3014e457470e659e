"""A table of SCB's arrives as asked for, once, with its query, and feeds what reads it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner

from geolyft import read_table
from geolyft.cli import cli
from geolyft.errors import AreaError, OutputError
from geolyft.fetch.scb import KINDS, fetch_table

if TYPE_CHECKING:
    from pathlib import Path

    from publisher import Publisher

CUBE = {
    "version": "2.0",
    "class": "dataset",
    "label": "Lägenheter",
    "id": ["Region", "Upplatelseform"],
    "size": [2, 2],
    "dimension": {
        "Region": {"category": {"index": ["1280C1010_DeSO2025", "1280C1020_DeSO2025"]}},
        "Upplatelseform": {"category": {"index": ["1", "2"]}},
    },
    "value": [10, 20, 30, 40],
}
MALMO = {"Region": ["1280*"], "Tid": ["2025"]}


@pytest.fixture
def scb(publisher: Publisher) -> Publisher:
    publisher.body = json.dumps(CUBE).encode()
    return publisher


@pytest.mark.needs("pooch")
def test_a_table_is_asked_for_as_the_interface_wants_it(scb: Publisher, tmp_path: Path) -> None:
    got = fetch_table("TAB6638", select=MALMO, cache=tmp_path, api=scb.url)
    (asked,) = map(urlsplit, scb.asked)
    assert asked.path == "/tables/TAB6638/data"
    assert parse_qs(asked.query) == {
        "lang": ["sv"],
        "outputFormat": ["json-stat2"],
        "valueCodes[Region]": ["1280*"],
        "valueCodes[Tid]": ["2025"],
    }
    assert read_table(got.path, numbers=["value"]).frame["value"].tolist() == [10, 20, 30, 40]
    register = json.loads((tmp_path / "register.json").read_text())
    assert register[got.path.name]["url"] == got.url == scb.url + scb.asked[0]


@pytest.mark.needs("pooch")
def test_the_same_query_is_asked_once_and_another_is_another_file(
    scb: Publisher, tmp_path: Path
) -> None:
    first = fetch_table("TAB6638", select=MALMO, cache=tmp_path, api=scb.url)
    turned = dict(reversed(MALMO.items()))
    assert fetch_table("TAB6638", select=turned, cache=tmp_path, api=scb.url) == first
    assert len(scb.asked) == 1
    other = fetch_table("TAB6638", select={"Region": ["1280"]}, cache=tmp_path, api=scb.url)
    assert other.path != first.path


@pytest.mark.needs("pooch")
def test_a_name_belongs_to_one_query_until_told_otherwise(scb: Publisher, tmp_path: Path) -> None:
    def named(*regions: str, update: bool = False) -> None:
        fetch_table("TAB6638", select={"Region": regions}, name="lgh_2025", cache=tmp_path,
                    api=scb.url, update=update)  # fmt: skip

    named("1280*")
    with pytest.raises(AreaError, match="another query") as refusal:
        named("0180*")
    assert refusal.value.code == "fetch-changed"
    named("0180*", update=True)
    assert [file.name for file in tmp_path.glob("lgh*")] == ["lgh_2025.json"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.needs("pooch")
def test_an_answer_that_is_no_table_is_not_kept(scb: Publisher, tmp_path: Path, kind: str) -> None:
    scb.body = b"<html>Too many values selected</html>"
    with pytest.raises(AreaError) as refusal:
        fetch_table("TAB6638", select=MALMO, kind=kind, cache=tmp_path, api=scb.url)  # type: ignore[arg-type]
    assert refusal.value.code == "fetch-content"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("table", "select", "name"),
    [
        ("Befolkning", MALMO, None),
        ("TAB6638/../x", MALMO, None),
        ("TAB6638", {}, None),
        ("TAB6638", {"Region": []}, None),
        ("TAB6638", {"Region": [""]}, None),
        ("TAB6638", MALMO, "../x"),
    ],
)
def test_what_is_no_question_is_not_asked(
    scb: Publisher, tmp_path: Path, table: str, select: dict[str, list[str]], name: str | None
) -> None:
    with pytest.raises(AreaError) as refusal:
        fetch_table(table, select=select, name=name, cache=tmp_path, api=scb.url)
    assert refusal.value.code == "fetch-name"
    assert scb.asked == []


@pytest.mark.needs("pooch")
def test_the_command_says_what_came(scb: Publisher, tmp_path: Path) -> None:
    asked = ["fetch", "scb", "TAB6638", "--select", "Region=1280*", "--cache", str(tmp_path)]
    said = CliRunner().invoke(cli, [*asked, "--api", scb.url, "--name", "lgh"])
    path, sentence = said.output.splitlines()
    assert path == str(tmp_path / "lgh.json")
    assert sentence.startswith("lgh.json: json-stat with 4 rows and 3 columns")


@pytest.mark.needs("pooch")
def test_a_cache_that_cannot_be_written_is_an_output_that_cannot(
    scb: Publisher, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError) as refused:
        fetch_table("TAB6638", select=MALMO, cache=tmp_path / "file" / "cache", api=scb.url)
    assert (refused.value.code, refused.value.exit_code) == ("output-write", 4)
