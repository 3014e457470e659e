"""What is asked of the package is there, and a command loads only what it needs."""

from __future__ import annotations

import subprocess
import sys

import pytest

import geolyft
from geolyft import pipeline
from geolyft.optional import names_from


@pytest.mark.parametrize("package", [geolyft, pipeline])
def test_every_public_name_is_found(package: object) -> None:
    for name in package.__all__:
        assert getattr(package, name) is not None


def test_a_name_that_is_not_there_is_no_attribute() -> None:
    for name in ("no_such_name", "_find_me", "__path_to__"):
        assert not hasattr(geolyft, name)
    with pytest.raises(ImportError, match="no_such_name"):
        exec("from geolyft import no_such_name")  # noqa: S102 - as a user writes it


def test_a_module_that_lacks_a_package_says_so_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "geolyft.form", None)
    with pytest.raises(ModuleNotFoundError):
        names_from("geolyft", {"Form": "form"})("Form")


def loaded_by(code: str) -> set[str]:
    shown = f"{code}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", shown], check=True, capture_output=True, text=True
    )
    return set(done.stdout.split())


def test_placing_points_loads_no_stage_of_a_run_and_help_loads_nothing() -> None:
    assert not {"pandas", "numpy"} & loaded_by("import geolyft.cli")
    loaded = loaded_by("import geolyft\ngeolyft.assign_file")
    assert not {"geolyft.pipeline", "geolyft.findings", "pydantic", "rasterio"} & loaded
    assert not any(name.startswith("geolyft.export.web") for name in loaded)


def test_a_folder_is_found_below_the_package_without_being_imported() -> None:
    assert "True" in loaded_by(
        "import geolyft\nprint(geolyft.join.area_lookup.AreaGrid is not None)"
    )
