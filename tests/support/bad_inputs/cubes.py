"""Cubes of statistics, PX and JSON-stat, that lack a part or say two things."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from bad_inputs.case import Bad, edited, writes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bad_inputs.case import Spoil

PX: Final = """\
CHARSET="ANSI";
AXIS-VERSION="2013";
CODEPAGE="utf-8";
MATRIX="VAL";
STUB="kod";
HEADING="svar";
VALUES("kod")="1","2","3","4";
VALUES("svar")="ja","alla";
DATA=
1400 2000
1500 2100
1650 2200
1800 2300;
"""
CUBE: Final[dict[str, Any]] = {
    "version": "2.0",
    "class": "dataset",
    "id": ["kod", "svar"],
    "size": [4, 2],
    "dimension": {
        "kod": {"category": {"index": ["1", "2", "3", "4"]}},
        "svar": {"category": {"index": ["ja", "alla"]}},
    },
    "value": [1400, 2000, 1500, 2100, 1650, 2200, 1800, 2300],
}
_MEASURE: Final = (
    'numerator = { column = "value", where = { svar = ["ja"] } }\n'
    'denominator = { column = "value", where = { svar = ["alla"] } }\n'
)

IN_PX: Final = {
    "no data": ("read-px", PX.partition("DATA=")[0]),
    "data without their end": ("read-px", PX.replace("2300;", "2300")),
    "no dimensions": ("read-px", PX.replace('STUB="kod";\nHEADING="svar";\n', "")),
    "values of a dimension missing": ("read-px", PX.replace('VALUES("svar")="ja","alla";\n', "")),
    "a value too few": ("read-cube-size", PX.replace(" 2300;", ";")),
    "a value too many": ("read-cube-size", PX.replace("2300;", "2300 1;")),
    "a text among values": ("read-not-a-number", PX.replace("1400", '"många"')),
    "a mark nobody knows": ("read-not-a-number", PX.replace("1400", '"?"')),
    "a decimal comma": ("read-cube-size", PX.replace("1400", "1400,5 ")),
    "an infinite value": ("read-infinite", PX.replace("1400", "inf")),
    "a quote not closed": ("read-px", PX.replace('"alla"', '"alla')),
    "a code twice": ("read-px", PX.replace('"1","2"', '"1","1"')),
    "the sparse kind": ("read-px", PX.replace("DATA=", 'KEYS("kod")=VALUES;\nDATA=')),
    "a code page nobody has": ("read-encoding", PX.replace("utf-8", "utf-9")),
    "letters of another code page": (
        "read-encoding", PX.replace('"utf-8"', '"ascii"').replace("VAL", "VÅL")),
    "semicolons that are missing": ("read-px", PX.replace(";\n", "\n")),
    "an area nobody knows": ("join-unknown", PX.replace('"1","2"', '"9","2"')),
    "an area missing": ("join-absent", PX.replace('"1","2"', '"2"').replace("1400 2000\n", "")),
    "a text nobody has": ("run-where", PX.replace('"ja"', '"yes"')),
    "negative persons": ("aggregate-negative", PX.replace("1400", "-1400")),
}  # fmt: skip


def _json(**changes: object) -> str:
    said = {key: of for key, of in (CUBE | changes).items() if of is not ...}
    return json.dumps(said)


def _dimension(**changes: object) -> str:
    return _json(dimension={**CUBE["dimension"], **changes})


IN_JSON: Final = {
    "cut off": ("read-damaged", _json()[:-30]),
    "a list": ("read-json-stat", "{}"),
    "no class": ("read-json-stat", _json(**{"class": ...})),
    "a collection": ("read-json-stat", _json(**{"class": "collection"})),
    "an error of the server's": ("read-json-stat", '{"error": {"code": 403}}'),
    "version 1": ("read-json-stat", json.dumps({"dataset": CUBE})),
    "no sizes": ("read-json-stat", _json(size=...)),
    "sizes that are texts": ("read-json-stat", _json(size=["4", "2"])),
    "sizes below 0": ("read-json-stat", _json(size=[-4, -2])),
    "a size too many": ("read-json-stat", _json(size=[4, 2, 1])),
    "a size of 0": ("read-json-stat", _json(size=[0, 2], value=[])),
    "a dimension missing": ("read-json-stat", _json(dimension={"kod": CUBE["dimension"]["kod"]})),
    "a dimension without codes": ("read-json-stat", _dimension(svar={})),
    "a dimension that is a list": ("read-json-stat", _dimension(svar=[])),
    "places of codes that clash": (
        "read-json-stat", _dimension(svar={"category": {"index": {"ja": 0, "alla": 0}}})),
    "places of codes beyond": (
        "read-json-stat", _dimension(svar={"category": {"index": {"ja": 0, "alla": 7}}})),
    "a code twice": ("read-json-stat", _dimension(svar={"category": {"index": ["ja", "ja"]}})),
    "an id twice": ("read-json-stat", _json(id=["kod", "kod"])),
    "values too few": ("read-json-stat", _json(value=[1, 2, 3])),
    "values too many": ("read-json-stat", _json(value=list(range(9)))),
    "no values": ("read-json-stat", _json(value=...)),
    "a value that is a text": ("read-not-a-number", _json(value=["många", *range(7)])),
    "a value that is a truth": ("read-not-a-number", _json(value=[True, *range(7)])),
    "a value that is a list": ("read-not-a-number", _json(value=[[], *range(7)])),
    "an infinite value": ("read-infinite", _json(value=[float("inf"), *range(7)])),
    "a value beyond": ("read-json-stat", _json(value={"99": 1})),
    "a value at no number": ("read-json-stat", _json(value={"x": 1})),
    "a mark nobody knows": (
        "read-not-a-number", _json(value=[None, *range(7)], status={"0": "?!"})),
    "an area nobody knows": (
        "join-unknown", _dimension(kod={"category": {"index": ["1", "2", "3", "9"]}})),
    "a text nobody has": ("run-where", _dimension(svar={"category": {"index": ["yes", "alla"]}})),
    "GeoJSON without shapes": (
        "read-column-missing", '{"type": "FeatureCollection", "features": []}'),
}  # fmt: skip


def cubes() -> Iterator[Bad]:
    """Yield every bad cube."""
    for ending, of in (("px", IN_PX), ("json", IN_JSON)):
        for name, (code, text) in of.items():
            yield Bad(f"cube.{ending}: {name}", code, _reads(f"cube.{ending}", text))


def _reads(file: str, text: str) -> Spoil:
    """Let the run read a cube in place of its table."""

    def spoil(folder: Path) -> None:
        writes(file, text)(folder)
        edited("run.toml", lambda said: _of_cube(said.replace("votes.csv", file)))(folder)

    return spoil


def _of_cube(said: str) -> str:
    return said.replace('population = "folk"\n', "").partition("numerator")[0] + _MEASURE
