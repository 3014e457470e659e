"""What stands in a database is what stands in the files, or what was there before stays."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import warnings
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from postgis_server import SERVICE
from small_run import write_small_run

import geolyft
from geolyft.errors import GeolyftError, GeolyftWarning
from geolyft.export.postgis import schema as schemas
from geolyft.pipeline.deliver import deliver
from geolyft.read import read_layer, read_points, read_table
from geolyft.read.postgis.connection import Connection
from geolyft.read.postgis.table import DatabaseTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from postgis_server import Server

    from geolyft.export.publication import Publication

pytestmark = pytest.mark.needs("postgis")
SECRET = "hemligt7"  # noqa: S105
HERE = Connection(service=SERVICE)


def table(name: str) -> DatabaseTable:
    return DatabaseTable(table=name, service=SERVICE)


def load(server: Server, name: str, frame: pd.DataFrame) -> None:
    """Make a table of a frame: texts, numbers, and a geometry where the frame has one."""
    kinds = {"f": "double precision", "i": "bigint", "b": "boolean"}
    types = {column: kinds.get(frame[column].dtype.kind, "text") for column in frame}
    if isinstance(frame, gpd.GeoDataFrame):
        types["geometry"] = "geometry"
        shapes = shapely.set_srid(frame.geometry.to_numpy(), frame.crs.to_epsg())
        frame = pd.DataFrame(frame).assign(geometry=shapely.to_wkb(shapes, True, include_srid=True))
    with server.connect() as opened, opened.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {name}")
        said = ", ".join(f'"{column}" {kind}' for column, kind in types.items())
        cursor.execute(f"CREATE TABLE {name} ({said})")
        with cursor.copy(f"COPY {name} FROM STDIN") as copied:
            for row in frame.astype("object").where(frame.notna(), None).itertuples(index=False):
                copied.write_row(row)


def silent_run(file: Path, out: Path | None = None) -> geolyft.Result:
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        return geolyft.run(file, out=out)


def deliver_into(run_file: Path, database: str) -> None:
    """Let a run deliver into a database."""
    with run_file.open("a", encoding="utf-8") as opened:
        opened.write(f'\n[delivery]\npostgis = {{ {database}, schema = "prov" }}\n')


def fetch(server: Server, query: str) -> list[Any]:
    with server.connect() as opened:
        return opened.execute(query).fetchall()


@pytest.fixture
def run_file(tmp_path: Path, squares: gpd.GeoDataFrame) -> Path:
    return write_small_run(tmp_path / "run", squares)


@pytest.fixture(scope="module")
def publication(tmp_path_factory: pytest.TempPathFactory, squares: gpd.GeoDataFrame) -> Publication:
    return silent_run(write_small_run(tmp_path_factory.mktemp("run"), squares)).publication


@pytest.fixture
def into(publication: Publication, database: Server) -> Iterator[Callable[[Path], None]]:
    """Deliver into a folder and a schema; afterwards there is none of the latter."""
    yield partial(deliver, publication, schema=schemas.Schema(connection=HERE, name="prov"))
    with database.connect() as opened:
        opened.execute("DROP SCHEMA IF EXISTS prov CASCADE; DROP SCHEMA IF EXISTS egen CASCADE")
        opened.execute("DROP TABLE IF EXISTS layer_styles")


class TestIn:
    def test_a_run_of_tables_is_the_run_of_the_files_they_are_of(
        self, database: Server, run_file: Path
    ) -> None:
        of_files = silent_run(run_file).publication
        text = run_file.read_text(encoding="utf-8")
        for year in (2023, 2024):
            read = pd.read_csv(
                run_file.parent / f"people_{year}.csv", sep=";", decimal=",", encoding="cp1252"
            )
            load(database, f"people_{year}", read)
        votes = pd.read_csv(run_file.parent / "votes.csv", sep=";", encoding="cp1252", dtype="str")
        load(database, "votes", votes)
        load(database, "omraden", gpd.read_file(run_file.parent / "areas.gpkg"))
        here = f'postgis = {{ service = "{SERVICE}", table = '
        text = text.replace('file = "people_{period}.csv"', here + '"people_{period}" }')
        text = text.replace('file = "areas.gpkg"', here + '"omraden" }')
        text = text.replace('file = "votes.csv"', here + '"public.votes" }')
        (run_file.parent / "tables.toml").write_text(text, encoding="utf-8")
        of_tables = silent_run(run_file.parent / "tables.toml").publication
        assert of_tables.areas.equals(of_files.areas)
        pd.testing.assert_frame_equal(of_tables.index, of_files.index)
        pd.testing.assert_frame_equal(of_tables.observations, of_files.observations)
        inputs = of_tables.provenance["inputs"]
        assert [each["path"] for each in inputs] == [
            f"{SERVICE}: people_2023", f"{SERVICE}: people_2024",
            f"{SERVICE}: public.votes", f"{SERVICE}: public.votes",
        ]  # fmt: skip
        assert {each["kind"] for each in inputs} == {"postgis"}
        assert SECRET not in str(of_tables.provenance)

    def test_cells_come_as_they_are(self, database: Server) -> None:
        with database.connect() as opened:
            opened.execute(
                "DROP TABLE IF EXISTS celler; CREATE TABLE celler (kod char(6), n numeric(6,2),"
                " dag date, ja boolean, tid timestamp, id uuid, tal integer);"
                " INSERT INTO celler VALUES ('0180', 1.50, '2024-02-29', true, '2024-02-29 12:00',"
                " '00000000-0000-0000-0000-000000000001', 7),"
                " ('a\"\nb', NULL, NULL, NULL, NULL, NULL, NULL),"
                " ('', 0, NULL, false, NULL, NULL, 0)"
            )
        read = read_table(table("celler"), numbers=["n"]).frame
        assert sorted(read["kod"]) == ["", "0180", 'a"\nb']
        row = read[read["kod"] == "0180"].iloc[0]
        assert (row["n"], row["dag"], row["ja"], row["tal"]) == (1.5, "2024-02-29", "true", "7")
        assert row["id"].endswith("0001")
        assert read.loc[read["kod"] == 'a"\nb', "n"].isna().all()

    def test_shapes_have_the_crs_of_the_database(self, database: Server) -> None:
        places = gpd.GeoDataFrame(
            {"kod": ["0180", "a"], "n": [1.0, np.nan]},
            geometry=gpd.points_from_xy([118_000.5, 118_001], [6_163_000, 6_163_001]),
            crs=3008,
        )
        load(database, "platser", places)
        layer = read_layer(table("platser"))
        assert (layer.frame.crs.to_epsg(), layer.understood.kind) == (3008, "postgis")
        assert layer.frame["kod"].tolist() == ["0180", "a"]
        points = read_points(table("platser"), columns=["kod"])
        assert points.frame[["x", "y"]].to_numpy().tolist() == [
            [118_000.5, 6_163_000], [118_001, 6_163_001],
        ]  # fmt: skip

    def test_the_digest_is_of_the_rows_and_not_of_their_order(self, database: Server) -> None:
        frame = pd.DataFrame({"a": ["1", "2", "3"], "n": [1.0, 2, 3]})
        digests = []
        for rows in (frame, frame[::-1], frame.assign(n=[1.0, 2, 4])):
            load(database, "digest", rows)
            digests.append(read_table(table("digest"), numbers=["n"]).understood.sha256)
        assert digests[0] == digests[1] != digests[2]

    @pytest.mark.parametrize(
        ("place", "code", "said"),
        [
            (table("plaster"), "database-table", "did you mean 'platser'"),
            (table("ingen.alls"), "database-table", "no such table"),
            (table("tva"), "database-table", "2 columns of geometry"),
            (table("tom"), "read-header-only", "no features"),
            (table("blandat"), "database-table", "2 CRSs"),
            (
                DatabaseTable(table="a", service="okand"),
                "database-connection", "no service has that name",
            ),
            (
                DatabaseTable(table="a", environment="INGEN_SÅDAN"),
                "database-connection", "no environment variable",
            ),
        ],
    )  # fmt: skip
    def test_what_cannot_be_read_is_refused(
        self, database: Server, place: DatabaseTable, code: str, said: str
    ) -> None:
        with database.connect() as opened:
            opened.execute(
                "CREATE TABLE IF NOT EXISTS platser (a text);"
                "CREATE TABLE IF NOT EXISTS tva (g geometry, h geometry);"
                "CREATE TABLE IF NOT EXISTS tom (g geometry);"
                "CREATE TABLE IF NOT EXISTS blandat AS SELECT ST_SetSRID(ST_Point(n, n), 3006 + n)"
                " AS g FROM generate_series(0, 2, 2) n"
            )
        with pytest.raises(GeolyftError, match=re.escape(said)) as refused:
            read_layer(place)
        assert refused.value.code == code

    def test_a_user_without_rights_is_told_so(
        self, database: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        load(database, "hemlig", pd.DataFrame({"a": ["1"]}))
        monkeypatch.setenv(
            "STADEN", f"host={database.folder} dbname=stad user=planerare password={SECRET}"
        )
        place = DatabaseTable(table="hemlig", environment="STADEN")
        with pytest.raises(GeolyftError, match="this user may not") as refused:
            read_table(place)
        assert SECRET not in str(refused.value)

    @pytest.mark.parametrize(
        "given",
        [
            f"postgresql://jag:{SECRET}@{{host}}.invalid/stad",
            f"host={{host}}/nowhere password={SECRET}",
            f"host {SECRET}",
        ],
    )
    def test_no_refusal_says_what_opens_a_database(
        self, database: Server, monkeypatch: pytest.MonkeyPatch, given: str
    ) -> None:
        monkeypatch.setenv(
            "STADEN", given.replace("{host}", "x" if "//" in given else str(database.folder))
        )
        with pytest.raises(GeolyftError) as refused:
            read_table(DatabaseTable(table="a", environment="STADEN"))
        assert refused.value.code == "database-connection"
        chain = [
            refused.value.__cause__,
            None if refused.value.__suppress_context__ else refused.value.__context__,
        ]
        assert chain == [None, None]
        assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    "said",
    [
        f'service = "{SERVICE}", password = "{SECRET}"',
        f'service = "postgresql://jag:{SECRET}@server/stad"',
        f'environment = "password={SECRET}"',
        f'service = "{SERVICE}", host = "{SECRET}"',
    ],
)
def test_a_password_in_a_run_file_is_refused_and_not_repeated(run_file: Path, said: str) -> None:
    text = run_file.read_text(encoding="utf-8")
    for broken in (
        text + f'\n[delivery]\npostgis = {{ schema = "prov", {said} }}\n',
        text.replace('file = "votes.csv"', f'postgis = {{ table = "votes", {said} }}'),
    ):
        run_file.write_text(broken, encoding="utf-8")
        with pytest.raises(GeolyftError) as refused:
            geolyft.load_config(run_file)
        assert refused.value.code == "run-form"
        assert SECRET not in str(refused.value)


class TestOut:
    def test_the_schema_holds_what_the_geopackage_holds(
        self, database: Server, into: Callable[[Path], None], tmp_path: Path
    ) -> None:
        into(tmp_path / "out")
        package = tmp_path / "out" / "omradeslyft.gpkg"
        # What the project's printed pages run through is of no use without the project.
        ours = {"layer_styles", "kartteman"}
        listed = [name for name, _ in pyogrio.list_layers(package) if name not in ours]
        there = fetch(database, "SELECT tabell FROM prov.leverans ORDER BY fid")
        assert [name for (name,) in there] == listed
        for name in listed:
            info = pyogrio.read_info(package, layer=name)
            file = pyogrio.read_dataframe(package, layer=name, fid_as_index=True)
            kept = _frame(database, name, spatial=isinstance(file, gpd.GeoDataFrame))
            assert [*kept] == [*file], name
            assert kept.index.tolist() == file.index.tolist(), name
            kinds = [_TYPES[np.dtype(each).name] for each in info["dtypes"]]
            assert _types(database, name) == dict(zip(info["fields"], kinds, strict=True)), name
            for column in info["fields"]:
                assert _plain(kept[column]) == _plain(file[column]), (name, column)
            if isinstance(file, gpd.GeoDataFrame):
                assert kept.crs == file.crs
                assert kept.geometry.geom_equals_exact(file.geometry, 0).all(), name
                assert set(kept.geom_type) == set(file.geom_type)

    def test_tables_say_what_they_are(
        self, database: Server, into: Callable[[Path], None], tmp_path: Path
    ) -> None:
        into(tmp_path / "out")
        index = "'prov.stadsdel_index'::regclass"
        said = f"SELECT obj_description({index}), col_description({index}, 2)"
        ((about, column),) = fetch(database, said)
        assert about.startswith("Provstad: index och dimensioner per stadsdel 2024. ")
        assert column
        keys = "SELECT count(*) FROM pg_constraint WHERE contype = 'p'"
        keys += " AND connamespace = 'prov'::regnamespace"
        tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'prov'"
        assert fetch(database, keys) == fetch(database, tables)
        indexed = (
            "SELECT count(*) FROM pg_indexes WHERE schemaname = 'prov' AND indexdef LIKE '%gist%'"
        )
        shapes = "SELECT count(*) FROM geometry_columns WHERE f_table_schema = 'prov'"
        assert fetch(database, indexed) == fetch(database, shapes) != [(0,)]

    def test_what_others_made_survives_the_next_delivery(
        self, database: Server, into: Callable[[Path], None], tmp_path: Path
    ) -> None:
        into(tmp_path / "out")
        with database.connect() as opened:
            opened.execute(
                "CREATE SCHEMA egen; CREATE VIEW egen.vy AS SELECT * FROM prov.stadsdel_index;"
                "GRANT SELECT ON prov.stadsdel_index TO planerare;"
                "CREATE TABLE prov.mina (a text); INSERT INTO prov.mina VALUES ('min');"
                "CREATE TABLE prov.tabell_gammal (a text);"
                "INSERT INTO prov.leverans VALUES (999, 'tabell_gammal');"
                "DELETE FROM prov.stadsdel_index WHERE fid = 1;"
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name,"
                " f_geometry_column, styleName, useAsDefault, owner) VALUES"
                " ('stad', 'prov', 'stadsdel_index', 'geom', 'min', true, 'jag'),"
                " ('stad', 'annat', 'b', 'geom', 'b', true, 'geolyft')"
            )
        into(tmp_path / "out")
        assert fetch(database, "SELECT count(*) FROM egen.vy") == [(4,)]
        assert fetch(
            database, "SELECT has_table_privilege('planerare', 'prov.stadsdel_index', 'SELECT')"
        ) == [(True,)]
        assert fetch(database, "SELECT a FROM prov.mina") == [("min",)]
        assert fetch(database, "SELECT to_regclass('prov.tabell_gammal')") == [(None,)]
        styles = fetch(
            database,
            "SELECT styleName FROM layer_styles WHERE owner = 'jag' OR f_table_schema = 'annat'",
        )
        assert sorted(styles) == [("b",), ("min",)]
        twice = "SELECT count(*) FROM layer_styles"
        twice += " GROUP BY f_table_schema, f_table_name, styleName HAVING count(*) > 1"
        assert fetch(database, twice) == []

    @pytest.mark.parametrize(
        ("before", "code"),
        [
            ("CREATE SCHEMA prov; CREATE TABLE prov.stadsdel_index (a text)", "output-occupied"),
            (
                "CREATE SCHEMA prov; CREATE VIEW prov.leverans AS SELECT 1 AS tabell",
                "output-occupied",
            ),
        ],
    )
    def test_a_table_of_somebody_else_is_not_taken(
        self, database: Server, into: Callable[[Path], None], tmp_path: Path, before: str, code: str
    ) -> None:
        with database.connect() as opened:
            opened.execute(before)
        with pytest.raises(GeolyftError) as refused:
            into(tmp_path / "out")
        assert refused.value.code == code
        assert not (tmp_path / "out").exists()
        assert fetch(
            database, "SELECT count(*) FROM pg_class WHERE relnamespace = 'prov'::regnamespace"
        ) == [(1,)]

    def test_a_view_of_a_table_with_other_columns_is_in_the_way(
        self, database: Server, into: Callable[[Path], None], tmp_path: Path
    ) -> None:
        into(tmp_path / "out")
        with database.connect() as opened:
            opened.execute(
                "ALTER TABLE prov.stadsdel_index ADD COLUMN ny text;"
                "CREATE SCHEMA egen; CREATE VIEW egen.vy AS SELECT ny FROM prov.stadsdel_index"
            )
        with pytest.raises(GeolyftError, match="a view is made of") as refused:
            into(tmp_path / "out")
        assert refused.value.code == "output-occupied"

    def test_a_table_that_a_program_holds_is_waited_for_and_then_refused(
        self,
        database: Server,
        into: Callable[[Path], None],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        into(tmp_path / "out")
        monkeypatch.setattr(schemas, "_WAIT", "50ms")
        with database.connect() as opened, opened.transaction():
            opened.execute("SELECT * FROM prov.stadsdel_index")
            with pytest.raises(GeolyftError, match="a program has held") as refused:
                into(tmp_path / "out")
        assert refused.value.code == "output-open"

    def test_where_nobody_may_write_is_refused_before_any_work(
        self, database: Server, run_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("STADEN", f"host={database.folder} dbname=stad user=planerare")
        deliver_into(run_file, 'environment = "STADEN"')
        monkeypatch.setattr("geolyft.pipeline.run.publish", None)
        with pytest.raises(GeolyftError, match="may not make tables") as refused:
            silent_run(run_file, tmp_path / "out")
        assert refused.value.code == "output-write"

    def test_killed_in_the_middle_the_old_delivery_stays(
        self, database: Server, into: Callable[[Path], None], run_file: Path, tmp_path: Path
    ) -> None:
        deliver_into(run_file, f'service = "{SERVICE}"')
        into(tmp_path / "out")
        query = "SELECT md5(string_agg(t::text, '' ORDER BY fid)) FROM prov.stadsdel_index t"
        before = fetch(database, query), _tree(tmp_path / "out")
        (run_file.parent / "votes.csv").write_text(
            "kod;röstande;röstberättigade\n1;1900;2000\n2;1500;2000\n3;1650;2000\n4;1800;2000\n",
            encoding="cp1252",
        )
        killed = subprocess.run(  # noqa: S603
            [sys.executable, "-c", _KILLED, str(run_file), str(tmp_path / "out")],
            check=False, env={**os.environ, "PYTHONPATH": str(Path(geolyft.__file__).parents[1])},
        )  # fmt: skip
        assert killed.returncode == -signal.SIGKILL
        assert (fetch(database, query), _tree(tmp_path / "out")) == before
        silent_run(run_file, tmp_path / "out")
        assert fetch(database, query) != before[0]


_KILLED = """
import os, signal, sys, warnings
import geolyft
from geolyft.export.postgis import schema

