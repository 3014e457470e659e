"""Files laid out as SCB and Valmyndigheten deliver them feed the run file of the docs' page."""

from __future__ import annotations

import csv
import json
import re
import warnings
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import geolyft
from geolyft.frames import RESIDUAL

PAGE = Path(__file__).parents[2] / "docs" / "downloads.md"
DESO = sorted(geolyft.load_crosswalk("deso2025_geso").table["source"].unique())
DISTRICTS = sorted(geolyft.load_crosswalk("valdistrikt2022_geso").table["source"].unique())

Figures = dict[str, pd.Series]


@pytest.fixture(scope="module")
def figures() -> Figures:
    """Return the counts of every small area, drawn once."""
    rng = np.random.default_rng(2030)
    people = pd.Series(rng.integers(900, 2500, len(DESO)), DESO)
    entitled = pd.Series(rng.integers(900, 1600, len(DISTRICTS)), DISTRICTS)
    adults = people // 2
    return {
        "people": people,
        "children": people // 5,
        "adults": adults,
        "employed": (adults * rng.uniform(0.4, 0.9, len(DESO))).round().astype(int),
        "poor": pd.Series(rng.uniform(3, 40, len(DESO)).round(1), DESO),
        "rented": pd.Series(rng.integers(50, 500, len(DESO)), DESO),
        "coop": pd.Series(rng.integers(50, 500, len(DESO)), DESO),
        "owned": pd.Series(rng.integers(50, 500, len(DESO)), DESO),
        "entitled": entitled,
        "voted": (entitled * rng.uniform(0.5, 0.9, len(DISTRICTS))).round().astype(int),
    }


