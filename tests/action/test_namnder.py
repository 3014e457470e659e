"""Per board: every row once, in shares; hours where they are known; what boards say differently."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from efforts_register import KNOWN, effort, place, register

from geolyft.action.boards.boards import boards
from geolyft.action.boards.differing import differing
from geolyft.action.efforts.diff import diff
from geolyft.action.efforts.gazetteer import gazetteer
from geolyft.action.efforts.located import locate
from geolyft.action.efforts.register import Register, of_board, read_register
from geolyft.divisions.areas import load_areas
from geolyft.errors import GeolyftError
from geolyft.indicators.catalogue import load_catalogue

if TYPE_CHECKING:
    import pandas as pd

EXAMPLE = Path(__file__).parents[2] / "examples" / "efforts" / "insatser.csv"
HIDDEN = "Snödroppen"
DAY = dt.date(2024, 12, 31)


def by_board(made: Register) -> pd.DataFrame:
    return boards(made, locate(made, KNOWN), as_of=DAY).set_index("namnd")


def test_each_row_of_a_board_is_somewhere_and_in_some_state_once(tmp_path: Path) -> None:
    made = register(
        tmp_path,
        [
            effort("a", namnd="N1", insats_id="X"),
            effort("b", namnd="N2", insats_id="X", slut="2023"),
            effort("c", namnd="N2", tema="boende; trygghet", status="planerad"),
        ],
        [
            place("a", "1"), place("a", "2"), place("a", plats_namn="Garaget"),
            place("b", plats_sakerhet="hela staden"),
            place("c", "1", skyddad="ja"),
        ],
    )  # fmt: skip
    table = by_board(made).round(2)
    where = ["i_omraden", "hela_staden", "utan_plats"]
    assert table[where].to_numpy().tolist() == [[0.67, 0, 0.33], [0, 1, 1]]
    assert table[["pagar", "avslutade", "ovriga"]].to_numpy().tolist() == [[1, 0, 0], [0, 1, 1]]
    assert table["rader"].tolist() == [1, 2]
    assert table["insatser"].tolist() == [1, 2]
    assert table["gemensamma"].tolist() == [1, 1]
    assert table["teman"].tolist() == ["utbildning (1)", "boende (1); trygghet (1); utbildning (1)"]
    assert table["omraden"].tolist() == ["1 (1); 2 (1)", ""]


@pytest.mark.parametrize(
    ("hours", "evening", "weekend"),
    [
        ({"veckodag": "måndag", "fran": "09:00", "till": "18:00"}, 0, 0),
        ({"veckodag": "måndag", "fran": "09:00", "till": "18:01"}, 1, 0),
        ({"veckodag": "lördag", "fran": "20:00", "till": "02:00"}, 1, 1),
        ({"veckodag": "vardagar", "fran": "18:00"}, 1, 0),
        ({"veckodag": "alla dagar", "tid_pa_dagen": "natt"}, 1, 1),
        ({"veckodag": "helger", "tid_pa_dagen": "dag"}, 0, 1),
    ],
)
def test_an_evening_is_after_six_and_a_weekend_has_a_saturday_or_sunday(
    tmp_path: Path, hours: dict[str, str], evening: int, weekend: int
) -> None:
    made = register(tmp_path, [effort("a"), effort("b")], times=[{"rad_id": "a", **hours}])
    row = by_board(made).iloc[0]
    assert [row["kvallar"], row["helger"], row["tider_kanda"]] == [evening, weekend, 1]


def test_what_boards_say_differently_is_listed_and_silence_is_no_answer(tmp_path: Path) -> None:
    said = {"insats_id": "X"}
    made = register(
        tmp_path,
        [
            effort("a", namnd="N1", start="2023", **said),
            effort("b", namnd="N2", start="2024", status="planerad", evidens="följs upp", **said),
            effort("c", namnd="N3", namn="LÄXHJÄLP", evidens="ej angiven", **said),
            effort("d", namnd="N1"),
            effort("e", namnd="N1", insats_id="Y", start="2020"),
            effort("f", namnd="N1", insats_id="Y", start="2021"),
        ],
        [
            place("a", plats_namn="alla skolor"), place("b", plats_namn="23 skolor"),
            place("c", "1", plats_namn=HIDDEN, skyddad="ja"),
        ],
    )  # fmt: skip
    listed = differing(made)
    assert listed[["uppgift", "namnd", "sagt"]].to_numpy().tolist() == [
        ["status", "N1", "pågår"],
        ["status", "N2", "planerad"],
        ["status", "N3", "pågår"],
        ["start", "N1", "2023"],
        ["start", "N2", "2024"],
        ["plats_namn", "N1", "alla skolor"],
        ["plats_namn", "N2", "23 skolor"],
    ]


def test_the_shipped_example_has_the_contradictions_of_the_case() -> None:
    known = gazetteer(load_areas("geso"), division="geso")
    made = read_register(EXAMPLE, catalogue=load_catalogue(), known=known)
    listed = differing(made)
    said = {(row["insats_id"], row["sagt"]) for row in listed.to_dict("records")}
    assert {("I007", "alla 25 skolor"), ("I007", "23 skolor")} <= said
    assert ("I005", "SBUM (”Trygga barnet”)") in said
    assert ("I012", "Tillsynsärenden och Trygga Malmö") in said
    table = boards(made, locate(made, known), as_of=DAY)
    assert len(table) == 16
    assert table["rader"].sum() == 140
    where = table[["i_omraden", "hela_staden", "utan_plats"]].sum(axis=1)
    assert where.tolist() == pytest.approx(table["rader"].tolist())
    assert [table[name].sum() for name in ("kvallar", "helger", "tider_kanda")] == [2, 2, 2]


def test_a_board_gets_its_own_rows_and_its_answer_is_held_against_them(tmp_path: Path) -> None:
    for name in ("all", "theirs"):
        (tmp_path / name).mkdir()
    rows = [effort("a", namnd="Kulturnämnden"), effort("b")]
    places = [place("a", "1"), place("b", "2")]
    whole = register(tmp_path / "all", rows, places)
    mine = of_board(whole, "kulturnämnden")
    assert mine.efforts["rad_id"].tolist() == mine.places["rad_id"].tolist() == ["a"]
    answer = register(tmp_path / "theirs", [{**rows[0], "slut": "2023"}], places[:1])
    changed = diff(mine, of_board(answer, "Kulturnämnden"))
    assert changed.to_numpy().tolist() == [["insatser", "a", "slut", "", "2023"]]
    with pytest.raises(GeolyftError, match=r"did you mean 'Kulturnämnden'\?") as refused:
        of_board(whole, "Kultrunämnden")
    assert refused.value.code == "efforts-board"
