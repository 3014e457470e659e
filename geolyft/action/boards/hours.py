"""Which efforts are open in evenings and on weekends, as far as their hours are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.action.efforts.form import KEY

if TYPE_CHECKING:
    import pandas as pd

EVENING: Final = "18:00"
_WEEKEND: Final = ("lördag", "söndag", "helger", "alla dagar")
_LATE: Final = ("kväll", "natt")


def on_weekends(times: pd.DataFrame) -> set[str]:
    """Return the rows of efforts that are open on a Saturday or a Sunday."""
    return set(times.loc[times["veckodag"].isin(_WEEKEND), KEY])


def in_evenings(times: pd.DataFrame) -> set[str]:
    """Return the rows of efforts that are open after six in the evening on some day.

    Where nobody has said when it closes, it has to open after six.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [("a", "kväll", "", ""), ("b", "", "08:00", "18:00"), ("c", "", "16:00", "20:00"),
    ...         ("d", "", "17:00", "02:00"), ("e", "", "17:00", "")]
    >>> times = pd.DataFrame(rows, columns=["rad_id", "tid_pa_dagen", "fran", "till"])
    >>> sorted(in_evenings(times))
    ['a', 'c', 'd']
    """
    opens, closes = times["fran"], times["till"]
    ends = times["till"] != ""
    past_midnight = ends & (times["fran"] != "") & (closes <= opens)
    late = (ends & (closes > EVENING)) | past_midnight | (~ends & (opens >= EVENING))
    return set(times.loc[times["tid_pa_dagen"].isin(_LATE) | late, KEY])