@pytest.fixture(scope="module")
def folder(figures: Figures, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the five files and the page's run file."""
    made = tmp_path_factory.mktemp("downloads")
    write_votes(figures, made)
    write_employed(figures, made)
    write_standard(figures, made)
    write_tenure(figures, made)
    write_residents(figures, made)
    (block,) = re.findall(r":caption: run.toml\n\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    (made / "run.toml").write_text(block, encoding="utf-8")
    return made


def write_votes(figures: Figures, folder: Path) -> None:
    book = import_module("openpyxl").Workbook()
    book.active.title = "Information"
    sheet = book.create_sheet("roster_RD")
    sheet.append(["Val", "Valdistriktskod", " Parti", " Röster", " Andel", "Röstberättigade"])
    for code, voted in figures["voted"].items():
        entitled = int(figures["entitled"][code])
        for party, votes in (("Parti A", voted // 2), ("Parti B", voted - voted // 2 - 9),
                             ("blanka röster", 9), ("Valdeltagande", voted)):  # fmt: skip
            sheet.append(["RD", code, party, int(votes), votes / voted, entitled])
    book.save(folder / "roster_2022.xlsx")


def write_employed(figures: Figures, folder: Path) -> None:
    with (folder / "TAB6680.csv").open("w", encoding="cp1252", newline="") as opened:
        opened.write('"Befolkning efter region, ålder och år"\r\n\r\n')
        rows = csv.writer(opened, quoting=csv.QUOTE_NONNUMERIC)
        rows.writerow(["region", "ålder", "sysselsatta 2024", "samtliga 2024"])
        whole = [int(figures[name].sum()) for name in ("employed", "adults")]
        rows.writerow(["1280 Malmö", "15-19 år", 777, 7777])
        rows.writerow(["1280 Malmö", "20-64 år", *whole])
        for code in DESO:
            rows.writerow([f"{code}_DeSO2025", "15-19 år", 7, 77])
            counts = [int(figures[name][code]) for name in ("employed", "adults")]
            rows.writerow([f"{code}_DeSO2025", "20-64 år", *counts])


def write_standard(figures: Figures, folder: Path) -> None:
    book = import_module("openpyxl").Workbook()
    sheet = book.active
    sheet.append(["Personer efter region, tabellinnehåll och år"])
    sheet.append([])
    sheet.append([None, "låg ekonomisk standard, procent 2024", "antal personer 2024"])
    for code in DESO:
        sheet.append([code, float(figures["poor"][code]), int(figures["people"][code])])
    for note in ([], ["Källa:"], ["SCB"], ["Måttenhet:"], ["procent"]):
        sheet.append(note)
    book.save(folder / "TAB6685.xlsx")


def write_tenure(figures: Figures, folder: Path) -> None:
    forms = ("rented", "coop", "owned")
    cube = {
        "version": "2.0",
        "class": "dataset",
        "id": ["Region", "Upplatelseform", "Tid"],
        "size": [len(DESO), 3, 2],
        "dimension": {
            "Region": {"category": {"index": [f"{code}_DeSO2025" for code in DESO]}},
            "Upplatelseform": {"category": {"index": ["1", "2", "3"]}},
            "Tid": {"category": {"index": ["2024", "2025"]}},
        },
        "value": [n for c in DESO for f in forms for n in (1, int(figures[f][c]))],
    }
    (folder / "TAB6638.json").write_text(json.dumps(cube), encoding="utf-8")


def write_residents(figures: Figures, folder: Path) -> None:
    ages = ("0-17 år", "18-64 år", "65+ år", "totalt")
    rows = []
    for code in DESO:
        people, children = int(figures["people"][code]), int(figures["children"][code])
        rows.append(f"{children} {people - children - 100} 100 {people}")
    quoted = ",".join(f'"{code}"' for code in DESO)
    classes = ",".join(f'"{age}"' for age in ages)
    text = (
        'CHARSET="ANSI";\nAXIS-VERSION="2013";\nCODEPAGE="iso-8859-15";\nSTUB="region";\n'
        f'HEADING="ålder";\nVALUES("region")={quoted};\nVALUES("ålder")={classes};\nDATA=\n'
        + "\n".join(rows)
        + ";\n"
    )
    (folder / "TAB6574.px").write_text(text, encoding="iso-8859-15")


def moved(values: pd.Series, crosswalk: str, weight: str) -> pd.Series:
    """Return totals on the areas, added up here."""
    table = geolyft.load_crosswalk(crosswalk).table
    parts = table["source"].map(values) * table[weight].astype(float)
    return parts.groupby(table["target"]).sum()


@pytest.mark.needs("openpyxl")
def test_the_pages_run_file_takes_the_files_as_they_are(folder: Path, figures: Figures) -> None:
    with warnings.catch_warnings(action="ignore", category=geolyft.GeolyftWarning):
        assert len(geolyft.check(folder / "run.toml")) == 5
        publication = geolyft.publish(geolyft.load_config(folder / "run.toml"))
    seen = publication.observations.set_index(["indicator", "area"])["value"]
    of = figures
    fine = (100 - of["poor"]) / 100 * of["people"]
    dwellings = of["rented"] + of["coop"] + of["owned"]
    expected = {
        "D1": (of["voted"], of["entitled"], "valdistrikt2022_geso"),
        "E1": (of["employed"], of["adults"], "deso2025_geso"),
        "E3": (fine, of["people"], "deso2025_geso"),
        "B3": (of["coop"] + of["owned"], dwellings, "deso2025_geso"),
    }
    for indicator, (numerator, denominator, crosswalk) in expected.items():
        weight = "weight_dwellings" if indicator == "B3" else "weight"
        parts = (moved(each, crosswalk, weight) for each in (numerator, denominator))
        wanted = next(parts) / next(parts) * 100
        wanted = wanted.drop(RESIDUAL, errors="ignore")
        for area, value in wanted.items():
            assert seen[indicator, area] == pytest.approx(value, rel=1e-9), (indicator, area)
        assert seen[indicator, "city"] == pytest.approx(numerator.sum() / denominator.sum() * 100)
    people = publication.population.set_index("area")["population"]
    assert people["city"] == of["people"].sum()
    index = publication.index.set_index("area")["index"]
    assert index["city"] == 100
    assert index.notna().all()
