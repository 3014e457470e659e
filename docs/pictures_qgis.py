"""Make the pictures of the page on QGIS: the demo's and the register example's project in print."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

ROOT: Final = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from qgis_check import ask  # noqa: E402 - the tests' own way to ask QGIS

IMAGES: Final = Path(__file__).with_name("images")
MOST_BYTES: Final = 350_000
"""Pictures are kept in the repository: a larger one is refused."""
DPI: Final = 90


def steps(folder: Path) -> list[dict[str, object]]:
    """Return what to print: the index in A4, the change, and one page of the atlas."""
    return [
        {"do": "layout", "name": "Karta A4 liggande",
         "to": str(folder / "qgis-a4.png"), "dpi": DPI},
        {"do": "theme", "name": "Förändring", "to": str(folder / "qgis-forandring.png"),
         "width": 800, "height": 700},
        {"do": "atlas", "name": "Områden, ett per sida", "page": 10,
         "to": str(folder / "qgis-atlas.png"), "dpi": DPI},
    ]  # fmt: skip


def main() -> None:
    """Print the project of ``out/register``, which ``make examples`` makes."""
    project = ROOT / "out" / "register" / "omradeslyft.qgz"
    if not project.exists():
        subprocess.run(["make", "examples"], cwd=ROOT, check=True)  # noqa: S607 - the reader's own
    with TemporaryDirectory() as folder:
        (answer,) = ask([{"open": str(project), "steps": steps(Path(folder))}])
        for said in answer["steps"]:
            if "error" in said:
                raise SystemExit(said["error"])
        for file in sorted(Path(folder).glob("*.png")):
            size = file.stat().st_size
            if size > MOST_BYTES:
                raise SystemExit(f"{file.name} has {size} bytes, more than {MOST_BYTES}")
            (IMAGES / file.name).write_bytes(file.read_bytes())
            print(f"{file.name}: {size} bytes")


if __name__ == "__main__":
    main()
