"""What came next when the same was heard before: the longest match of a piece with its own past."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


class Recall(NamedTuple):
    """For each frame of a piece, what its past foretells."""

    source: Ints  # (T,) the frame that came next then, before this one; -1 where there is none
    length: Ints  # (T,) how many frames before both are equal


def recall(frames: Ints) -> Recall:
    """Find, for each of T frames (T, …), the longest earlier stretch equal to what precedes it.

    Frame t is not looked at to tell of frame t: the stretches compared end at t - 1. Among equally
    long ones the latest counts. This is the idea of the lookback features of melody networks and
    of the match model in text compressors (PAQ): music repeats itself, often word for word.
    """
    flat = frames.reshape(len(frames), -1)
    _, ids = np.unique(flat, axis=0, return_inverse=True)
    ids = ids.reshape(-1)
    source, length = np.full(len(ids), -1), np.zeros(len(ids), np.int64)
    run = np.zeros(len(ids) + 1, np.int64)  # run[j + 1]: equal frames up to j and up to `last`
    for last in range(1, len(ids) - 1):
        run[1 : last + 1] = np.where(ids[:last] == ids[last], run[:last] + 1, 0)
        best = last - 1 - int(np.argmax(run[last:0:-1]))
        if run[best + 1]:
            source[last + 1], length[last + 1] = best + 1, run[best + 1]
    return Recall(source, length)
