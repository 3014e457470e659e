"""Run the open-data demo from Python, and list the areas whose index is under 85."""

import warnings

import geolyft
from geolyft.divisions.areas import demo_folder

warnings.simplefilter("ignore", geolyft.GeolyftWarning)  # the run's notes; in real work read them
index = geolyft.run(demo_folder() / "run.toml").publication.index
low = index.query("`index` < 85 and area != 'city'").sort_values("index")
for area in low.itertuples():
    print(f"{area.area:>2} {area.name}: {area.index:.1f}, rank {area.rank_low}-{area.rank_high}")
