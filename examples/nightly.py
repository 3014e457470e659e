"""A nightly job: run, verify, say what moved since yesterday, and stop with a code that tells."""

import sys
import warnings
from pathlib import Path

import geolyft

RUN, OUT = Path(__file__).parent / "demo/run.toml", Path("out/examples/natt")
yesterday = geolyft.open(OUT).index if OUT.exists() else None
try:
    with warnings.catch_warnings(record=True) as notes:
        geolyft.run(RUN, out=OUT)
except geolyft.GeolyftError as refused:
    print(f"{refused.code}: {refused}", file=sys.stderr)
    sys.exit(refused.exit_code)
today = geolyft.open(OUT).index
moved = "first night" if yesterday is None else f"moved: {not today.equals(yesterday)}"
print(f"{len(notes)} notes; intact: {geolyft.verify(OUT).intact}; {moved}")
