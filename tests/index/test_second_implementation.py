"""The default index, written a second time in SQL, agrees on a thousand made-up cities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from needs import module

from geolyft.frames import CITY
from geolyft.index.combine import combine, weigh
from geolyft.index.scales import fit_scales, score

if TYPE_CHECKING:
    from geolyft.indicators.catalogue import Catalogue

duckdb = module("duckdb")

SEEDS = 1000
AREAS = [str(n) for n in range(1, 6)]

# Counts in, index out; the city is the sum of its areas and a residual. No line of it is shared
# with geolyft: shares, scales, dimensions and index are each one step of plain SQL.
SQL = """
with shares as (
    select seed, area, indicator, sum(numerator) / sum(denominator) * 100 as x
    from (select seed, area, indicator, numerator, denominator from counts where area <> 'rest'
          union all
          select seed, 'city', indicator, numerator, denominator from counts)
    group by seed, area, indicator
),
scales as (
    select seed, indicator,
           max(x) filter (where area = 'city') as ref,
           (max(x) filter (where area <> 'city') - min(x) filter (where area <> 'city')) / 2 as d
    from shares group by seed, indicator
),
scores as (
    select seed, area, dimension,
           case direction when 'high' then (x - (ref - d)) / (2 * d) * 60 + 70
                          else (ref + d - x) / (2 * d) * 60 + 70 end as s
    from shares join scales using (seed, indicator) join definition using (indicator)
),
dimensions as (
    select seed, area, dimension, avg(s) as v from scores group by seed, area, dimension
)
select seed, area, avg(v) as index, max(v) filter (where dimension = 'ekonomi') as ekonomi
from dimensions group by seed, area
"""


def made_up_cities(catalogue: Catalogue) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    key = pd.MultiIndex.from_product(
        [range(SEEDS), [*AREAS, "rest"], catalogue.codes], names=["seed", "area", "indicator"]
    )
    denominator = rng.integers(50, 20_000, len(key)).astype("float64")
    numerator = np.floor(denominator * rng.uniform(0.02, 0.98, len(key)))
    return pd.DataFrame(
        {"numerator": numerator, "denominator": denominator}, index=key
    ).reset_index()


def ours(counts: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    city = counts.assign(area=CITY)
    summed = pd.concat([counts[counts["area"] != "rest"], city]).groupby(
        ["seed", "area", "indicator"]
    )[["numerator", "denominator"]].sum()  # fmt: skip
    seen = summed.reset_index().assign(sex="alla", status="ok")
    seen["value"] = 100 * seen["numerator"] / seen["denominator"]
    seen["period"] = seen["seed"].astype("str")
    scores = [
        score(of_seed, fit_scales(of_seed, catalogue, base_period=str(seed)))
        for seed, of_seed in seen.groupby("seed")
    ]
    return combine(weigh(pd.concat(scores, ignore_index=True), catalogue), catalogue)


@pytest.mark.needs("duckdb")
def test_sql_and_geolyft_agree_on_a_thousand_cities(catalogue: Catalogue) -> None:
    decided = catalogue.decide({"U1": "högst"})
    counts = made_up_cities(decided)
    definition = pd.DataFrame(
        [(i.code, i.dimension, i.direction) for i in decided.indicators],
        columns=["indicator", "dimension", "direction"],
    )
    with duckdb.connect() as database:
        database.register("counts", counts)
        database.register("definition", definition)
        theirs = database.execute(SQL).df()
    made = ours(counts, decided).assign(seed=lambda t: t["period"].astype(int))
    both = made.merge(theirs, on=["seed", "area"], suffixes=("_ours", "_sql"))
    assert len(both) == SEEDS * (len(AREAS) + 1)
    for column in ("index", "ekonomi"):
        assert (both[f"{column}_ours"] - both[f"{column}_sql"]).abs().max() < 1e-9
