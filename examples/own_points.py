"""Give points the code of their area, and account for every one of them."""

from pathlib import Path

import geopandas
import pandas as pd
from shapely import Point

import geolyft

OUT = Path("out/examples")

areas = geolyft.load_areas("geso")

# Made up: two points in each area, one in the sea, and one person without an address.
inside = areas.representative_point()
places = [*inside, *inside, Point(110_000, 6_160_000), Point()]
points = geopandas.GeoDataFrame({"id": range(len(places))}, geometry=places, crs=areas.crs)

# One in thirty lies outside: more than the default allows, so it has to be said.
points["area"] = geolyft.assign_points(points, areas, max_outside=0.1)
audit = geolyft.audit_points(points["area"], ~points.geometry.is_empty)
print(f"{audit.placed} of {audit.total} placed, {audit.outside} outside, {audit.unplaced} no place")

counted = points.groupby("area").size().reindex(areas.index, fill_value=0).rename("points")
OUT.mkdir(parents=True, exist_ok=True)
pd.concat([areas["name"], counted], axis=1).to_csv(OUT / "points_per_area.csv")
print(f"wrote {OUT / 'points_per_area.csv'}")
