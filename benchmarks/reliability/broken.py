"""Files that are bad as people's are, and files that were broken by chance."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import fuzzed
from bad_inputs import KINDS, faults_of
from fuzzed_files import write_fuzzed_files
from material import Figure
from whole_files import write_whole_files

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from pathlib import Path


def bad_inputs(folder: Path, share: float, chance: random.Random) -> Iterator[Figure]:
    """Refuse every bad input by its code, in one line with the way out, and write nothing."""
    whole, held, number = write_whole_files(folder / "whole"), 0, 0
    for kind in KINDS:
        every = [*kind()]
        for bad in chance.sample(every, max(1, int(len(every) * share))):
            number += 1
            faults = faults_of(bad, whole, folder / "bad")
            shutil.rmtree(folder / "bad")
            held += not faults
            yield from (Figure(each, holds=False) for each in faults)
    words = f"bad inputs: {held} of {number} refused by their code, with the way out"
    yield Figure(words, held == number)


def broken_files(folder: Path, share: float, _chance: random.Random) -> Iterator[Figure]:
    """Give each reader broken files: it refuses by a known code, or reads."""
    whole, cases = write_fuzzed_files(folder / "whole"), int(1000 * share)
    for name in fuzzed.READERS:
        found = fuzzed.fuzz(whole, [name], cases)[name]
        accepted, odd = found[fuzzed.ACCEPTED], fuzzed.unlike(found)
        refused = cases - accepted - sum(odd.values())
        codes = len(found) - len(odd) - (accepted > 0)
        yield Figure(
            f"broken files, {name}: {refused} refused by {codes} codes, {accepted} accepted,"
            f" {sum(odd.values())} anything else",
            not odd,
        )
        yield from (Figure(each, holds=False) for each in odd)
