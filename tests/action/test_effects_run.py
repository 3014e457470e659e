"""Effects through a whole run: tables, pages, commands; what can be seen stands first."""

from __future__ import annotations

import json
import math
import re
import sys
import warnings
from typing import TYPE_CHECKING

import pytest
import web_browser
from effects_city import EXPLORATORY, PLANS, write_city
from web_browser import Window, assert_quiet, violations

import geolyft
from geolyft.cli import main
from geolyft.errors import GeolyftError, GeolyftWarning

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

browser, window = web_browser.browser, web_browser.window
NEVER = re.compile("säkerställ|signifika", re.IGNORECASE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("effects")


@pytest.fixture(scope="module")
def delivery(folder: Path) -> Path:
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        geolyft.run(write_city(folder), out=folder / "out")
    return folder / "out"


@pytest.fixture
def command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["geolyft", *map(str, arguments)])
        status = 0
        try:
            main()
        except SystemExit as left:
            status = int(left.code or 0)
        caught = capsys.readouterr()
        return status, caught.out, caught.err

    return call


def text_of(page: Path) -> str:
    main = page.read_text(encoding="utf-8").partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", main))


def test_every_plan_has_a_row_and_a_page_also_those_without_an_effect(delivery: Path) -> None:
    table = geolyft.open(delivery).tables["effekter"].set_index("plan_id")
    assert list(table.index) == [*(plan["id"] for plan in PLANS), "efterhand"]
    assert table["ord"].to_dict() == {
        "sedd": "statistiskt säkerställd skillnad",
        "ensam": "inte större skillnad än vid andra val av områden",
        "liten": "går inte att se med de här uppgifterna",
        "index": "ingen statistiskt säkerställd skillnad",
        "framtid": "för tidigt att säga",
        "efterhand": "utforskande: inte större skillnad än vid andra val av områden",
    }
    assert {f"{each}.html" for each in table.index} == {
        page.name for page in (delivery / "effekter").iterdir()
    }
    assert geolyft.verify(delivery).intact
    first = ["plan_id", "indikator", "skillnad", "lag", "hog", "p", "minsta_p", "mde", "personer"]
    assert [*table.reset_index().columns[:10]] == [*first, "ord"]


def test_the_page_of_boards_says_every_plan_under_its_board(delivery: Path) -> None:
    said = text_of(delivery / "effekter.html")
    for plan in PLANS:
        assert str(plan["title"]).replace("<", "&lt;").replace(">", "&gt;") in said
    one, two = said.split("Nämnd två", 1)
    assert "Läxhjälp" in one
    assert "Sett i efterhand" in two
    assert "Antal planer: 6. Utforskande, alltså inte registrerade i förväg: 1." in said


def test_what_can_be_seen_stands_before_what_was_seen(delivery: Path) -> None:
    for name in ("sedd", "ensam", "liten", "efterhand"):
        said = text_of(delivery / "effekter" / f"{name}.html")
        assert said.index("Minsta effekt som") < said.index("Resultat")
        assert said.index("Så många områden kan som minst ge p") < said.index("Skillnad")
    assert "går inte att se med de här uppgifterna" in text_of(delivery / "effekter" / "liten.html")


def test_a_page_of_one_area_or_of_hindsight_never_says_sure(delivery: Path) -> None:
    for name in ("ensam", "liten", "efterhand", "framtid"):
        assert not NEVER.search((delivery / "effekter" / f"{name}.html").read_text("utf-8")), name
    assert NEVER.search((delivery / "effekter" / "sedd.html").read_text("utf-8"))
    assert "utforskande" in text_of(delivery / "effekter" / "efterhand.html")


def test_a_result_is_said_in_persons_and_in_one_sentence(delivery: Path) -> None:
    row = geolyft.open(delivery).tables["effekter"].set_index("plan_id").loc["sedd"]
    assert row["personer"] == pytest.approx(row["skillnad"] / 100 * 4000, abs=0.5)
    said = text_of(delivery / "effekter" / "sedd.html")
    assert "procentenheter mer uppåt i 1\xa0Stadsdel 1" in said.replace(
        "1 Stadsdel 1", "1\xa0Stadsdel 1"
    )
    assert f"omkring {row['personer']:.0f} personer" in said


def test_the_years_are_the_means_that_the_difference_is_made_of(delivery: Path) -> None:
    tables = geolyft.open(delivery).tables
    years = tables["effekter_ar"]
    mine = years[years["plan_id"] == "sedd"].groupby("fas")[["omraden", "ovriga", "syntetisk"]]
    moved = mine.mean().loc["efter"] - mine.mean().loc["före"]
    row = tables["effekter"].set_index("plan_id").loc["sedd"]
    assert moved["omraden"] - moved["ovriga"] == pytest.approx(row["skillnad"])
    assert moved["omraden"] - moved["syntetisk"] == pytest.approx(row["syntetisk"])


def test_the_command_answers_as_the_run_and_registers_once(
    delivery: Path, folder: Path, command: Callable[..., tuple[int, str, str]]
) -> None:
    register, plan = folder / "effektplaner.jsonl", folder / "efterhand.toml"
    asked = ["effects", "compute", delivery, plan, "--file", register]
    status, out, _ = command(*asked, "--json")
    assert status == 0
    rows = {row["plan_id"]: row for row in json.loads(out)}
    table = geolyft.open(delivery).tables["effekter"].set_index("plan_id")
    for name, row in rows.items():
        assert row["ord"] == table.loc[name, "ord"]
        if not math.isnan(table.loc[name, "skillnad"]):
            assert row["skillnad"] == pytest.approx(table.loc[name, "skillnad"])
    lines = command(*asked)[1].splitlines()
    assert lines[0].startswith("sedd: smallest effect that shows")
    assert lines[1].startswith("sedd: difference")
    new = folder / "ny.jsonl"
    for said in ("registered", "is there already"):
        status, out, _ = command("effects", "register", plan, "--file", new)
        assert status == 0
        assert said in out


