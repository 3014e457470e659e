"""What changed between two years of a delivery, and what of it is more than chance can make."""

from pathlib import Path

import geolyft

RUN, OUT = Path(__file__).parent / "data/stad.toml", Path("out/examples/stad")
geolyft.run(RUN, out=OUT)
delivery = geolyft.open(OUT)
change = delivery.change("2024", "2025")
sure = change[change["comparable"] & change["exceeds"] & (change["area"] != "city")]
names = delivery.layer("index")["stadsdel_namn"]
told = sure.assign(area=sure["area"].map(names))[["area", "what", "change", "low", "high"]]
print(told.round(1).to_string(index=False))
