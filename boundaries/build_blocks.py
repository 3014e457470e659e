"""Build the crosswalks that lead both DeSO divisions to GeSO with the same weights in every year.

Run from the repository, after ``build.py``::

    python boundaries/build_blocks.py

It needs nothing but what ``build.py`` made and the change table ``deso2018_2025.csv``.
"""

from __future__ import annotations

from pathlib import Path

from build import exact_shares, write_table

from geolyft.divisions.blocks import find_blocks, load_changes
from geolyft.divisions.crosswalks import load_crosswalk
from geolyft.divisions.deso_change import crosswalk_through_blocks
from geolyft.read import read_table

HERE = Path(__file__).resolve().parent
FIGURES = HERE.parent / "examples" / "demo" / "deso2025.csv"
NAMES = {"2018": "crosswalk_deso2018_geso.csv", "2025": "crosswalk_deso2025blocks_geso.csv"}


def main() -> None:
    """Write one crosswalk per division, and say how many areas each splits."""
    blocks = find_blocks(load_changes())
    figures = read_table(FIGURES, numbers=["residents", "dw_total"]).frame.set_index("deso_kod")
    crosswalk = load_crosswalk("deso2025_geso")
    for division, name in NAMES.items():
        table = crosswalk_through_blocks(
            blocks,
            crosswalk,
            figures["residents"],
            division=division,
            dwellings=figures["dw_total"],
        )
        for weight in ("weight", "weight_dwellings"):
            table[weight] = exact_shares(table[weight], table["source"])
        write_table(table, HERE / name, float_format="%.6f")
        split = table["source"].duplicated(keep=False)
        areas = table["source"].nunique()
        print(f"{name}: {areas} areas, {table.loc[split, 'source'].nunique()} of them split")


if __name__ == "__main__":
    main()
