"""What Arrow reads of a CSV of points is what the careful reader says, refusals included."""

from __future__ import annotations

import hashlib
import pickle
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from geolyft.errors import ReadError
from geolyft.read import FileSeen, TextOptions, open_points, seen_in
from geolyft.read import look as _look
from geolyft.read.formats import csv as _csv
from geolyft.read.formats import csv_blocks as _blocks
from geolyft.read.understand import rows as _rows
from geolyft.read.understand.grid import strings
from geolyft.read.understand.model import SCB_MARKS
from geolyft.read.values import numbers as _numbers
from geolyft.read.values import plain as _plain
from geolyft.read.values.numbers import (
    NotANumberError,
    NumberStyle,
    parse,
    shown_by,
    style_evidence,
    tidy,
)
from geolyft.read.values.plain import Shapes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from geolyft.read.understand.model import Meaning

DELIVERED_TAIL = _blocks.TAIL
TAIL = 210
"""Longer than what can be notes, and short enough for hundreds of files."""
HEADER = "id;x;y;kon;n"
PLACE = {"x": "x", "y": "y", "crs": 3008, "numbers": ["n"], "columns": ["kon", "n"]}


def row(n: int) -> str:
    return f"p{n};{118_000 + n},5;{6_163_000 + n};{'KM'[n % 2]};{n}"


# More rows than the sixty that are looked at for the separator.
BODY = [row(n) for n in range(70)]
END = [row(n) for n in range(70, 70 + TAIL + 20)]


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_blocks, "TAIL", TAIL)
    monkeypatch.setattr(_blocks, "BLOCK", 400)


def answer(path: Path, **asked: object) -> tuple[object, bool]:
    """Return the refusal, or everything that was read; and whether Arrow read it."""
    fast = False
    try:
        file = open_points(path, **{**PLACE, **asked})
        fast = file.blocks is not None
        batches = list(file.batches())
        understood = file.finish(sum(map(seen_in, batches), FileSeen()))
    except ReadError as refusal:
        return str(refusal), fast
    frames = [
        pd.concat(part, ignore_index=True)
        for part in zip(*((batch.frame, batch.marks) for batch in batches), strict=True)
    ]
    return [[frame.to_csv(), *frame.dtypes.items()] for frame in frames] + [understood], fast


def carefully(path: Path, **asked: object) -> object:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(_look, "look_at_blocks", lambda *_: None)
        return answer(path, **asked)[0]


def same(path: Path, data: bytes, **asked: object) -> bool:
    """Hold the answer against the careful reader's, and return whether Arrow read the file."""
    path.write_bytes(data)
    read, fast = answer(path, **asked)
    assert read == carefully(path, **asked)
    return fast


def text_of(body: list[str], *, header: str = HEADER, end: list[str] = END) -> str:
    return "\n".join([header, *body, *end, ""])


def odd(line: str, at: int = 65) -> str:
    """Return a file with one line of its own among the first, which Arrow is to read."""
    return text_of([*BODY[:at], line, *BODY[at:]])


