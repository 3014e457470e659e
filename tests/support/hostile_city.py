"""A city that sets hostile texts wherever it can set a text, in a run with everything."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import tomllib
import unicodedata
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pandas as pd
from everything import write_everything
from shapely import Point

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

Said = dict[str, Any]
LINE: Final = 200
LABEL: Final = 24
TOGETHER: Final = 4
"""Texts of one city: each is alone in the name of an area, and together they fit most fields."""
PORTAL: Final = {"address": "https://data.provstad.se/omraden", "email": "data@provstad.se",
                 "licence": "http://creativecommons.org/publicdomain/zero/1.0/"}  # fmt: skip
_CONTROL: Final = re.compile(r"[\x00-\x1f]")
_CODE: Final = 60


class Texts:
    """The texts of one city, in another order for each field that takes them."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts, self._asked = list(texts), 0

    def some(self, most: int = LINE, *, never: str = "") -> str:
        """Return as many as a field holds, of which the first may be cut."""
        self._asked += 1
        at = self._asked % len(self._texts)
        said = ""
        for each in self._texts[at:] + self._texts[:at]:
            text = "".join(sign for sign in each if sign not in never)
            if not said or len(said) + len(text) < most:
                said += f"{text} "
        return said.strip()[:most].strip() or "x"

    def code(self, n: int) -> str:
        """Return one as a code, which is clean and unlike the others."""
        text = self._texts[(n - 1) % len(self._texts)]
        no = {"Z", "C", "@", ";", "|"}  # kinds of signs, and signs that are refused there
        clean = "".join(s for s in text if not {unicodedata.category(s)[0], s} & no)
        return f"{n}{clean}"[:_CODE]

    def file(self, ending: str) -> str:
        """Return the name of a file."""
        return self.line(_CODE, never="/\\{}\x7f").strip(". ") + ending

    def line(self, most: int = LINE, *, never: str = "") -> str:
        """Return the same for a field that takes no control signs."""
        return _CONTROL.sub("", self.some(most, never=never)).strip() or "x"


def write_hostile_city(
    folder: Path, squares: gpd.GeoDataFrame, texts: Sequence[str], *, formats: Sequence[str] = ()
) -> Path:
    """Write the run's files with each text in every field, and return the run file."""
    run_file, said = write_everything(folder, squares), Texts(texts)
    run = tomllib.loads(run_file.read_text(encoding="utf-8"))
    _poison_run(run, said, formats)
    run_file.write_text(as_toml(run), encoding="utf-8")
    catalogue = folder / "catalogue.toml"
    catalogue.write_text(
        as_toml(_poisoned_catalogue(tomllib.loads(catalogue.read_text("utf-8")), said)), "utf-8"
    )
    plan = tomllib.loads((folder / "plan.toml").read_text(encoding="utf-8"))
    plan |= {"title": said.some(never="@"), "board": said.some(never="@"), "areas": [said.code(1)]}
    (folder / "plan.toml").write_text(as_toml(plan), encoding="utf-8")
    _poison_layers(folder, said, texts)
    _poison_tables(folder, said, texts)
    (folder / "votes.csv").rename(folder / run["source"][1]["file"])
    return run_file


def _poison_run(run: Said, said: Texts, formats: Sequence[str]) -> None:
    run["run"] |= {"title": said.line(), "city": said.line(), "contact": said.line()}
    for source in run["source"]:
        source |= {"name": said.line(), "publisher": said.some(), "licence": said.some(),
                   "note": said.some()}  # fmt: skip
    run["source"][0]["groups"]["ord"] = {"column": _header(said)}
    run["source"][0]["lens"] = {"aldre": {"alder": {"min": 65}}}
    run["source"][1]["name"] += " 2"
    run["source"][1] |= {"protected_by": said.line(), "file": said.file(".csv")}
    run["lens"] = [{"name": "aldre", "label": said.some(), "heard": said.some(),
                    "alternatives": said.some(), "target_groups": [said.some()]}]  # fmt: skip
    run["break"] = [
        {"indicator": "A", "between": ["2023", "2024"], "kind": "method", "note": said.some()}
    ]
    access, against, events = run["access"][0], run["against"][0], run["events"][0]
    access["name"] = said.line(LABEL, never="{}")
    access["places"]["name"] = "namn"
    access["users"] |= {"who": said.line(LABEL, never="{}"), "publisher": said.some(),
                        "licence": said.some()}  # fmt: skip
    against["name"] = said.line(40, never="{}")
    events |= {"name": said.some(60), "kind": "typ"}
    run["portal"] = {**PORTAL, "publisher": said.line(), "contact": said.line()}
    run["delivery"] = {"formats": list(formats)}
    run["map"] = {"background": [{"file": "platser.gpkg", "kind": "place", "label": "namn"}]}


