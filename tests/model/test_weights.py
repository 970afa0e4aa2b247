"""The weights that composing uses are the network's own, rounded."""

import numpy as np
import torch
from numpy.testing import assert_allclose

from audiogroove.model.network import LEVELS, Network, eighth
from audiogroove.model.weights import Weights, rounded
from tests.model import builders


def drawn() -> Network:
    """Draw a network that nobody has rounded."""
    torch.manual_seed(3)
    return Network(builders.config()).eval().requires_grad_(requires_grad=False)


def test_a_weight_is_wrong_by_half_a_step_at_most() -> None:
    """Of its own output's largest weight over 127."""
    network = drawn()
    for name, weight in rounded(network).state_dict().items():
        exact = network.state_dict()[name]
        if "weight" in name and weight.ndim == 2:
            step = exact.abs().amax(dim=1, keepdim=True) / LEVELS
            assert ((weight - exact).abs() <= 0.51 * step.amax()).all(), name
        else:
            assert torch.equal(weight, exact), name


def test_what_is_rounded_once_stays() -> None:
    """Rounding again changes nothing that could be told."""
    once = rounded(drawn())
    twice = rounded(once)
    for one, two in zip(once.parameters(), twice.parameters(), strict=True):
        assert_allclose(one, two, rtol=1e-6, atol=1e-9)


def test_what_a_rounded_network_keeps_is_in_eight_bits() -> None:
    """Keys and values of what it knows, each entry with a scale a head; another's are as exact."""
    exact = drawn()
    known = builders.memory(np.random.default_rng(5), [9, 4])
    for network in (exact, rounded(exact)):
        memory = network.encode(known)
        for kept in (memory.keys, memory.values):
            numbers, scales = eighth(kept)
            shrunk = torch.allclose(numbers * scales, kept, rtol=1e-6, atol=0)
            assert shrunk == network.keeps_eighths == (network is not exact)


def test_rounding_leaves_the_network_as_it_was() -> None:
    """It is a copy that is rounded."""
    network = drawn()
    before = network.own.weight.clone()
    assert not torch.equal(rounded(network).own.weight, before)
    assert torch.equal(network.own.weight, before)
    assert not network.keeps_eighths


def test_weights_are_small_whole_numbers_with_a_scale() -> None:
    """Which give the rounded weights back."""
    network = drawn()
    own = Weights.of(network).own
    assert own.weight.dtype == np.int8
    assert_allclose((own.weight * own.scale).T, rounded(network).own.weight, rtol=1e-6)
