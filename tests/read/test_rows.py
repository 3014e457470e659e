"""No row is lost: rows of a file are rows counted and rows said."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from needs import module

from geolyft.errors import ReadError
from geolyft.read import Table, TextOptions, Understood, open_points, read_table, seen_in
from geolyft.read.formats import csv as text_files
from geolyft.read.understand.rows import choose

if TYPE_CHECKING:
    from pathlib import Path

openpyxl = module("openpyxl")

NOTELIKE = ["*", "* maskerad", "© Rosengård", "1) Rosengård", "Obs: maskerad", "(c) 17", "not: 3"]


def said_of(known: Understood) -> int:
    return known.rows + known.footer_rows + known.blank_rows + known.dropped_rows


def read(folder: Path, text: str, numbers: tuple[str, ...] = ("n",), **options: object) -> Table:
    (folder / "a.csv").write_text(text, encoding="utf-8", newline="")
    return read_table(folder / "a.csv", numbers=numbers, options=TextOptions(**options))


@pytest.mark.parametrize("first", NOTELIKE)
@pytest.mark.parametrize("rest", ["12;ja", "12;", "..;ja", "-;nej", ";ja"])
def test_a_row_that_begins_like_a_note_and_goes_on_like_a_person_is_one(
    tmp_path: Path, first: str, rest: str
) -> None:
    table = read(tmp_path, f"id;n;typ\na;1;ja\nb;2;nej\n{first};{rest}\n")
    assert table.frame["id"].tolist() == ["a", "b", first]
    assert table.understood.footer_rows == 0


@pytest.mark.parametrize(
    "note",
    [
        "Källa: SCB; uppdaterad 2025;",
        "Källa: SCB;;",
        "Källa: SCB; 2025",
        "Källa: SCB; 2025;",
        "* preliminärt;;",
        "* avser 31 december; se kvalitetsdeklarationen",
        "1) Avser; preliminärt;",
        "Obs: inte jämförbart; ny metod; ny källa",
        "© SCB",
        "Siffrorna är avrundade",
        "\nAlla som bor i staden;;",
    ],
)
def test_a_note_below_the_table_is_one_whatever_it_holds(tmp_path: Path, note: str) -> None:
    table = read(tmp_path, f"kod;n;andel\nA;1;2\nB;2;3\n{note}\n", ("n", "andel"))
    assert table.frame["kod"].tolist() == ["A", "B"]
    assert table.understood.footer_rows == 1


CELLS = st.sampled_from(["", "1", "22", "..", "ja"])
FIRST = st.sampled_from([*NOTELIKE, "a", "", "Källa: SCB", "Summa"])
ROWS = st.lists(st.tuples(FIRST, CELLS, CELLS))
KINDS = ["csv", pytest.param("excel", marks=pytest.mark.needs("openpyxl"))]


@given(rows=ROWS, end=st.sampled_from(["", "\n\n", "Källa: SCB;;\n", "\nEn anmärkning\n"]))
def test_every_row_of_a_text_file_is_counted_or_said(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]], end: str
) -> None:
    written = io.StringIO()
    csv.writer(written, delimiter=";", lineterminator="\n").writerows([("id", "a", "b"), *rows])
    text = written.getvalue() + end
    try:
        known = read(tmp_path_factory.getbasetemp(), text, numbers=()).understood
    except ReadError as refusal:
        assert refusal.code in ("read-header-only", "read-sum-row")  # noqa: PT017
        return
    lines = [line.strip(";") for line in text.splitlines()[1:]]
    while not lines[-1]:
        lines.pop()
    assert said_of(known) == len(lines)
    assert known.rows == len([line for line in lines if line]) - known.footer_rows


def test_blank_rows_of_a_chunk_without_data_are_counted_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_files, "_CHUNK", 4)
    rows = "118000;6163000\n" + ";\n" * 10 + "118000;6163000\n" * 3 + ";\nKälla: SCB;\n\n"
    (tmp_path / "a.csv").write_text("x;y\n" + rows, encoding="utf-8")
    file = open_points(tmp_path / "a.csv", x="x", y="y", crs=3008)
    first, *others = [seen_in(batch) for batch in file.batches()]
    known = file.finish(sum(others, start=first))
    assert (known.rows, known.blank_rows, known.footer_rows) == (4, 11, 1)


def sheet_of(folder: Path, rows: list[list[Any]], hidden: tuple[int, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for number in hidden:
        book.active.row_dimensions[number].hidden = True
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def rewritten(path: Path, old: bytes, new: bytes) -> Path:
    """Change a sheet's XML, as other programs write it."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    assert old in parts[sheet]
    parts[sheet] = parts[sheet].replace(old, new)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize("size", [b"A1", b"A1:B3", b"A1:A5", b"A1:XFD9"])
