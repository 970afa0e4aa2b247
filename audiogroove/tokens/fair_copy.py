"""A finished draft as events that make a piece: what was known and what is new, together."""

from collections.abc import Sequence

import numpy as np

from audiogroove.tokens.brief import Brief
from audiogroove.tokens.codec import Events


def settled(brief: Brief, new: Sequence[tuple[int, ...]]) -> Events:
    """List a brief's known and the new events, no two of which overlap on one pitch of one part.

    Known notes stay as they are; a new one ends where the next strike of its pitch begins, and
    one that would begin while a known note of its pitch sounds gives way.
    """
    lines = brief.frame.bar_lines
    rows = [(*event, 1) for event in brief.known.tolist()] + [(*event, 0) for event in new]
    rows.sort()
    sounding: dict[tuple[int, int], int] = {}  # part and pitch to index in kept
    kept: list[list[int]] = []
    for row in rows:
        onset = int(lines[row[0]]) + row[1]
        before = sounding.get((row[2], row[3]))
        if before is not None:
            earlier = kept[before]
            start = int(lines[earlier[0]]) + earlier[1]
            if start + earlier[4] > onset:
                if earlier[6] or start == onset:
                    continue
                earlier[4] = onset - start
        sounding[row[2], row[3]] = len(kept)
        kept.append(list(row))
    return np.array([row[:6] for row in kept], dtype=np.int32).reshape(-1, 6)
