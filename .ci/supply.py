"""Say what the wheel comes with, by its SBOM: every licence, and every vulnerability that is known.

python .ci/supply.py SBOM PACKAGES, where PACKAGES is the folder that holds them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any


def name_version(sbom: Path, packages: Path) -> None:
    """Add geolyft's own version to an SBOM: its pyproject.toml leaves that to the wheel."""
    (own,) = packages.glob("geolyft-*.dist-info")
    content = json.loads(sbom.read_text(encoding="utf-8"))
    content["metadata"]["component"]["version"] = own.stem.split("-")[1]
    sbom.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def licences(sbom: Path) -> list[str]:
    """Return a line for each package: name, version and licence as the package states them."""
    lines = []
    for part in json.loads(sbom.read_text(encoding="utf-8"))["components"]:
        stated = [each.get("expression") or each["license"] for each in part.get("licenses", [])]
        names = [s if isinstance(s, str) else s.get("id") or s["name"] for s in stated]
        said = sorted({name.splitlines()[0].removeprefix("License :: ") for name in names})
        lines.append(f"{part['name']} {part['version']}: {'; '.join(said) or 'states none'}")
    return sorted(lines, key=str.casefold)


def audit(packages: Path) -> tuple[list[str], int]:
    """Return what pip-audit has found, and of how many packages it could not ask."""
    run = [sys.executable, "-m", "pip_audit", "--path", str(packages), "--format", "json",
           "--progress-spinner", "off"]  # fmt: skip
    told = subprocess.run(run, capture_output=True, text=True, check=False)  # noqa: S603
    if not told.stdout:
        return [], len(list(packages.glob("*.dist-info"))) - 1
    parts: list[dict[str, Any]] = json.loads(told.stdout)["dependencies"]
    # What is being audited is on no index of packages.
    asked = [each for each in parts if each["name"] != "geolyft"]
    found = [f"{p['name']} {p['version']}: {v['id']}" for p in asked for v in p.get("vulns", [])]
    return found, sum("skip_reason" in each for each in asked)


def main() -> None:
    """Write the licences beside the SBOM, and fail where a vulnerability is known."""
    sbom, packages = map(Path, sys.argv[1:])
    name_version(sbom, packages)
    lines = licences(sbom)
    sbom.with_name("licences.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{sbom} and licences.txt: {len(lines)} packages")
    found, unasked = audit(packages)
    if unasked:
        print(f"NOT AUDITED: {unasked} packages, of which no database that is reached here knows.")
    if len(lines) > unasked:
        print("\n".join(found) or f"{len(lines) - unasked} packages: no known vulnerability.")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
