"""A delivery is a folder that is whole or not there: written aside, moved into place at the end."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geolyft.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MANIFEST: Final = "manifest.json"


@contextmanager
def new_delivery(final: Path) -> Iterator[Path]:
    """Give a folder to write in, and move it to `final` when nothing went wrong.

    An earlier delivery at `final` is replaced whole. Anything else there is refused before any
    work is done.

    Raises
    ------
    OutputError
        ``output-occupied`` when `final` is something else than a delivery or an empty folder;
        ``output-write`` when the folder cannot be written.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with new_delivery(Path(folder) / "out") as aside:
    ...         _ = (aside / "a.txt").write_text("a")
    ...     (Path(folder) / "out" / "a.txt").read_text()
    'a'
    """
    final = Path(os.path.abspath(final))  # noqa: PTH100 - resolve() would follow a link at the end
    check_destination(final)
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{final.name}.", suffix=".part", dir=final.parent))
        try:
            yield aside
            aside.chmod(0o755)
            _settle(aside)
            _swap(aside, final)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    except OSError as problem:
        raise OutputError(
            "output-write",
            f"cannot be written ({problem.strerror or type(problem).__name__})",
            remedy="check free space, rights and whether another program has it open",
            where=final.name,
        ) from problem


def check_destination(final: Path) -> None:
    """Refuse a destination that holds anything but an earlier delivery.

    Raises
    ------
    OutputError
        ``output-occupied``.
    """
    if not os.path.lexists(final):
        return
    empty = final.is_dir() and not final.is_symlink() and not any(final.iterdir())
    if not (empty or (final / MANIFEST).is_file()) or final.is_symlink():
        raise OutputError(
            "output-occupied",
            "exists and is no earlier delivery",
            remedy="choose another --out, or remove it yourself",
            where=final.name,
        )


def _settle(folder: Path) -> None:
    """Make sure every file's bytes are on the disk before the folder gets its name."""
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            with file.open("rb") as opened:
                os.fsync(opened.fileno())


def _swap(aside: Path, final: Path) -> None:
    if not final.exists():
        aside.rename(final)
        return
    earlier = Path(tempfile.mkdtemp(prefix=f".{final.name}.", suffix=".old", dir=final.parent))
    final.rename(earlier / final.name)
    try:
        aside.rename(final)
    except OSError:
        # Back to where it was; should that fail too, the earlier delivery stays beside it.
        (earlier / final.name).rename(final)
        earlier.rmdir()
        raise
    shutil.rmtree(earlier, ignore_errors=True)


def sha256(path: Path) -> str:
    """Return a file's SHA-256.

    Examples
    --------
    >>> with tempfile.NamedTemporaryFile() as empty:
    ...     sha256(Path(empty.name))[:8]
    'e3b0c442'
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_manifest(folder: Path, content: Mapping[str, object]) -> None:
    """Write ``manifest.json``: the content, and every file of the folder with size and SHA-256."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    outputs = [
        {
            "path": file.relative_to(folder).as_posix(),
            "bytes": file.stat().st_size,
            "sha256": sha256(file),
        }
        for file in files
        if file.name != MANIFEST
    ]
    text = json.dumps(
        {**content, "outputs": outputs}, ensure_ascii=False, indent=1, allow_nan=False
    )
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
