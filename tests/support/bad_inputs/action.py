"""What is read beside the figures: efforts, plans, events, places, crosswalks and further figures."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
from shapely import LineString, box
from whole_files import CANARY, EAST, NORTH, PLAN, layer, people, point

from bad_inputs.case import Bad, edits, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

EFFORTS: Final = ("efforts", "check", "insatser.csv", "--run", "run.toml")
COMPUTE: Final = ("effects", "compute", "delivery", "plan.toml")
MOVE: Final = (
    "move", "small.csv", "--area", "kod", "--column", "folk", "--crosswalk", "crosswalk.csv",
    "--out", "moved.csv",
)  # fmt: skip

IN_EFFORTS: Final[dict[str, tuple[str, str, dict[str, str]]]] = {
    "no key": ("efforts-empty", "insatser", {"rad_id": ""}),
    "no name": ("efforts-empty", "insatser", {"namn": ""}),
    "a theme nobody has": ("efforts-theme", "insatser", {"tema": "hälsa"}),
    "an indicator nobody has": ("efforts-theme", "insatser", {"indikator": "Z9"}),
    "a status nobody knows": ("efforts-choice", "insatser", {"status": "klar"}),
    "a group nobody knows": ("efforts-choice", "insatser", {"malgrupp": "alla barn"}),
    "a day in words": ("efforts-date", "insatser", {"start": "hösten 2024"}),
    "a day the American way": ("efforts-date", "insatser", {"start": "9/15/2024"}),
    "the 31st of June": ("efforts-date", "insatser", {"start": "2024-06-31"}),
    "a number of Excel's days": ("efforts-date", "insatser", {"start": "45292"}),
    "an end before the start": ("efforts-period", "insatser", {"start": "2025", "slut": "2024"}),
    "a cost in words": ("efforts-cost", "insatser", {"kostnad": "ca 5", "kostnad_enhet": "tkr"}),
    "a cost without a unit": ("efforts-cost", "insatser", {"kostnad": "5"}),
    "a cost in another money": ("efforts-choice", "insatser", {"kostnad": "5", "kostnad_enhet": "EUR"}),
    "a person's number": ("efforts-personal", "insatser", {"beskrivning": "Barnet 20121212-1212"}),
    "a telephone": ("efforts-personal", "insatser", {"beskrivning": "Ring 070-123 45 67"}),
    "a mail": ("efforts-personal", "insatser", {"beskrivning": "alva.ek@example.org"}),
    "an area nobody has": ("efforts-area", "insatser_platser", {"kod": "99"}),
    "a sub-area nobody has": ("efforts-area", "insatser_platser", {"delomrade": "Atlantis"}),
    "a place of no row": ("efforts-unknown", "insatser_platser", {"rad_id": "Y"}),
    "a share above 1": ("efforts-share", "insatser_platser", {"andel": "50"}),
    "a share in words": ("efforts-share", "insatser_platser", {"andel": "hälften"}),
    "shares that do not sum": ("efforts-shares", "insatser_platser", {"andel": "0.4"}),
    "how sure is not said": ("efforts-empty", "insatser_platser", {"plats_sakerhet": ""}),
    "not stated and stated": (
        "efforts-contradiction", "insatser_platser", {"plats_sakerhet": "ej angiven"}),
    "a day of the week nobody has": (
        "efforts-choice", "insatser_tider", {"rad_id": "X", "veckodag": "funday"}),
    "a time that is none": ("efforts-clock", "insatser_tider", {"rad_id": "X", "fran": "25:00"}),
    "a time with a stop": ("efforts-clock", "insatser_tider", {"rad_id": "X", "fran": "kl 17"}),
    "a time of no row": ("efforts-unknown", "insatser_tider", {"rad_id": "Y", "fran": "17:00"}),
}  # fmt: skip

_KEYS: Final = "rad_id,insats_id,namn,namnd,"
EFFORT_FILES: Final = {
    "a column too many": ("efforts-column", _KEYS, "Mer," + _KEYS),
    "a column missing": ("efforts-column", "tema,", "teman,"),
    "a column twice": ("read-header-duplicate", "namnd,", "namn,"),
}

PLANS: Final = {
    "an area nobody has": ("effects-area", '["1"]', '["99"]'),
    "no area": ("effects-form", '["1"]', "[]"),
    "an area twice": ("effects-form", '["1"]', '["1", "1"]'),
    "a start in words": ("effects-form", '"2024"', '"i år"'),
    "a start that is a number": ("effects-form", '"2024"', "2024"),
    "a figure nobody has": ("effects-indicator", '"A"', '"Z9"'),
    "a way nobody goes": ("effects-form", '"up"', '"upp"'),
    "an effect of 0": ("effects-form", "smallest = 9", "smallest = 0"),
    "an infinite effect": ("effects-form", "smallest = 9", "smallest = inf"),
    "an effect in words": ("effects-form", "smallest = 9", 'smallest = "nio"'),
    "a lag below 0": ("effects-form", "smallest = 9", "smallest = 9\nlag = -1"),
    "a name with capitals": ("effects-form", '"lasa"', '"Läsa"'),
    "a person's number": ("effects-form", "Läsa ihop", "Läsa ihop 20121212-1212"),
    "a level nobody has": ("effects-level", "smallest = 9", 'smallest = 9\nlevel = "nyko"'),
    "a key nobody knows": ("effects-form", "smallest =", "minst ="),
    "not registered": ("effects-unregistered", "exploratory = true", "exploratory = false"),
}
PLAN_TEXTS: Final = {
    "empty": ("effects-form", ""),
    "no TOML": ("effects-form", "Läsa ihop"),
    "cut off": ("effects-form", PLAN[:40]),
}
REGISTER: Final = ("effects", "compute", "delivery", "--file", "planer.jsonl")
_LINE: Final = {"previous": "0" * 64, "registered": "2024-01-01", "plan": {}, "sha256": "0" * 64}
REGISTERS: Final = {
    "words": ("effects-register", "Läsa ihop\n"),
    "a number": ("effects-register", "1\n"),
    "a line out of order": ("effects-register", json.dumps({**_LINE, "previous": "1"}) + "\n"),
    "a line that says nothing": ("effects-register", json.dumps(_LINE) + "\n"),
    "a line without its plan": ("effects-register", '{"previous": "' + "0" * 64 + '"}\n'),
    "cut off": ("effects-register", json.dumps(_LINE)[:40]),
}

MOVED: Final = {
    "a code nobody has": ("join-unknown", "a;100", "z;100"),
    "a code twice": ("join-duplicate", "b;200", "a;200"),
    "an area missing": ("join-absent", "a;100\n", ""),
    "a text for a count": ("read-not-a-number", "a;100", "a;hundra"),
    "an infinite count": ("read-infinite", "a;100", "a;inf"),
    "a column renamed": ("read-column-missing", "kod;folk", "kod;antal"),
}
CROSSWALKS: Final = {
    "no weight": ("crosswalk-columns", "source,target,weight", "source,target,vikt"),
    "a weight below 0": ("crosswalk-weight", "a,1,1", "a,1,-1"),
    "a weight missing": ("crosswalk-weight", "a,1,1", "a,1,"),
    "a weight in words": ("read-not-a-number", "a,1,1", "a,1,hela"),
    "an infinite weight": ("read-infinite", "a,1,1", "a,1,inf"),
    "weights that do not sum": ("crosswalk-sum", "b,2,0.4", "b,2,0.5"),
    "weights in per cent": ("crosswalk-sum", "b,2,0.4", "b,2,40"),
    "a pair twice": ("crosswalk-duplicate", "b,3,0.6", "b,2,0.6"),
    "a code missing": ("crosswalk-code", "a,1,1", ",1,1"),
    "a target missing": ("crosswalk-code", "a,1,1", "a,,1"),
    "a decimal comma": ("read-ragged", "b,2,0.4", "b,2,0,4"),
}


def action() -> Iterator[Bad]:
    """Yield every bad input beside the figures."""
    for name, (code, table, cells) in IN_EFFORTS.items():
        yield Bad(f"{table}.csv: {name}", code, _row(table, cells), EFFORTS)
    yield from edits("insatser.csv", EFFORT_FILES, EFFORTS)
    yield Bad("insatser.csv: a key twice", "efforts-key", _twice("insatser.csv"), EFFORTS)
    for table in ("insatser_platser", "insatser_tider"):
        yield Bad(f"{table}.csv: not there", "efforts-table", _gone(f"{table}.csv"), EFFORTS)
    board = ("efforts", "diff", "insatser.csv", "insatser.csv", "--board", "Nämnd nio")
    yield Bad("efforts: a board that has no row", "efforts-board", lambda _: None, board)
    yield from edits("plan.toml", PLANS, COMPUTE)
    yield from texts("plan.toml", PLAN_TEXTS, COMPUTE)
    for name, (code, text) in REGISTERS.items():
        yield Bad(f"delivery, planer.jsonl: {name}", code, _writes("planer.jsonl", text), REGISTER)
    yield from edits("small.csv", MOVED, MOVE)
    yield from edits("crosswalk.csv", CROSSWALKS, MOVE)
    for name, (code, said, spoil) in AROUND.items():
        yield Bad(f"around: {name}", code, _said(said, spoil))


def _row(table: str, cells: dict[str, str]) -> Callable[[Path], object]:
    """Change cells of a table's first row, or give it one."""

    def spoil(folder: Path) -> None:
        file = folder / f"{table}.csv"
        with file.open(encoding="utf-8", newline="") as opened:
            names, *rows = csv.reader(opened)
        row = dict(zip(names, rows[0] if rows else [""] * len(names), strict=True)) | cells
        with file.open("w", encoding="utf-8", newline="") as opened:
            csv.writer(opened).writerows([names, list(row.values()), *rows[1:]])

    return spoil


