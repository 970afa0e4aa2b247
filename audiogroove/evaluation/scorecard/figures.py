"""The sums that metrics share; nan says that there is nothing to tell."""

from math import nan

import numpy as np
from numpy.typing import NDArray


def mean(values: NDArray[np.generic]) -> float:
    """Give the mean of numbers, or the share of what is true; nan of nothing."""
    return float(values.mean()) if values.size else nan


def entropy(ids: NDArray[np.integer]) -> float:
    """Give the entropy of ids, each 0 or more, in bits; nan of nothing."""
    if not ids.size:
        return nan
    counts = np.bincount(ids)
    shares = counts[counts > 0] / ids.size
    return float(abs((shares * np.log2(shares)).sum()))
