"""How a database is reached: by a name that stands for it, and never by a password of ours.

What psycopg says may quote an address, a user or a value: only what it is about is told on.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from geolyft.errors import GeolyftError, ReadError
from geolyft.optional import optional

if TYPE_CHECKING:
    from collections.abc import Iterator

_SECONDS: Final = 10
_SAID: Final = (
    ("definition of service", "no service has that name", "write it in ~/.pg_service.conf"),
    ("service file", "no service has that name", "write it in ~/.pg_service.conf"),
    ("password", "asks for a password, or another", "write it in ~/.pgpass"),
    ("authentication", "does not let this user in", "ask who keeps the database"),
    ("does not exist", "has no such database or user", "check the service"),
    ("in connection info", "the connection is not written as libpq reads it", "check the variable"),
)
"""What psycopg says of a connection that fails, in words of ours, with the way out."""
_STATES: Final = {
    "InsufficientPrivilege": "this user may not",
    "DiskFull": "the disk is full",
    "ReadOnlySqlTransaction": "the database is read only",
    "UndefinedTable": "a table is gone",
    "AdminShutdown": "the server was stopped",
}


@dataclass(frozen=True, kw_only=True)
class Connection:
    """A database by name; address, user and password are where libpq looks for them.

    Parameters
    ----------
    service
        A service of ``~/.pg_service.conf``, or of the file that ``PGSERVICEFILE`` names.
    environment
        Instead: the environment variable that holds the connection, as libpq or as an address.

    Examples
    --------
    >>> Connection(service="malmo").name
    'malmo'
    """

    service: str = ""
    environment: str = ""

    @property
    def name(self) -> str:
        """What to call the database."""
        return self.service or self.environment

    @contextmanager
    def session(self, *, read_only: bool) -> Iterator[Any]:
        """Give a connection, one transaction that is done when the block ends without an error.

        Parameters
        ----------
        read_only
            Nothing can be written, and every statement sees the same state.

        Raises
        ------
        GeolyftError
            ``read-needs-package`` without psycopg, ``database-connection`` when there is no way in.
        """
        psycopg = optional("psycopg", "postgis", self.name)
        connection = self._connect(psycopg)
        with connection:
            connection.read_only = read_only
            if read_only:
                connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            yield connection

    def _connect(self, psycopg: Any) -> Any:  # noqa: ANN401 - a package that may be absent
        said = {"service": self.service} if self.service else {}
        given = "" if self.service else os.environ.get(self.environment, "")
        if not (said or given):
            what = "no environment variable of that name holds a connection"
            raise _refusal(self.name, what, "set it, or name a service")
        try:
            return psycopg.connect(
                given, **said, connect_timeout=_SECONDS, application_name="geolyft"
            )
        except psycopg.Error as problem:
            text = str(problem)
        found = (answer for sign, *answer in _SAID if sign in text)
        what, remedy = next(found, ("does not answer", "check the service, the network and VPN"))
        raise _refusal(self.name, what, remedy)


def _refusal(where: str, what: str, remedy: str) -> ReadError:
    return ReadError("database-connection", what, remedy=remedy, where=where)


@contextmanager
def refusing(
    where: str, *, code: str, error: type[GeolyftError] = ReadError, remedy: str
) -> Iterator[None]:
    """Turn what a database says of a statement into a refusal, without its words."""
    psycopg = optional("psycopg", "postgis", where)
    try:
        yield
    except psycopg.Error as problem:
        kind = type(problem).__name__
        what = f"the database refuses it ({_STATES.get(kind, kind)})"
        raise error(code, what, remedy=remedy, where=where) from None
