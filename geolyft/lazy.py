"""Names of a package that are imported when they are asked for: a command loads what it needs."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def names_from(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """Return a package's ``__getattr__``: names by the module below it that has them, and modules.

    Examples
    --------
    >>> find = names_from("geolyft", {"CITY": "frames"})
    >>> find("CITY"), find("frames").CITY
    ('city', 'city')
    """

    def find(name: str) -> Any:  # noqa: ANN401 - whatever the module has
        if name in homes:
            return getattr(import_module(f"{package}.{homes[name]}"), name)
        module = f"{package}.{name}"
        try:
            # Not what Python itself asks for, such as __path__.
            found = None if name.startswith("_") else import_module(module)
        except ModuleNotFoundError as problem:
            if problem.name != module:
                raise
            found = None
        if found is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return found

    return find
