"""Make the plugin's zip, which QGIS installs; the same files give the same bytes."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PLUGIN = HERE / "geolyft_qgis"
EPOCH = (2026, 1, 1, 0, 0, 0)
"""A zip dates its files, and no clock is asked."""


def build(out: Path) -> None:
    """Write the zip."""
    out.parent.mkdir(parents=True, exist_ok=True)
    files = [*sorted(PLUGIN.glob("*.py")), PLUGIN / "metadata.txt", HERE.parent / "LICENSE"]
    with zipfile.ZipFile(out, "w") as packed:
        for file in files:
            entry = zipfile.ZipInfo(f"{PLUGIN.name}/{file.name}", EPOCH)
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent / "out" / f"{PLUGIN.name}.zip"
    build(target)
    print(target)
