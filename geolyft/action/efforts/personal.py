"""What must not stand in a register that is published: marks of persons in free text."""

from __future__ import annotations

import re
from typing import Final

# The sixth month and the 61st day exist in coordination numbers: a day may be 60 higher.
_IDENTITY: Final = re.compile(
    r"(?<!\d)(?:19|20)?\d{2}(?:0[1-9]|1[0-2])(?:[06][1-9]|[1278]\d|[39][01])[-+ ]?\d{4}(?!\d)"
)
# Not after a digit and a hyphen: there a zero is of a month.
_TELEPHONE: Final = re.compile(r"(?<!\d)(?<!\d-)(?:\+46|0046|0)(?:[\s-]?\d){7,10}(?!\d)")
_MAIL: Final = re.compile(r"\S@\S")
_NAME: Final = re.compile(
    r"\b([A-ZÅÄÖÉ][a-zåäöéü]+) ((?:[A-ZÅÄÖÉ][a-zåäöéü]+-)?[A-ZÅÄÖÉ][a-zåäöéü]+)\b"
)
_MAIL_OF_A_PERSON: Final = re.compile(r"[^\s@.]{2,}\.[^\s@.]{2,}@")


def marks_of_persons(text: str) -> list[str]:
    """Return which marks of a person a text holds, in words; never the text.

    Examples
    --------
    >>> marks_of_persons("ring 040-34 10 00 eller a@b.se")
    ['a telephone number', 'an e-mail address']
    >>> marks_of_persons("19121212-1212")
    ['an identity number']
    >>> marks_of_persons("2023-09-01 2024-01-15, kl 08:00-17:00, 15 000 000 kr")
    []
    """
    looked = {
        "an identity number": _IDENTITY,
        "a telephone number": _TELEPHONE,
        "an e-mail address": _MAIL,
    }
    found = [said for said, pattern in looked.items() if pattern.search(text)]
    # Ten digits of an identity number may begin with a zero, as a telephone does.
    return [said for said in found if said != "a telephone number" or found[0] == said]


def may_name_a_person(text: str, known: frozenset[str]) -> bool:
    """Say whether two words stand beside each other as a first and a last name do.

    Parameters
    ----------
    known
        Words with a capital that are of places and bodies, in small letters.

    Examples
    --------
    >>> known = frozenset({"region", "västra"})
    >>> may_name_a_person("med Region Skåne", known), may_name_a_person("av Ada Ek", known)
    (False, True)
    """
    pairs = _NAME.findall(text)
    return any(not {first.casefold(), last.casefold()} & known for first, last in pairs)


def is_mailbox_of_a_person(text: str) -> bool:
    """Say whether an address looks like that of a person: first name, full stop, last name.

    Examples
    --------
    >>> is_mailbox_of_a_person("ada.ek@stad.se"), is_mailbox_of_a_person("trygghet@stad.se")
    (True, False)
    """
    return bool(_MAIL_OF_A_PERSON.search(text))
