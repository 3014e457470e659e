"""The ledger of releases, for people: which there are, and what one of them published."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from geolyft.errors import ReadError, brief
from geolyft.frames import has_status
from geolyft.pipeline.releases.marks import key_name
from geolyft.read.releases import key_file, read_key, read_ledger

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

STAYS: Final = "what it showed stays known to later runs"


def listed(ledger: Path) -> pd.DataFrame:
    """Return the releases, the latest last.

    Raises
    ------
    ReadError
        ``releases-file``.

    Examples
    --------
    >>> from pathlib import Path
    >>> list(listed(Path("no such ledger.sqlite")))[:3]
    ['release', 'added', 'title']
    """
    table = read_ledger(ledger)["release"]
    periods = table["periods"].map(lambda said: ", ".join(json.loads(said))).astype("str")
    columns = ["release", "added", "title", "periods", "threshold", "base", "withdrawn"]
    return table.assign(periods=periods)[columns]


def find(ledger: Path, release: str) -> str:
    """Return the whole name of a release from how it begins.

    Raises
    ------
    ReadError
        ``releases-unknown`` when none begins so, or several.
    """
    names = read_ledger(ledger)["release"]["release"]
    found = [name for name in names if release and name.startswith(release)]
    if len(found) != 1:
        what = f"{len(found)} releases begin with {brief(release)}"
        remedy = "see geolyft releases list, and give enough of the name"
        raise ReadError("releases-unknown", what, remedy=remedy, where=ledger.name)
    return str(found[0])


def explained(ledger: Path, release: str) -> dict[str, object]:
    """Return what a release published, ready for JSON.

    Raises
    ------
    ReadError
        As `find`.
    """
    name, whole = find(ledger, release), read_ledger(ledger)
    own = {table: rows[rows["release"] == name] for table, rows in whole.tables.items()}
    row = own["release"].iloc[0]
    counts, marks = own["count"], own["source"]["key"]
    return {
        "release": name,
        "title": row["title"],
        "added": row["added"],
        "periods": ", ".join(json.loads(row["periods"])),
        "rule": f"threshold {row['threshold']}, base {row['base']}",
        "divisions": ", ".join(own["level"]["level"]),
        "sources": ", ".join(own["source"]["source"] + " " + own["source"]["reference"]),
        "counted": ", ".join(sorted(own["definition"]["what"].unique())),
        "figures": len(counts),
        "hidden": int(has_status(counts["status"], "hidden").sum()),
        "known again by": _known_by(ledger, marks),
        "withdrawn": f"{row['withdrawn']}; {STAYS}" if row["withdrawn"] else "no",
    }


def _known_by(ledger: Path, keys: pd.Series[str]) -> str:
    if (keys == key_name(read_key(ledger))).all() and len(keys):
        return "the rows of its sources"
    if (keys == "").all():
        return "names and columns of its sources"
    return f"names and columns of its sources, for {key_file(ledger).name} is not the key of then"
