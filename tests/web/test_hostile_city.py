"""What a city writes is text in every file and on every page: a sample of `make torture`."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import web_browser
from hostile_city import write_hostile_city
from hostile_sinks import Pages, unseen, wrong_files, wrong_on_terminal
from hostile_texts import TEXTS

from geolyft.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    from playwright.sync_api import Browser

browser = web_browser.browser
SOME = (
    "</script></title><svg onload=window.ran=1>",
    "=cmd|'/C calc'!A0",
    "\x1b]0;titel\x07\u202etxet\r\n`${window.ran=2}`",
    "'; DROP TABLE layer_styles; -- [% 6*7 %] ]]>&xxe;",
)
FORMATS = ["excel", "geojson", "webstyles"]


@pytest.mark.needs("openpyxl", "raster")
def test_what_a_city_writes_is_text_wherever_it_is_shown(
    squares: gpd.GeoDataFrame,
    browser: Browser,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "in").mkdir()
    run_file = write_hostile_city(tmp_path / "in", squares, SOME, formats=FORMATS)
    out = tmp_path / "out"
    monkeypatch.setattr("sys.argv", ["geolyft", "run", str(run_file), "--out", str(out)])
    main()
    told = capsys.readouterr()
    assert wrong_on_terminal(told.out + told.err) == []
    assert wrong_files(out) == []
    pages = Pages(browser.new_context(bypass_csp=True))
    pages.open(out)
    assert pages.number > 12
    assert pages.wrong == []
    assert unseen(SOME, pages.texts) == []
    assert {each.name for each in tmp_path.iterdir()} == {"in", "out"}


def test_the_texts_are_a_hundred_and_none_twice() -> None:
    assert len(set(TEXTS)) == len(TEXTS) >= 100


def test_a_page_that_lets_a_text_act_is_seen(browser: Browser, tmp_path: Path) -> None:
    bad = {
        "ran": "<img src=data:, onerror=window.ran=5>",
        "link": "<a href='javascript:1'>här</a>",
        "asks": "<img src=https://x.invalid/a.png>",
        "says": "<script>throw new Error('nej')</script>",
    }
    for name, text in bad.items():
        (tmp_path / f"{name}.html").write_text(f"<title>x</title>{text}", encoding="utf-8")
    pages = Pages(browser.new_context(bypass_csp=True))
    pages.open(tmp_path, {"a href"})
    assert {each.partition(".")[0] for each in pages.wrong} == {*bad}
    assert "ran.html: script 5 ran" in pages.wrong
    assert unseen(["finns inte"], pages.texts)


def test_a_file_that_lets_a_text_act_is_seen(tmp_path: Path) -> None:
    bad = {
        "formula.csv": "a,b\n1,=1+1\n",
        "ragged.csv": "a,b\n1\n",
        "entity.sld": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        "open.rdf": "<a><b></a>",
        "handler.svg": '<svg onload="x()"/>',
        "constant.json": json.dumps({"a": float("nan")}),
    }
    for name, text in bad.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with closing(sqlite3.connect(tmp_path / "gone.gpkg")) as opened:
        opened.execute("CREATE TABLE gpkg_contents (a)")
    (tmp_path / "good.csv").write_text("a,b\n-1,'=1\n", encoding="utf-8")
    found = {each.partition(":")[0] for each in wrong_files(tmp_path)}
    assert found == {*bad, "gone.gpkg"}
    assert wrong_on_terminal("å\x1b[2J\u202e")
