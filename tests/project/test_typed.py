"""What a dict of a run or a catalogue may say is what the forms take, for type checkers too."""

from __future__ import annotations

import importlib.util
import shutil
import sys
import typing
from pathlib import Path

import pytest

from geolyft import typed
from geolyft.indicators.catalogue import Catalogue
from geolyft.run_file.config import Config

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("said", "form"), [("RunFile", Config), ("CatalogueFile", Catalogue)])
def test_a_dict_has_the_keys_of_its_form_and_needs_the_same(said: str, form: type) -> None:
    kind = getattr(typed, said)
    fields = {field.alias or name: field for name, field in form.model_fields.items()}
    assert set(typing.get_type_hints(kind)) == set(fields)
    assert kind.__required_keys__ == {k for k, each in fields.items() if each.is_required()}


def test_the_types_are_what_the_forms_say_today() -> None:
    if shutil.which("ruff", path=str(Path(sys.executable).parent)) is None:
        pytest.skip("needs ruff: make lint installs it")
    spec = importlib.util.spec_from_file_location("typed_script", ROOT / "docs" / "typed.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.page() == (ROOT / "geolyft" / "typed.py").read_text("utf-8")
