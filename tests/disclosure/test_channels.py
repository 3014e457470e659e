"""A whole run of a register: no byte, log or refusal tells what the rule hides."""

from __future__ import annotations

import json
import warnings
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from small_run import RUN, in_malmo, write_small_run

from geolyft import assign_points, run
from geolyft.cli import cli
from geolyft.disclosure.labels import OTHERS
from geolyft.errors import GeolyftError
from geolyft.pipeline.dry_run import check

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

pytestmark = pytest.mark.filterwarnings("ignore::geolyft.errors.GeolyftWarning")

YEARS = (2023, 2024)
CANARIES = {
    "pnr": "19121212-1212", "namn": "Kanarie Fågelsson", "epost": "kanarie@fagel.example",
    "land": "Kanariestan", "anteckning": "kanarieanteckning",
}  # fmt: skip
OPEN = "sex = { column = "
GROUPS = (
    'groups.land = { column = "land" }\ngroups.alder = { column = "alder", breaks = [30, 65] }\n'
)


def people_of(folder: Path, year: int) -> tuple[Path, pd.DataFrame]:
    file = folder / f"people_{year}.csv"
    return file, pd.read_csv(file, sep=";", decimal=",", encoding="cp1252", dtype={"pnr": "str"})


def written(table: pd.DataFrame, file: Path) -> None:
    table.to_csv(file, sep=";", decimal=",", encoding="cp1252", index=False)


@pytest.fixture
def register(tmp_path: Path, squares: gpd.GeoDataFrame) -> Path:
    """A run of a register with groups, in which a few persons have canaries in every column."""
    path = write_small_run(tmp_path / "in", squares)
    path.write_text(RUN.replace(OPEN, GROUPS + OPEN), encoding="utf-8")
    for year in YEARS:
        file, table = people_of(path.parent, year)
        rng = np.random.default_rng(year)
        table["land"] = rng.choice(["Sverige", "Irak"], len(table))
        table["namn"] = table["epost"] = table["anteckning"] = "x"
        few = table.index[:3]
        for column, canary in CANARIES.items():
            table[column] = table[column].astype("str").mask(table.index.isin(few), canary)
        table.loc[few, "x"] = table["x"].iloc[0]
        table.loc[few, "alder"] = 33
        # And a square where hardly anybody is of one sex.
        home = table["x"].between(*in_malmo(squares).geometry.bounds[["minx", "maxx"]].iloc[3])
        table = table[~(home & (table["kon"] == "K")) | (table.index % 97 == 0)]
        written(table, file)
    return path