def _poisoned_catalogue(catalogue: Said, said: Texts) -> Said:
    catalogue["index"]["name"] = said.some()
    for each in catalogue["dimension"]:
        each |= {"name": said.some(), "name_en": said.some()}
    for each in catalogue["indicator"]:
        texts = ("name", "name_en", "short", "short_en", "numerator", "denominator", "source")
        each.update({name: said.some() for name in texts}, notes=[said.some(), said.some()])
    readings = {said.some(): "high", said.some() + " b": "low"}
    asked = {"text": said.some(), "readings": readings, "assumed": next(iter(readings))}
    catalogue["indicator"][2]["question"] = asked
    return catalogue


def _header(said: Texts) -> str:
    return said.code(0)


def _poison_layers(folder: Path, said: Texts, texts: Sequence[str]) -> None:
    areas = gpd.read_file(folder / "areas.gpkg")
    areas["kod"] = [said.code(int(code)) for code in areas["kod"]]
    names = [text or "x" for text in texts]
    areas["namn"] = [names[n % len(names)] for n in range(len(areas))]
    areas.to_file(folder / "areas.gpkg")
    middles = [Point(each.x, each.y) for each in areas.representative_point()]
    named = areas["namn"].str.replace("@", "")  # what looks like an address is refused there
    places = gpd.GeoDataFrame({"namn": named}, geometry=middles, crs=areas.crs)
    places.to_file(folder / "platser.gpkg")


def _poison_tables(folder: Path, said: Texts, texts: Sequence[str]) -> None:
    for file in folder.glob("people_*.csv"):
        people = pd.read_csv(file, sep=";", dtype=str, encoding="cp1252")
        words = [_CONTROL.sub(" ", each).strip() or "x" for each in texts]
        people[_header(said)] = [words[n % len(words)] for n in range(len(people))]
        people.to_csv(file, sep=";", index=False, encoding="utf-8", quoting=csv.QUOTE_ALL)
    votes = pd.read_csv(folder / "votes.csv", sep=";", dtype=str, encoding="cp1252")
    votes["kod"] = [said.code(int(code)) for code in votes["kod"]]
    votes.to_csv(folder / "votes.csv", sep=";", index=False, quoting=csv.QUOTE_ALL)
    places = pd.read_csv(folder / "places.csv", dtype=str).assign(namn=said.line())
    places.to_csv(folder / "places.csv", index=False)
    events = pd.read_csv(folder / "handelser.csv", dtype=str)
    events["typ"] = [texts[n % len(texts)] for n in range(len(events))]
    events.to_csv(folder / "handelser.csv", index=False)
    efforts = pd.read_csv(folder / "insatser.csv", dtype=str, keep_default_na=False)
    for name in ("namn", "namnd", "kategori", "beskrivning", "samverkan", "finansiering",
                 "kalla", "kalla_rad", "tema_original", "malgrupp_original"):  # fmt: skip
        # What looks like an address is refused there.
        efforts[name] = [said.line(never="@") for _ in efforts.index]
    efforts.to_csv(folder / "insatser.csv", index=False)
    where = pd.read_csv(folder / "insatser_platser.csv", dtype=str, keep_default_na=False)
    where = where.assign(plats_namn=said.line(never="@"), kod=said.code(1))
    where.to_csv(folder / "insatser_platser.csv", index=False)


def as_toml(content: Mapping[str, object]) -> str:
    """Return a dict as TOML, each table in a line."""
    return "".join(f"{_quoted(name)} = {_value(each)}\n" for name, each in content.items())


def _value(each: object) -> str:
    if isinstance(each, dict):
        return "{" + ", ".join(f"{_quoted(n)} = {_value(of)}" for n, of in each.items()) + "}"
    if isinstance(each, list):
        return "[" + ", ".join(map(_value, each)) + "]"
    if isinstance(each, bool):
        return str(each).lower()
    if isinstance(each, dt.date):
        return each.isoformat()
    return _quoted(each) if isinstance(each, str) else repr(each)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
