"""An index of three indicators with geopandas, and its intervals by a simulation of one's own."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

DATA = Path(__file__).parents[3] / "examples/data"
GROUPS, BAD = {"T1": "v", "N1": "v", "K1": "v"}, ["T1"]
areas = gpd.read_file(DATA / "stadsdelar.geojson").set_index("kod")
counts = pd.read_csv(DATA / "raknat.csv", dtype={"period": "str"})
city = counts.groupby(["period", "indicator"])[["numerator", "denominator"]].sum().reset_index()
both = pd.concat([counts, city.assign(area="city")])
key = ["period", "area", "indicator"]
both = both.set_index(key).sort_index()
share = both["numerator"] / both["denominator"]
base = share["2024"].drop("city").groupby("indicator")
half = (base.max() - base.min()) / 2
sign = pd.Series({code: -1 if code in BAD else 1 for code in GROUPS})


def index_of(shares: pd.Series) -> pd.Series:
    wide = shares.unstack("indicator")
    reference = share["2024", "city"]
    scores = 100 + 30 * sign * (wide - reference) / half
    return scores.T.groupby(GROUPS).mean().mean()


rng = np.random.default_rng(2030)
drawn = pd.concat(
    [
        index_of(
            share + rng.normal(size=len(share)) * np.sqrt(share * (1 - share) / both["denominator"])
        )
        for _ in range(1000)
    ],
    axis=1,
)
made = pd.DataFrame(
    {
        "index": index_of(share),
        "low": drawn.quantile(0.025, axis=1),
        "high": drawn.quantile(0.975, axis=1),
    }
)
print(made.drop("city", level="area").join(areas["namn"], on="area").round(1))