@pytest.mark.needs("openpyxl")
def test_a_size_that_a_sheet_says_itself_is_not_believed(tmp_path: Path, size: bytes) -> None:
    path = sheet_of(tmp_path, [["kod", "n"], *([f"A{n}", n] for n in range(4))])
    rewritten(path, b'<dimension ref="A1:B5"', b'<dimension ref="' + size + b'"')
    table = read_table(path, numbers=["n"])
    assert table.frame["n"].tolist() == [0, 1, 2, 3]


@pytest.mark.needs("openpyxl")
def test_hidden_rows_are_read_and_counted_and_left_out_where_asked(tmp_path: Path) -> None:
    rows = [["kod", "n"], ["A", 1], ["B", 2], [None, None], ["C", 3], ["Källa: SCB", None]]
    path = sheet_of(tmp_path, rows, hidden=(3, 4, 5, 6))
    options = {each: TextOptions(hidden_rows=each) for each in (None, "keep", "drop")}
    known = {each: read_table(path, numbers=["n"], options=said) for each, said in options.items()}
    for each in (None, "keep"):
        assert known[each].frame["n"].tolist() == [1, 2, 3]
        assert "2 rows hidden in Excel were read" in known[each].understood.sentence()
    assert known["drop"].frame["n"].tolist() == [1]
    assert "2 rows hidden in Excel left out" in known["drop"].understood.sentence()
    assert {said_of(table.understood) for table in known.values()} == {5}
    assert {table.understood.blank_rows for table in known.values()} == {1}


@pytest.mark.needs("openpyxl")
def test_hidden_rows_are_seen_as_every_program_writes_them(tmp_path: Path) -> None:
    path = sheet_of(tmp_path, [["kod", "n"], ["A", 1], ["B", 2]], hidden=(3,))
    rewritten(path, b'<row r="3" hidden="1"', b"<row hidden='true'")
    assert read_table(path, numbers=["n"]).understood.hidden_rows == 1


@pytest.mark.needs("openpyxl")
def test_a_sum_row_that_is_hidden_and_left_out_is_no_reason_to_refuse(tmp_path: Path) -> None:
    path = sheet_of(tmp_path, [["kod", "n"], ["A", 1], ["Summa", 1], ["B", 2]], hidden=(3,))
    with pytest.raises(ReadError, match="row 3: 1 rows among the data are sums"):
        read_table(path, numbers=["n"])
    left = read_table(path, numbers=["n"], options=TextOptions(hidden_rows="drop"))
    assert left.frame["n"].tolist() == [1, 2]


HEADERS = {
    "first of several": [["", "a", "b"], ["A", "1", "2"]],
    "first of two": [["", "a"], ["A", "1"]],
    "last": [["a", "b", ""], ["1", "2", "A"]],
    "index of pandas": [["", "kod", "n"], ["0", "A", "1"], ["1", "B", "2"]],
}


@pytest.mark.parametrize("case", HEADERS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_column_without_a_name_is_called_by_its_number(
    tmp_path: Path, case: str, kind: str
) -> None:
    header, *rows = HEADERS[case]
    at = header.index("")
    if kind == "csv":
        path = tmp_path / "a.csv"
        path.write_text("".join(";".join(row) + "\n" for row in [header, *rows]), encoding="utf-8")
    else:
        path = sheet_of(tmp_path, [[cell or None for cell in header], *rows])
    name = f"column {at + 1}"
    assert read_table(path, columns=[name]).frame[name].tolist() == [row[at] for row in rows]
    assert list(read_table(path).frame) == [each or name for each in header]
    with pytest.raises(ReadError, match=f"there are .*{name}.*{name!r} for the one without"):
        read_table(path, columns=["region"])


def test_a_separator_that_ends_each_row_makes_no_column(tmp_path: Path) -> None:
    assert list(read(tmp_path, "kod;n;\nA;1;\nB;2;\n").frame) == ["kod", "n"]


def test_what_a_cube_says_of_its_dimensions_is_said(tmp_path: Path) -> None:
    labels = 'STUB="kön";VALUES("kön")="män","kvinnor";CODES("kön")="1","2";DATA=3 4;'
    (tmp_path / "a.px").write_text('CHARSET="ANSI";' + labels, encoding="utf-8")
    known = read_table(tmp_path / "a.px").understood
    assert known.dimensions == {"kön": "2 values (1 män, 2 kvinnor)"}
    assert "kön: 2 values (1 män, 2 kvinnor)" in known.sentence()


class Compared(str):
    """A name that counts how often it is held against another."""

    __slots__ = ()
    times = 0

    def __eq__(self, other: object) -> bool:
        Compared.times += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def test_a_wide_header_is_not_looked_through_for_each_of_its_names() -> None:
    names = [Compared(f"k{n}") for n in range(1000)]
    Compared.times = 0
    chosen = choose(names, numbers=[Compared("k999")], columns=None, where="a.csv")
    assert chosen == [f"k{n}" for n in range(1000)]
    assert Compared.times < 10 * len(names)