def test_a_plan_that_nobody_registered_stops_the_run_and_the_check(
    folder: Path, delivery: Path, command: Callable[..., tuple[int, str, str]]
) -> None:
    assert delivery.is_dir()
    run_file = (folder / "run.toml").read_text(encoding="utf-8")
    plain = EXPLORATORY.replace("exploratory = true", "")
    (folder / "oregistrerad.toml").write_text(plain, encoding="utf-8")
    other = folder / "other.toml"
    for text, code in (
        (run_file.replace("efterhand.toml", "oregistrerad.toml"), "effects-unregistered"),
        (run_file.replace("efterhand.toml", "ingen.toml"), "effects-file"),
        (
            run_file.replace("effektplaner", "ingen").replace('plans = ["efterhand.toml"]', ""),
            "effects-file",
        ),
    ):
        other.write_text(text, encoding="utf-8")
        for asked in (["check", other], ["run", other, "--out", folder / "no"]):
            status, _, err = command(*asked)
            assert status == 2
            assert code in err
    assert not (folder / "no").exists()


def test_check_finds_a_plan_of_an_area_that_is_none(folder: Path, delivery: Path) -> None:
    assert delivery.is_dir()
    text = EXPLORATORY.replace('"11"', '"99"')
    (folder / "fel.toml").write_text(text, encoding="utf-8")
    said = (folder / "run.toml").read_text(encoding="utf-8").replace("efterhand.toml", "fel.toml")
    (folder / "fel_run.toml").write_text(said, encoding="utf-8")
    with (
        warnings.catch_warnings(action="ignore", category=GeolyftWarning),
        pytest.raises(GeolyftError) as refusal,
    ):
        geolyft.check(folder / "fel_run.toml")
    assert refusal.value.code == "effects-area"


def test_the_pages_are_english_in_an_english_run(folder: Path, delivery: Path) -> None:
    assert delivery.is_dir()
    config = geolyft.load_config(folder / "run.toml").in_language("en")
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        geolyft.run(config, out=folder / "english")
    said = text_of(folder / "english" / "effekter" / "sedd.html")
    assert "statistically significant" in said
    assert "before" in said
    assert "Planens" not in said


def test_a_comparison_says_what_became_of_each_plan(
    folder: Path, delivery: Path, command: Callable[..., tuple[int, str, str]]
) -> None:
    text = (folder / "run.toml").read_text(encoding="utf-8")
    short = text.replace('"2022", ', "").replace(", '2022', '2023', '2024'", "")
    short = short.replace('plans = ["efterhand.toml"]', "plans = []")
    (folder / "short.toml").write_text(short, encoding="utf-8")
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        geolyft.run(folder / "short.toml", out=folder / "short")
    found = geolyft.compare(folder / "short", delivery)
    plans = found.became[found.became["kind"] == "plan"].set_index("id")
    assert plans["became"].to_dict() == {
        **dict.fromkeys(("sedd", "ensam", "liten", "index"), "changed"),
        "framtid": "same",
        "efterhand": "new",
    }
    assert plans.loc["sedd", ["before", "after"]].tolist() == [
        "för tidigt att säga",
        "statistiskt säkerställd skillnad",
    ]
    back = geolyft.compare(delivery, folder / "short").became.set_index("id")["became"]
    assert back["efterhand"] == "gone"
    lines = command("compare", folder / "short", delivery)[1].splitlines()
    assert {"plan: 4 changed", "plan: 1 same", "plan: 1 new"} <= set(lines)
    said = json.loads(command("compare", folder / "short", delivery, "--json")[1])
    assert len(said["became"]) == 6


def test_a_delivery_is_not_carried_on_without_a_plan_that_was_registered(
    folder: Path, delivery: Path, command: Callable[..., tuple[int, str, str]]
) -> None:
    (folder / "skolan_2025.csv").write_bytes((folder / "skolan_2024.csv").read_bytes())
    lines = (folder / "effektplaner.jsonl").read_text("utf-8").splitlines(keepends=True)
    (folder / "fewer.jsonl").write_text("".join(lines[:-1]), encoding="utf-8")
    text = (folder / "run.toml").read_text(encoding="utf-8")
    head, _, rest = text.partition("periods = ")
    on = f'{head}periods = ["2025"]\nearlier = "{delivery.name}"\n' + rest.partition("\n")[2]
    (folder / "on.toml").write_text(on, encoding="utf-8")
    (folder / "off.toml").write_text(on.replace("effektplaner", "fewer"), encoding="utf-8")
    assert command("check", folder / "on.toml")[0] == 0
    for asked in (["check"], ["run", "--out", folder / "none"]):
        status, _, err = command(*asked, folder / "off.toml")
        assert status == 2
        assert "effects-gone" in err
        assert "framtid" in err


@pytest.mark.needs("chromium", "playwright", "axe")
@pytest.mark.parametrize("page", ["effekter.html", "effekter/sedd.html", "effekter/framtid.html"])
def test_the_pages_are_quiet_and_can_be_read_by_all(
    delivery: Path, window: Window, page: str
) -> None:
    seen = window.open(delivery / page)
    assert_quiet(seen)
    assert violations(window.open(delivery / page, csp=False).page) == []
