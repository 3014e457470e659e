"""A PostgreSQL server with PostGIS for tests: its own folder, a socket, and nobody from outside."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVICE = "provet"
_SECRET = "hemligt7"  # noqa: S105 - nobody asks for it: who reaches the socket is let in
_DEBIAN = Path("/usr/lib/postgresql")


def programs() -> str | None:
    """Return the folder of a PostgreSQL that has PostGIS."""
    for folder in sorted(_DEBIAN.glob("*/bin"), reverse=True):
        version = folder.parent.name
        if Path(f"/usr/share/postgresql/{version}/extension/postgis.control").exists():
            return str(folder)
    return None


class Server:
    """A server that runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def connect(self, **said: Any) -> Any:  # noqa: ANN401 - of psycopg
        import psycopg  # noqa: PLC0415 - optional

        who = {"user": "postgres", "dbname": "stad", "host": str(self.folder), **said}
        return psycopg.connect(**who, autocommit=True)

    @property
    def service_file(self) -> str:
        """What ``PGSERVICEFILE`` has to be."""
        return str(self.folder / "pg_service.conf")


@contextmanager
def running() -> Iterator[Server]:
    """Start a server with an empty database, and stop it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    try:
        _as_owner(folder, "initdb", "--no-sync", "--auth=trust", "-U", "postgres", "-D", "data")
        asked = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=20"
        _as_owner(folder, "pg_ctl", "-w", "-D", "data", "-l", "log", "-o", asked, "start")
        yield _prepared(Server(folder))
    finally:
        _as_owner(folder, "pg_ctl", "-D", "data", "-m", "immediate", "stop", check=False)
        shutil.rmtree(folder, ignore_errors=True)


def _prepared(server: Server) -> Server:
    with server.connect(dbname="postgres") as opened:
        opened.execute("CREATE DATABASE stad")
        opened.execute("CREATE ROLE planerare LOGIN")
    with server.connect() as opened:
        opened.execute("CREATE EXTENSION postgis")
    said = {"host": server.folder, "dbname": "stad", "user": "postgres", "password": _SECRET}
    lines = [f"[{SERVICE}]", *(f"{key}={value}" for key, value in said.items())]
    Path(server.service_file).write_text("\n".join(lines) + "\n", encoding="utf-8")
    Path(server.service_file).chmod(0o644)
    return server


def _as_owner(folder: Path, program: str, *asked: str, check: bool = True) -> None:
    """Run a program as the user it lets run it: never root."""
    command = [f"{programs()}/{program}", *asked]
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        command = ["runuser", "-u", "postgres", "--", *command]
    null = subprocess.DEVNULL
    subprocess.run(command, cwd=folder, check=check, stdout=null, stderr=null)  # noqa: S603
