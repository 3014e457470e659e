"""CSV in Swedish reality."""

from __future__ import annotations

import csv
import math
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geolyft.errors import ReadError
from geolyft.read import SCB_MARKS, Table, TextOptions, read_table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Table]:
    def write_and_read(text: str, *, encoding: str = "utf-8", **options: object) -> Table:
        (tmp_path / "a.csv").write_bytes(text.encode(encoding))
        return read_table(tmp_path / "a.csv", **options)

    return write_and_read


def numbers_of(read: Callable[..., Table], cells: list[str], **options: object) -> list[float]:
    rows = "".join(f"{n};{cell}\n" for n, cell in enumerate(cells))
    return read("code;n\n" + rows, numbers=["n"], **options).frame["n"].tolist()


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u202f", "\u2009"])
@pytest.mark.parametrize("minus", ["-", "\u2212"])
def test_swedish_thousands_and_minus_are_understood(
    read: Callable[..., Table], space: str, minus: str
) -> None:
    assert numbers_of(read, [f"{minus}1{space}234{space}567,5", " 12 "]) == [-1234567.5, 12.0]


def test_a_file_with_decimal_points_is_understood(read: Callable[..., Table]) -> None:
    assert numbers_of(read, ["1.5", "12", "1e-05"]) == [1.5, 12.0, 1e-05]


def test_stops_that_the_numbers_show_to_be_thousands_are_thousands(
    read: Callable[..., Table],
) -> None:
    assert numbers_of(read, ["1.234.567,5", "1.234"]) == [1234567.5, 1234.0]


def test_one_clear_number_decides_for_the_unclear_ones(read: Callable[..., Table]) -> None:
    assert numbers_of(read, ["1,234", "0,5"]) == [1.234, 0.5]


@pytest.mark.parametrize(("decimal", "number"), [(",", 1.234), (".", 1234.0)])
def test_a_decimal_sign_that_is_given_is_obeyed(
    read: Callable[..., Table], decimal: Literal[",", "."], number: float
) -> None:
    options = TextOptions(decimal=decimal, thousands=" " if decimal == "," else ",")
    assert numbers_of(read, ["1,234"], options=options) == [number]


@pytest.mark.parametrize(
    ("given", "number"),
    [({"decimal": "."}, 1.02), ({"decimal": ",", "thousands": "."}, 1020.0)],
)
def test_what_a_refusal_of_thousands_offers_is_a_way_out(
    read: Callable[..., Table], given: dict[str, Any], number: float
) -> None:
    table = read("c,n\na,1.020\nb,30\n", numbers=["n"], options=TextOptions(**given))
    assert table.frame["n"].tolist() == [number, 30.0]


def test_a_number_that_is_no_thousands_decides_for_those_that_could_be(
    read: Callable[..., Table],
) -> None:
    table = read("c,n,m\na,1.020,0.5\nb,30,2\n", numbers=["n", "m"])
    assert table.frame["n"].tolist() == [1.02, 30.0]


def test_between_commas_a_stop_can_only_be_the_decimal_sign(read: Callable[..., Table]) -> None:
    assert read("code,n\na,1.234\n", numbers=["n"]).frame["n"].tolist() == [1.234]


def test_each_mark_says_why_there_is_no_number_and_only_a_dash_is_zero(
    read: Callable[..., Table],
) -> None:
    cells = ["..", ".", "x", "<5", "< 10", "", "-", "–", "7"]
    rows = "".join(f"a;{cell}\n" for cell in cells)
    table = read("code;n\n" + rows, numbers=["n"])
    hidden, missing = "hidden", "missing"
    assert table.marks["n"].tolist() == [
        hidden, missing, hidden, hidden, hidden, missing, "", "", "",
    ]  # fmt: skip
    assert table.frame["n"].isna().tolist() == [True] * 6 + [False] * 3
    assert table.frame["n"].iloc[6:].tolist() == [0, 0, 7]
    assert table.understood.marks == {"..": 1, ".": 1, "x": 1, "<": 2, "": 1, "-": 1, "–": 1}


def test_a_mark_of_ones_own_is_understood(read: Callable[..., Table]) -> None:
    options = TextOptions(marks={**SCB_MARKS, "#": "hidden"})
    assert math.isnan(numbers_of(read, ["#"], options=options)[0])


@pytest.mark.parametrize("code", ["0180", "128E10", "NA", "nan", "1,5", "..", "-", "=1+1", " a "])
def test_a_code_is_text_from_the_first_byte(read: Callable[..., Table], code: str) -> None:
    table = read(f"code;n\n{code};1\n", numbers=["n"])
    assert table.frame["code"].tolist() == [code]


@pytest.mark.parametrize(
    "footer",
    ["\nKälla: SCB\n", "Källa: SCB; Malmö stad\n", ";\n;\n\nNot som löper\növer två rader\n"],
)
def test_notes_below_the_table_are_set_aside_and_counted(
    read: Callable[..., Table], footer: str
) -> None:
    table = read("code;n\na;1\nb;\n" + footer, numbers=["n"])
    assert table.frame["code"].tolist() == ["a", "b"]
    assert table.understood.footer_rows == (2 if "löper" in footer else 1)


def test_one_last_sum_row_is_set_aside_and_counted(read: Callable[..., Table]) -> None:
    table = read("code;n\na;1\nb;2\nSumma;3\nKälla: SCB\n", numbers=["n"])
    assert table.frame["n"].tolist() == [1, 2]
    assert table.understood.footer_rows == 2


