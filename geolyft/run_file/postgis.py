"""What a run file says of a database: by which name it is known, and which table or schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints, model_validator

from geolyft.form import Form
from geolyft.read.postgis.connection import Connection
from geolyft.read.postgis.table import DatabaseTable

# A line with something in it: a blank name or a blank "protected_by" says nothing.
Line = Annotated[
    str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\s][^\x00-\x1f]*$")
]


class DatabaseSettings(Form):
    """By which name a database is reached; nothing that opens it stands in a run file.

    Parameters
    ----------
    service
        A service of ``~/.pg_service.conf``, where libpq finds address, user and password.
    environment
        Instead: the name of the environment variable that holds the connection.
    """

    service: Annotated[str, StringConstraints(pattern=r"^[\w.-]{0,60}$")] = ""
    environment: Annotated[str, StringConstraints(pattern=r"^([A-Za-z_]\w{0,60})?$")] = ""

    @model_validator(mode="before")
    @classmethod
    def _opens_nothing(cls, said: Any) -> Any:  # noqa: ANN401 - what a file says
        texts = said.items() if isinstance(said, Mapping) else []
        if any(_opens(key) or _opens(f"{text}") for key, text in texts):
            what = "an address or a password does not belong in a run file: name a service of"
            raise ValueError(f"{what} ~/.pg_service.conf, and write the password in ~/.pgpass")
        return said

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if bool(self.service) == bool(self.environment):
            raise ValueError("give service or environment")
        return self

    @property
    def connection(self) -> Connection:
        """How the database is reached."""
        return Connection(service=self.service, environment=self.environment)


def _opens(text: str) -> bool:
    """Say whether a text is, or names, what opens a database."""
    return "://" in text or any(sign in text.casefold() for sign in ("password", "passwd", "pwd="))


class TableSettings(DatabaseSettings):
    """A table of a database, in the place of a file.

    Parameters
    ----------
    table
        ``schema.table``; without a schema it is ``public``.
    """

    table: Line

    def located(self, table: str) -> DatabaseTable:
        """Return where a table of the same database is."""
        return DatabaseTable(table=table, service=self.service, environment=self.environment)


class SchemaSettings(DatabaseSettings):
    """Where in a database the layers and tables go.

    Parameters
    ----------
    schema_
        The schema, ``schema`` in the file; it is made where there is none.
    """

    schema_: Annotated[str, StringConstraints(pattern=r"^[a-z_åäö][a-z0-9_åäö]{0,49}$")] = Field(
        alias="schema"
    )
