"""What a step is made of is what torch makes of it, and the same in any company."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import Generator
from numpy.testing import assert_allclose
from torch.nn import functional as F  # noqa: N812  (the field's name for it)

from audiogroove.model import arithmetic
from audiogroove.model.arithmetic import NOTHING, TILE, TURN, Eighths, Floats, Layer
from audiogroove.model.network import LEVELS, eighth

SHAPES = ((224, 320), (704, 1536), (256, 384), (192, 135), (7, 9), (8, 300), (13, 5))


@pytest.fixture
def dice() -> Generator:
    """Throw the same dice in every test."""
    return np.random.default_rng(11)


def drawn(dice: Generator, *shape: int) -> Floats:
    """Draw numbers."""
    return dice.normal(size=shape).astype(np.float32)


def layer_of(dice: Generator, inputs: int, outputs: int) -> Layer:
    """Draw a layer."""
    weight = dice.integers(-127, 128, (inputs, outputs)).astype(np.int8)
    scale = np.divide(np.abs(drawn(dice, outputs)), 127, dtype=np.float32)
    return Layer(weight, scale, drawn(dice, outputs))


def product(layer: Layer, rows: Floats) -> Floats:
    """Multiply rows by a layer."""
    out = np.full((len(rows), layer.weight.shape[1]), np.nan, dtype=np.float32)
    arithmetic.multiply(layer, rows, out, np.zeros((TURN, TILE), dtype=np.float32))
    return out


def shrunk(rows: Floats) -> tuple[Eighths, Floats]:
    """Write rows (n, size) in eight bits, one by one; give the scales too, (n,)."""
    numbers, scales = np.zeros(rows.shape, dtype=np.int8), np.zeros(len(rows), dtype=np.float32)
    for at, row in enumerate(rows):
        scales[at] = arithmetic.shrink(row, numbers[at])
    return numbers, scales


def powers(count: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """Make room for so many exponents."""
    return np.zeros(count, dtype=np.int32)


@pytest.mark.parametrize(("inputs", "outputs"), SHAPES)
@pytest.mark.parametrize("rows", [1, 2, 5])
def test_a_product_is_its_layer(dice: Generator, rows: int, inputs: int, outputs: int) -> None:
    """Whether inputs and outputs fill turns and tiles, or not."""
    layer, told = layer_of(dice, inputs, outputs), drawn(dice, rows, inputs)
    wanted = told.astype(np.float64) @ (layer.weight * layer.scale.astype(np.float64)) + layer.bias
    assert_allclose(product(layer, told), wanted, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(("inputs", "outputs"), SHAPES)
def test_a_row_is_multiplied_the_same_in_any_company(
    dice: Generator, inputs: int, outputs: int
) -> None:
    """To the last bit: alone, and at every place among others."""
    layer, rows = layer_of(dice, inputs, outputs), drawn(dice, 9, inputs)
    alone = product(layer, rows[:1])[0]
    for count in range(1, len(rows) + 1):
        for place in {0, count // 2, count - 1}:
            company = np.roll(rows[:count], place, axis=0)
            assert alone.tobytes() == product(layer, company)[place].tobytes(), (count, place)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-100, 100, width=32), min_size=1, max_size=40))
def test_exponentials_are_near_enough(exponents: list[float]) -> None:
    """To a few parts in a million, and beyond 87 either way as at 87."""
    x = np.array(exponents, dtype=np.float32)
    wanted = np.exp(np.clip(x.astype(np.float64), -87, 87))
    arithmetic.exponentials(x, powers(len(x)))
    assert_allclose(x, wanted, rtol=6e-6)


def test_bending_is_a_hyperbolic_tangent(dice: Generator) -> None:
    """From end to end."""
    x = np.concatenate((drawn(dice, 100), np.array([-90, 0, 90], dtype=np.float32)))
    bent = x.copy()
    arithmetic.bend(bent, powers(len(x)))
    assert_allclose(bent, np.tanh(x), atol=1e-6)


def test_a_norm_is_torch_s(dice: Generator) -> None:
    """With weights and biases."""
    x, weight, bias = (drawn(dice, 24) for _ in range(3))
    told = [torch.from_numpy(one.copy()) for one in (x, weight, bias)]
    wanted = F.layer_norm(told[0], (24,), told[1], told[2])
    arithmetic.norm(x, weight, bias)
    assert_allclose(x, wanted, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("keys", [1, 6, 33])
def test_looking_back_is_torch_s(dice: Generator, keys: int) -> None:
    """Likenesses, shares of them, and the values mixed by these, all kept in eight bits."""
    query = drawn(dice, 8)
    (known, of_keys), (values, of_values) = (shrunk(drawn(dice, keys, 8)) for _ in range(2))
    kept = (query[None], known * of_keys[:, None], values * of_values[:, None])
    asked, keyed, told = map(torch.from_numpy, kept)
    wanted = F.scaled_dot_product_attention(asked, keyed, told)[0]
    shares, mixed = np.zeros(keys, dtype=np.float32), np.zeros(8, dtype=np.float32)
    arithmetic.likenesses(query, np.ascontiguousarray(known.T), of_keys, shares)
    shares /= np.sqrt(np.float32(8))
    shares = np.exp(shares - shares.max())
    arithmetic.mix(shares / shares.sum(), values, of_values, mixed)
    assert_allclose(mixed, wanted, rtol=1e-4, atol=1e-5)


def test_a_share_that_is_nothing_is_dropped() -> None:
    """However large its value is; all others count as they are."""
    shares = np.array([1, 0.5, NOTHING / 2, 0, 0.25], dtype=np.float32)
    scales = np.array([2, 4, 1 / NOTHING, 8, 16], dtype=np.float32)
    values = np.array([[3], [-5], [100], [7], [1]], dtype=np.int8)
    mixed = np.ones(1, dtype=np.float32)
    arithmetic.mix(shares, values, scales, mixed)
    assert shares.tolist() == [2, 2, 0, 0, 4]
    assert mixed.tolist() == [1 + 2 * 3 - 2 * 5 + 4 * 1]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=40))
def test_a_step_shrinks_as_the_network_does(numbers: list[float]) -> None:
    """To the last bit; nothing but zeros has a scale too."""
    row = np.array(numbers, dtype=np.float32)
    (told,), (scale,) = shrunk(row[None])
    wanted, scales = eighth(torch.from_numpy(row))
    assert told.tolist() == wanted.tolist()
    assert scale == scales.item() > 0


def test_what_is_shrunk_is_wrong_by_half_a_step_at_most(dice: Generator) -> None:
    """Each row of its own scale: its largest number has all levels."""
    rows = drawn(dice, 50, 64) * np.exp(3 * drawn(dice, 50, 1))
    numbers, scales = shrunk(rows)
    assert (np.abs(numbers).max(axis=1) == LEVELS).all()
    wrong = np.abs(numbers * scales[:, None] - rows)
    assert (wrong <= 0.501 * scales[:, None]).all()


def test_scoring_is_a_linear_layer(dice: Generator) -> None:
    """Of as many inputs as there are, in fours or not."""
    for inputs in (4, 7):
        weight, bias, x = drawn(dice, inputs, 5), drawn(dice, 5), drawn(dice, inputs)
        scores = np.zeros(5, dtype=np.float32)
        arithmetic.score(weight, bias, x, scores)
        assert_allclose(scores, x @ weight + bias, rtol=1e-4, atol=1e-5)


def test_columns_are_looked_up_and_added(dice: Generator) -> None:
    """Each in its own table, behind a row of zeros."""
    table = drawn(dice, 7, 3)
    table[[0, 4]] = 0
    total = np.ones(3, dtype=np.float32)
    arithmetic.add_rows(table, np.array((0, 4)), np.array((2, 0)), total)
    assert_allclose(total, 1 + table[2])
