"""Whether two figures of areas go together: known answers, and laws."""

from __future__ import annotations

import math
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy.stats import spearmanr

from geolyft.export.figures.palette import BOTH
from geolyft.findings.against import LAGEN, AgainstSettings, hold_against
from geolyft.findings.association import DRAWN, FEWEST, associate, thirds
from geolyft.findings.stages.samband import CHAPTER, CODE

if TYPE_CHECKING:
    from geolyft.indicators.catalogue import Language

SHORT = st.integers(min_value=0, max_value=6)
pairs = st.lists(st.tuples(SHORT, SHORT), min_size=FEWEST, max_size=9).map(
    lambda rows: np.array(rows, dtype=float).T
)


def test_rho_is_what_it_is_by_hand() -> None:
    # d = 1, 1, 1, 1 and else 0 of eight: 1 - 6 × 4 / (8 × 63).
    told = associate(np.arange(8.0), np.array([1.0, 0, 2, 3, 5, 4, 6, 7]))
    assert told.rho == pytest.approx(1 - 24 / 504)
    low, high = (math.atanh(each) for each in (told.low, told.high))
    half = 1.959964 * math.sqrt((1 + told.rho**2 / 2) / 5)
    assert (low, high) == pytest.approx((math.atanh(told.rho) - half, math.atanh(told.rho) + half))


@given(pairs)
def test_ties_are_mean_ranks_as_in_scipy(both: np.ndarray) -> None:
    told = associate(*both)
    flat = min(np.ptp(both, axis=1)) == 0
    assert told.is_known != flat
    if not flat:
        assert told.rho == pytest.approx(spearmanr(*both).statistic, abs=1e-8)


def test_the_test_counts_every_order_once_ties_or_not() -> None:
    x = np.array([1.0, 1, 2, 5, 5, 5, 7, 9])
    y = np.array([3.0, 1, 4, 1, 5, 9, 2, 6])
    told = associate(x, y)
    ranks_x, ranks_y = (pd.Series(each).rank().to_numpy() for each in (x, y))
    orders = np.array(list(permutations(range(8))))
    sums = abs(ranks_y[orders] @ ranks_x - 8 * 4.5**2)
    assert told.p == (sums >= abs(ranks_x @ ranks_y - 8 * 4.5**2) - 1e-9).mean()


def test_fourteen_areas_are_counted_and_not_drawn() -> None:
    rising = np.arange(14.0)
    assert associate(rising, rising).p == 2 / math.factorial(14)
    assert associate(np.arange(15.0), np.arange(15.0)).p == 1 / (DRAWN + 1)


@given(pairs)
def test_a_monotone_change_of_either_changes_nothing_and_a_turn_changes_the_sign(
    both: np.ndarray,
) -> None:
    x, y = both
    told, bent, turned = associate(x, y), associate(np.exp(x), y**3), associate(x, -y)
    swapped = associate(y, x)
    if told.is_known:
        assert bent == told
        assert (turned.rho, turned.p) == (-told.rho, told.p)
        assert (swapped.rho, swapped.p) == (told.rho, told.p)


def test_of_fewer_than_eight_areas_with_both_nothing_is_told() -> None:
    x = np.arange(9.0)
    y = np.where(x < 7, x, math.nan)
    told = associate(x, y)
    assert told.n == 7
    assert not told.is_known
    assert all(math.isnan(each) for each in (told.low, told.high, told.p))


@given(st.lists(SHORT, min_size=1, max_size=20))
def test_areas_with_one_value_are_in_one_third_and_thirds_rise(values: list[int]) -> None:
    known = np.array(values, dtype=float)
    place = pd.Series(thirds(known)).groupby(known)
    assert place.min().equals(place.max())
    assert place.first().is_monotonic_increasing
    assert set(thirds(known)) <= {1.0, 2.0, 3.0}


def index_of(values: list[float]) -> pd.DataFrame:
    codes = ["city", *(f"{n}" for n in range(1, len(values) + 1))]
    every = [100.0, *values]
    low, high = ([each + step for each in every] for step in (-1, 1))
    return pd.DataFrame(
        {"area": codes, "period": "2024", "index": every, "index_low": low, "index_high": high}
    ).assign(status="ok")


SAID = AgainstSettings(code="buller", name="Buller, dB", file="b.csv", area="kod", column="db")


def test_the_nine_classes_are_the_index_by_thirds_and_the_figure_by_thirds() -> None:
    codes = [f"{n}" for n in range(1, 10)]
    values = pd.Series([1.0, 5, 9, 2, 6, 8, 3, 4, 7], index=codes)
    table = hold_against(SAID, values, index_of([float(n) for n in range(9)]), areas=codes)
    assert table["klass"].tolist() == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert table["lage"].tolist() == [LAGEN[klass] for klass in table["klass"]]
    assert table["samband"].unique().tolist() == ["syns inget samband"]


def test_an_area_without_a_figure_has_its_row_no_class_and_says_so() -> None:
    codes = [f"{n}" for n in range(1, 10)]
    values = pd.Series([float(n) for n in range(8)], index=codes[:8])
    table = hold_against(SAID, values, index_of([float(n) for n in range(9)]), areas=codes)
    last = table.iloc[-1]
    assert (last["status"], last["antal_omraden"]) == ("missing", 8)
    assert pd.isna(last["klass"])
    assert last["index"] == 8
    assert set(table["samband"]) == {"samvarierar"}


def test_of_too_few_areas_the_words_say_so() -> None:
    table = hold_against(SAID, pd.Series({"1": 1.0}), index_of([90.0]), areas=["1"])
    assert table["samband"].tolist() == ["för få områden"]


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_no_word_of_the_stage_says_that_one_comes_of_the_other(lang: Language) -> None:
    columns = CHAPTER.columns.sections[CODE]
    said = [*CHAPTER.words[lang].values(), *(t for c in columns for t in c.words[lang].values())]
    text = " ".join(said).lower()
    causes = ("leder till", "beror på", "påverkar", "effekt", "leads to", "affects", "because")
    assert not [each for each in causes if each in text]
    assert {"sv": "ingen orsak", "en": "no cause"}[lang] in text


def test_every_class_is_called_alike_in_the_table_and_in_the_legend() -> None:
    (theme,) = CHAPTER.themes
    assert theme.meanings["sv"] == tuple(LAGEN.values())
    (lage,) = (each for each in CHAPTER.columns.sections[CODE] if each.key == "lage")
    assert theme.meanings["en"] == tuple(lage.english[each] for each in LAGEN.values())
    assert len(BOTH) == len(set(BOTH)) == len(LAGEN)


@pytest.mark.parametrize(
    "said", [{}, {"access": "a", "file": "b"}, {"file": "b"}, {"file": "b", "area": "kod"}]
)
def test_a_figure_is_of_a_file_or_of_access(said: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="say access, exposure, or file"):
        AgainstSettings(code="a", name="A", **said)
