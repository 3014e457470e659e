"""Tables of areas and rows of persons that can be read in two ways, or in none."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Final

from whole_files import CANARY, EAST, NORTH, VOTES

from bad_inputs.case import CHECK_PEOPLE, Bad, texts, writes

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD: Final = "kod;ja;folk\n"
_ROWS: Final = VOTES.removeprefix(_HEAD)

TEXTS: Final = {
    "header only": ("read-header-only", _HEAD),
    "only spaces": ("read-empty", "  \n \n"),
    "a web page that says error": ("read-format", "<!DOCTYPE html><html>404"),
    "a title above": ("read-header-title", "Röster 2024\n" + VOTES),
    "a title and empty cells above": ("read-header-title", "Röster 2024;;\n;;\n" + VOTES),
    "two rows of names": ("read-header-empty", "kod;2024;\n;ja;folk\n" + _ROWS),
    "a name twice": ("read-header-duplicate", VOTES.replace("ja;folk", "folk;folk")),
    "names equal but for case": ("read-header-duplicate", VOTES.replace("ja;folk", "Folk;folk")),
    "no names": ("read-column-missing", _ROWS),
    "a column renamed": ("read-column-missing", VOTES.replace("folk", "folkmängd")),
    "trailing separators": ("read-trailing-separator", VOTES.replace("0\n", "0;\n")),
    "a row too long": ("read-ragged", VOTES.replace("2200", "2200;1")),
    "a row too short": ("read-ragged", VOTES.replace(";2200", "")),
    "cut off in a row": ("read-ragged", VOTES[:-6]),
    "a decimal comma among separators of comma": (
        "read-ragged", "kod,ja,folk\n1,1400,5,2000\n2,1500,2100\n3,1,2\n4,1,2\n"),
    "two separators": (
        "read-separator", VOTES.replace("kod;ja", "kod;ja,nej").replace("1;1400", "1;14,00")),
    "a quote not closed": ("read-quotes", VOTES.replace("2;1500", '"2;1500')),
    "a quote that swallows rows": (
        "read-not-a-number", VOTES.replace("1500", '"1500').replace("1650", '1650"')),
    "garbled letters": ("read-mojibake", VOTES + "MÃ¶llevÃ¥ngen;1;1\n"),
    "letters that were lost": ("read-mojibake", VOTES + "M\ufffdllev\ufffdngen;1;1\n"),
    "a sum among the areas": ("read-sum-row", _HEAD + "Totalt;6350;8600\n" + _ROWS),
    "two sums at the end": ("read-sum-row", VOTES + "Summa;6350;8600\nTotalt;6350;8600\n"),
    "a footer among the rows": ("read-ragged", _HEAD + "Källa: SCB\n" + _ROWS),
    "one thousand or one": ("read-decimal-ambiguous", VOTES.replace("1400", "1,400")),
    "thousands beside whole numbers": ("read-decimal-ambiguous", VOTES.replace("1400", "1.400")),
    "both decimal signs": (
        "read-decimal-mixed", VOTES.replace("1400", "1400.5").replace("1500", "1500,5")),
    "a stop among decimal commas": (
        "read-decimal-ambiguous", VOTES.replace("1400", "1.400").replace("1500", "1500,5")),
    "groups of two": ("read-not-a-number", VOTES.replace("1400", "14 00")),
    "a number with its unit": ("read-not-a-number", VOTES.replace("1400", "1400 st")),
    "a number about": ("read-not-a-number", VOTES.replace("1400", "ca 1400")),
    "a number with a question mark": ("read-not-a-number", VOTES.replace("1400", "1400?")),
    "a range for a number": ("read-not-a-number", VOTES.replace("1400", "1400-1500")),
    "a date for a number": ("read-not-a-number", VOTES.replace("1400", "2024-01-01")),
    "a time for a number": ("read-not-a-number", VOTES.replace("1400", "14:00")),
    "a code for a number": ("read-not-a-number", VOTES.replace("1400", "128E10")),
    "NaN": ("read-not-a-number", VOTES.replace("1400", "NaN")),
    "a truth value": ("read-not-a-number", VOTES.replace("1400", "true")),
    "an error of Excel's": ("read-not-a-number", VOTES.replace("1400", "#REF!")),
    "O for 0": ("read-not-a-number", VOTES.replace("1400", "14OO")),
    "hexadecimal": ("read-not-a-number", VOTES.replace("1400", "0x578")),
    "underscores": ("read-not-a-number", VOTES.replace("1400", "1_400")),
    "two minus signs": ("read-not-a-number", VOTES.replace("1400", "--1400")),
    "a minus after": ("read-not-a-number", VOTES.replace("1400", "1400-")),
    "Arabic digits": ("read-not-a-number", VOTES.replace("1400", "١٤٠٠")),
    "a fraction": ("read-not-a-number", VOTES.replace("1400", "½")),
    "infinite": ("read-infinite", VOTES.replace("1400", "inf")),
    "infinite in a sign": ("read-infinite", VOTES.replace("1400", "∞")),
    "a number beyond all": ("read-infinite", VOTES.replace("1400", "1.5e+999")),
    "some per cents": ("read-unit-mixed", VOTES.replace("1400", "70 %")),
    "negative persons": ("aggregate-negative", VOTES.replace("1400", "-1400")),
    "negative persons by U+2212": ("aggregate-negative", VOTES.replace("1400", "−1400")),
    "a part above its whole": ("aggregate-share", VOTES.replace("1400", "2100")),
    "nobody anywhere": ("index-empty", _HEAD + "1;0;0\n2;0;0\n3;0;0\n4;0;0\n"),
    "all hidden": ("index-empty", _HEAD + "1;..;..\n2;..;..\n3;..;..\n4;..;..\n"),
    "the same everywhere": ("index-constant", _HEAD + "1;5;10\n2;5;10\n3;5;10\n4;5;10\n"),
    "an area that is missing": ("join-absent", VOTES.replace("3;1650;2200\n", "")),
    "an area twice": ("join-duplicate", VOTES + "1;1;1\n"),
    "an area twice but for spaces": ("join-duplicate", VOTES + " 1;1;1\n"),
    "an area nobody knows": ("join-unknown", VOTES + "9;1;1\n"),
    "codes with zeros before": ("join-unknown", VOTES.replace("1;1400", "01;1400")),
    "codes with decimals": ("join-unknown", VOTES.replace("1;1400", "1,5;1400")),
    "a code that is empty": ("join-unknown", VOTES + ";1;1\n"),
    "a code with another's name": ("join-label", VOTES.replace("1;1400", "1 Nordost;1400")),
    "names of another city": (
        "join-unknown", _HEAD + "Centrum;1;2\nKirseberg;1;2\nHusie;1;2\nHyllie;1;2\n"),
    "an empty column of codes": ("join-unknown", _HEAD + ";1;2\n;1;2\n;1;2\n;1;2\n"),
    "20 000 columns": ("read-size", ";".join(map(str, range(20_000))) + "\n" + _ROWS),
}  # fmt: skip

_PERSONS: Final = "namn;kon;alder;arbetar;x;y\n"


def _persons(*rows: str, times: int = 60) -> str:
    return _PERSONS + "".join(f"{CANARY};{row}\n" for row in rows) * times


_HERE: Final = f"{EAST + 10};{NORTH + 10}"
_OTHERS: Final = _persons(f"K;40;ja;{_HERE}")
ROWS: Final = {
    "header only": ("read-header-only", _PERSONS),
    "an age in words": ("read-not-a-number", _OTHERS + f"{CANARY};K;fyrtio;ja;{_HERE}\n"),
    "an infinite age": ("read-infinite", _OTHERS + f"{CANARY};K;inf;ja;{_HERE}\n"),
    "an age that a bound cuts": ("run-ages", _OTHERS + f"{CANARY};K;15-19;ja;{_HERE}\n"),
    "a name for a coordinate": ("read-not-a-number", _OTHERS + f"K;40;ja;{CANARY};{CANARY};1\n"),
    "a row with a cell too many": ("read-ragged", _OTHERS + f"{CANARY};K;40;ja;{_HERE};{CANARY}\n"),
    "a row cut off": ("read-ragged", _OTHERS + f"{CANARY};K"),
    "a quote that is never closed": ("read-quotes", _OTHERS + f'"{CANARY};K;40;ja;{_HERE}\n'),
    "a quote amid a name": ("read-quotes", _OTHERS + f'"{CANARY}"s;K;40;ja;{_HERE}\n'),
    "degrees": ("read-places-degrees", _persons("K;40;ja;13,01;55,6")),
    "degrees with stops": ("read-places-degrees", _persons("K;40;ja;13.01;55.6")),
    "x and y swapped": ("read-places-swapped", _persons(f"K;40;ja;{NORTH};{EAST}")),
    "the national grid": ("read-places-outside", _persons("K;40;ja;374000;6164000")),
    "coordinates in millimetres": ("read-places-outside", _persons("K;40;ja;118000000;6164000000")),
    "a figure too few": ("read-places-outside", _persons("K;40;ja;118000;616400")),
    "all in the sea": ("join-outside", _persons("K;40;ja;100000;6150000")),
    "one in ten in the sea": (
        "join-outside", _persons(*[f"K;40;ja;{_HERE}"] * 9, "K;40;ja;100000;6150000")),
    "no coordinates": ("join-unplaced", _persons("K;40;ja;;")),
    "all at 0, 0": ("join-outside", _persons("K;40;ja;0;0")),
    "infinite coordinates": ("read-infinite", _persons("K;40;ja;inf;inf")),
    "coordinates of a text": ("read-not-a-number", _persons("K;40;ja;okänd;okänd")),
    "garbled names": ("read-mojibake", _OTHERS + f"MÃ¶ller {CANARY};K;40;ja;{_HERE}\n"),
    "both decimal signs": (
        "read-decimal-mixed", _persons("K;40;ja;118010,5;6164010,5", "K;40;ja;118010.5;6164010.5")),
    "one sex alone": ("run-sex", _persons(f"K;40;ja;{_HERE}")),
    "nobody works": ("run-texts", _persons(f"K;40;Ja!;{_HERE}", f"M;40;Nej!;{_HERE}")),
    "fewer than may be shown": (
        "index-empty", _persons(f"K;40;ja;{_HERE}", f"M;40;nej;{_HERE}", times=2)),
}  # fmt: skip


def tables() -> Iterator[Bad]:
    """Yield every bad table that is text."""
    yield from texts("votes.csv", TEXTS)
    yield from texts("people.csv", ROWS, CHECK_PEOPLE)
    for name, (code, of) in _bytes().items():
        yield Bad(f"votes.csv: {name}", code, writes("votes.csv", of))
    for name, (code, of) in _people_bytes().items():
        yield Bad(f"people.csv: {name}", code, writes("people.csv", of), CHECK_PEOPLE)


def _bytes() -> dict[str, tuple[str, bytes]]:
    named = VOTES.replace("1;1400", "Möllevången;1400")
    return {
        "nothing": ("read-empty", b""),
        "a byte order mark and nothing": ("read-empty", b"\xef\xbb\xbf"),
        "two encodings": ("read-mojibake", named.encode() + b"M\xf6lla;1;1\n"),
        "an old terminal's letters": ("read-mojibake", named.encode("cp850")),
        "no letter of any encoding": ("read-encoding", VOTES.encode() + b"\x81;1;1\n"),
        "zeros at the end": ("read-format", VOTES.encode() + bytes(400)),
        "gzip named csv": ("read-format", gzip.compress(VOTES.encode(), mtime=0)),
        "Parquet named csv": ("read-format", b"PAR1" + bytes(40) + b"PAR1"),
        "Excel named csv": ("read-format", b"PK\x03\x04" + bytes(40)),
        "PDF named csv": ("read-format", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"),
        "a picture named csv": ("read-format", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        "RTF named csv": ("read-format", rb"{\rtf1\ansi kod;ja;folk\par}"),
    }


def _people_bytes() -> dict[str, tuple[str, bytes]]:
    return {
        "two encodings": (
            "read-mojibake",
            _OTHERS.replace("K;", "ö;").encode() + f"{CANARY}\xf6".encode("cp1252")),
        "zeros": ("read-format", _OTHERS.encode() + CANARY.encode() + bytes(90)),
        "no letter of any encoding": (
            "read-encoding", _OTHERS.encode() + CANARY.encode() + b"\x81;K;40;ja;1;1\n"),
    }  # fmt: skip
