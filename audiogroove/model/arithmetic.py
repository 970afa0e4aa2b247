"""What a step of the decoder is made of: products, bends, norms and attention, compiled.

Weights of linear layers are whole numbers of eight bits with a scale an output: a step reads every
weight once, so that at one row its time is the time that memory takes, and a quarter of the bytes
is a quarter of that (see `audiogroove.model.weights`).

All is done to each row by itself, to the last bit: how many rows there are changes nothing. For
`multiply` that means that each sum runs over the inputs in their order, whether rows come alone
or in pairs; a test sees to it.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audiogroove.compiled import compiled, reordering

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Eighths = NDArray[np.int8]

TILE = 256  # outputs that are computed together; with 8 inputs each, they stay in the first cache
TURN = 8  # inputs that are taken in at once
LOG2_E = np.float32(1.4426950408889634)
# 2**x for x in -0.5..0.5: the series ln(2)**n / n!, wrong by at most 2e-7
POWERS = tuple(
    np.float32(value)
    for value in (1, 0.6931471806, 0.2402265070, 0.0555041087, 0.0096181291, 0.0013333558, 1.54e-4)
)
LEAST, MOST = np.float32(-87), np.float32(87)  # exponents that single precision holds
EPSILON = 1e-5  # of a layer norm, torch's own
NOTHING = np.float32(1e-30)  # of a share of attention
LEAST_SCALE, FULL = np.float32(1e-12), np.float32(127)  # of numbers in eight bits


class Layer(NamedTuple):
    """A linear layer of eight-bit weights."""

    weight: NDArray[np.int8]  # (in, out)
    scale: Floats  # (out,)
    bias: Floats  # (out,)


@compiled
def multiply(layer: Layer, rows: Floats, out: Floats, tile: Floats) -> None:
    """Multiply rows (B, in) to out (B, out); `tile` is room for (TURN, TILE) numbers."""
    if len(rows) == 1:
        _multiply_one(layer, rows[0], out[0])
        return
    for start in range(0, layer.weight.shape[1], TILE):
        _multiply_tile(layer.weight, rows, out, tile, start)
    scale, bias = layer.scale, layer.bias
    for row in range(len(rows)):
        own = out[row]
        for j in range(len(own)):
            own[j] = own[j] * scale[j] + bias[j]


@compiled
def _multiply_one(layer: Layer, x: Floats, out: Floats) -> None:
    """Multiply one row: every weight is made a float where it is used."""
    weight, scale, bias = layer.weight, layer.scale, layer.bias
    inputs, outputs = weight.shape
    whole = inputs - inputs % TURN
    out[:] = 0
    for k in range(0, whole, TURN):
        x0, x1, x2, x3 = x[k], x[k + 1], x[k + 2], x[k + 3]
        x4, x5, x6, x7 = x[k + 4], x[k + 5], x[k + 6], x[k + 7]
        w0, w1, w2, w3 = weight[k], weight[k + 1], weight[k + 2], weight[k + 3]
        w4, w5, w6, w7 = weight[k + 4], weight[k + 5], weight[k + 6], weight[k + 7]
        for j in range(outputs):
            total = out[j]
            total += x0 * np.float32(w0[j])
            total += x1 * np.float32(w1[j])
            total += x2 * np.float32(w2[j])
            total += x3 * np.float32(w3[j])
            total += x4 * np.float32(w4[j])
            total += x5 * np.float32(w5[j])
            total += x6 * np.float32(w6[j])
            total += x7 * np.float32(w7[j])
            out[j] = total
    for k in range(whole, inputs):
        last = weight[k]
        for j in range(outputs):
            out[j] += x[k] * np.float32(last[j])
    for j in range(outputs):
        out[j] = out[j] * scale[j] + bias[j]


@compiled
def _multiply_tile(  # noqa: C901, PLR0912, PLR0915  (a call within the loops would cost more than they do)
    weight: NDArray[np.int8], rows: Floats, out: Floats, tile: Floats, start: int
) -> None:
    """Multiply all rows by some columns: a turn of weights is made floats once for all of them."""
    inputs, stop = len(weight), min(start + TILE, weight.shape[1])
    pairs = len(rows) - len(rows) % 2
    out[:, start:stop] = 0
    w0, w1, w2, w3 = tile[0], tile[1], tile[2], tile[3]
    w4, w5, w6, w7 = tile[4], tile[5], tile[6], tile[7]
    for k in range(0, inputs - inputs % TURN, TURN):
        for i in range(TURN):
            told, made = weight[k + i, start:stop], tile[i]
            for j in range(stop - start):
                made[j] = np.float32(told[j])
        for row in range(0, pairs, 2):
            x, y = rows[row], rows[row + 1]
            x0, x1, x2, x3 = x[k], x[k + 1], x[k + 2], x[k + 3]
            x4, x5, x6, x7 = x[k + 4], x[k + 5], x[k + 6], x[k + 7]
            y0, y1, y2, y3 = y[k], y[k + 1], y[k + 2], y[k + 3]
            y4, y5, y6, y7 = y[k + 4], y[k + 5], y[k + 6], y[k + 7]
            one, two = out[row, start:stop], out[row + 1, start:stop]
            for j in range(stop - start):
                total, other = one[j], two[j]
                total += x0 * w0[j]
                other += y0 * w0[j]
                total += x1 * w1[j]
                other += y1 * w1[j]
                total += x2 * w2[j]
                other += y2 * w2[j]
                total += x3 * w3[j]
                other += y3 * w3[j]
                total += x4 * w4[j]
                other += y4 * w4[j]
                total += x5 * w5[j]
                other += y5 * w5[j]
                total += x6 * w6[j]
                other += y6 * w6[j]
                total += x7 * w7[j]
                other += y7 * w7[j]
                one[j], two[j] = total, other
        if pairs < len(rows):
            x, one = rows[pairs], out[pairs, start:stop]
            x0, x1, x2, x3 = x[k], x[k + 1], x[k + 2], x[k + 3]
            x4, x5, x6, x7 = x[k + 4], x[k + 5], x[k + 6], x[k + 7]
            for j in range(stop - start):
                total = one[j]
                total += x0 * w0[j]
                total += x1 * w1[j]
                total += x2 * w2[j]
                total += x3 * w3[j]
                total += x4 * w4[j]
                total += x5 * w5[j]
                total += x6 * w6[j]
                total += x7 * w7[j]
                one[j] = total
    for k in range(inputs - inputs % TURN, inputs):
        last = weight[k, start:stop]
        for row in range(len(rows)):
            x, one = rows[row], out[row, start:stop]
            for j in range(stop - start):
                one[j] += x[k] * np.float32(last[j])


@reordering
def exponentials(x: Floats, powers: NDArray[np.int32]) -> None:
    """Turn x into e**x where it lies; `powers` is room for as many whole numbers.

    e**x is 2**n times 2**f with n whole and f in -0.5..0.5. A polynomial tells the latter; the
    former is written bit by bit as a float's exponent. Wrong by at most 3e-7 of itself.
    """
    for i in range(len(x)):
        exponent = min(max(x[i], LEAST), MOST) * LOG2_E
        whole = np.floor(exponent + np.float32(0.5))
        f = exponent - whole
        series = POWERS[6]
        for term in (POWERS[5], POWERS[4], POWERS[3], POWERS[2], POWERS[1], POWERS[0]):
            series = series * f + term
        powers[i] = (np.int32(whole) + np.int32(127)) << np.int32(23)
        x[i] = series
    halves = powers[: len(x)].view(np.float32)
    for i in range(len(x)):
        x[i] *= halves[i]


@reordering
def bend(x: Floats, powers: NDArray[np.int32]) -> None:
    """Turn x into tanh(x) where it lies: 2 / (1 + e**-2x) - 1."""
    for i in range(len(x)):
        x[i] *= np.float32(-2)
    exponentials(x, powers)
    for i in range(len(x)):
        x[i] = np.float32(2) / (np.float32(1) + x[i]) - np.float32(1)


@reordering
def remember(gates: Floats, state: Floats, told: Floats, powers: NDArray[np.int32]) -> None:
    """Take an LSTM's step: gates (4 · hidden) change the state, h and c, (2, hidden).

    The gates are in, keep, out and fresh, as minus what they are bent from (fresh: minus twice).
    `told` is room for hidden numbers.
    """
    hidden, cell = state[0], state[1]
    size = len(cell)
    exponentials(gates, powers)
    for i in range(4 * size):
        gates[i] = np.float32(1) / (np.float32(1) + gates[i])
    for i in range(size):
        fresh = np.float32(2) * gates[3 * size + i] - np.float32(1)
        cell[i] = gates[size + i] * cell[i] + gates[i] * fresh
        told[i] = cell[i]
    bend(told, powers)
    for i in range(size):
        hidden[i] = gates[2 * size + i] * told[i]


@reordering
def norm(x: Floats, weight: Floats, bias: Floats) -> None:
    """Norm x (hidden,) where it lies (Ba, Kiros & Hinton 2016, arXiv:1607.06450)."""
    mean = np.float32(0)
    for i in range(len(x)):
        mean += x[i]
    mean /= np.float32(len(x))
    spread = np.float32(0)
    for i in range(len(x)):
        x[i] -= mean
        spread += x[i] * x[i]
    rate = np.float32(1) / np.sqrt(spread / np.float32(len(x)) + np.float32(EPSILON))
    for i in range(len(x)):
        x[i] = x[i] * rate * weight[i] + bias[i]


@reordering
def likenesses(query: Floats, keys: Eighths, scales: Floats, scores: Floats) -> None:
    """Score keys (head_size, n), scales (n,), against a query (head_size,), fours of it: (n,)."""
    scores[:] = 0
    for d in range(0, len(query), 4):
        q0, q1, q2, q3 = query[d], query[d + 1], query[d + 2], query[d + 3]
        k0, k1, k2, k3 = keys[d], keys[d + 1], keys[d + 2], keys[d + 3]
        for j in range(len(scores)):
            one = q0 * np.float32(k0[j]) + q1 * np.float32(k1[j])
            scores[j] += one + q2 * np.float32(k2[j]) + q3 * np.float32(k3[j])
    for j in range(len(scores)):
        scores[j] *= scales[j]


@reordering
def mix(shares: Floats, values: Eighths, scales: Floats, mixed: Floats) -> None:
    """Add values (n, head_size), scales (n,), by their shares (n,) to mixed (head_size,).

    The shares are multiplied with the scales where they lie. First what is nothing becomes 0: the
    product would be below what single precision holds in full, and a processor is slow with that.
    """
    for j in range(len(shares)):
        shares[j] = max(shares[j] - NOTHING, np.float32(0)) * scales[j]
    whole = len(shares) - len(shares) % 4
    for j in range(0, whole, 4):
        s0, s1, s2, s3 = shares[j], shares[j + 1], shares[j + 2], shares[j + 3]
        v0, v1, v2, v3 = values[j], values[j + 1], values[j + 2], values[j + 3]
        for d in range(len(mixed)):
            one = s0 * np.float32(v0[d]) + s1 * np.float32(v1[d])
            mixed[d] += one + s2 * np.float32(v2[d]) + s3 * np.float32(v3[d])
    for j in range(whole, len(shares)):
        share, value = shares[j], values[j]
        for d in range(len(mixed)):
            mixed[d] += share * np.float32(value[d])


@compiled
def shrink(x: Floats, told: Eighths) -> float:
    """Write x (n,) in eight bits, told (n,), and give the scale; see `network.eighth`."""
    most = LEAST_SCALE
    for i in range(len(x)):
        most = max(most, abs(x[i]))
    scale = most / FULL
    for i in range(len(x)):
        told[i] = np.int8(np.rint(x[i] / scale))
    return float(scale)


@reordering
def score(weight: Floats, bias: Floats, x: Floats, scores: Floats) -> None:
    """Multiply x (in,) by a weight (in, out), with bias: scores (out,)."""
    scores[:] = bias
    whole = len(x) - len(x) % 4
    for k in range(0, whole, 4):
        x0, x1, x2, x3 = x[k], x[k + 1], x[k + 2], x[k + 3]
        w0, w1, w2, w3 = weight[k], weight[k + 1], weight[k + 2], weight[k + 3]
        for j in range(len(scores)):
            scores[j] += x0 * w0[j] + x1 * w1[j] + x2 * w2[j] + x3 * w3[j]
    for k in range(whole, len(x)):
        rest, last = x[k], weight[k]
        for j in range(len(scores)):
            scores[j] += rest * last[j]


@reordering
def add_rows(table: Floats, starts: Ints, ids: Ints, total: Floats) -> None:
    """Add to total (width,) the row of each id, column after column; see `weights.Lookup`."""
    for column in range(len(ids)):
        row = table[starts[column] + ids[column]]
        for i in range(len(total)):
            total[i] += row[i]