PROVEN = {
    "plain": text_of(BODY),
    "windows": text_of(BODY).replace("\n", "\r\n"),
    "both ends of lines": odd("p;118000,5;6163000;K;1\r"),
    "no last line end": text_of(BODY)[:-1],
    "a sign ends the file": text_of(BODY)[:-1] + ",",
    "quoted": text_of([line.replace(";K;", ';"K";').replace(";M;", ';"";') for line in BODY]),
    "a separator within quotes": odd('"p;q";118000,5;6163000;"K;M";1'),
    "marks": odd("p;118000,5;6163000;K;..") + "q;;6163000;K;<5\nr;118000,5;6163000;K;-\n",
    "marks below": text_of([line[:-1] + "<5" for line in BODY]),
    "spaces": odd("p; 118 000,5;6\u00a0163\u2009000;K;\u22121 000"),
    "spaces around": odd("\u2009p;\u00a0118000,5;\t6163000 ;K; \u22121\u202f"),
    "stops as thousands": odd("p;118.000,5;6.163.000;K;1.000"),
    "decided last": text_of(["p;118,531;6163000;K;1"] * 30, end=["p;118,531;6163000;K;1"] * 250)
    + row(1),
    "ambiguous": text_of(["p;118,531;6163000;K;1"] * 30, end=["p;118,531;6163000;K;1"] * 250),
    "thousands late": text_of(["p;118531;6163000;K;30"] * 300, end=["p;118531;6163000;K;1.020"])
    .replace(";", ","),
    "mixed signs": odd("p;118000.5;6163000;K;1"),
    "an exponent": odd("p;118000,5;6163000;K;1e-05"),
    "an exponent without a sign": odd("p;118000,5;6163000;K;1e5"),
    "infinite": odd("p;118000,5;6163000;K;inf"),
    "too large": odd(f"p;118000,5;6163000;K;{'9' * 400}"),
    "not a number": odd("p;118000,5;6163000;K;nan"),
    "a sign and nothing": odd("p;118000,5;6163000;K;5,"),
    "several that are no numbers": odd("p;118000,5;6163000;K;#") + "p;118000,5;6163000;K;#\n",
    "percent": odd("p;118000,5;6163000;K;5 %"),
    "percent in a block of its own": text_of(
        [*(f"{line} %" for line in BODY[1:40]), *("p;118000,5;6163000;K;0" for _ in BODY)]
    ),
    "null words": odd("NULL;118000,5;6163000;NA;1"),
    "an empty first cell": odd(";118000,5;6163000;K;1"),
    "a space first": odd(" p;118000,5;6163000;K;1"),
    "sums by another name": odd("Summering;118000,5;6163000;K;1") + "Sund;118000,5;6163000;K;1\n",
    "letters": odd("Åsa;118000,5;6163000;ö;1"),
    "footer": text_of(BODY) + "\nKälla: SCB\nUttag 2024\n",
    "sum": text_of(BODY) + "Summa;118000,5;6163000;;\n",
    "sum and notes": text_of(BODY) + "Totalt:;118000,5;6163000;;\n\n*) preliminär\n",
    "blank rows at the end": text_of(BODY) + ";;;;\n\n",
    "sums late": text_of(BODY, end=[*END, "Summa;118000,5;6163000;;", *END]),
    "ends in a separator": "\n".join(f"{line};" for line in [HEADER, *BODY, *END, ""])[:-1],
    "sep": "sep=;\n" + text_of(BODY),
    "blank above": "\n \n" + text_of(BODY),
    "quoted header": text_of(BODY, header='"id";"x";"y";"kon";"n"'),
    "degrees": text_of(["p;13,25;55,5;K;1"] * 30, end=["p;13,25;55,5;K;1"] * 250),
    "between commas": text_of(BODY).replace(",", ".").replace(";", ","),
    "between tabs": text_of(BODY).replace(";", "\t"),
    "cells and no name": text_of([f"{line};1" for line in BODY], header=HEADER + ";",
                                 end=[f"{line};" for line in END]),
}  # fmt: skip
UNUSUAL = {
    "a sum": odd("Summa;118000,5;6163000;K;1"),
    "a sum in the second cell": odd(";Totalt;6163000;K;1"),
    "a sum in quotes": odd('"Total";118000,5;6163000;K;1'),
    "a sum after a space": odd(" \u00a0summa :;118000,5;6163000;K;1"),
    "a sum with a long s": odd("\u017fumma;118000,5;6163000;K;1"),
    "no cells": odd(";;;;"),
    "no cells in quotes": odd('"";;"";;'),
    "cells of spaces": odd(" ;; ;;"),
    "no line": odd(""),
    "a first line that is none": odd("", at=0),
    "short": odd("p;118000,5;6163000;K"),
    "long": odd("p;118000,5;6163000;K;1;2"),
    "a note": odd("Källa: SCB"),
    "a return": odd("p;118000,5;6163000;K;1\rp;118000,5;6163000;K;1"),
    "a return within": odd("p;118000,5;6163000;K\rM;1"),
    "returns only": text_of(BODY).replace("\n", "\r"),
    "a quotation mark within": odd('p"q;118000,5;6163000;K;1'),
    "two of them": odd('"p""q";118000,5;6163000;K;1'),
    "one not closed": odd('"p;118000,5;6163000;K;1'),
    "closed too early": odd('"p"q;118000,5;6163000;K;1'),
    "a line within quotes": odd('p;118000,5;6163000;"K\nM";1'),
    "rows within quotes": odd('p;118000,5;6163000;"K\np;1;2;K;1\n";1'),
    "rows within quotes, parted by returns": odd('p;118000,5;6163000;"K\rp;1;2;K;1";1'),
    "a mark of byte order": odd("\ufeffp;118000,5;6163000;K;1", at=0),
    "a very long cell": odd(f"{'p' * 140_000};118000,5;6163000;K;1"),
    "nameless": odd("p;118000,5;6163000;K;1;").replace(HEADER, HEADER + ";"),
    "binary": odd("p;118000,5;6163000;K\0;1"),
    "garbled": odd("p;118000,5;6163000;Ã¥;1"),
    "twice": text_of(BODY, header="id;x;y;kon;KON"),
    "no such column": text_of(BODY, header="id;x;y;sex;n"),
    "a header of two lines": text_of(BODY, header='"id\n";x;y;kon;n'),
    "a title": "Invånare\n" + text_of(BODY),
    "few rows": text_of(BODY, end=[]),
    "one column": "\n".join(["x", *("1" for _ in range(300))]),
}  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("name", [*PROVEN, *UNUSUAL])
def test_whoever_reads_says_the_same(name: str, encoding: str, tmp_path: Path) -> None:
    data = {**PROVEN, **UNUSUAL}[name].encode(encoding, "replace")
    fast = same(tmp_path / "p.csv", data)
    if encoding != "cp1252":  # whose text is another where it lacks a letter
        refused = {"ambiguous", "thousands late", "mixed signs", "sums late"}
        assert fast is (name in PROVEN and name not in refused and encoding != "utf-16")


