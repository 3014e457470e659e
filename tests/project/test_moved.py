"""Module names that documents gave before still lead to the module."""

from __future__ import annotations

import sys
from importlib import import_module

import pytest

from geolyft.moved import MOVED


@pytest.mark.parametrize("old", MOVED)
def test_an_old_name_is_the_very_module_and_says_where_it_is_now(old: str) -> None:
    new = import_module(f"geolyft.{MOVED[old]}")
    sys.modules.pop(f"geolyft.{old}", None)
    with pytest.warns(DeprecationWarning, match=MOVED[old]):
        assert import_module(f"geolyft.{old}") is new
    assert new.__name__ == new.__spec__.name == f"geolyft.{MOVED[old]}"


def test_what_was_a_module_and_is_a_folder_hands_on_what_it_had() -> None:
    had = {
        "disclosure": "Protection protect_counts",
        "indicators": "Catalogue load_catalogue",
        "join": "assign_points audit_points",
        "pipeline": "Result check publish",
        "rasters": "Zonal zonal_statistics",
    }
    for folder, names in had.items():
        module = import_module(f"geolyft.{folder}")
        assert [name for name in names.split() if not hasattr(module, name)] == []
