"""Persons are known again in their area from year to year, and nothing of who they are stays."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_run import people, write_small_run

from geolyft.errors import GeolyftWarning
from geolyft.pipeline.counting.pairs import crossed, follow, followed_on, in_order
from geolyft.pipeline.run import publish, run
from geolyft.run_file.config import load_config

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from geolyft.export.publication import Publication

SALT = "0123456789abcdef"
OTHER = "fedcba9876543210"
state = st.integers(0, 2)


@given(rows=st.lists(st.tuples(state, state, state), max_size=30))
def test_pairs_are_counted_as_by_hand(rows: list[tuple[int, int, int]]) -> None:
    states = np.array(rows, dtype=np.int8).reshape(-1, 3).T
    counts = crossed(states[:2], states[2:])
    for n in range(2):
        both = [(row[n], row[2]) for row in rows]
        expected = [both.count(pair) for pair in ((2, 2), (2, 1), (1, 2), (1, 1))]
        assert counts[n, 0].tolist() == expected


person = st.tuples(st.sampled_from(["a", "b", "c", "d", "e", "", None]), st.integers(0, 2), state)


@given(first=st.lists(person, max_size=8), second=st.lists(person, max_size=8))
def test_persons_are_joined_as_by_hand(
    first: list[tuple[str | None, int, int]], second: list[tuple[str | None, int, int]]
) -> None:
    def once(rows: list[tuple[str | None, int, int]]) -> dict[tuple[str, int], int]:
        keys = [row[:2] for row in rows]
        return {row[:2]: row[2] for row in rows if row[0] and keys.count(row[:2]) == 1}  # type: ignore[misc]

    one, two = once(first), once(second)
    both = [(one[key], two[key]) for key in one.keys() & two.keys()]
    expected = [both.count(pair) for pair in ((2, 2), (2, 1), (1, 2), (1, 1))]
    for salt in (SALT, OTHER):
        sides = [
            in_order(
                [
                    follow(
                        pd.Series([row[0] for row in part], dtype="str"),
                        np.array([row[1] for row in part], dtype=np.intp),
                        np.array([[row[2] for row in part]], dtype=np.int8),
                        salt,
                    )
                    # In whatever parts a file is read.
                    for part in (rows[:3], rows[3:])
                ]
            )
            for rows in (first, second)
        ]
        assert crossed(*followed_on(*sides))[0, 0].tolist() == expected


def test_a_number_is_the_same_person_as_its_text() -> None:
    at, states = np.zeros(2, dtype=np.intp), np.ones((1, 2), dtype=np.int8)
    ids = [pd.Series(["12", "7"], dtype="str"), pd.Series([12, 7]), pd.Series([12.0, 7.0])]
    keys = [follow(each, at, states, SALT).keys.tolist() for each in ids]
    assert keys[0] == keys[1] == keys[2]
    assert follow(ids[0], at, states, OTHER).keys.tolist() != keys[0]


NAME = "syn-person-"


def followed_run(folder: Path, areas: gpd.GeoDataFrame, *, said: str = 'id = "pnr"\n') -> Path:
    """Write the small run with persons who stay, of whom most keep their work."""
    path = write_small_run(folder, areas)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("population = true\n", f"population = true\n{said}"), "utf-8")
    rng = np.random.default_rng(1)
    first = people(areas, year=2023).assign(pnr=[f"{NAME}{n}" for n in range(4000)])
    again = {
        name: np.where(rng.random(4000) < 0.1, rng.choice(["ja", "nej"], 4000), first[name])
        for name in ("arbetar", "trangbodd")
    }
    second = first.assign(**again).sample(frac=1, random_state=1)
    for year, table in ((2023, first), (2024, second)):
        file = folder / f"people_{year}.csv"
        table.to_csv(file, sep=";", decimal=",", encoding="cp1252", index=False)
    return path


def counted_in(path: Path) -> dict[tuple[str, ...], float]:
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        made = publish(load_config(path))
    said: Any = made.provenance["uncertainty"]
    names = ("indicator", "reference", "other", "other_reference")
    return {
        tuple(row[name] for name in names): row["correlation"]
        for row in said["correlation"]["counted"]
    }


def test_a_run_counts_what_years_have_in_common_where_it_is_told_who_is_who(
    tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    found = counted_in(followed_run(tmp_path / "with", squares))
    among = [("A", year, "B", year) for year in ("2023", "2024")]
    # All stay, and nine of ten as they were; those who are drawn anew have nothing in common.
    for code in ("A", "B"):
        assert found[code, "2023", code, "2024"] == pytest.approx(0.9, abs=0.05)
    assert [found[pair] for pair in among] == pytest.approx([0, 0], abs=0.06)
    without = counted_in(followed_run(tmp_path / "without", squares, said=""))
    assert without == {pair: found[pair] for pair in among}


def test_a_change_of_the_same_persons_is_surer(tmp_path: Path, squares: gpd.GeoDataFrame) -> None:
    widths = []
    for n, said in enumerate(('id = "pnr"\n', "")):
        with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
            made = publish(load_config(followed_run(tmp_path / str(n), squares, said=said)))
        moved = made.tables["forandring"].set_index(["area", "what"])
        widths.append((moved["high"] - moved["low"]).loc[["1", "2", "3", "4"], "A"])
    assert (widths[0] < 0.6 * widths[1]).all()


def test_who_a_person_is_stands_nowhere(tmp_path: Path, squares: gpd.GeoDataFrame) -> None:
    path = followed_run(tmp_path / "run", squares)
    with warnings.catch_warnings(record=True, action="always") as warned:
        run(path, out=tmp_path / "out")
    said = " ".join(str(each.message) for each in warned).encode()
    files = [each for each in (tmp_path / "out").rglob("*") if each.is_file()]
    assert len(files) > 3
    assert all(NAME.encode() not in text for text in (said, *(f.read_bytes() for f in files)))


def test_where_nobody_is_known_again_nothing_is_counted_and_that_is_told(
    tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    path = followed_run(tmp_path, squares)
    file = tmp_path / "people_2024.csv"
    # A pseudonym anew each year.
    file.write_bytes(file.read_bytes().replace(NAME.encode(), b"syn-other-"))
    with pytest.warns(GeolyftWarning, match="hardly anybody of people_2023.csv is known again"):
        made = publish(load_config(path))
    assert years_counted(made) == {("2023", "2023"), ("2024", "2024")}


def years_counted(made: Publication) -> set[tuple[str, str]]:
    said: Any = made.provenance["uncertainty"]
    return {(row["reference"], row["other_reference"]) for row in said["correlation"]["counted"]}


def test_an_id_that_many_share_is_told_and_not_followed(
    tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    path = followed_run(tmp_path, squares)
    for year in (2023, 2024):
        people(squares, year=year).to_csv(
            tmp_path / f"people_{year}.csv", sep=";", decimal=",", encoding="cp1252", index=False
        )
    with warnings.catch_warnings(record=True, action="always") as warned:
        made = publish(load_config(path))
    told = next(str(each.message) for each in warned if "several rows" in str(each.message))
    assert not any(char.isdigit() for char in told.partition(".csv")[2])
    assert years_counted(made) == {("2023", "2023"), ("2024", "2024")}