@pytest.mark.parametrize("name", _rows.SUMS)
def test_every_name_of_a_sum_is_found_among_the_rows(name: str, tmp_path: Path) -> None:
    for first in (name, name.upper(), f"{name.title()}: ", f'"{name}"'):
        for line in (f"{first};118000,5;6163000;K;1", f";{first};6163000;K;1"):
            assert not same(tmp_path / "p.csv", odd(line).encode())


TOKENS = [
    '"', '""', ";", ";;", ",", ".", " ", "\xa0", "\r", "\n", "\r\n", "\t", "\x00", "e", "1e5",
    "1e-05", "1e-0005", "5", "-", "+", "+5", "-5", "-0", "00", "\u2212", "..", ".", "…", "x", "X",
    "<", "<5", "< 10", "≤5", "Summa", "total", " Totalt:", "nan", "inf", "-Infinity", "0x1",
    "1_0", "5 %", "50%", "Ã¥", "å", "Åsa", "\ufeff", "�", "1 234", "1\u202f234", "1,234", "1.234",
    "1.234.567", "1.234,5", "12,5", ",5", "5,", "5.", "Källa: a", "Not en", "#", "*) b", "NULL",
    "NA", "true", '"a;b"', '"M"', "' ", "\x1a", "\x0b", "\x1f", "\u2028", "\x85", "١", "５", "1d5",
    "1f", "K ", " M", "", ";;;;", "\n\n", "\n;;;;\n", "\n \n", "\n7,",
    "9" * 400,
]  # fmt: skip


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """Return a file of points into which up to three things were put that may be unusual."""
    separator, decimal = draw(st.sampled_from([(";", ","), (";", ","), (",", "."), ("\t", ".")]))
    enclosed = draw(st.sampled_from(["{}", "{}", '"{}"']))
    sign = draw(st.sampled_from([f"{decimal}5;", ";"]))
    lines = [line.replace(",5;", sign).split(";") for line in (HEADER, *BODY, *END)]
    cells = [[enclosed.format(cell) for cell in line] for line in lines]
    for _ in range(draw(st.integers(0, 3))):
        token = draw(st.sampled_from(TOKENS))
        at = draw(st.one_of(st.integers(1, len(BODY)), st.integers(0, len(lines) - 1)))
        column = draw(st.integers(0, 4))
        cell = cells[at][column]
        cut = draw(st.integers(0, len(cell)))
        cells[at][column] = draw(st.sampled_from([token, cell[:cut] + token + cell[cut:]]))
    text = draw(st.sampled_from(["\n", "\n", "\r\n"])).join(map(separator.join, cells))
    text += draw(st.sampled_from(["\n", "", "\n\nKälla: SCB\n", "\nSumma;;;;\n", "7,"]))
    return text.encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "cp1252"])), "replace")


OPTIONS = st.builds(
    TextOptions,
    decimal=st.sampled_from([None, None, ",", "."]),
    thousands=st.sampled_from([None, None, ".", " "]),
    footer=st.sampled_from(["detect", "detect", "keep"]),
    encoding=st.sampled_from([None, None, "utf-8", "latin-1", "cp850"]),
    marks=st.sampled_from(
        [SCB_MARKS, {**SCB_MARKS, "#": "zero", "5": "missing"}, {"..": "hidden"}]
    ),
)


