"""Which pieces are learnt from at which step: passes over all of them, shuffled anew each time."""

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator


def draw(lengths: Sequence[int], *, rows: int, step: int, seed: int) -> tuple[list[int], Generator]:
    """Give the pieces of a step, `rows` of like length, and the dice for all else about them.

    A pass sorts the pieces by a noisy length, so that little is padded, cuts them into batches
    and takes those in any order. All of it follows from the seed and the step.
    """
    count = -(-len(lengths) // rows)
    number, place = divmod(step, count)
    shuffle = np.random.default_rng((seed, number))
    noisy = np.array(lengths) * shuffle.uniform(0.7, 1.4, len(lengths))
    batches = np.array_split(np.argsort(noisy, kind="stable"), count)
    chosen = batches[shuffle.permutation(count)[place]]
    return chosen.tolist(), np.random.default_rng((seed, number, place))
