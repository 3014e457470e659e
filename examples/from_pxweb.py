"""A table as PxWeb gives it, by DeSO, becomes figures of Malmö's 14 GeSO in a GeoPackage."""

from pathlib import Path

import geolyft

TABLE, OUT = Path(__file__).parent / "data/pxweb.json", Path("out/examples/hyresratt.gpkg")
cells = geolyft.read_table(TABLE, numbers=["value"]).frame
cells["deso"] = cells["Region"].str.removesuffix("_DeSO2025")
dwellings = cells.pivot(index="deso", columns="Upplatelseform", values="value")
crosswalk = geolyft.load_crosswalk("deso2025_geso").by("dwellings")
geso = geolyft.move_totals(dwellings, crosswalk).totals.drop("residual")
rental = (100 * geso["1"] / geso.sum(axis=1)).rename("hyresratt_procent")
OUT.parent.mkdir(parents=True, exist_ok=True)
geolyft.load_areas("geso").join(rental).to_file(OUT, layer="hyresratt")
print(rental.round(1).to_string(), f"wrote {OUT}", sep="\n")
