"""A PDF opened, and the tree of its tags."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from needs import module

if TYPE_CHECKING:
    from collections.abc import Iterator

pypdf = module("pypdf")


def opened(content: bytes) -> Any:  # noqa: ANN401 - pypdf is optional here
    return pypdf.PdfReader(io.BytesIO(content))


def tree(document: Any) -> Iterator[Any]:  # noqa: ANN401
    """Walk the elements of a document's structure, in reading order."""
    waiting = [document.trailer["/Root"]["/StructTreeRoot"]["/K"]]
    while waiting:
        node = waiting.pop(0)
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            waiting[:0] = node
        elif isinstance(node, dict) and node.get("/S"):
            yield node
            waiting[:0] = [node["/K"]] if "/K" in node else []


def kinds(document: Any) -> list[str]:  # noqa: ANN401
    return [str(node["/S"]).lstrip("/") for node in tree(document)]
