"""Texts as they are compared: what cannot be seen makes no difference."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def folded(texts: pd.Series[str]) -> pd.Series[str]:
    r"""Return texts as `folded_text` has them; what is missing stays so.

    Examples
    --------
    >>> import pandas as pd
    >>> folded(pd.Series([" hyra\u00a0 rätt", "hyra ra\u0308tt "])).tolist()
    ['hyra rätt', 'hyra rätt']
    """
    return texts.map(folded_text, na_action="ignore").astype(texts.dtype)


def folded_text(text: str) -> str:
    """Return a text in composed letters, stripped, and with one space for each run of blanks.

    Examples
    --------
    >>> folded_text("  hyres  rätt ")
    'hyres rätt'
    """
    return " ".join(unicodedata.normalize("NFC", text).split())