def _twice(file: str) -> Callable[[Path], object]:
    def spoil(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        (folder / file).write_text(text + text.splitlines()[-1] + "\n", encoding="utf-8")

    return spoil


def _gone(file: str) -> Callable[[Path], object]:
    return lambda folder: (folder / file).unlink()


def _writes(file: str, text: str) -> Callable[[Path], object]:
    return lambda folder: (folder / file).write_text(text, encoding="utf-8")


def _nothing(_: Path) -> None:
    pass


def _said(said: str, spoil: Callable[[Path], object]) -> Callable[[Path], object]:
    """Let the run say more, of a file that is spoiled."""

    def more(folder: Path) -> None:
        spoil(folder)
        text = (folder / "run.toml").read_text(encoding="utf-8")
        (folder / "run.toml").write_text(
            text.replace("[[source]]", said + "\n[[source]]", 1), encoding="utf-8"
        )

    return more


_EVENTS: Final = """\
[[events]]
name = "Felanmälan"
file = "events.csv"
x = "x"
y = "y"
crs = 3008
time = "tid"
kind = "typ"
"""
_ACCESS: Final = """\
[[access]]
code = "forskola"
name = "Förskola"
within = 400
places = { file = "places.csv", x = "x", y = "y", crs = 3008 }

[access.users]
file = "people.csv"
x = "x"
y = "y"
crs = 3008
who = "barn"
among = { alder = { max = 17 } }
"""
_NETWORK: Final = '\n[access.network]\nfile = "lines.gpkg"\n'
_AGAINST: Final = """\
[[against]]
code = "inskrivning"
name = "Inskrivna, %"
file = "further.csv"
area = "kod"
column = "andel"
"""
_ROAD: Final = '[[map.background]]\nfile = "lines.gpkg"\nkind = "road"\nlabel = "namn"\n'
_E: Final = "tid;typ;x;y\n"
_HERE: Final = f"{EAST + 10};{NORTH + 10}\n"


def _lines(*shapes: Any, crs: object = 3008, **columns: Any) -> Callable[[Path], object]:
    of = columns or {"namn": ["Gatan"] * len(shapes)}

    def spoil(folder: Path) -> None:
        (folder / "lines.gpkg").unlink()
        gpd.GeoDataFrame(of, geometry=list(shapes), crs=crs).to_file(folder / "lines.gpkg")

    return spoil


_LINE_HERE: Final = LineString([(EAST, NORTH), (EAST + 900, NORTH + 900)])
_LINE_AWAY: Final = LineString([(EAST + 90_000, NORTH), (EAST + 90_900, NORTH)])

AROUND: Final[dict[str, tuple[str, str, Callable[[Path], object]]]] = {
    "events without a time": (
        "events-time", _EVENTS, _writes("events.csv", _E + f";buller;{_HERE}" * 40)),
    "events of other years": (
        "events-time", _EVENTS, _writes("events.csv", _E + f"1999-01-01;buller;{_HERE}" * 40)),
    "events at a time in words": (
        "events-time", _EVENTS, _writes("events.csv", _E + f"i går;buller;{_HERE}" * 40)),
    "events without a type": (
        "events-kind", _EVENTS, _writes("events.csv", _E + f"2024-05-01;;{_HERE}" * 40)),
    "events on one point": (
        "events-same-point", _EVENTS,
        _writes("events.csv", _E + "".join(f"2024-05-0{n % 9 + 1};buller;{_HERE}" for n in range(400)))),
    "events in the sea": (
        "join-outside", _EVENTS, _writes("events.csv", _E + "2024-05-01;buller;100000;6150000\n" * 40)),
    "events in degrees": (
        "read-places-degrees", _EVENTS, _writes("events.csv", _E + "2024-05-01;buller;13.0;55.6\n" * 40)),
    "events nowhere": ("join-unplaced", _EVENTS, _writes("events.csv", _E + "2024-05-01;buller;;\n" * 40)),
    "events that are not there": ("read-missing-file", _EVENTS, _gone("events.csv")),
    "events without the column": ("read-column-missing", _EVENTS.replace('"tid"', '"datum"'), _nothing),
    "no places": ("read-header-only", _ACCESS, _writes("places.csv", "namn;x;y;plats\n")),
    "a place without coordinates": (
        "access-places", _ACCESS, _writes("places.csv", f"namn;x;y;plats\nEtt;;;2\nTvå;{_HERE[:-1]};2\n")),
    "places far away": (
        "access-places", _ACCESS, _writes("places.csv", "namn;x;y;plats\nEtt;0;0;2\n")),
    "places swapped": (
        "read-places-swapped", _ACCESS, _writes("places.csv", f"namn;x;y;plats\nEtt;{NORTH};{EAST};2\n")),
    "a capacity below 0": (
        "access-weights", _ACCESS.replace("crs = 3008 }", 'crs = 3008, capacity = "plats" }'),
        _writes("places.csv", f"namn;x;y;plats\nEtt;{_HERE[:-1]};-2\n")),
    "a capacity missing": (
        "access-weights", _ACCESS.replace("crs = 3008 }", 'crs = 3008, capacity = "plats" }'),
        _writes("places.csv", f"namn;x;y;plats\nEtt;{_HERE[:-1]};\n")),
    "a weight of users below 0": (
        "access-weights", _ACCESS.replace('who = "barn"', 'who = "barn"\nweight = "alder"'),
        lambda folder: people().assign(alder=-1).to_csv(folder / "people.csv", sep=";", index=False)),
    "users of nobody": ("run-form", _ACCESS.replace("among = { alder = { max = 17 } }\n", ""), _nothing),
    "a limit of 0": ("run-form", _ACCESS.replace("400", "0"), _nothing),
    "an infinite limit": ("run-form", _ACCESS.replace("400", "inf"), _nothing),
    "a kind with an indicator's code": ("run-name", _ACCESS.replace('"forskola"', '"A"'), _nothing),
    "a network of points": ("access-network", _ACCESS + _NETWORK, _lines(point(1, 1))),
    "a network of areas": ("access-network", _ACCESS + _NETWORK, _lines(box(EAST, NORTH, EAST + 9, NORTH + 9))),
    "a network in another CRS": ("access-network", _ACCESS + _NETWORK, _lines(_LINE_HERE, crs=3006)),
    "an empty network": ("read-header-only", _ACCESS + _NETWORK, _lines()),
    "a network of empty lines": ("access-network", _ACCESS + _NETWORK, _lines(LineString())),
    "lines one way by a text": (
        "access-network", _ACCESS + _NETWORK + 'one_way = "namn"\n', _lines(_LINE_HERE)),
    "more new places than there may be": (
        "run-form", _ACCESS + "\n[access.siting]\nnew = 21\n", _nothing),
    "new places of no candidates": (
        "siting-candidates",
        _ACCESS + '\n[access.siting]\nnew = 3\ncandidates = { file = "places.csv", x = "x", y = "y", crs = 3008 }\n',
        _nothing),
    "a further figure of no area": (
        "join-unknown", _AGAINST, _writes("further.csv", "kod;andel\n9;1\n")),
    "a further figure twice": (
        "join-duplicate", _AGAINST, _writes("further.csv", "kod;andel\n1;1\n1;2\n2;3\n3;4\n4;5\n")),
    "a further figure in words": (
        "read-not-a-number", _AGAINST, _writes("further.csv", "kod;andel\n1;låg\n2;1\n3;1\n4;1\n")),
    "an infinite further figure": (
        "read-infinite", _AGAINST, _writes("further.csv", "kod;andel\n1;inf\n2;1\n3;1\n4;1\n")),
    "a further figure without its column": (
        "run-form", _AGAINST.replace('column = "andel"\n', ""), _nothing),
    "a further figure of no access": (
        "run-name", '[[against]]\ncode = "n"\nname = "Nära"\naccess = "skola"\n', _nothing),
    "a road of points": ("background-shapes", _ROAD, _lines(point(1, 1))),
    "a road of areas": ("background-shapes", _ROAD, _lines(box(EAST, NORTH, EAST + 9, NORTH + 9))),
    "a road elsewhere": ("background-outside", _ROAD, _lines(_LINE_AWAY)),
    "a road without a CRS": ("read-crs-missing", _ROAD, _lines(_LINE_HERE, crs=None)),
    "a road without its names": ("background-label", _ROAD.replace('"namn"', '"vag"'), _nothing),
    "places without names": (
        "background-label", _ROAD.replace("road", "place").replace('label = "namn"\n', ""),
        _lines(point(1, 1))),
    "names of persons": (
        "background-personal", _ROAD, _lines(_LINE_HERE, namn=["20121212-1212"])),
    "a kind nobody draws": ("run-form", _ROAD.replace("road", "väg"), _nothing),
    "a background that is not there": ("read-missing-file", _ROAD, _gone("lines.gpkg")),
    "a register of efforts that is not there": (
        "read-missing-file", '[efforts]\nfile = "inga.csv"\n', _nothing),
    "a plan that is not there": ("effects-file", '[effects]\nplans = ["ingen.toml"]\n', _nothing),
    "cells of a metre": ("run-form", "[lagesbild]\ncell = 1\n", _nothing),
}  # fmt: skip
_ = (CANARY, layer)
