"""What is said of a file nobody has protected gives no number of persons away."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from geolyft.disclosure.inputs import published_input, published_parts
from geolyft.disclosure.protect import Protection

RULE = Protection()
COUNTS = st.integers(0, 60)


@given(st.fixed_dictionaries({"placed": COUNTS, "outside": COUNTS, "unplaced": COUNTS}))
def test_a_number_of_few_is_hidden_beside_another(parts: dict[str, int]) -> None:
    made = published_parts(parts, RULE)
    hidden = [name for name, count in made.items() if count is None]
    assert len(hidden) != 1
    for name, count in made.items():
        if count is not None:
            assert parts[name] >= RULE.threshold
            assert count % RULE.base == 0
            # Those who are hidden are together as many as the threshold at least.
            assert not hidden or sum(parts[each] for each in hidden) >= RULE.threshold
    if min(parts.values()) >= RULE.threshold:
        assert not hidden


def test_a_file_of_persons_has_no_hash_no_rare_mark_and_no_exact_number() -> None:
    record = {
        "path": "a.csv", "rows": 19_897, "sha256": "ab", "marks": {"..": 12, "x": 3},
        "footer_rows": 2, "blank_rows": 0,
        "placed": {"total": 19_897, "placed": 19_880, "outside": 8, "unplaced": 9},
    }  # fmt: skip
    assert published_input(record, RULE, persons=True) == {
        "path": "a.csv", "rows": 19_895, "marks": [".."], "footer_rows": None, "blank_rows": 0,
        "placed": {"total": 19_895, "placed": None, "outside": None, "unplaced": None},
    }  # fmt: skip


def test_of_a_table_of_totals_the_hash_alone_goes() -> None:
    record = {"path": "a.csv", "rows": 14, "sha256": "ab", "placed": {"sources": 14}}
    made = published_input(record, RULE, persons=False)
    assert made == {"path": "a.csv", "rows": 14, "placed": {"sources": 14}}
