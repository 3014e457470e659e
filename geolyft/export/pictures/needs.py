"""The package that static maps are drawn with, which is optional."""

from __future__ import annotations

from importlib.util import find_spec

from geolyft.errors import OutputError


def require_matplotlib() -> None:
    """Refuse where matplotlib is not installed.

    Raises
    ------
    OutputError
        ``format-extra``.
    """
    if find_spec("matplotlib") is None:
        raise OutputError(
            "format-extra",
            "needs the package matplotlib",
            remedy='install it: pip install "geolyft[pictures]"',
            where="bilder",
        )