@given(data=files(), options=OPTIONS, columns=st.sampled_from([["kon", "n"], None, ["id"]]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_arrow_reads_nothing_that_the_careful_reader_reads_otherwise(
    data: bytes, options: TextOptions, columns: list[str] | None, tmp_path: Path
) -> None:
    event("Arrow" if same(tmp_path / "p.csv", data, options=options, columns=columns) else "csv")


def test_a_refusal_late_in_the_file_is_in_the_careful_readers_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_csv, "_CHUNK", 100)
    lines = [row(n) for n in range(900)]
    for at in (*range(0, 900, 7), 450, 451):
        lines[at] = f"p{at};118000,5;6163000;K;fel"
    for start in (0, 300, 550):
        said, fast = answer_of(tmp_path, [*map(row, range(start)), *lines[start:]])
        assert fast
        assert "a text stands where a number should (the first of " in str(said)


def test_the_lines_that_are_read_carefully_are_more_than_can_be_notes() -> None:
    notes: list[Sequence[object]] = [["Källa: SCB"]] * 10 * DELIVERED_TAIL
    _, aside = _rows.split_footer([["a", "1"], *notes], 2)
    assert aside + 1 < TAIL < DELIVERED_TAIL


def answer_of(folder: Path, lines: list[str]) -> tuple[object, bool]:
    path = folder / "p.csv"
    fast = same(path, text_of(lines, end=[]).encode())
    return answer(path)[0], fast


def test_the_blocks_of_a_file_can_be_read_apart_and_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text(text_of(BODY) + "Summa;;;;\n", encoding="utf-8")
    file = open_points(path, **PLACE)
    assert file.groups > 3
    whole = pd.concat(batch.frame for batch in file.batches())
    assert len(whole) == file.rows == len(BODY) + len(END)
    away = pickle.loads(pickle.dumps(file))  # noqa: S301 - our own
    parts = file.parts(100)
    assert len(parts) > 1
    apart = [batch for part in parts for batch in away.batches(part)]
    assert pd.concat(batch.frame for batch in apart).equals(whole)
    understood = file.finish(sum(map(seen_in, apart), FileSeen()))
    assert (understood.rows, understood.footer_rows) == (len(whole), 1)
    assert understood.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("end", [END, []])
def test_a_file_that_changes_while_it_is_read_is_refused(end: list[str], tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text(text_of(BODY, end=end), encoding="utf-8")
    file = open_points(path, **PLACE)
    seen = sum(map(seen_in, file.batches()), FileSeen())
    path.write_text(text_of(BODY, end=end) + row(1), encoding="utf-8")
    with pytest.raises(ReadError) as refusal:
        file.finish(seen)
    assert refusal.value.code == "read-changed"
    path.write_text("x\n" * 3000, encoding="utf-8")
    with pytest.raises(ReadError):
        list(file.batches())


NUMBERS = st.text("0123456789-+.,<x \u00a0\u2212eE%", max_size=9) | st.sampled_from(TOKENS)
PLAIN = st.from_regex(r"\A-?[0-9]{1,5}([.,][0-9]{1,4})?\Z")


@given(
    cells=st.lists(PLAIN | NUMBERS, max_size=12) | st.lists(PLAIN, max_size=12),
    style=st.builds(NumberStyle, decimal=st.sampled_from([None, ",", "."])),
    marks=OPTIONS.map(lambda options: options.marks),
)
def test_a_plain_number_is_what_the_patterns_say(
    cells: list[str], style: NumberStyle, marks: Mapping[str, Meaning]
) -> None:
    raw = strings(["0", *cells])
    tidied = tidy(raw.slice(1))

    def said() -> object:
        try:
            made = parse(tidied, style, marks)
        except NotANumberError as refusal:
            return refusal.code, refusal.position, refusal.what, refusal.count
        return made.numbers.tobytes(), list(made.marks), made.counts

    def nothing(cells: list[str]) -> Shapes:
        none = np.zeros(len(cells), dtype=bool)
        return Shapes(whole=none, signs={",": none, ".": none}, unclear=none)

    found = said(), style_evidence(tidied)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(_numbers, "shapes_of", nothing)
        assert found == (said(), style_evidence(tidied))
    assert shown_by(raw).plain is all(map(_plain.PLAIN.fullmatch, ["0", *cells]))
