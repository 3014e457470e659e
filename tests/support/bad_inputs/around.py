"""What a run reads around its sources: events, access, further figures and the background."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
from shapely import LineString, box
from whole_files import EAST, NORTH, people, point

from bad_inputs.case import Bad, gone, nothing, replaces, writes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bad_inputs.case import Spoil


def around() -> Iterator[Bad]:
    """Yield every bad input around the sources."""
    for name, (code, said, spoil) in AROUND.items():
        yield Bad(f"around: {name}", code, _said(said, spoil))


def _said(said: str, spoil: Spoil) -> Spoil:
    """Let the run say more, of a file that is spoiled."""

    def more(folder: Path) -> None:
        spoil(folder)
        replaces("run.toml", "[[source]]", said + "\n[[source]]")(folder)

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
_PLACES: Final = '{ file = "places.csv", x = "x", y = "y", crs = 3008 }'
_ACCESS: Final = """\
[[access]]
code = "forskola"
name = "Förskola"
within = 400
places = PLACES

[access.users]
file = "people.csv"
x = "x"
y = "y"
crs = 3008
who = "barn"
among = { alder = { max = 17 } }
""".replace("PLACES", _PLACES)
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


def _events(time: str, kind: str = "buller", x: int = 0) -> Spoil:
    rows = "".join(f"{time};{kind};{EAST + x + n};{NORTH + n}\n" for n in range(1, 300))
    return writes("events.csv", _E + rows)


def _lines(*shapes: object, crs: object = 3008, **columns: object) -> Spoil:
    of = columns or {"namn": ["Gatan"] * len(shapes)}

    def spoil(folder: Path) -> None:
        (folder / "lines.gpkg").unlink()
        gpd.GeoDataFrame(of, geometry=list(shapes), crs=crs).to_file(folder / "lines.gpkg")

    return spoil


_LINE_HERE: Final = LineString([(EAST, NORTH), (EAST + 900, NORTH + 900)])
_LINE_THERE: Final = LineString([(374_000, 6_164_000), (375_000, 6_165_000)])
_LINE_AWAY: Final = LineString([(EAST + 90_000, NORTH), (EAST + 90_900, NORTH)])

AROUND: Final[dict[str, tuple[str, str, Spoil]]] = {
    "events without a time": (
        "events-time", _EVENTS, _events("")),
    "events of other years": (
        "events-time", _EVENTS, _events("1999-01-01")),
    "events at a time in words": (
        "events-time", _EVENTS, _events("i går")),
    "events without a type": (
        "events-kind", _EVENTS, _events("2024-05-01", kind="")),
    "events on one point": (
        "events-same-point", _EVENTS,
        writes("events.csv", _E + f"2024-05-01;buller;{_HERE}" * 400)),
    "events in the sea": (
        "join-outside", _EVENTS, _events("2024-05-01", x=-20_000)),
    "events in degrees": (
        "read-places-degrees", _EVENTS,
        writes("events.csv", _E + "2024-05-01;buller;13.0;55.6\n" * 40)),
    "events nowhere": (
        "join-unplaced", _EVENTS, writes("events.csv", _E + "2024-05-01;buller;;\n" * 40)),
    "no events": ("read-header-only", _EVENTS, writes("events.csv", _E)),
    "no users": ("read-header-only", _ACCESS, writes("people.csv", "alder;x;y\n")),
    "events that are not there": ("read-missing-file", _EVENTS, gone("events.csv")),
    "events without the column": (
        "read-column-missing", _EVENTS.replace('"tid"', '"datum"'), nothing),
    "no places": ("read-header-only", _ACCESS, writes("places.csv", "namn;x;y;plats\n")),
    "a place without coordinates": (
        "access-places", _ACCESS,
        writes("places.csv", f"namn;x;y;plats\nEtt;;;2\nTvå;{_HERE[:-1]};2\n")),
    "places far away": (
        "access-places", _ACCESS, writes("places.csv", "namn;x;y;plats\nEtt;0;0;2\n")),
    "places swapped": (
        "read-places-swapped", _ACCESS,
        writes("places.csv", f"namn;x;y;plats\nEtt;{NORTH};{EAST};2\n")),
    "a capacity below 0": (
        "access-weights", _ACCESS.replace("crs = 3008 }", 'crs = 3008, capacity = "plats" }'),
        writes("places.csv", f"namn;x;y;plats\nEtt;{_HERE[:-1]};-2\n")),
    "a capacity missing": (
        "access-weights", _ACCESS.replace("crs = 3008 }", 'crs = 3008, capacity = "plats" }'),
        writes("places.csv", f"namn;x;y;plats\nEtt;{_HERE[:-1]};\n")),
    "a weight of users below 0": (
        "access-weights", _ACCESS.replace('who = "barn"', 'who = "barn"\nweight = "alder"'),
        lambda folder: people().assign(alder=-1).to_csv(folder / "people.csv", sep=";")),
    "users of nobody": (
        "run-form", _ACCESS.replace("among = { alder = { max = 17 } }\n", ""), nothing),
    "a limit of 0": ("run-form", _ACCESS.replace("400", "0"), nothing),
    "an infinite limit": ("run-form", _ACCESS.replace("400", "inf"), nothing),
    "a kind with an indicator's code": ("run-name", _ACCESS.replace('"forskola"', '"A"'), nothing),
    "a network of points": ("access-network", _ACCESS + _NETWORK, _lines(point(1, 1))),
    "a network of areas": (
        "access-network", _ACCESS + _NETWORK, _lines(box(EAST, NORTH, EAST + 9, NORTH + 9))),
    "a network in another CRS": ("join-crs", _ACCESS + _NETWORK, _lines(_LINE_THERE, crs=3006)),
    "an empty network": ("read-header-only", _ACCESS + _NETWORK, _lines()),
    "a network of empty lines": ("access-network", _ACCESS + _NETWORK, _lines(LineString())),
    "lines one way by a text": (
        "access-network", _ACCESS + _NETWORK + 'one_way = "namn"\n', _lines(_LINE_HERE)),
    "more new places than there may be": (
        "run-form", _ACCESS + "\n[access.siting]\nnew = 21\n", nothing),
    "new places of no candidates": (
        "siting-candidates",
        _ACCESS + f"\n[access.siting]\nnew = 3\ncandidates = {_PLACES}\n",
        nothing),
    "a further figure of no area": (
        "join-unknown", _AGAINST, writes("further.csv", "kod;andel\n9;1\n")),
    "a further figure twice": (
        "join-duplicate", _AGAINST, writes("further.csv", "kod;andel\n1;1\n1;2\n2;3\n3;4\n4;5\n")),
    "a further figure in words": (
        "read-not-a-number", _AGAINST, writes("further.csv", "kod;andel\n1;låg\n2;1\n3;1\n4;1\n")),
    "an infinite further figure": (
        "read-infinite", _AGAINST, writes("further.csv", "kod;andel\n1;inf\n2;1\n3;1\n4;1\n")),
    "a further figure without its column": (
        "run-form", _AGAINST.replace('column = "andel"\n', ""), nothing),
    "a further figure of no access": (
        "run-name", '[[against]]\ncode = "n"\nname = "Nära"\naccess = "skola"\n', nothing),
    "a road of points": ("background-shapes", _ROAD, _lines(point(1, 1))),
    "a road of areas": ("background-shapes", _ROAD, _lines(box(EAST, NORTH, EAST + 9, NORTH + 9))),
    "a road elsewhere": ("background-outside", _ROAD, _lines(_LINE_AWAY)),
    "a road without a CRS": ("read-crs-missing", _ROAD, _lines(_LINE_HERE, crs=None)),
    "a road without its names": ("read-column-missing", _ROAD.replace('"namn"', '"vag"'), nothing),
    "places without names": (
        "background-label", _ROAD.replace("road", "place").replace('label = "namn"\n', ""),
        _lines(point(1, 1))),
    "names of persons": (
        "background-personal", _ROAD, _lines(_LINE_HERE, namn=["20121212-1212"])),
    "a kind nobody draws": ("run-form", _ROAD.replace("road", "väg"), nothing),
    "a background that is not there": ("read-missing-file", _ROAD, gone("lines.gpkg")),
    "a register of efforts that is not there": (
        "efforts-table", '[efforts]\nfile = "inga.csv"\n', nothing),
    "a plan that is not there": ("effects-file", '[effects]\nplans = ["ingen.toml"]\n', nothing),
    "cells of a metre": ("run-form", "[lagesbild]\ncell = 1\n", nothing),
}  # fmt: skip
