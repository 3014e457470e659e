"""Another city, another index: a made-up register of four districts, two editions."""

import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import geopandas
import numpy as np
import pandas as pd
from shapely import box

import geolyft

OUT: Final = Path("out/examples/other_city")

CATALOGUE: Final = """
[index]
code = "trivsel"
name = "Trivselindex"

[[dimension]]
code = "trygghet"
name = "Trygghet"

[[dimension]]
code = "narhet"
name = "Närhet"

[[indicator]]
code = "T1"
dimension = "trygghet"
name = "Andel som känner sig otrygga"
numerator = "invånare från 16 år som känner sig otrygga"
denominator = "invånare från 16 år"
direction = "low"

[[indicator]]
code = "N1"
dimension = "narhet"
name = "Andel med park inom 300 meter"
numerator = "invånare med park inom 300 meter"
denominator = "invånare"
direction = "high"
"""

RUN: Final = """
[run]
title = "Trivsel i fyra stadsdelar (påhittat)"
city = "Exempelstad"
periods = ["2024", "2025"]
synthetic = true

[areas]
file = "stadsdelar.gpkg"
code = "kod"
name = "namn"
level = "stadsdel"

[index]
catalogue = "trivsel.toml"

[target]
year = 2030

[[source]]
name = "Stadens register"
file = "invanare_{period}.csv"
kind = "points"
x = "x"
y = "y"
crs = 3006
population = true
children = { alder = { max = 17 } }
sex = { column = "kon", women = "K", men = "M" }
groups.alder = { column = "alder", breaks = [30, 65] }

[[source.measure]]
indicator = "T1"
among.alder = { min = 16 }
counted.otrygg = { one_of = ["ja"] }

[[source.measure]]
indicator = "N1"
counted.park = { one_of = ["ja"] }
"""


def register(districts: geopandas.GeoDataFrame, *, year: int, size: int = 8000) -> pd.DataFrame:
    """Make people up: where they live decides their conditions, and one in 200 has no place."""
    rng = np.random.default_rng(year)
    home = rng.integers(0, len(districts), size)
    corner = districts.bounds.to_numpy()[home]
    unsafe = np.array([0.15, 0.35, 0.20, 0.23])[home] - 0.02 * (year - 2024)
    near = np.array([0.79, 0.43, 0.91, 0.67])[home]
    people = pd.DataFrame(
        {
            "kon": rng.choice(["K", "M"], size),
            "alder": rng.integers(0, 95, size),
            "x": (corner[:, 0] + rng.uniform(0, 1000, size)).round(),
            "y": (corner[:, 1] + rng.uniform(0, 1000, size)).round(),
            "otrygg": np.where(rng.random(size) < unsafe, "ja", "nej"),
            "park": np.where(rng.random(size) < near, "ja", "nej"),
        }
    )
    people.loc[: size // 200, ["x", "y"]] = np.nan
    return people


def write_inputs(folder: Path) -> Path:
    """Write the run's files to a folder, and return the run file's path."""
    corners = [
        (500_000, 6_500_000),
        (501_000, 6_500_000),
        (500_000, 6_499_000),
        (501_000, 6_499_000),
    ]
    districts = geopandas.GeoDataFrame(
        {"kod": ["N", "O", "S", "V"], "namn": ["Norr", "Öster", "Söder", "Väster"]},
        geometry=[box(x, y, x + 1000, y + 1000) for x, y in corners],
        crs=3006,
    )
    districts.to_file(folder / "stadsdelar.gpkg", layer="stadsdelar")
    for year in (2024, 2025):
        people = register(districts, year=year)
        people.to_csv(folder / f"invanare_{year}.csv", sep=";", decimal=",", index=False)
    for name, text in {"trivsel.toml": CATALOGUE, "run.toml": RUN}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "run.toml"


def main() -> None:
    """Run the made-up city, and print its index."""
    warnings.simplefilter("ignore", geolyft.GeolyftWarning)  # says that the figures are made up
    with TemporaryDirectory() as folder:
        made = geolyft.run(write_inputs(Path(folder)), out=OUT)
    columns = ["area", "period", "index", "trygghet", "narhet", "rank_low", "rank_high", "status"]
    print(made.publication.index[columns].round(1).to_string(index=False))
    for area, sentences in made.publication.stories.items():
        print(area, *sentences)
    print(f"wrote {OUT}")


if __name__ == "__main__":
    main()
