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
from audiogroove.model.arithmetic import TILE, TURN, Floats, Layer

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
    """Likenesses, shares of them, and the values mixed by these."""
    query, known, values = drawn(dice, 8), drawn(dice, keys, 8), drawn(dice, keys, 8)
    asked, keyed, told = (torch.from_numpy(one) for one in (query[None], known, values))
    wanted = F.scaled_dot_product_attention(asked, keyed, told)[0]
    shares, mixed = np.zeros(keys, dtype=np.float32), np.zeros(8, dtype=np.float32)
    arithmetic.likenesses(query, np.ascontiguousarray(known.T), shares)
    shares /= np.sqrt(np.float32(8))
    shares = np.exp(shares - shares.max())
    arithmetic.mix(shares / shares.sum(), values, mixed)
    assert_allclose(mixed, wanted, rtol=1e-4, atol=1e-5)


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
