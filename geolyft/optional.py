"""Imported when used: packages of an extra, or the way to install them, and names of a package."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from geolyft.errors import GeolyftError, ReadError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def optional(
    module: str,
    extra: str,
    where: str = "",
    *,
    error: type[GeolyftError] = ReadError,
    code: str = "read-needs-package",
    what: str = "",
    remedy: str = "",
) -> Any:  # noqa: ANN401 - a module that may be absent has no type
    """Import a module of an extra, or say how to install it.

    Parameters
    ----------
    error, code
        The refusal; by default that of a file whose format needs the package.
    what, remedy
        Other words than ``needs the package …`` and ``install it: …``.

    Raises
    ------
    GeolyftError
        `error` with `code`.

    Examples
    --------
    >>> optional("json", "raster").loads("[1]")
    [1]
    >>> optional("no_such_package.part", "raster", "height.tif")
    Traceback (most recent call last):
    ...
    geolyft.errors.ReadError: height.tif: needs the package no_such_package; install it: pip \
install "geolyft[raster]"
    """
    try:
        return import_module(module)
    except ImportError:
        raise error(
            code,
            what or f"needs the package {module.partition('.')[0]}",
            remedy=remedy or f'install it: pip install "geolyft[{extra}]"',
            where=where,
        ) from None


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