def test_a_sum_row_is_kept_when_that_is_asked(read: Callable[..., Table]) -> None:
    table = read("code;n\nTotalt;3\na;1\n", numbers=["n"], options=TextOptions(footer="keep"))
    assert table.frame["n"].tolist() == [3, 1]


@pytest.mark.parametrize("footer", ["\nKälla: SCB\n", "Källa: SCB\n", "\nUttag 2024\n"])
def test_a_note_is_no_data_where_sum_rows_are(read: Callable[..., Table], footer: str) -> None:
    text = "tenure;code;n\nhyra;a;1\ntotalt;a;3\n" + footer
    table = read(text, numbers=["n"], options=TextOptions(footer="keep"))
    assert table.frame["n"].tolist() == [1, 3]
    assert table.understood.footer_rows == 1


def test_a_row_of_more_than_one_cell_is_kept_whatever_it_begins_with(
    read: Callable[..., Table],
) -> None:
    text = "code;n\na;1\nTotalt;3\nKälla: brunn;\n"
    table = read(text, numbers=["n"], options=TextOptions(footer="keep"))
    assert table.frame["code"].tolist() == ["a", "Totalt", "Källa: brunn"]


def test_an_area_without_figures_at_the_end_is_no_note(read: Callable[..., Table]) -> None:
    table = read("code;n\na;1\nNorra Sorgenfri;\n", numbers=["n"])
    assert len(table.frame) == 2
    assert table.understood.footer_rows == 0


def test_blank_rows_move_no_row_number(read: Callable[..., Table]) -> None:
    with pytest.raises(ReadError, match="row 5, column n"):
        read("code;n\na;1\n\n;\nb;text\n", numbers=["n"])


def test_rows_far_into_a_long_file_keep_their_number(read: Callable[..., Table]) -> None:
    rows = "".join(f"{n};{n}\n" for n in range(2, 120_001))
    assert len(read("code;n\n" + rows, numbers=["n"]).frame) == 119_999
    with pytest.raises(ReadError, match="row 120001, column n"):
        read("code;n\n" + rows + "x;text\n", numbers=["n"])
    with pytest.raises(ReadError, match="row 120001"):
        read("code;n\n" + rows + "x;1;2\n", numbers=["n"])


def test_columns_come_in_the_order_asked_and_header_spaces_are_dropped(
    read: Callable[..., Table],
) -> None:
    table = read(" a ;b;ko\u0308n\n1;2;3\n", columns=["kön", "a"])
    assert table.frame.to_dict("list") == {"kön": ["3"], "a": ["1"]}


def test_rows_that_all_end_with_a_separator_like_the_header_are_read(
    read: Callable[..., Table],
) -> None:
    assert list(read("a;b;\n1;2;\n").frame) == ["a", "b"]


def test_a_title_is_skipped_when_that_is_asked(read: Callable[..., Table]) -> None:
    table = read("Folkmängd\n\na;b\n1;2\n", options=TextOptions(skip_rows=1))
    assert list(table.frame) == ["a", "b"]


def test_a_file_of_one_column_is_read(read: Callable[..., Table]) -> None:
    assert read("code\n0180\nNA\n").frame["code"].tolist() == ["0180", "NA"]


def test_excels_own_first_line_names_the_separator(read: Callable[..., Table]) -> None:
    assert list(read("sep=|\na|b;c\n1|2\n").frame) == ["a", "b;c"]


def test_a_refused_cell_is_never_shown(read: Callable[..., Table]) -> None:
    with pytest.raises(ReadError) as caught:
        read("code;n\n19800101-1234;Anna Canary\n", numbers=["n"])
    assert "Canary" not in str(caught.value)
    assert "1980" not in str(caught.value)
    assert str(caught.value).startswith("a.csv, row 2, column n: ")


@settings(max_examples=200, deadline=None)
@given(
    number=st.integers(-(10**12), 10**12),
    places=st.integers(0, 6),
    space=st.sampled_from(["", " ", "\u00a0", "\u202f", "\u2009"]),
    minus=st.sampled_from(["-", "\u2212"]),
)
def test_a_number_written_the_swedish_way_is_the_same_number(
    tmp_path_factory: pytest.TempPathFactory, number: int, places: int, space: str, minus: str
) -> None:
    value = number / 10**places
    written = f"{value:,.{places}f}".replace(",", space).replace(".", ",").replace("-", minus)
    path = tmp_path_factory.mktemp("n") / "a.csv"
    path.write_text(f"code;n\na;{written}\n", encoding="utf-8")
    table = read_table(path, numbers=["n"], options=TextOptions(decimal=","))
    assert table.frame["n"].iloc[0] == float(f"{value:.{places}f}")


CODE = st.text(
    st.characters(codec="cp1252", exclude_categories=["C"], exclude_characters="ÃÂâ†„”Œ"),
    min_size=1,
    max_size=12,
)


@settings(max_examples=200, deadline=None)
@given(codes=st.lists(CODE, min_size=1, max_size=5), encoding=st.sampled_from(["utf-8", "cp1252"]))
def test_any_text_survives_as_it_is(
    tmp_path_factory: pytest.TempPathFactory, codes: list[str], encoding: str
) -> None:
    path = tmp_path_factory.mktemp("c") / "a.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerows([["code", "n"], *([code, "1"] for code in codes)])
    options = TextOptions(footer="keep", encoding=encoding)
    table = read_table(path, numbers=["n"], options=options)
    assert table.frame["code"].tolist() == codes


def test_the_index_of_frame_and_marks_is_the_same(read: Callable[..., Table]) -> None:
    table = read("code;n\na;1\nb;..\n", numbers=["n"])
    assert table.frame.index.equals(table.marks.index)
    assert np.isnan(table.frame["n"].iloc[1])
