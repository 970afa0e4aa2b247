"""Which pieces are the same tune, also under transposition.

Two questions, two answers. *The same notes*: pieces whose notes differ at most by a transposition
share a `fingerprint`, and only the first is kept. *The same tune*: pieces that share much of their
melodies' intervals and rhythm are one family (`families`), and a family never stands on both sides
of a split. A piece's sketch is a fixed quarter of the hashes of its twelve-note melody fragments:
those divisible by four (Broder 1997 calls it Mod_m). Unlike the smallest few hashes it shows
containment too, a single part or a lead sheet within a big arrangement.
"""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from audiogroove.tokens.codec import DURATION, PART, PITCH, Events

FRAGMENT = 12  # notes
SAMPLE = 4  # one hash in so many is kept
KIN_SHARE = 0.25  # of the smaller sketch: from so much in common on, two pieces are one family …
KIN_LEAST = 2  # … but not by a single hash
CROWD = 40  # a hash that more pieces share is a commonplace, not a tune

Hashes = NDArray[np.uint64]


def fingerprint(events: Events, onsets: NDArray[np.int64]) -> str:
    """Digest a piece's notes up to transposition: times, durations, intervals, in score order."""
    order = np.lexsort((events[:, PITCH], onsets))
    own, start = events[order], onsets[order]
    rows = np.stack((start - start[0], own[:, DURATION], own[:, PITCH] - own[0, PITCH]))
    return hashlib.sha256(rows.astype(np.int32).tobytes()).hexdigest()[:24]


def sketch(events: Events, onsets: NDArray[np.int64]) -> Hashes:
    """Keep the sample of the hashes of the melody fragments of all parts, rising."""
    hashes = [_fragments(events[rows], onsets[rows]) for rows in _by_part(events)]
    every = np.unique(np.concatenate([*hashes, np.zeros(0, np.uint64)]))
    kept: Hashes = every[every % np.uint64(SAMPLE) == 0]
    return kept


def families(sketches: Sequence[Hashes]) -> list[int]:
    """Number each piece's family: pieces linked by `KIN_SHARE` of the smaller sketch share one."""
    sizes = [len(own) for own in sketches]
    family = list(range(len(sketches)))
    for one, two, count in _common(sketches):
        if count >= max(KIN_LEAST, KIN_SHARE * min(sizes[one], sizes[two])):
            family[_root(family, two)] = _root(family, one)
    return [_root(family, index) for index in range(len(family))]


def _common(sketches: Sequence[Hashes]) -> list[tuple[int, int, int]]:
    """List the pairs of pieces that share hashes, with how many: (one, two, count), one < two."""
    owners = np.repeat(np.arange(len(sketches)), [len(own) for own in sketches])
    values = np.concatenate([*sketches, np.zeros(0, np.uint64)])
    order = np.argsort(values, kind="stable")  # sharers of a hash stand together, in order
    values, owners = values[order], owners[order]
    _, sharers = np.unique(values, return_counts=True)
    known = np.repeat(sharers, sharers) <= CROWD
    values, owners = values[known], owners[known]
    pairs = [np.zeros(0, np.int64)]
    for gap in range(1, min(CROWD, len(values))):
        same = values[gap:] == values[:-gap]
        pairs.append(owners[:-gap][same] * len(sketches) + owners[gap:][same])
    codes, counts = np.unique(np.concatenate(pairs), return_counts=True)
    ones, twos = np.divmod(codes, max(1, len(sketches)))
    return list(zip(ones.tolist(), twos.tolist(), counts.tolist(), strict=True))


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