write, done = schema.write_table, []

def write_some(cursor, name, layer):
    write(cursor, name, layer)
    done.append(layer)
    if len(done) == 5:
        os.kill(os.getpid(), signal.SIGKILL)

schema.write_table = write_some
warnings.simplefilter("ignore")
geolyft.run(sys.argv[1], out=sys.argv[2])
"""


_TYPES = {"object": "text", "int64": "bigint", "float64": "double precision", "bool": "boolean"}


def _types(server: Server, name: str) -> dict[str, str]:
    query = (
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'prov'"
    )
    found = fetch(server, f"{query} AND table_name = '{name}' ORDER BY ordinal_position")
    return {column: kind for column, kind in found if column not in ("fid", "geom")}


def _plain(column: pd.Series[Any]) -> list[Any]:
    return [None if pd.isna(each) else each for each in column]


def _tree(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in sorted(folder.rglob("*")) if each.is_file()}


def _frame(server: Server, name: str, *, spatial: bool) -> pd.DataFrame:
    with server.connect() as opened:
        cursor = opened.execute(f'SELECT * FROM prov."{name}" ORDER BY fid')  # noqa: S608
        columns = [each.name for each in cursor.description]
        frame = pd.DataFrame(cursor.fetchall(), columns=columns).set_index("fid")
        if not spatial:
            return frame
        srid = opened.execute(f"SELECT Find_SRID('prov', '{name}', 'geom')").fetchone()[0]
    shapes = shapely.from_wkb(frame["geom"].to_numpy())
    return gpd.GeoDataFrame(frame.drop(columns="geom"), geometry=shapes, crs=srid)
