"""A catalogue that could not be published is refused when it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from small_run import CATALOGUE

from geolyft.errors import CatalogueError
from geolyft.indicators.catalogue import load_catalogue

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
     "source", "input", "residual", "city", "index_low", "index_high", "distinct",
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
