"""How much two distributions have in common (Yang & Lerch 2020)."""

from math import nan

import numpy as np
from numpy.typing import NDArray

GRID = 400  # points at which two densities are compared
WIDENING = 0.3  # of the range, beyond each of its ends …
REACH = 3  # … and so many kernel widths, or a part of each density would lie outside
LEAST_SPREAD = 1e-3

Columns = NDArray[np.float64]  # (pieces, metrics), nan where undefined


def overlapped_area(ones: Columns, others: Columns) -> float:
    """Tell the area under both densities, as a mean over metrics that some of each have; 0..1.

    Densities are sums of Gaussians, as wide as Scott's rule says, on a grid over both ranges;
    without such a metric the area is nan.
    """
    pairs = [
        (one[~np.isnan(one)], other[~np.isnan(other)])
        for one, other in zip(ones.T, others.T, strict=True)
    ]
    areas = [_area(one, other) for one, other in pairs if len(one) and len(other)]
    return float(np.mean(areas)) if areas else nan


def _area(one: Columns, other: Columns) -> float:
    both = np.concatenate((one, other))
    margin = WIDENING * np.ptp(both) + REACH * max(_width(one), _width(other))
    grid = np.linspace(both.min() - margin, both.max() + margin, GRID)
    common = np.minimum(_density(one, grid), _density(other, grid))
    return float(np.trapezoid(common, grid))


def _density(values: Columns, grid: Columns) -> Columns:
    """Estimate the density of values at the grid's points."""
    width = _width(values)
    distances = (grid[:, None] - values) / width
    heights = np.exp(-(distances**2) / 2).mean(axis=1)
    density: Columns = heights / (width * np.sqrt(2 * np.pi))
    return density


def _width(values: Columns) -> float:
    """Tell how wide the kernels of some values are."""
    return float(1.06 * max(float(values.std()), LEAST_SPREAD) * len(values) ** -0.2)
