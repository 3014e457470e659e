"""Another city, another index: polygons made in code, two dimensions, one run. All made up."""

import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import geopandas
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
numerator = "svarande som känner sig otrygga"
denominator = "svarande"
direction = "low"

[[indicator]]
code = "N1"
dimension = "narhet"
name = "Andel med park inom 300 meter"
numerator = "invånare med park inom 300 meter"
denominator = "invånare"
direction = "high"
"""

FIGURES: Final = """stadsdel;svarande;otrygga;invånare;park
N;400;60;5200;4100
O;380;133;6100;2600
S;350;70;4300;3900
V;410;94;5700;3800
"""

RUN: Final = """
[run]
title = "Trivsel i fyra stadsdelar (påhittat)"
city = "Exempelstad"
periods = ["2025"]
synthetic = true

[areas]
file = "stadsdelar.gpkg"
code = "kod"
name = "namn"
level = "stadsdel"

[index]
catalogue = "trivsel.toml"

[[source]]
name = "Stadens tal"
file = "tal.csv"
kind = "totals"
area = "stadsdel"
population = "invånare"

[[source.measure]]
indicator = "T1"
numerator = "otrygga"
denominator = "svarande"

[[source.measure]]
indicator = "N1"
numerator = "park"
denominator = "invånare"
"""


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
    for name, text in {"trivsel.toml": CATALOGUE, "tal.csv": FIGURES, "run.toml": RUN}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "run.toml"


def main() -> None:
    """Run the made-up city, and print its index."""
    warnings.simplefilter("ignore", geolyft.GeolyftWarning)  # says that the figures are made up
    with TemporaryDirectory() as folder:
        made = geolyft.run(write_inputs(Path(folder)), out=OUT)
    columns = ["area", "name", "index", "trygghet", "narhet", "rank_low", "rank_high", "status"]
    print(made.publication.index[columns].round(1).to_string(index=False))
    print(f"wrote {OUT}")


if __name__ == "__main__":
    main()
