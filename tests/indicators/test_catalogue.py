"""A catalogue that could not be published is refused when it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError
from small_run import CATALOGUE

from geolyft.errors import CatalogueError
from geolyft.indicators.catalogue import Catalogue, IndexName, load_catalogue

if TYPE_CHECKING:
    from pathlib import Path


def refused(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError) as refusal:
        load_catalogue(path)
    return refusal.value.code


@pytest.mark.parametrize(
    "code",
    ["geometry", "Geom", "sex", "Reference", "numerator", "denominator", "value", "low", "high",
     "source", "input", "residual", "city", "index_low", "index_high", "distinct", "distinct_fdr",
     "share_among_lowest", "stadsdel_kod", "Stadsdel_NAMN", "forandring", "index_lag"],
)  # fmt: skip
@pytest.mark.parametrize("old", ['code = "B"', 'code = "medborgare"'])
def test_a_code_that_other_columns_have_is_refused(tmp_path: Path, old: str, code: str) -> None:
    text = CATALOGUE.replace(old, f'code = "{code}"')
    text = (
        text.replace('dimension = "medborgare"', f'dimension = "{code}"') if "med" in old else text
    )
    assert refused(tmp_path / "c.toml", text) == "catalogue-contradiction"


@pytest.mark.parametrize("weight", ["inf", "nan", "-inf", "0", "-1"])
@pytest.mark.parametrize("code", ["B", "vardag"])
def test_a_weight_that_is_no_positive_number_is_refused(
    tmp_path: Path, code: str, weight: str
) -> None:
    text = CATALOGUE.replace(f'code = "{code}"', f'code = "{code}"\nweight = {weight}')
    assert refused(tmp_path / "c.toml", text) == "catalogue-form"


@pytest.mark.parametrize(("length", "good"), [(0, False), (1, True), (300, True), (301, False)])
def test_a_name_has_from_1_to_300_signs(tmp_path: Path, length: int, *, good: bool) -> None:
    text = CATALOGUE.replace('"Andel som arbetar"', f'"{"a" * length}"')
    if not good:
        assert refused(tmp_path / "c.toml", text) == "catalogue-form"
        return
    (tmp_path / "c.toml").write_text(text, encoding="utf-8")
    assert len(load_catalogue(tmp_path / "c.toml")["A"].name) == length


def test_the_smallest_catalogue_has_one_dimension_and_one_indicator() -> None:
    one = {"code": "i", "name": "i"}
    of = {"dimension": "d", "numerator": "n", "denominator": "m", "direction": "high"}
    dimensions, indicators = [{"code": "d", "name": "d"}], [{"code": "A", "name": "a", **of}]
    said = {"index": one, "dimension": dimensions, "indicator": indicators}
    assert Catalogue.model_validate(said).codes == ("A",)
    for empty in ("dimension", "indicator"):
        with pytest.raises(ValidationError):
            Catalogue.model_validate(said | {empty: []})
    with pytest.raises(ValidationError):
        Catalogue.model_validate({"index": one, "dimensions": dimensions, "indicators": indicators})


def test_a_name_is_english_where_there_is_one() -> None:
    for name_en, titles in (("Work", ("Arbete", "Work")), ("", ("Arbete", "Arbete"))):
        named = IndexName(code="w", name="Arbete", name_en=name_en)
        assert (named.title("sv"), named.title("en")) == titles


def test_a_question_has_to_list_what_it_assumes(tmp_path: Path) -> None:
    question = '\n[indicator.question]\ntext = "?"\nreadings = { a = "high" }\nassumed = "{}"\n'
    good, wrong = (CATALOGUE + question.replace("{}", each) for each in "ab")
    (tmp_path / "good.toml").write_text(good, encoding="utf-8")
    asked = load_catalogue(tmp_path / "good.toml")
    assert [each.code for each in asked.open_questions()] == ["C"]
    assert refused(tmp_path / "c.toml", wrong) == "catalogue-contradiction"
    for code, options in (("C", "a"), ("A", "none")):
        with pytest.raises(CatalogueError, match="no reading") as refusal:
            asked.decide({code: "c"})
        assert refusal.value.remedy == f"its readings are: {options}"


def test_a_path_no_file_can_have_is_a_file_that_cannot_be_read() -> None:
    with pytest.raises(CatalogueError) as refusal:
        load_catalogue("a\0b.toml")
    assert refusal.value.code == "catalogue-file"


@pytest.mark.parametrize("text", ["a = " + "[" * 100_000, "a = " + "1" * 5000, "[index", "é"])
def test_what_is_no_toml_or_too_deep_is_refused(tmp_path: Path, text: str) -> None:
    assert refused(tmp_path / "c.toml", text) == "catalogue-form"
    (tmp_path / "c.toml").write_bytes(b'name = "\xe5"')
    with pytest.raises(CatalogueError, match="no TOML in UTF-8"):
        load_catalogue(tmp_path / "c.toml")
