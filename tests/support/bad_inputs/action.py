"""What is read beside the figures: efforts, plans and crosswalks."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Final

from whole_files import PLAN

from bad_inputs.case import Bad, edited, edits, gone, nothing, pipe, texts, writes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bad_inputs.case import Spoil

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
    "a cost in another money": (
        "efforts-choice", "insatser", {"kostnad": "5", "kostnad_enhet": "EUR"}),
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
    "a time that is none": (
        "efforts-clock", "insatser_tider", {"rad_id": "X", "veckodag": "måndag", "fran": "25:00"}),
    "a time with a stop": (
        "efforts-clock", "insatser_tider", {"rad_id": "X", "veckodag": "måndag", "fran": "kl 17"}),
    "a time of no row": (
        "efforts-unknown", "insatser_tider",
        {"rad_id": "Y", "veckodag": "måndag", "fran": "17:00"}),
}  # fmt: skip

EFFORT_FILES: Final = {
    "a column too many": ("efforts-column", "evidens_original", "mer"),
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
    "nested without end": ("effects-register", "[" * 100_000),
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
        yield Bad(f"{table}.csv: not there", "efforts-table", gone(f"{table}.csv"), EFFORTS)
    board = (
        "efforts",
        "diff",
        "insatser.csv",
        "insatser.csv",
        "--board",
        "Nämnd nio",
        "--run",
        "run.toml",
    )
    yield Bad("efforts: a board that has no row", "efforts-board", nothing, board)
    yield from edits("plan.toml", PLANS, COMPUTE)
    yield from texts("plan.toml", PLAN_TEXTS, COMPUTE)
    for name, (code, text) in REGISTERS.items():
        yield Bad(f"delivery, planer.jsonl: {name}", code, writes("planer.jsonl", text), REGISTER)
    yield Bad("delivery, planer.jsonl: a pipe", "effects-register", pipe("planer.jsonl"), REGISTER)
    yield from edits("small.csv", MOVED, MOVE)
    yield from edits("crosswalk.csv", CROSSWALKS, MOVE)


def _row(table: str, cells: dict[str, str]) -> Spoil:
    """Change cells of a table's first row, or give it one."""

    def spoil(folder: Path) -> None:
        file = folder / f"{table}.csv"
        with file.open(encoding="utf-8", newline="") as opened:
            names, *rows = csv.reader(opened)
        row = dict(zip(names, rows[0] if rows else [""] * len(names), strict=True)) | cells
        with file.open("w", encoding="utf-8", newline="") as opened:
            csv.writer(opened).writerows([names, list(row.values()), *rows[1:]])

    return spoil


def _twice(file: str) -> Spoil:
    return edited(file, lambda text: text + text.splitlines()[-1] + "\n")
