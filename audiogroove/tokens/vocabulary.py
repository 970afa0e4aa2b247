"""What the network can tell apart: for each field, the values that a corpus really uses.

A field's values are learned: those that occur fewer than `min_count` times are folded into
their nearest kept neighbour. `FIELDS` is the one table; everything else is functions over it.
On disk a vocabulary is `vocabulary.jsonl`, a line a value: `{"field", "value", "count"}`.

Drum pitches are a kingdom of their own: General MIDI percussion key k is pitch value 128 + k,
and the drum kit is program value 128. Neither folds into anything melodic, nor the reverse.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from audiogroove.music.piece import DENOMINATORS, Meter

MIN_COUNT = 50
DRUMS = 128  # added to a percussion key; as a program: the kit
END = 8  # the value of field "bar" that says: the piece is over
MAX_PARTS = 16

Counts = NDArray[np.int64]
Ids = NDArray[np.int64]

# Note values from a triplet sixteenth's half to four whole notes, with dots and ties between.
DURATIONS = (
    *(1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 15, 16, 18, 21, 24, 30, 32, 36, 42, 48, 60, 72, 84, 96),
    *(120, 144, 192, 288),
)
# ppp, pp, p, mp, mf, f, ff, fff as notation programs play them.
VELOCITIES = (16, 33, 49, 64, 80, 96, 112, 126)


@dataclass(frozen=True, slots=True)
class Field:
    """One aspect of an event: the values it could have, and whether it must keep them all."""

    candidates: tuple[int, ...]  # rising
    closed: bool = False  # keep every candidate, however rare

    def may_keep(self, values: tuple[int, ...]) -> bool:
        """Tell whether these may be a vocabulary's values: candidates, rising, at least one."""
        if self.closed:
            return values == self.candidates
        return bool(values) and values == tuple(sorted(set(values) & set(self.candidates)))


def meter_value(meter: Meter) -> int:
    """Write a meter as a number, such as 604 for 6/4 and 308 for 3/8; see `meter_of`."""
    return meter.numerator * 100 + meter.denominator


FIELDS: Mapping[str, Field] = {
    "bar": Field(tuple(range(END + 1)), closed=True),  # bars forward, or END
    "position": Field(tuple(range(1536))),  # steps into the bar
    "program": Field(tuple(range(DRUMS + 1))),
    "pitch": Field(tuple(range(2 * DRUMS))),
    "duration": Field(DURATIONS),
    "velocity": Field(VELOCITIES),
    "meter": Field(tuple(sorted(100 * n + d for n in range(1, 33) for d in (1, 2, 4, 8, 16)))),
}


@dataclass(frozen=True)
class Table:
    """A field's kept values, rising, with how often the corpus has each; an id is an index."""

    values: tuple[int, ...]
    counts: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def fold(self) -> Ids:
        """For each value 0.., the id of the nearest kept one (the lower of two equally near)."""
        kept = np.asarray(self.values, dtype=np.int64)
        top = max(self.values[-1] + 2, 2 * DRUMS)
        distance: Ids = np.abs(np.arange(top)[:, None] - kept[None, :])
        nearest: Ids = distance.argmin(axis=1)
        return nearest

    def ids(self, values: NDArray[np.integer]) -> Ids:
        """Fold values, each ≥ 0, of any shape into ids; beyond the last kept one, the last."""
        folded: Ids = self.fold[np.minimum(values, len(self.fold) - 1)]
        return folded


class DrumAwareTable(Table):
    """A table whose values from `DRUMS` on never fold into those below, nor the reverse."""

    @cached_property
    @override
    def fold(self) -> Ids:
        """As `Table.fold`, each kingdom by itself where it has a kept value."""
        kept = np.asarray(self.values, dtype=np.int64)
        asked = np.arange(2 * DRUMS)
        distance: Ids = np.abs(asked[:, None] - kept[None, :])
        distance += 10_000 * ((asked[:, None] >= DRUMS) != (kept[None, :] >= DRUMS))
        nearest: Ids = distance.argmin(axis=1)
        return nearest


