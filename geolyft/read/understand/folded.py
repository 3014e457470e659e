"""Texts as they are compared: what cannot be seen makes no difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def folded(texts: pd.Series[str]) -> pd.Series[str]:
    r"""Return texts in composed letters, stripped, and with one space for each run of blanks.

    Examples
    --------
    >>> import pandas as pd
    >>> folded(pd.Series([" hyra\u00a0 rätt", "hyra ra\u0308tt "])).tolist()
    ['hyra rätt', 'hyra rätt']
    """
    return texts.str.normalize("NFC").str.replace(r"\s+", " ", regex=True).str.strip()
