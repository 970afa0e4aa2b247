"""What the network can tell apart: learned, folded, written and read."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiogroove.music.piece import Meter
from audiogroove.tokens.vocabulary import (
    DRUMS,
    END,
    FIELDS,
    Counts,
    Vocabulary,
    count_values,
    meter_bar_steps,
    meter_value,
)
from tests.strategies import METERS
from tests.tokens.scores import WORDS, words


def nearest(value: int, kept: tuple[int, ...]) -> int:
    """Find the nearest kept value by looking at all; the lower of two equally near."""
    return min(kept, key=lambda one: (abs(one - value), one))


def folded(vocabulary: Vocabulary, field: str, value: int) -> int:
    """Tell what a value becomes."""
    return vocabulary[field].values[int(vocabulary[field].ids(np.array(value)))]


def counted(**often: dict[int, int]) -> dict[str, Counts]:
    """Count a corpus in which these values occur so often, and of the rest everything enough."""
    counts = {}
    for name, field in FIELDS.items():
        counts[name] = np.full(field.candidates[-1] + 1, 0 if name in often else 99)
        for value, count in often.get(name, {}).items():
            counts[name][value] = count
    return counts


kept_values = st.fixed_dictionaries(
    {
        name: st.sets(st.sampled_from(field.candidates), min_size=1, max_size=20)
        for name, field in FIELDS.items()
    }
)


# Learning


def test_what_is_common_is_kept() -> None:
    """From min_count occurrences on."""
    counts = counted(velocity={33: 49, 64: 50, 96: 51})
    assert Vocabulary.learn(counts, min_count=50)["velocity"].values == (64, 96)
    assert Vocabulary.learn(counts, min_count=50)["velocity"].counts == (50, 51)


def test_where_nothing_is_common_the_commonest_is_kept() -> None:
    """A field is never without a value, even if a corpus has none of it."""
    counts = counted(velocity={33: 1, 64: 2}, duration={})
    learned = Vocabulary.learn(counts, min_count=50)
    assert learned["velocity"].values == (64,)
    assert learned["duration"].values == (1,)


def test_bars_and_the_end_are_always_kept() -> None:
    """They are not learned: however rare, 0 to 7 bars forward and END have their ids."""
    learned = Vocabulary.learn(counted(bar={0: 1000}), min_count=50)
    assert tuple(range(END + 1)) == learned["bar"].values


def test_counting_folds_into_candidates_first() -> None:
    """A length of 7 steps counts as 6, the lower of two equally near; 1000 as the longest."""
    counts = count_values("duration", np.array([[6, 7], [8, 1000]]))
    assert counts[6:9].tolist() == [2, 0, 1]
    assert counts[288] == 1
    assert counts.sum() == 4


# Folding


@settings(max_examples=60, deadline=None)
@given(kept_values, st.sampled_from(("position", "duration", "velocity")), st.integers(0, 2000))
def test_a_rare_value_becomes_its_nearest_neighbour(
    kept: dict[str, set[int]], field: str, value: int
) -> None:
    """The lower of two equally near, and beyond the last the last."""
    vocabulary = words(kept)
    assert nearest(value, vocabulary[field].values) == folded(vocabulary, field, value)


@settings(max_examples=60, deadline=None)
@given(kept_values, st.integers(0, 127))
def test_drums_stay_drums_and_tunes_stay_tunes(kept: dict[str, set[int]], key: int) -> None:
    """Neither folds into the other, where it has a kept value of its own."""
    vocabulary = words(kept)
    for field, value in (("pitch", key), ("pitch", DRUMS + key), ("program", key)):
        values = vocabulary[field].values
        own = tuple(one for one in values if (one >= DRUMS) == (value >= DRUMS))
        assert nearest(value, own or values) == folded(vocabulary, field, value)


def test_the_kit_is_no_instrument() -> None:
    """Program 128 stays itself, though 127 is nearer to nothing else; and the reverse."""
    vocabulary = words({"program": (3, 127, DRUMS)})
    assert [folded(vocabulary, "program", one) for one in (0, 127, DRUMS)] == [3, 127, DRUMS]
    vocabulary = words({"program": (3, DRUMS)})
    assert folded(vocabulary, "program", 127) == 3


@settings(max_examples=60, deadline=None)
@given(kept_values, st.sampled_from(METERS))
def test_a_meter_becomes_one_with_the_likest_bar(kept: dict[str, set[int]], meter: Meter) -> None:
    """Every legal meter does; of equally long bars the one with the likest beat."""
    vocabulary = words(kept)

    def unlikeness(value: int) -> tuple[int, int]:
        length = abs(meter_bar_steps(value) - meter.bar_steps)
        return length, abs(value % 100 - meter.denominator)

    likest = min(vocabulary["meter"].values, key=unlikeness)
    assert likest == folded(vocabulary, "meter", meter_value(meter))


@pytest.mark.parametrize(
    ("meter", "becomes"),
    [
        (Meter(2, 2), 404),
        (Meter(12, 8), 604),
        (Meter(3, 8), 304),
        (Meter(9, 8), 404),
        (Meter(20, 32), 304),
        (Meter(32, 1), 604),
    ],
)
def test_meters_fold_by_the_length_of_their_bar(meter: Meter, becomes: int) -> None:
    """Among 3/4, 4/4, 5/4 and 6/4; 9/8 lies halfway and becomes the shorter."""
    assert becomes == folded(words({"meter": (304, 404, 504, 604)}), "meter", meter_value(meter))


@pytest.mark.parametrize("meter", [Meter(6, 4), Meter(3, 8), Meter(1, 16), Meter(7, 8)])
def test_a_meter_as_a_number_knows_its_bar(meter: Meter) -> None:
    """604 is six quarters, 308 three eighths."""
    assert meter.bar_steps == meter_bar_steps(meter_value(meter))


def test_ids_keep_the_shape_of_values() -> None:
    """One id a value, whatever the array."""
    assert WORDS["velocity"].ids(np.full((2, 3, 4), 64)).shape == (2, 3, 4)


@settings(max_examples=30, deadline=None)
@given(kept_values)
def test_kept_values_are_themselves(kept: dict[str, set[int]]) -> None:
    """Folding leaves them alone; ids count them from 0."""
    for table in words(kept).tables.values():
        assert list(range(len(table))) == table.ids(np.array(table.values)).tolist()


# On disk


@settings(max_examples=30, deadline=None)
@given(kept_values)
def test_a_vocabulary_comes_back_from_its_lines(kept: dict[str, set[int]]) -> None:
    """Values, counts, folds and print."""
    vocabulary = words(kept)
    again = Vocabulary.read("\n".join(vocabulary.lines()))
    assert vocabulary == again
    assert vocabulary.fingerprint == again.fingerprint
    for name, table in vocabulary.tables.items():
        assert table.fold.tolist() == again[name].fold.tolist()


def test_a_print_tells_vocabularies_apart() -> None:
    """By a single value or a single count; it does not change from day to day."""
    counts = counted(velocity={64: 60, 96: 60})
    prints = {Vocabulary.learn(counts).fingerprint}
    for change in ({64: 60}, {64: 60, 96: 61}, {64: 60, 80: 60, 96: 60}):
        prints.add(Vocabulary.learn(counts | counted(velocity=change)).fingerprint)
    assert len(prints) == 4
    assert all(len(one) == 16 for one in prints)
    assert WORDS.fingerprint == words().fingerprint


def test_sizes_are_what_a_network_needs() -> None:
    """How many ids each field has."""
    assert {name: len(WORDS[name].values) for name in FIELDS} == WORDS.sizes


def lines_without(field: str) -> Iterator[str]:
    """Write the vocabulary but one field."""
    return (line for line in WORDS.lines() if f'"{field}"' not in line)


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "3",
        "{}",
        '{"field": "colour", "value": 1, "count": 1}',
        '{"field": ["pitch"], "value": 1, "count": 1}',
        '{"field": "pitch", "count": 1}',
        '{"field": "pitch", "value": 1}',
        '{"field": "pitch", "value": null, "count": 1}',
        '{"field": "pitch", "value": 1e999, "count": 1}',
        '{"field": "pitch", "value": "61", "count": 1}',
        '{"field": "pitch", "value": 0, "count": 1}',  # out of order
        '{"field": "pitch", "value": 187, "count": 1}',  # twice
        '{"field": "pitch", "value": 256, "count": 1}',  # no such pitch
        '{"field": "duration", "value": 1000, "count": 1}',
        '{"field": "bar", "value": 9, "count": 1}',
        '{"field": "position", "value": -1, "count": 1}',
    ],
)
def test_a_line_that_is_none_is_refused(line: str) -> None:
    """Whatever it is instead."""
    with pytest.raises(ValueError, match=r"not an entry|out of order|Expecting"):
        Vocabulary.read("\n".join([*WORDS.lines(), line]))


@pytest.mark.parametrize("field", FIELDS)
def test_a_vocabulary_without_a_field_is_refused(field: str) -> None:
    """No field may be missing, and of the bars none at all."""
    with pytest.raises(ValueError, match=f"values of {field} are missing"):
        Vocabulary.read("\n".join(lines_without(field)))
