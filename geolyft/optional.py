"""Packages that belong to an extra: imported when used, or refused with the way to install them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from geolyft.errors import GeolyftError, ReadError


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
