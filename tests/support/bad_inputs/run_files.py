"""Run files and catalogues that do not say what somebody meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from whole_files import CATALOGUE, RUN

from bad_inputs.case import CHECK_PEOPLE, Bad, edits, texts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SOURCE: Final = "[[source]]\n"
_MEASURE: Final = "[[source.measure]]\n"

TEXTS: Final = {
    "empty": ("run-form", ""),
    "no TOML": ("run-form", "title: Provstaden\n"),
    "XML": ("run-form", "<run/>"),
    "JSON": ("run-form", '{"run": {}}'),
    "quote not closed": ("run-form", RUN.replace('"Provstaden"', '"Provstaden')),
    "curly quotes of a word processor": ("run-form", RUN.replace('"Provstaden"', "”Provstaden”")),
    "cut off": ("run-form", RUN[:100]),
    "a key twice": ("run-form", RUN.replace("[areas]", 'title = "x"\n[areas]')),
    "a table twice": ("run-form", RUN + "[run]\n"),
    "a backslash of a path": ("run-form", RUN.replace("areas.gpkg", "C:\\data\\areas.gpkg")),
    "without sources": ("run-form", RUN.partition(_SOURCE)[0]),
    "without run": ("run-form", RUN.partition("[areas]")[2]),
    "a number in place of a table": ("run-form", "areas = 1\n" + RUN.partition("[areas]")[0]),
}
KEYS: Final = {
    "a key misspelt": ("run-form", "title =", "titel ="),
    "a key in Swedish": ("run-form", 'city = "Provstad"', 'stad = "Provstad"'),
    "an empty title": ("run-form", '"Provstaden"', '""'),
    "a title of two lines": ("run-form", '"Provstaden"', r'"Prov\nstaden"'),
    "a title that is a number": ("run-form", '"Provstaden"', "2024"),
    "no periods": ("run-form", '["2024"]', "[]"),
    "periods are numbers": ("run-form", '["2024"]', "[2024]"),
    "periods are a text": ("run-form", '["2024"]', '"2024"'),
    "periods in the wrong order": ("run-form", '["2024"]', '["2024", "2023"]'),
    "a period twice": ("run-form", '["2024"]', '["2024", "2024"]'),
    "a period with a path in it": ("run-form", '["2024"]', '["../2024"]'),
    "an empty period": ("run-form", '["2024"]', '[""]'),
    "a base period that is none": ("run-form", '["2024"]', '["2024"]\nbase_period = "2019"'),
    "a language nobody writes": ("run-form", '["2024"]', '["2024"]\nlang = "fi"'),
    "carry without end": ("run-form", '["2024"]', '["2024"]\ncarry = 11'),
    "carry below 0": ("run-form", '["2024"]', '["2024"]\ncarry = -1'),
    "carry in halves": ("run-form", '["2024"]', '["2024"]\ncarry = 0.5'),
    "synthetic is a text": ("run-form", '["2024"]', '["2024"]\nsynthetic = "nej"'),
    "a day that is none": ("run-form", '["2024"]', '["2024"]\ncreated = "1 mars 2026"'),
    "a CRS that does not exist": ("run-crs", '["2024"]', '["2024"]\ncrs = 99999'),
    "a CRS in degrees height": ("run-crs", '["2024"]', '["2024"]\ncrs = 5773'),
    "an engine nobody has": ("run-form", '["2024"]', '["2024"]\nengine = "spark"'),
    "a scheduler of the local engine": (
        "engine-scheduler", '["2024"]', '["2024"]\nscheduler = "tcp://localhost:1"'),
    "an earlier delivery that is not there": (
        "verify-manifest", '["2024"]', '["2024"]\nearlier = "nowhere"'),
    "areas without columns": ("run-form", 'code = "kod"\n', ""),
    "areas of a file and shipped": ("run-form", "[areas]\n", '[areas]\ndivision = "geso"\n'),
    "a division nobody ships": (
        "run-form", 'file = "areas.gpkg"\ncode = "kod"\nname = "namn"', 'division = "geos"'),
    "a level of SQLite's": ("run-form", '"stadsdel"', '"sqlite_x"'),
    "a level of two words": ("run-form", '"stadsdel"', '"en stadsdel"'),
    "a password in the run file": (
        "run-form", 'file = "areas.gpkg"',
        'postgis = { service = "a", table = "b", password = "hemligt" }'),
    "a catalogue that is not there": ("catalogue-file", "catalogue.toml", "katalog.toml"),
    "a mean nobody knows": ("run-form", "[index]", '[index]\naggregation = "median"'),
    "a pair that is not defined": (
        "run-form", "[index]", '[index]\nnormalisation = "rank"\naggregation = "geometric"'),
    "a weight of 0": ("catalogue-weight", "[index]", "[index]\nweights = { A = 0 }"),
    "a weight below 0": ("catalogue-weight", "[index]", "[index]\nweights = { A = -1 }"),
    "an infinite weight": ("run-form", "[index]", "[index]\nweights = { A = inf }"),
    "a weight that is no number": ("run-form", "[index]", "[index]\nweights = { A = nan }"),
    "a weight of nobody": ("catalogue-unknown", "[index]", "[index]\nweights = { B = 1 }"),
    "a reading of nobody": ("catalogue-unknown", "[index]", '[index]\nreadings = { B = "x" }'),
    "a reading that is none": ("catalogue-reading", "[index]", '[index]\nreadings = { A = "x" }'),
    "a minimum of more than there is": (
        "run-minimum", "minimum_indicators = 1", "minimum_indicators = 2"),
    "more dimensions than there are": (
        "run-minimum", "minimum_dimensions = 1", "minimum_dimensions = 2"),
    "a minimum of 0": ("run-form", "minimum_indicators = 1", "minimum_indicators = 0"),
    "scales of a delivery that is not there": (
        "timeline-manifest", "[index]", '[index]\nscales = "nowhere"'),
    "a kind nobody counts": ("run-form", '"totals"', '"summor"'),
    "totals without the column of areas": ("run-form", 'area = "kod"\n', ""),
    "a key of points among totals": ("run-form", 'area = "kod"\n', 'area = "kod"\nx = "x"\n'),
    "a source without a name": ("run-form", 'name = "Val"\n', ""),
    "a file that is not there": ("run-path", "votes.csv", "röster.csv"),
    "a placeholder nobody fills": ("run-path", "votes.csv", "votes_{year}.csv"),
    "a brace left open": ("run-path", "votes.csv", "votes_{period.csv"),
    "an edition the run does not make": (
        "run-name", 'area = "kod"\n', 'area = "kod"\neditions = { "2019" = "2018" }\n'),
    "an address in place of a file": ("read-remote", "votes.csv", "https://example.org/votes.csv"),
    "a virtual path in place of a file": (
        "read-remote", "areas.gpkg", "/vsicurl/https://example.org/a"),
    "a separator of two signs": (
        "read-options", 'area = "kod"\n', 'area = "kod"\nseparator = ";;"\n'),
    "a decimal sign that is none": ("run-form", 'area = "kod"\n', 'area = "kod"\ndecimal = "\'"\n'),
    "an encoding nobody has": (
        "read-encoding", 'area = "kod"\n', 'area = "kod"\nencoding = "utf-9"\n'),
    "rows skipped below 0": ("run-form", 'area = "kod"\n', 'area = "kod"\nskip_rows = -1\n'),
    "a mark with a meaning nobody has": (
        "run-form", 'area = "kod"\n', 'area = "kod"\nmarks = { "#" = "unknown" }\n'),
    "hidden rows left open": ("run-form", 'area = "kod"\n', 'area = "kod"\nhidden_rows = "?"\n'),
    "a crosswalk nobody ships": (
        "crosswalk-unknown", 'area = "kod"\n', 'area = "kod"\ncrosswalk = "deso2019_geso"\n'),
    "a crosswalk to other areas": (
        "join-targets", 'area = "kod"\n', 'area = "kod"\ncrosswalk = "deso2025_geso"\n'),
    "an indicator the catalogue lacks": ("run-indicator", 'indicator = "A"', 'indicator = "B"'),
    "an indicator measured twice": (
        "run-twice", _MEASURE,
        _MEASURE + 'indicator = "A"\nnumerator = "ja"\ndenominator = "folk"\n' + _MEASURE),
    "a numerator without a base": ("run-form", 'denominator = "folk"\n', ""),
    "a share and a numerator": ("run-form", 'numerator = "ja"', 'numerator = "ja"\nshare = "ja"'),
    "a sex nobody knows": ("run-form", 'indicator = "A"', 'indicator = "A"\nsex = "kvinna"'),
    "a unit nobody knows": (
        "run-form", 'numerator = "ja"', 'share = "ja"\nunit = "promille"'),
    "a measure that counts nothing": (
        "run-form", 'numerator = "ja"\ndenominator = "folk"\n', ""),
    "moved by nobody": ("run-form", 'indicator = "A"', 'indicator = "A"\nmoved_by = "cars"'),
    "draws without end": ("run-form", "[index]", "[uncertainty]\ndraws = 1_000_000\n[index]"),
    "noise of a source that is not there": (
        "run-name", "[index]", '[[uncertainty.noise]]\nsource = "x"\ncell_sd = 1\n[index]'),
    "noise of an indicator that is not there": (
        "run-indicator", "[index]",
        '[[uncertainty.noise]]\nindicators = ["Z"]\ncell_sd = 1\n[index]'),
    "noise below 0": ("run-form", "[index]", "[[uncertainty.noise]]\ncell_sd = -1\n[index]"),
    "noise that nothing tells": (
        "run-noise", "[index]", '[[uncertainty.noise]]\ncell_sd = "estimate"\n[index]'),
    "a correlation above 1": (
        "run-form", "[index]", "[uncertainty]\ncorrelation = { indicators = 1.5 }\n[index]"),
    "a break of an indicator nobody has": (
        "run-indicator", "[index]",
        '[[break]]\nindicator = "Z"\nbetween = ["2019", "2020"]\nkind = "register"\n[index]'),
    "a break in one year": (
        "run-form", "[index]", '[[break]]\nbetween = ["2019"]\nkind = "register"\n[index]'),
    "a target year that is past": ("targets-year", "[index]", "[target]\nyear = 2024\n[index]"),
    "a format nobody writes": ("run-form", "[index]", '[delivery]\nformats = ["tab"]\n[index]'),
    "a portal without a licence": (
        "run-form", "[index]", '[portal]\naddress = "https://example.org/"\n[index]'),
    "small areas nobody ships": (
        "run-form", "[index]", '[[inside]]\ndivision = "nyko"\ncrosswalk = "x"\n[index]'),
    "small areas of other areas": (
        "join-targets", "[index]",
        '[[inside]]\ndivision = "deso2025"\ncrosswalk = "deso2025_geso"\n[index]'),
    "a second opinion of two": (
        "run-form", "[index]", '[second_opinion]\nindicators = ["A", "A"]\n[index]'),
    "a sum below 0": ("run-form", "[index]", '[allocation]\nsum = -1\nshare = "A"\n[index]'),
    "a sum by an indicator nobody has": (
        "run-indicator", "[index]", '[allocation]\nsum = 100\nshare = "Z"\n[index]'),
    "a lens that counts nobody": (
        "run-name", "[index]", '[[lens]]\nname = "aldre"\nlabel = "65 år och äldre"\n[index]'),
    "a lens without a label": ("run-form", "[index]", '[[lens]]\nname = "aldre"\n[index]'),
    "a lens of an indicator's name": (
        "run-name", "[index]", '[[lens]]\nname = "A"\nlabel = "Äldre"\n[index]'),
    "children nobody counts": (
        "run-name", "[index]", '[[lens]]\nname = "barn"\nheard = "Ja"\n[index]'),
}  # fmt: skip
PEOPLE: Final = {
    "a base of 1 for people": (
        "protect-threshold", "[index]", "[protection]\nbase = 1\n[index]"),
    "a threshold of 2 for people": (
        "protect-threshold", "[index]", "[protection]\nthreshold = 2\n[index]"),
}  # fmt: skip
COUNTED: Final = {
    "points without a condition": ("run-form", 'counted = { arbetar = { one_of = ["ja"] } }\n', ""),
    "a condition that is empty": ("run-form", '{ one_of = ["ja"] }', "{}"),
    "a condition with bounds and texts": (
        "run-form", '{ one_of = ["ja"] }', '{ one_of = ["ja"], min = 1 }'),
    "bounds the wrong way": ("run-form", "{ min = 16 }", "{ min = 65, max = 16 }"),
    "one_of without a text": ("run-form", '["ja"]', "[]"),
    "a text nobody has": ("run-texts", '["ja"]', '["Yes"]'),
    "women the file does not know": ("run-sex", 'women = "K"', 'women = "F"'),
    "women and men alike": ("run-form", 'women = "K"', 'women = "M"'),
    "a column nobody has": ("read-column-missing", "arbetar =", "sysselsatt ="),
    "x and y of one column": ("read-points-columns", 'y = "y"', 'y = "x"'),
    "no x": ("read-points-columns", 'x = "x"\n', ""),
    "no CRS": ("read-crs-missing", "crs = 3008\n", ""),
    "a CRS nobody knows": ("read-crs-unknown", "crs = 3008\n", "crs = 9999\n"),
    "the national grid's name on local metres": (
        "read-places-outside", "crs = 3008\n", "crs = 3006\n"),
    "degrees' name on metres": ("read-places-metres", "crs = 3008\n", "crs = 4326\n"),
    "a share of points above 1": (
        "run-form", "crs = 3008\n", "crs = 3008\nmax_outside = 5\n"),
    "ages of a text": ("read-not-a-number", "alder = { min = 16 }", "arbetar = { min = 16 }"),
    "groups of no column": (
        "read-column-missing", "population = true",
        'population = true\ngroups.a = { column = "z" }'),
    "breaks the wrong way": (
        "run-form", "population = true",
        'population = true\ngroups.a = { column = "alder", breaks = [65, 20] }'),
    "an id that is no column": (
        "read-column-missing", "population = true", 'population = true\nid = "z"'),
}  # fmt: skip

CATALOGUES: Final = {
    "empty": ("catalogue-form", ""),
    "no TOML": ("catalogue-form", "index"),
    "no indicators": ("catalogue-form", CATALOGUE.partition("[[indicator]]")[0]),
    "a dimension without indicators": (
        "catalogue-contradiction", CATALOGUE + '[[dimension]]\ncode = "x"\nname = "X"\n'),
    "an indicator twice": (
        "catalogue-contradiction", CATALOGUE + CATALOGUE[CATALOGUE.index("[[indicator]]") :]),
}  # fmt: skip
ENTRIES: Final = {
    "a key misspelt": ("catalogue-form", "direction =", "riktning ="),
    "a direction nobody knows": ("catalogue-form", '"high"', '"up"'),
    "no direction": ("catalogue-form", 'direction = "high"\n', ""),
    "a dimension that is not there": (
        "catalogue-contradiction", 'dimension = "vardag"', 'dimension = "arbete"'),
    "a code that is a column's": ("catalogue-contradiction", 'code = "A"', 'code = "period"'),
    "a code with a space": ("catalogue-form", 'code = "A"', 'code = "A 1"'),
    "a code that is a formula": ("catalogue-form", 'code = "A"', 'code = "=A1"'),
    "codes equal but for case": ("catalogue-contradiction", 'code = "A"', 'code = "VARDAG"'),
    "an empty code": ("catalogue-form", 'code = "A"', 'code = ""'),
    "an empty name": ("catalogue-form", 'name = "Andel som arbetar"', 'name = ""'),
    "a weight below 0": ("catalogue-form", 'direction = "high"', 'direction = "high"\nweight = -1'),
    "an infinite weight": (
        "catalogue-form", 'direction = "high"', 'direction = "high"\nweight = inf'),
    "a lag below 0": ("catalogue-form", 'direction = "high"', 'direction = "high"\nlag = -1'),
    "children is a text": (
        "catalogue-form", 'direction = "high"', 'direction = "high"\nchildren = "ja"'),
    "an assumed reading that is none": (
        "catalogue-contradiction", 'direction = "high"',
        'direction = "high"\nquestion = { text = "?", assumed = "x", readings = { a = "high" } }'),
}  # fmt: skip


def run_files() -> Iterator[Bad]:
    """Yield every bad run file and catalogue."""
    yield from texts("run.toml", TEXTS)
    yield from edits("run.toml", KEYS)
    yield from edits("people.toml", PEOPLE, CHECK_PEOPLE, exit_code=3)
    yield from edits("people.toml", COUNTED, CHECK_PEOPLE)
    yield from texts("catalogue.toml", CATALOGUES)
    yield from edits("catalogue.toml", ENTRIES)
    yield Bad("run.toml: in cp1252", "run-form", _in_cp1252)
    yield Bad("run.toml: in UTF-16", "run-form", _in_utf16)
    yield Bad("run.toml: a folder", "run-file", _folder)
    yield Bad("run.toml: not there", "run-file", lambda folder: (folder / "run.toml").unlink())


def _in_cp1252(folder: Path) -> None:
    (folder / "run.toml").write_bytes(RUN.replace("Provstaden", "Malmö").encode("cp1252"))


def _in_utf16(folder: Path) -> None:
    (folder / "run.toml").write_text(RUN, encoding="utf-16")


def _folder(folder: Path) -> None:
    (folder / "run.toml").unlink()
    (folder / "run.toml").mkdir()