def files_of(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def test_a_canary_is_in_no_byte_and_on_no_screen(register: Path, tmp_path: Path) -> None:
    with warnings.catch_warnings(record=True, action="always") as warned:
        run(register, out=tmp_path / "out")
        said = check(register)
    answer = CliRunner().invoke(cli, ["check", str(register), "--json"])
    texts = [str(each.message) for each in warned] + said + [answer.output]
    made = files_of(tmp_path / "out")
    for canary in CANARIES.values():
        assert not any(canary in text for text in texts)
        for name, content in made.items():
            assert canary.encode() not in content, name
            assert canary.encode("cp1252") not in content, name
    groups = pd.read_csv(tmp_path / "out" / "tabeller" / "grupper.csv", dtype="str")
    assert {"Sverige", "Irak"} <= set(groups["group"])
    assert OTHERS not in set(groups["group"]), "three are too few to be others"


def test_the_manifest_has_no_hash_and_no_exact_number_of_a_register(
    register: Path, tmp_path: Path
) -> None:
    run(register, out=tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    of_register = [each for each in manifest["inputs"] if each["source"] == "Register"]
    assert len(of_register) == len(YEARS)
    for each in of_register:
        assert "sha256" not in each
        numbers = [each["rows"], *each["placed"].values()]
        assert all(n is None or (n >= 10 and n % 5 == 0) for n in numbers)
    for line in manifest["ledger"]:
        for count in ("areas", "residual", "city"):
            assert line["exact"] or line[count] is None or line[count] % 5 == 0


COUNTED = {"A": ("arbetar", "ja"), "B": ("trangbodd", "nej")}


def cells(table: pd.DataFrame, squares: gpd.GeoDataFrame) -> dict[tuple[object, ...], list[int]]:
    """Count every cell of a register by hand: who has the thing, and who has not."""
    placed = assign_points(table["x"], in_malmo(squares), y=table["y"], crs=3008)
    area = pd.Series(placed.to_numpy(), index=table.index).fillna("residual")
    band = pd.cut(table["alder"], [-np.inf, 30, 65, np.inf], right=False).astype("str")
    kinds = {"sex": table["kon"], "band": band, "land": table["land"], "alla": area * 0 + "alla"}
    found: dict[tuple[object, ...], list[int]] = {}
    for (code, (column, yes)), (kind, of) in product(COUNTED.items(), kinds.items()):
        base = table["alder"].between(20, 64) if code == "B" else table["alder"] >= 0
        for where in (area, area.mask(area != "", "city")):
            sizes = (table[column] == yes)[base].groupby([where[base], of[base]])
            for key, has in sizes:
                found[code, kind, *key] = [int(has.sum()), int((~has).sum())]
    return found


def bucket(sides: list[int]) -> object:
    n, rest = sides
    return "few" if min(n, rest) < 10 else ((n + 2) // 5, (n + rest + 2) // 5)


def changed(table: pd.DataFrame, squares: gpd.GeoDataFrame) -> tuple[pd.DataFrame, int]:
    """Turn over single values wherever every cell they are in keeps its bucket."""
    rng, turned = np.random.default_rng(1), 0
    before = {key: bucket(each) for key, each in cells(table, squares).items()}
    answers = {"arbetar": {"ja": "nej", "nej": "ja"}, "trangbodd": {"ja": "nej", "nej": "ja"}}
    for row in rng.choice(table.index, 60, replace=False):
        for column, other in answers.items():
            tried = table.copy()
            tried.loc[row, column] = other[table.loc[row, column]]
            if {key: bucket(each) for key, each in cells(tried, squares).items()} == before:
                table, turned = tried, turned + 1
    return table, turned


def test_values_that_change_inside_what_is_published_change_no_byte(
    register: Path, tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    run(register, out=tmp_path / "a")
    every = 0
    for year in YEARS:
        file, table = people_of(register.parent, year)
        table, turned = changed(table, squares)
        every += turned
        table["pnr"] = [f"{n:08}-{year}" for n in range(len(table))]
        # As in any register, some name is not in ASCII: how a file is encoded is told from it.
        table["namn"], table["epost"] = "Åsa " + table["pnr"], "ny@ny.example"
        written(table.sample(frac=1, random_state=year), file)
    assert every > 10, "there has to be something that changes"
    run(register, out=tmp_path / "b")
    first, second = files_of(tmp_path / "a"), files_of(tmp_path / "b")
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


@pytest.mark.parametrize(
    ("where", "code"), [((13.0, 55.6), "read-places-outside"), ((999.0, 999.0), "")]
)
def test_a_refusal_says_no_exact_number_of_rows(
    register: Path, where: tuple[float, float], code: str
) -> None:
    file, table = people_of(register.parent, 2023)
    lost = table.index[: 1237 if not code else 2003]
    table.loc[lost, ["x", "y"]] = where
    written(table, file)
    with pytest.raises(GeolyftError) as refusal:
        check(register)
    said = str(refusal.value)
    assert "about " in said
    for exact in (len(table), len(lost), table["x"].notna().sum()):
        assert exact % 5 == 0 or str(exact) not in said


def test_a_text_in_the_column_of_codes_is_not_shown_where_nobody_has_protected_it(
    register: Path,
) -> None:
    votes = register.parent / "votes.csv"
    text = votes.read_text(encoding="cp1252")
    votes.write_text(text.replace("\n4;", "\nKanarie Fågelsson;"), encoding="cp1252")
    with pytest.raises(GeolyftError, match="Kanarie"):
        check(register)
    said = register.read_text(encoding="utf-8").replace('protected_by = "Valmyndigheten"\n', "")
    register.write_text(said, encoding="utf-8")
    with pytest.raises(GeolyftError) as refusal:
        check(register)
    assert "Kanarie" not in str(refusal.value)
    assert "17 signs" in str(refusal.value)
