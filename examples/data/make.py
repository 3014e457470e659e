"""Make the inputs of the scripts in examples/: small, made up, and the same every time.

    python examples/data/make.py

The one that is not made up is `pxweb.json`: SCB's own figures of `examples/demo`, in the form that
PxWeb gives them.
"""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

import geolyft

HERE: Final = Path(__file__).parent
TENURES: Final = {"dw_rental": "hyresrätt", "dw_coop": "bostadsrätt", "dw_owner": "äganderätt"}
DISTRICTS: Final = {"N": "Norr", "O": "Öster", "S": "Söder", "V": "Väster"}
SIZES: Final = np.array([2000, 1500, 2500, 1800])
SHARES: Final = {
    ("T1", "2024"): (0.15, 0.35, 0.20, 0.23),
    ("N1", "2024"): (0.79, 0.43, 0.91, 0.67),
    ("K1", "2024"): (0.52, 0.28, 0.44, 0.36),
    ("T1", "2025"): (0.15, 0.27, 0.20, 0.24),
    ("N1", "2025"): (0.80, 0.52, 0.91, 0.66),
    ("K1", "2025"): (0.51, 0.36, 0.44, 0.37),
}


def visitors() -> pd.DataFrame:
    """Make visitors up, with the place each comes from; every hundredth has none."""
    rng, areas = np.random.default_rng(2030), geolyft.load_areas("geso")
    size = rng.integers(150, 400, len(areas))
    places = areas.sample_points(size, rng=2030).explode()
    member = rng.random(len(places)) < np.repeat(np.linspace(0.2, 0.6, len(areas)), size)
    table = pd.DataFrame({"x": places.x.round(), "y": places.y.round(), "medlem": member})
    table = table.sample(frac=1, random_state=2030, ignore_index=True)
    table.loc[::100, ["x", "y"]] = np.nan
    return table.replace({"medlem": {True: "ja", False: "nej"}})


def districts() -> dict[str, object]:
    """Make four districts up, two by two, in SWEREF 99 TM."""
    features = []
    for (code, name), (east, north) in zip(
        DISTRICTS.items(), [(0, 1), (1, 1), (0, 0), (1, 0)], strict=True
    ):
        west, south = 500_000 + 1000 * east, 6_500_000 + 1000 * north
        ring = [[west + 1000 * x, south + 1000 * y] for x, y in [(0, 0), (1, 0), (1, 1), (0, 1)]]
        shape = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
        about = {"kod": code, "namn": name}
        features.append({"type": "Feature", "properties": about, "geometry": shape})
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3006"}}
    return {"type": "FeatureCollection", "crs": crs, "features": features}


def counted() -> pd.DataFrame:
    """Make counts of the districts up, two years of three indicators."""
    tables = [
        pd.DataFrame({"area": list(DISTRICTS), "indicator": code, "period": period,
                      "numerator": (SIZES * shares).round().astype(int), "denominator": SIZES})
        for (code, period), shares in SHARES.items()
    ]  # fmt: skip
    return pd.concat(tables, ignore_index=True)


def as_table(counts: pd.DataFrame) -> pd.DataFrame:
    """Lay counts of one period out as a table of totals: a row an area."""
    wide = counts.pivot(index="area", columns="indicator", values=["numerator", "denominator"])
    wide.columns = [code if side == "numerator" else f"{code}_av" for side, code in wide.columns]
    return wide


def cube() -> dict[str, object]:
    """Return dwellings by tenure and DeSO as JSON-stat 2, as PxWeb gives it."""
    demo = pd.read_csv(HERE.parent / "demo" / "deso2025.csv", dtype={"deso_kod": "str"})
    codes = [f"{code}_DeSO2025" for code in demo["deso_kod"]]
    dimension = {
        "Region": {code: code.partition("_")[0] for code in codes},
        "Upplatelseform": {str(n + 1): label for n, label in enumerate(TENURES.values())},
        "Tid": {"2025": "2025"},
    }
    at = product(range(len(demo)), TENURES)
    return {
        "version": "2.0",
        "class": "dataset",
        "label": "Lägenheter efter region, upplåtelseform och år",
        "source": "SCB",
        "id": list(dimension),
        "size": [len(labels) for labels in dimension.values()],
        "dimension": {
            name: {"label": name, "category": {
                "index": {code: n for n, code in enumerate(labels)}, "label": labels}}
            for name, labels in dimension.items()
        },
        "value": [int(demo[column].iloc[row]) for row, column in at],
    }  # fmt: skip


def main() -> None:
    """Write every file."""
    visitors().to_csv(HERE / "besokare.csv", sep=";", decimal=",", index=False)
    counts = counted()
    counts.to_csv(HERE / "raknat.csv", index=False)
    for period, rows in counts.groupby("period"):
        as_table(rows).to_csv(HERE / f"stadsdelar_{period}.csv")
    for name, content in {"stadsdelar.geojson": districts(), "pxweb.json": cube()}.items():
        text = json.dumps(content, ensure_ascii=False, indent=None, separators=(",", ":"))
        (HERE / name).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
