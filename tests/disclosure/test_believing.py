"""What is known of hidden cells is true, and from what is only believed follows nothing."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from random_city import truth_of, write_random_city

from geolyft import load_config
from geolyft.disclosure import Protection
from geolyft.disclosure.auditor.auditing import audit
from geolyft.disclosure.auditor.judge import by_bounds
from geolyft.disclosure.auditor.knowledge.believing import believers
from geolyft.disclosure.auditor.knowledge.known import Meaning, cells_of
from geolyft.disclosure.auditor.knowledge.relations import known_of
from geolyft.disclosure.together.families import OWN
from geolyft.pipeline.account.audited import meaning_of
from geolyft.pipeline.counting.gather import gather
from geolyft.pipeline.levels import levels_of, read_areas
from geolyft.pipeline.scoring.score import protect_levels

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.filterwarnings("ignore::geolyft.errors.GeolyftWarning")]
SEXES = ["alla", "kvinnor", "män"]
WIDTH = 5
MEANING = Meaning(bases={"s": {"A": "A", "B": "A"}})


def _cells(everyone: float) -> pd.DataFrame:
    """Return the cells of an area: of A everyone's are shown, of B women's and men's too.

    B is of the same people, who are thus known to be 50 women and 50 men, more or less.
    """
    row = {"level": OWN, "area": "1", "period": "2025", "group_by": "", "group": "", "source": "s"}
    cells = pd.DataFrame({**row, "indicator": np.repeat(["A", "B"], 3), "sex": [*SEXES, *SEXES]})
    cells["numerator"] = [everyone, np.nan, np.nan, 50, 25, 25]
    cells["denominator"] = [100, np.nan, np.nan, 100, 50, 50]
    return cells.assign(hidden=cells["numerator"].isna())


def _known_to_believers(cells: pd.DataFrame) -> list[tuple[int, int]]:
    """Return between what each of them takes the women counted in A to lie."""
    known = known_of(cells, Protection(), MEANING)
    women = known.cells[(known.cells["indicator"] == "A") & (known.cells["sex"] == "kvinnor")]
    count = int(women["numerator"].iloc[0])
    seen = [by_bounds(view).bounded for view in believers(known, known.family)]
    return [(int(each.low[count]), int(each.high[count])) for each in seen]


def test_who_looks_at_women_and_men_believes_in_nine_and_nine() -> None:
    # They are 18 at least together, and the others of both are more than a few.
    assert (9, 9) in _known_to_believers(_cells(20))


def test_what_contradicts_itself_is_no_claim() -> None:
    # Of 28 to 32 women or men are 14 at least, and as many at most as leave 16 others.
    assert all(high - low >= WIDTH for low, high in _known_to_believers(_cells(30)))


def test_where_a_believer_would_claim_more_is_hidden() -> None:
    found = audit(_cells(20), Protection(), MEANING, width=WIDTH)
    assert found.result.further > 0
    assert found.result.narrowest is not None
    assert found.result.narrowest >= WIDTH


def test_who_does_not_see_that_others_are_the_same_people_is_looked_at_too() -> None:
    # Of A women alone are hidden. Who believes them to be few, and that a base may look like the
    # larger one of C, takes 8 or 9 women to be not counted; that B is of the same people, of whom
    # there are 98 at least, contradicts it.
    cells = pd.concat([_cells(45), _cells(75)[:3].assign(indicator="C")], ignore_index=True)
    cells["numerator"] = [45, np.nan, 25, 90, np.nan, np.nan, 75, 35, 40]
    cells["denominator"] = [100, np.nan, 55, 100, np.nan, np.nan, 100, 45, 55]
    cells = cells.assign(hidden=cells["numerator"].isna())
    for alone, claimed in ((False, False), (True, True)):
        known = known_of(cells, Protection(), MEANING, alone=alone)
        rest = int(known.cells["rest"].iloc[1])
        seen = [by_bounds(view).bounded for view in believers(known, known.family)]
        assert ((8, 9) in [(each.low[rest], each.high[rest]) for each in seen]) is claimed
    assert audit(cells, Protection(), MEANING, width=WIDTH).result.further > 0


@pytest.mark.parametrize("seed", [12, 24, 54])
def test_without_belief_every_interval_holds_the_truth(tmp_path: Path, seed: int) -> None:
    config = load_config(write_random_city(tmp_path, seed))
    levels = levels_of(config, read_areas(config))
    published = protect_levels(config, config.catalogue(), levels, gather(config, levels))
    cells = cells_of(published, config.exempt())
    meaning = meaning_of(config, levels)
    for alone in (False, True):
        known = known_of(cells, config.protection, meaning, alone=alone)
        nothing = np.zeros_like(known.family.few)
        for family in (known.family, *believers(known, known.family)):
            seen = by_bounds(replace(family, few=nothing)).bounded
            assert _outside(known.cells, seen.low, seen.high, truth_of(tmp_path)) == []


def _outside(
    cells: pd.DataFrame,
    low: np.ndarray,
    high: np.ndarray,
    truth: dict[tuple[tuple[str, ...], str], int],
) -> list[tuple[str, ...]]:
    """Return the cells of which what is true is not between what is known."""
    names = cells[["area", "period", "sex", "indicator", "group"]].itertuples(index=False)
    wrong = []
    for (number, cell), (column, side) in product(
        enumerate(tuple(each) for each in names), (("numerator", "in"), ("rest", "out"))
    ):
        count = cells[column].iloc[number]
        true = truth.get((cell, side))
        if true is not None and count >= 0 and not low[int(count)] <= true <= high[int(count)]:
            wrong.append(cell)
    return wrong
