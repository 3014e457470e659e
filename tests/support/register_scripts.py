"""The scripts of the register example, importable as they are when one of them is run."""

from __future__ import annotations

import importlib
import sys
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

EXAMPLE = Path(__file__).parents[2] / "examples" / "register"


@contextmanager
def register_scripts(names: Collection[str]) -> Iterator[SimpleNamespace]:
    """Import them, and leave nothing behind: other scripts have modules of these names too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(EXAMPLE))
        for name in names:
            patch.delitem(sys.modules, name, raising=False)
        yield SimpleNamespace(**{name: importlib.import_module(name) for name in names})
        for name in names:
            sys.modules.pop(name, None)
