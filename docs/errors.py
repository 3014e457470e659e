"""Write errors.md from the one list of codes in geolyft/errors.py."""

from itertools import groupby
from pathlib import Path
from typing import Final

from geolyft.errors import CODES, DisclosureError, GeolyftError, OutputError

PAGE: Final = Path(__file__).with_name("errors.md")

ABOUT: Final = {
    "access": "Access to places",
    "aggregate": "Dividing counts",
    "allocation": "Parting a sum",
    "areas": "Areas and divisions",
    "assign": "The command assign",
    "catalogue": "The catalogue of indicators",
    "compare": "Comparing two deliveries",
    "crosswalk": "Crosswalks",
    "delivery": "Opening a delivery",
    "effects": "Plans and effects",
    "efforts": "The register of efforts",
    "engine": "Who does the work (dask)",
    "events": "Events",
    "fetch": "Downloading boundaries",
    "index": "The index",
    "join": "Placing points and totals on the areas",
    "observations": "Observations",
    "output": "Writing the delivery",
    "place": "A place",
    "protect": "Disclosure control",
    "raster": "Rasters",
    "read": "Reading files",
    "releases": "The ledger of releases",
    "run": "The run file",
    "siting": "New places",
    "verify": "Verifying a delivery",
}
"""Headings; a first part that is not here stands as it is."""

EXIT: Final = {
    "audit": DisclosureError.exit_code,
    "protect": DisclosureError.exit_code,
    "output": OutputError.exit_code,
    "format": OutputError.exit_code,
}
"""What the command line exits with, where it is not that of bad input."""

HEAD: Final = """\
<!-- Written by docs/errors.py from geolyft/errors.py. Do not edit. -->

# Errors

A refusal has a stable code. On the command line it is one line on stderr:

```text
geolyft: CODE: file, row, column: what, how much; the way out
```

In Python it is a `GeolyftError` with `.code`, `.what`, `.remedy` and `.where`. The exit code is 2,
apart from disclosure control (3) and writing (4). Some lines have no code of this list: `usage:`
when the command line cannot be understood and `memory:` when the input is too large (2), `bug:`
when geolyft itself is wrong and `interrupted` (1). Messages never show a person's data. What is no
refusal is a `GeolyftWarning`, and stops nothing.
"""


def page() -> str:
    """Return the page of errors, every code under the heading of its first part.

    Returns
    -------
    str
        Markdown.
    """
    parts = [HEAD]
    for family, codes in groupby(sorted(CODES), key=lambda code: code.partition("-")[0]):
        exit_code = EXIT.get(family, GeolyftError.exit_code)
        parts.append(f"\n## {ABOUT.get(family, family.capitalize())}\n\nExit code {exit_code}.\n\n")
        parts.append("| code | means |\n| --- | --- |\n")
        parts += [f"| `{code}` | {CODES[code]} |\n" for code in codes]
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.name}: {len(CODES)} codes")