class MeterTable(Table):
    """A table of meters; a missing one folds into the kept one with the likest bar."""

    @cached_property
    @override
    def fold(self) -> Ids:
        """For each meter value, the id of the kept meter nearest in bar length, then beat."""
        kept = [(meter_bar_steps(value), value % 100) for value in self.values]
        folded = np.zeros(3300, dtype=np.int64)
        for value in [100 * n + d for n in range(1, 33) for d in DENOMINATORS]:
            bar, denominator = meter_bar_steps(value), value % 100
            nearness = [(abs(b - bar), abs(d - denominator)) for b, d in kept]
            folded[value] = nearness.index(min(nearness))
        return folded


def meter_bar_steps(value: int) -> int:
    """Tell the bar length in steps of a meter written by `meter_value`."""
    return value // 100 * 48 // (value % 100)


KINDS: Mapping[str, type[Table]] = {
    "pitch": DrumAwareTable,
    "program": DrumAwareTable,
    "meter": MeterTable,
}


@dataclass(frozen=True)
class Vocabulary:
    """One table a field of `FIELDS`; learned once, stored beside the weights."""

    tables: Mapping[str, Table]

    def __getitem__(self, field: str) -> Table:
        return self.tables[field]

    @classmethod
    def learn(cls, counts: Mapping[str, Counts], *, min_count: int = MIN_COUNT) -> "Vocabulary":
        """Keep what occurs at least `min_count` times, and at least the commonest value.

        `counts[field][value]` tells how often a value occurs, as `count_values` makes it.
        """
        tables = {}
        for name, field in FIELDS.items():
            count = counts[name]
            often = [v for v in field.candidates if field.closed or count[v] >= min_count]
            kept = tuple(often) or (max(field.candidates, key=lambda v: count[v]),)
            kind = KINDS.get(name, Table)
            tables[name] = kind(kept, tuple(int(count[v]) for v in kept))
        return cls(tables)

    def lines(self) -> Iterator[str]:
        """Write the vocabulary as JSON lines; see `read`.

        Yields:
            A value's line: its field, itself, its count.
        """
        for name, table in self.tables.items():
            for value, count in zip(table.values, table.counts, strict=True):
                yield json.dumps({"field": name, "value": value, "count": count})

    @classmethod
    def read(cls, text: str) -> "Vocabulary":
        """Read JSON lines back into a vocabulary; undoes `lines`.

        Raises:
            ValueError: when a line is not one, or a field's values are missing, unknown or out
                of order.
        """
        entries: dict[str, list[tuple[int, int]]] = {name: [] for name in FIELDS}
        for line in text.splitlines():
            match json.loads(line):
                case {"field": str(name), "value": int(value), "count": int(count)} if (
                    name in FIELDS
                ):
                    entries[name].append((value, count))
                case _:
                    raise ValueError(f"not an entry of a vocabulary: {line[:80]}")
        tables = {}
        for name, pairs in entries.items():
            values = tuple(value for value, _ in pairs)
            if not FIELDS[name].may_keep(values):
                raise ValueError(f"values of {name} are missing, unknown or out of order")
            tables[name] = KINDS.get(name, Table)(values, tuple(count for _, count in pairs))
        return cls(tables)

    @property
    def fingerprint(self) -> str:
        """Sixteen hex digits that tell two vocabularies apart."""
        return hashlib.sha256("\n".join(self.lines()).encode()).hexdigest()[:16]

    @property
    def sizes(self) -> dict[str, int]:
        """How many ids each field has."""
        return {name: len(table) for name, table in self.tables.items()}


def count_values(name: str, values: NDArray[np.integer]) -> Counts:
    """Count a field's values, each folded into its nearest candidate first."""
    candidates = FIELDS[name].candidates
    everything = KINDS.get(name, Table)(candidates, (0,) * len(candidates))
    kept = np.asarray(candidates)[everything.ids(values)]
    return np.bincount(kept.ravel(), minlength=candidates[-1] + 1).astype(np.int64)
