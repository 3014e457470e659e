"""The package that static maps are drawn with, which is optional."""

from __future__ import annotations

from geolyft.errors import OutputError
from geolyft.optional import optional


def require_matplotlib() -> None:
    """Refuse where matplotlib is not installed.

    Raises
    ------
    OutputError
        ``format-extra``.
    """
    optional("matplotlib", "pictures", "bilder", error=OutputError, code="format-extra")
