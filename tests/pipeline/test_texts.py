"""Texts that a run names and a file does not have are said, not counted as nobody."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_run import CANARY, people, write_small_run

from geolyft.errors import ConfigError, GeolyftWarning
from geolyft.indicators.categories import categories_of
from geolyft.pipeline.counting.occurring import Occurring, occurring_in
from geolyft.pipeline.dry_run import check
from geolyft.pipeline.run import publish
from geolyft.run_file.config import load_config

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

FEW, MANY = 12, 14


def small_run(
    folder: Path,
    areas: gpd.GeoDataFrame,
    *,
    said: str = '{ one_of = ["ja"] }',
    more: str = "",
    **columns: object,
) -> Path:
    """Write the small run with one condition, and columns of its people as given."""
    path = write_small_run(folder, areas)
    text = path.read_text(encoding="utf-8").replace(
        "population = true\n", f"population = true\n{more}"
    )
    path.write_text(text.replace('{ one_of = ["ja"] }', said), encoding="utf-8")
    for year in (2023, 2024):
        table = people(areas, year=year)
        made = {k: v(table) if callable(v) else v for k, v in columns.items()}
        file = folder / f"people_{year}.csv"
        table.assign(**made).to_csv(file, sep=";", decimal=",", encoding="cp1252", index=False)
    return path


def shares(path: Path) -> list[float]:
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        seen = publish(load_config(path)).observations
    return seen.loc[seen["indicator"] == "A", "value"].tolist()


def refusal(path: Path) -> str:
    with (
        pytest.raises(ConfigError) as refused,
        warnings.catch_warnings(action="ignore", category=GeolyftWarning),
    ):
        check(path)
    assert refused.value.code in {"run-texts", "run-sex"}
    return str(refused.value)


@pytest.fixture(scope="module")
def plain(squares: gpd.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory) -> list[float]:
    return shares(small_run(tmp_path_factory.mktemp("plain"), squares))


@pytest.mark.parametrize(
    ("said", "yes", "no"),
    [
        ("1", "1,0", ""),
        ("1", "1.0", "0.0"),
        ("true", "True", "False"),
        ("hyresrätt", "hyresra\u0308tt", "a"),
        (" ja ", "ja  ", " nej"),
    ],
)
def test_a_category_counts_however_the_file_holds_it(
    said: str, yes: str, no: str, plain: list[float], tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    def written(table: pd.DataFrame) -> pd.Series:
        return table["arbetar"].map({"ja": yes, "nej": no})

    path = small_run(tmp_path / "other", squares, said=f'{{ one_of = ["{said}"] }}')
    for year in (2023, 2024):
        table = people(squares, year=year).assign(arbetar=written)
        table.to_csv(path.parent / f"people_{year}.csv", sep=";", decimal=",", index=False)
    assert shares(path) == plain
    assert len(plain) > 0


def test_a_text_that_never_occurs_is_refused_with_those_that_do(
    tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    said = refusal(small_run(tmp_path, squares, said='{ one_of = ["Ja", "Jo"] }'))
    assert "column 'arbetar' has none of 'Ja', 'Jo': it has 'ja', 'nej'" in said


def test_a_text_that_one_edition_has_is_no_reason_to_refuse(
    tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    path = small_run(tmp_path, squares)
    table = people(squares, year=2024).assign(arbetar="nej")
    table.to_csv(tmp_path / "people_2024.csv", sep=";", decimal=",", index=False)
    with warnings.catch_warnings(action="error", category=GeolyftWarning):
        check(path)


def test_rare_texts_and_many_texts_are_not_shown(tmp_path: Path, squares: gpd.GeoDataFrame) -> None:
    no = '{ one_of = ["jo"] }'

    def with_a_rare_one(table: pd.DataFrame) -> pd.Series:
        return table["arbetar"].mask(table.index < 9, CANARY)

    rare = refusal(small_run(tmp_path / "rare", squares, said=no, arbetar=with_a_rare_one))
    assert "it has 3 others" in rare
    numbered = {
        n: refusal(
            small_run(
                tmp_path / str(n), squares, said=no,
                arbetar=lambda table, n=n: (table.index % n).astype("str") + " svar",
            )
        )
        for n in (FEW, MANY)
    }  # fmt: skip
    assert numbered[FEW].count("svar") == FEW
    assert "it has more than 12 others" in numbered[MANY]
    assert not re.search("svar", numbered[MANY])


def test_the_same_few_persons_in_every_edition_do_not_make_a_text_common(
    tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    def with_six(table: pd.DataFrame) -> pd.Series:
        return table["arbetar"].mask(table.index < 6, "namn")

    path = small_run(tmp_path, squares, said='{ one_of = ["jo"] }', arbetar=with_six)
    assert "it has 3 others" in refusal(path)


def test_one_of_several_texts_that_never_occurs_is_warned_of(
    tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    path = small_run(tmp_path, squares, said='{ one_of = ["ja", "jo"] }')
    with pytest.warns(GeolyftWarning, match=r"Register: column 'arbetar' has no 'jo'$"):
        check(path)


def test_what_differs_in_case_alone_is_warned_of_and_not_counted(
    tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    def shouted(table: pd.DataFrame) -> pd.Series:
        return table["arbetar"].mask(table.index % 2 == 0, table["arbetar"].str.upper())

    path = small_run(tmp_path / "a", squares, arbetar=shouted)
    with pytest.warns(GeolyftWarning, match="'arbetar' has 'JA' beside 'ja'"):
        check(path)
    assert max(shares(path)) < 60 < max(shares(small_run(tmp_path / "b", squares)))


def test_sexes_are_compared_as_categories_are(tmp_path: Path, squares: gpd.GeoDataFrame) -> None:
    def small(table: pd.DataFrame) -> pd.Series:
        return table["kon"].str.lower()

    said = refusal(small_run(tmp_path / "a", squares, kon=small))
    assert "people_2023.csv: column 'kon' lacks 'K', 'M': it has 'k', 'm'" in said
    spaced = small_run(tmp_path / "b", squares, kon=lambda table: table["kon"] + " ")
    check(spaced)


def test_a_condition_of_children_is_held_against_the_file_too(
    tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    more = 'children = { arbetar = { one_of = ["barn"] } }\n'
    assert "none of 'barn'" in refusal(small_run(tmp_path, squares, more=more))


def test_groups_that_differ_in_case_alone_are_warned_of(
    tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    def mixed(table: pd.DataFrame) -> pd.Series:
        return table["arbetar"].mask(table.index % 2 == 0, "Ja")

    more = 'groups.arbete = { column = "arbetar" }\n'
    path = small_run(tmp_path, squares, more=more, said='{ one_of = ["ja", "Ja"] }', arbetar=mixed)
    with pytest.warns(GeolyftWarning, match="arbete: 'Ja' and 'ja' are two groups"):
        check(path)


@given(
    texts=st.lists(st.sampled_from([*map(str, range(15)), "ja", "Ja"]), min_size=1, max_size=40),
    cut=st.integers(0, 40),
)
def test_what_occurs_is_the_same_whatever_the_batch(texts: list[str], cut: int) -> None:
    def seen(part: list[str]) -> Occurring:
        return occurring_in(categories_of(pd.Series(part, dtype="str")), ["ja"])

    whole, first, second = seen(texts), seen(texts[:cut]), seen(texts[cut:])
    for made in (first + second, second + first):
        assert dict(made.rows) == dict(whole.rows)
        assert made.many == whole.many
    assert len(whole.rows) <= FEW + 2
