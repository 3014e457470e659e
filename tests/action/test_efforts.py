"""The register of efforts: every fault at once, the same after a round trip, nothing protected."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from efforts_register import KNOWN, effort, frame, place, register, write_register
from hypothesis import given
from hypothesis import strategies as st

from geolyft.action.efforts.diff import diff
from geolyft.action.efforts.form import tables
from geolyft.action.efforts.gazetteer import gazetteer
from geolyft.action.efforts.located import locate, summary
from geolyft.action.efforts.personal import marks_of_persons
from geolyft.action.efforts.register import read_register
from geolyft.action.efforts.template import write_template
from geolyft.cli import main
from geolyft.divisions.areas import load_areas
from geolyft.errors import CODES, FaultsError, OutputError, ReadError
from geolyft.indicators.catalogue import load_catalogue

if TYPE_CHECKING:
    from efforts_register import Rows

EXAMPLE = Path(__file__).parents[2] / "examples" / "efforts" / "insatser.csv"
FRAMES = ("efforts", "places", "times")
HIDDEN = "Snödroppen"


def faults(
    folder: Path, efforts: Rows, places: Rows = (), times: Rows = ()
) -> list[tuple[str, str]]:
    """Return the code of each fault and where it is."""
    with pytest.raises(FaultsError) as refused:
        register(folder, efforts, places, times)
    return [(fault.code, fault.where) for fault in refused.value.faults]


# ---- every fault, each with its code and place ----------------------------------------------

TIME = {"rad_id": "a", "veckodag": "måndag"}
BAD = {
    "empty": ([effort("a", namn="")], [], [], "efforts-empty", "row 2, column namn"),
    "choice": ([effort("a", status="pagar")], [], [], "efforts-choice", "column status"),
    "theme": ([effort("a", tema="hälsa; boende")], [], [], "efforts-theme", "column tema"),
    "indicator": ([effort("a", indikator="X9")], [], [], "efforts-theme", "column indikator"),
    "date": ([effort("a", start="hösten")], [], [], "efforts-date", "column start"),
    "period": (
        [effort("a", start="2024-05", slut="2024-04")], [], [], "efforts-period", "column slut",
    ),
    "clock": ([effort("a")], [], [TIME | {"fran": "17.00"}], "efforts-clock", "column fran"),
    "key": ([effort("a"), effort("a")], [], [], "efforts-key", "row 3, column rad_id"),
    "unknown": ([effort("a")], [place("b", "1")], [], "efforts-unknown", "column rad_id"),
    "area": (
        [effort("a")], [place("a", "1", delomrade="Kajn", kod="")], [], "efforts-area", "delomrade",
    ),
    "code": ([effort("a")], [place("a", "9")], [], "efforts-area", "column kod"),
    "disagree": (
        [effort("a")], [place("a", "2", delomrade="Kajen")], [], "efforts-contradiction", "kod",
    ),
    "citywide": (
        [effort("a")], [place("a", "2", plats_sakerhet="hela staden")], [],
        "efforts-contradiction", "plats_sakerhet",
    ),
    "nowhere": (
        [effort("a")], [place("a", plats_sakerhet="härlett")], [],
        "efforts-contradiction", "plats_sakerhet",
    ),
    "share": ([effort("a")], [place("a", "1", andel="50 %")], [], "efforts-share", "andel"),
    "shares": (
        [effort("a")], [place("a", "1", andel="0,5"), place("a", "2", andel="0.4")], [],
        "efforts-shares", "andel",
    ),
    "some shares": (
        [effort("a")], [place("a", "1", andel=1), place("a", "2")], [], "efforts-share", "andel",
    ),
    "cost": ([effort("a", kostnad="15 tkr")], [], [], "efforts-cost", "column kostnad"),
    "unit": ([effort("a", kostnad="15")], [], [], "efforts-cost", "column kostnad_enhet"),
    "mixed": (
        [effort(key, kostnad=1, kostnad_enhet=unit) for key, unit in
         (("a", "tkr"), ("b", "kr"), ("c", "tkr"))],
        [], [], "efforts-cost", "row 3, column kostnad_enhet",
    ),
    "identity": (
        [effort("a", beskrivning="19121212-1212")], [], [], "efforts-personal", "beskrivning",
    ),
    "telephone": ([effort("a", namn="040-34 10 00")], [], [], "efforts-personal", "namn"),
    "mail": ([effort("a", samverkan="x@stad.se")], [], [], "efforts-personal", "samverkan"),
    "protected": (
        [effort("a", beskrivning=f"boende på {HIDDEN}")],
        [place("a", "1", plats_namn=HIDDEN, skyddad="ja")], [], "efforts-protected", "beskrivning",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_fault_has_a_code_and_a_place_and_is_alone(name: str, tmp_path: Path) -> None:
    efforts, places, times, code, where = BAD[name]
    (found,) = faults(tmp_path, efforts, places, times)
    assert found[0] == code
    assert found[1].endswith(where) or where in found[1]


def test_every_fault_of_a_register_is_told_in_one_go(tmp_path: Path) -> None:
    efforts, places, times, expected = [], [], [], []
    for n, (of_efforts, of_places, of_times, code, _) in enumerate(BAD.values()):
        # Keys of their own, and one unit of cost, so that no fault hides or makes another.
        renamed = [
            [{**row, "rad_id": f"{row['rad_id']}{n}"} for row in rows]
            for rows in (of_efforts, of_places, of_times)
        ]
        efforts += renamed[0]
        places += renamed[1]
        times += renamed[2]
        expected.append(code)
    assert sorted(code for code, _ in faults(tmp_path, efforts, places, times)) == sorted(expected)
    assert set(expected) | {"efforts-table", "efforts-column", "efforts-board"} == {
        code for code in CODES if code.startswith("efforts-")
    }


def test_a_missing_table_and_a_wrong_column_hide_no_other_fault(tmp_path: Path) -> None:
    file = write_register(tmp_path, [effort("a", start="hösten")])
    (tmp_path / "insatser_tider.csv").unlink()
    table = pd.read_csv(file, dtype=str).rename(columns={"status": "statuss"})
    table.to_csv(file, index=False)
    with pytest.raises(FaultsError) as refused:
        read_register(file, catalogue=load_catalogue(), known=KNOWN)
    codes = [fault.code for fault in refused.value.faults]
    assert codes == ["efforts-table", "efforts-column", "efforts-column", "efforts-date"]
    assert "did you mean 'status'?" in str(refused.value.faults[2])


def test_a_row_is_the_one_of_the_file_also_after_blank_lines(tmp_path: Path) -> None:
    file = write_register(tmp_path, [effort("a"), effort("b", status="?")], sep=";")
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*lines[:2], "", "", *lines[2:]]), encoding="utf-8")
    with pytest.raises(FaultsError) as refused:
        read_register(file, catalogue=load_catalogue(), known=KNOWN)
    assert refused.value.where == "insatser.csv, row 5, column status"


def test_the_nearest_spelling_is_offered(tmp_path: Path) -> None:
    with pytest.raises(FaultsError, match=r"did you mean 'Kajen'\?"):
        register(tmp_path, [effort("a")], [place("a", "1", kod="", delomrade="Kajn")])


def test_no_fault_shows_what_is_personal_or_protected(tmp_path: Path) -> None:
    efforts = [effort("a", namn="19121212-1212", start="19121212-1212"), effort("b")]
    places = [place("a", "1", plats_namn=HIDDEN, delomrade=HIDDEN, kod=HIDDEN, skyddad="ja"),
              place(HIDDEN, "1", plats_sakerhet=HIDDEN, andel=HIDDEN, skyddad="Ja")]  # fmt: skip
    with pytest.raises(FaultsError) as refused:
        register(tmp_path, efforts, places)
    said = " ".join([str(refused.value), *map(str, refused.value.faults)])
    assert HIDDEN not in said
    assert "1212" not in said


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("121212-1212", 1),
        ("191212121212", 1),
        ("+46 40 34 10 00", 1),
        ("0701-23 45 67", 1),
        ("2023-09-01 2024-01-15", 0),
        ("0-5 år 2023 2024", 0),
        ("112", 0),
        ("STK-2023-137, rad 1004-1008", 0),
    ],
)
def test_marks_of_persons_are_no_dates_ages_or_amounts(text: str, marks: int) -> None:
    assert len(marks_of_persons(text)) == marks


def test_what_may_be_a_name_is_warned_of_and_not_shown(tmp_path: Path) -> None:
    made = register(
        tmp_path,
        [effort("a", namn="Karl Johansskolan", kontakt_funktion="ada.ek@stad.se"), effort("b")],
    )
    assert len(made.doubts) == 2
    assert "Karl" not in " ".join(made.doubts)
    assert "row 2" in made.doubts[0]


# ---- the same after a round trip ------------------------------------------------------------


@pytest.mark.needs("openpyxl")
def test_the_workbook_of_the_shipped_example_is_read_back_identically(tmp_path: Path) -> None:
    catalogue, known = load_catalogue(), gazetteer(load_areas("geso"), division="geso")
    first = read_register(EXAMPLE, catalogue=catalogue, known=known)
    file = tmp_path / "insatser.xlsx"
    write_template(file, catalogue=catalogue, known=known, register=first)
    bytes_once = file.read_bytes()
    again = read_register(file, catalogue=catalogue, known=known)
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(first, name), getattr(again, name))
    write_template(file, catalogue=catalogue, known=known, register=again)
    assert file.read_bytes() == bytes_once


WORDS = st.text("abåäö ABÅÄÖ.,;=-+'\"019(–", max_size=12)
SHARES = st.lists(st.integers(1, 999), min_size=1, max_size=3)


@pytest.mark.needs("openpyxl")
@given(name=WORDS, weights=SHARES, cost=st.one_of(st.none(), st.integers(0, 10**9)))
def test_any_register_is_the_same_from_csv_and_from_its_workbook(
    tmp_path_factory: pytest.TempPathFactory, name: str, weights: list[int], cost: int | None
) -> None:
    folder = tmp_path_factory.mktemp("round")
    said = {} if cost is None else {"kostnad": cost, "kostnad_enhet": "kr"}
    rows = [
        effort("a", beskrivning="" if marks_of_persons(name) else name, start="2024-09", **said)
    ]
    shares = [each / sum(weights) for each in weights]
    places = [place("a", str(n + 1), andel=share) for n, share in enumerate(shares)]
    times = [{"rad_id": "a", "veckodag": "helger", "fran": "17:00"}]
    first = register(folder, rows, places, times)
    write_template(folder / "a.xlsx", catalogue=load_catalogue(), known=KNOWN, register=first)
    again = read_register(folder / "a.xlsx", catalogue=load_catalogue(), known=KNOWN)
    for each in FRAMES:
        pd.testing.assert_frame_equal(getattr(first, each), getattr(again, each))


@pytest.mark.needs("openpyxl")
def test_an_empty_template_is_a_register_without_rows_and_offers_its_values(tmp_path: Path) -> None:
    import openpyxl  # noqa: PLC0415

    file = tmp_path / "tom.xlsx"
    write_template(file, catalogue=load_catalogue(), known=KNOWN)
    made = read_register(file, catalogue=load_catalogue(), known=KNOWN)
    assert [len(getattr(made, name)) for name in FRAMES] == [0, 0, 0]
    book = openpyxl.load_workbook(file)
    for table, columns in tables().items():
        sheet = book[table]
        assert [cell.value for cell in sheet[1]] == list(columns)
        assert all(cell.comment for cell in sheet[1])
        ruled = {str(rule.sqref).split(":")[0] for rule in sheet.data_validations.dataValidation}
        assert len(ruled) == sum(
            bool(column.values(load_catalogue())) for column in columns.values()
        ) + (2 if table == "platser" else 0)


def test_a_template_is_a_workbook(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="xlsx"):
        write_template(tmp_path / "a.csv", catalogue=load_catalogue(), known=KNOWN)


def test_values_are_spelled_as_the_form_has_them(tmp_path: Path) -> None:
    made = register(tmp_path, [effort("a", tema="Boende;TRYGGHET", status="Pågår")])
    assert made.efforts.loc[0, ["tema", "status"]].tolist() == ["boende; trygghet", "pågår"]


# ---- where efforts are ----------------------------------------------------------------------


def test_what_is_not_known_is_never_spread_and_what_is_citywide_is_one_row(tmp_path: Path) -> None:
    made = register(
        tmp_path,
        [effort(key) for key in "abcd"],
        [
            place("a", "1"), place("a", "2"), place("a", plats_namn="Garaget"),
            place("b", plats_sakerhet="hela staden"),
            place("c", delomrade="Kajen", plats_sakerhet="härlett"), place("c", "1"),
        ],
    )  # fmt: skip
    rows = locate(made, KNOWN).round({"andel": 3}).to_numpy().tolist()
    assert rows == [
        ["a", "1", 0.333, "uttryckligt namn"],
        ["a", "2", 0.333, "uttryckligt namn"],
        ["a", "", 0.333, "ej angiven"],
        ["b", "", 1.0, "hela staden"],
        ["c", "1", 1.0, "härlett"],
        ["d", "", 1.0, "ej angiven"],
    ]


PLACED = st.lists(
    st.tuples(st.sampled_from(["1", "2", "3", "hela staden", "ej angiven"]), st.booleans()),
    max_size=4,
)


@given(rows=st.lists(PLACED, min_size=1, max_size=4))
def test_every_row_of_a_register_is_somewhere_once(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[tuple[str, bool]]]
) -> None:
    places = [
        place(str(n), where if where in KNOWN.areas else "", skyddad="ja" if secret else "")
        | ({} if where in KNOWN.areas else {"plats_sakerhet": where})
        for n, each in enumerate(rows)
        for where, secret in each
    ]
    folder = tmp_path_factory.mktemp("located")
    made = register(folder, [effort(str(n)) for n in range(len(rows))], places)
    located = locate(made, KNOWN)
    assert located.groupby("rad_id")["andel"].sum().round(9).tolist() == [1.0] * len(rows)
    counts = summary(made, KNOWN)
    parts = ("in_areas", "citywide", "without_place")
    for unit in ("rows", "shares"):
        assert sum(counts[f"{unit}_{part}"] for part in parts) == pytest.approx(len(rows))


def test_the_shipped_example_has_the_counts_of_the_case() -> None:
    known = gazetteer(load_areas("geso"), division="geso")
    made = read_register(EXAMPLE, catalogue=load_catalogue(), known=known)
    counts = summary(made, known)
    assert [counts[f"rows_{part}"] for part in ("in_areas", "citywide", "without_place")] == [
        16, 10, 114,
    ]  # fmt: skip
    assert (counts["efforts"], counts["rows"]) == (116, 140)
    efforts = made.efforts.set_index("rad_id")
    themes = efforts["tema"].str.split("; ").explode().value_counts()
    usual = ["delaktighet", "trygghet", "utbildning", "ekonomi", "barn och unga", "boende"]
    assert themes[usual].tolist() == [42, 37, 29, 25, 19, 11]
    said = ["start_original", "tider_original", "evidens_original"]
    assert [(efforts[column] != "").sum() for column in said] == [17, 18, 15]
    placed = locate(made, known)
    placed = placed[placed["area"] != ""].assign(effort=placed["rad_id"].map(efforts["insats_id"]))
    assert placed.groupby("area")["effort"].nunique().to_dict() == {
        "1": 1, "10": 6, "11": 4, "12": 1, "14": 2, "2": 1, "5": 1, "6": 1, "9": 2,
    }  # fmt: skip
    boards = efforts.groupby("insats_id")["namnd"].nunique()
    assert boards.sort_values().tail(3).tolist() == [5, 5, 6]
    assert made.times["rad_id"].nunique() == 2


# ---- what changed, and the commands ---------------------------------------------------------


def test_a_diff_tells_each_cell_and_row_and_nothing_protected(tmp_path: Path) -> None:
    for name in ("before", "after"):
        (tmp_path / name).mkdir()
    secret = place("a", "1", plats_namn=HIDDEN, skyddad="ja")
    before = register(tmp_path / "before", [effort("a"), effort("b")], [place("a", "2"), secret])
    after = register(
        tmp_path / "after",
        [effort("a", status="avslutad"), effort("c")],
        [place("a", "2"), {**secret, "plats_namn": HIDDEN + "2"}],
    )
    changed = diff(before, after)
    assert changed.to_numpy().tolist() == [
        ["insatser", "a", "status", "pågår", "avslutad"],
        ["insatser", "b", "(rad)", "finns", ""],
        ["insatser", "c", "(rad)", "", "finns"],
    ]


def run_main(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["geolyft", "efforts", *words])
    try:
        main()
    except SystemExit as done:
        return int(str(done.code))
    return 0


def test_the_check_prints_every_fault_as_a_line_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write_register(tmp_path, [effort("a", status="?", start="?")])
    assert run_main(monkeypatch, "check", str(file)) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(":")[1].strip() for line in lines] == ["efforts-date", "efforts-choice"]


def test_the_check_of_the_example_answers_a_script_in_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_main(monkeypatch, "check", str(EXAMPLE), "--json") == 0
    assert json.loads(capsys.readouterr().out)["rows_without_place"] == 114


@pytest.mark.needs("openpyxl")
def test_a_strategist_fills_the_template_and_sends_it_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import openpyxl  # noqa: PLC0415

    ours, theirs = tmp_path / "ours.xlsx", tmp_path / "theirs.xlsx"
    assert run_main(monkeypatch, "template", "--from", str(EXAMPLE), "--out", str(ours)) == 0
    book = openpyxl.load_workbook(ours)
    row = next(row for row in book["platser"].iter_rows() if row[0].value == "I036-1")
    row[6].value = "Uttryckligt"
    book.save(theirs)
    capsys.readouterr()
    assert run_main(monkeypatch, "check", str(theirs)) == 2
    assert "theirs.xlsx, sheet platser, row" in capsys.readouterr().err
    row[6].value = "härlett"
    book.save(theirs)
    assert run_main(monkeypatch, "diff", str(ours), str(theirs)) == 0
    assert "härlett" in capsys.readouterr().out


@pytest.mark.needs("openpyxl")
def test_a_board_corrects_its_own_rows_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import openpyxl  # noqa: PLC0415

    theirs = tmp_path / "kultur.xlsx"
    asked = ("--board", "Kulturnämnden")
    made = ("template", "--from", str(EXAMPLE), "--out", str(theirs))
    assert run_main(monkeypatch, *made, *asked) == 0
    book = openpyxl.load_workbook(theirs)
    boards = {row[3].value for row in book["insatser"].iter_rows(min_row=2) if row[0].value}
    assert boards == {"Kulturnämnden"}
    book["insatser"].cell(row=2, column=3).value = "Ett nytt namn"
    book.save(theirs)
    capsys.readouterr()
    assert run_main(monkeypatch, "diff", str(EXAMPLE), str(theirs), *asked) == 0
    out = capsys.readouterr().out
    assert "Ett nytt namn" in out
    assert "Fritidsnämnden" not in out
    assert run_main(monkeypatch, "template", "--out", str(theirs), *asked) == 2


def test_a_file_that_is_no_table_is_refused_as_any_other(tmp_path: Path) -> None:
    file = tmp_path / "insatser.csv"
    file.write_bytes(b"")
    with pytest.raises(ReadError):
        read_register(file, catalogue=load_catalogue(), known=KNOWN)


def test_the_form_of_the_register_is_the_one_of_the_example() -> None:
    assert list(pd.read_csv(EXAMPLE, nrows=0)) == list(frame("insatser", []))


def test_the_page_of_efforts_has_every_column_and_marks_those_that_have_to_be_filled() -> None:
    page = (Path(__file__).parents[2] / "docs" / "efforts.md").read_text(encoding="utf-8")
    for table, columns in tables().items():
        said = [f"`{each.name}`{'*' if each.required else ''}" for each in columns.values()]
        assert f"| `{table}` | {', '.join(said)} |" in page
