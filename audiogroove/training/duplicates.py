"""Which pieces are the same tune, also under transposition.

Two questions, two answers. *The same notes*: pieces whose notes differ at most by a transposition
share a `fingerprint`, and only the first is kept. *The same tune*: pieces that share much of their
melodies' intervals and rhythm are one family (`families`), and a family never stands on both sides
of a split. Families are found by MinHash (Broder 1997): a piece's sketch is the smallest hashes
of its twelve-note melody fragments, and kin share many of them.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from audiogroove.tokens.codec import DURATION, PART, PITCH, Events

FRAGMENT = 12  # notes
SKETCH = 48  # hashes kept
KIN = 8  # common hashes from which on two pieces are one family
CROWD = 40  # a hash that more pieces share is a commonplace, not a tune

Hashes = NDArray[np.uint64]


def fingerprint(events: Events, onsets: NDArray[np.int64]) -> str:
    """Digest a piece's notes up to transposition: times, durations, intervals, in score order."""
    order = np.lexsort((events[:, PITCH], onsets))
    own, start = events[order], onsets[order]
    rows = np.stack((start - start[0], own[:, DURATION], own[:, PITCH] - own[0, PITCH]))
    return hashlib.sha256(rows.astype(np.int32).tobytes()).hexdigest()[:24]


def sketch(events: Events, onsets: NDArray[np.int64]) -> Hashes:
    """Keep the `SKETCH` smallest hashes of the melody fragments of all parts."""
    hashes = [_fragments(events[rows], onsets[rows]) for rows in _by_part(events)]
    return np.unique(np.concatenate([*hashes, np.zeros(0, np.uint64)]))[:SKETCH]


def families(sketches: Sequence[Hashes]) -> list[int]:
    """Number each piece's family: pieces linked by at least `KIN` common hashes share one."""
    sharers: dict[int, list[int]] = defaultdict(list)
    for index, own in enumerate(sketches):
        for value in own.tolist():
            sharers[value].append(index)
    common = Counter(
        pair
        for pieces in sharers.values()
        if len(pieces) <= CROWD
        for pair in combinations(pieces, 2)
    )
    family = list(range(len(sketches)))
    for (one, two), count in common.items():
        if count >= min(KIN, max(2, len(sketches[one]) // 3), max(2, len(sketches[two]) // 3)):
            family[_root(family, two)] = _root(family, one)
    return [_root(family, index) for index in range(len(family))]


def _root(family: list[int], index: int) -> int:
    while family[index] != index:
        family[index] = family[family[index]]
        index = family[index]
    return index


def _by_part(events: Events) -> list[NDArray[np.bool_]]:
    return [events[:, PART] == part for part in np.unique(events[:, PART])]


def _fragments(own: Events, onsets: NDArray[np.int64]) -> Hashes:
    """Hash each run of `FRAGMENT` notes of a part's upper line by intervals and rhythm."""
    last = np.append(np.diff(onsets) > 0, True)  # of a chord, its highest note
    pitch, start = own[last, PITCH].astype(np.uint64), onsets[last].astype(np.uint64)
    if len(pitch) <= FRAGMENT:
        return np.zeros(0, np.uint64)
    step = np.diff(pitch) * np.uint64(1_000_003) + np.diff(start) * np.uint64(10_007)
    mixed = np.zeros(len(step) - FRAGMENT + 1, np.uint64)
    for place in range(FRAGMENT):
        mixed = mixed * np.uint64(6_364_136_223_846_793_005) + step[place : place + len(mixed)]
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    return mixed ^ (mixed >> np.uint64(32))
