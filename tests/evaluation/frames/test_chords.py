"""What a frame of a piano roll costs, and what that cost may depend on."""

from itertools import product

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from audiogroove.evaluation.frames.chords import Chords, collate, costs, write
from audiogroove.evaluation.frames.polyphony import foretell
from audiogroove.evaluation.frames.rolls import KEYS, MOVE, WIDTH, Piece, Roll
from tests.evaluation.frames import scores

TOP = 6  # keys whose every chord is tried


@pytest.fixture(scope="module")
def network() -> Chords:
    """Make a network that has learnt nothing, loud enough to be heard."""
    torch.manual_seed(3)
    network = Chords(scores.SMALL_CHORDS).eval()
    with torch.no_grad():
        for weight in network.parameters():
            weight.mul_(2)
    return network


@pytest.fixture
def roll() -> Roll:
    """Write a piece."""
    return scores.roll(np.random.default_rng(5), frames=40)


def price(network: Chords, roll: Roll) -> NDArray[np.float32]:
    """Price each frame but the first."""
    return foretell(network, [Piece(roll)])[0]


@torch.inference_mode()
def test_the_chances_of_all_frames_add_up_to_one(network: Chords, roll: Roll) -> None:
    """Every chord of the highest keys one by one, and all that begin lower by their first key."""
    batch = collate([Piece(roll).tell()])
    hidden = network(batch)[batch.scored][:1].expand(2**TOP, -1)
    chords = torch.zeros(2**TOP, WIDTH)
    chords[:, WIDTH - TOP :] = torch.tensor(list(product((0.0, 1.0), repeat=TOP)))
    told = batch.told[batch.scored][:1].expand(2**TOP, -1, -1).unsqueeze(0)
    scored = torch.ones(1, 2**TOP, dtype=torch.bool)
    alike = batch._replace(told=told, target=chords.unsqueeze(0), scored=scored)
    writing = write(chords)
    chances = network.choices(hidden, alike, writing).log_softmax(-1)
    chosen = chances.gather(-1, writing.choice.unsqueeze(-1)).squeeze(-1)
    high = torch.zeros(2**TOP).index_add(0, writing.frame, chosen).exp().sum()
    low = chances[0, : WIDTH - TOP].exp().sum()
    assert 0.01 < high < 0.99
    assert float(high + low) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("place", [1, 2, 17, 39])
def test_a_frame_costs_nothing_of_what_comes_after_it(
    network: Chords, roll: Roll, place: int
) -> None:
    """Another key changes its own frame's cost and no earlier one's."""
    other = roll.copy()
    other[place, 40] ^= 1
    before, after = price(network, roll), price(network, other)
    assert_allclose(after[: place - 1], before[: place - 1], rtol=1e-4)
    assert after[place - 1] != pytest.approx(before[place - 1], rel=1e-4)


@pytest.mark.parametrize("frames", [2, 3, 7, 33])
def test_a_beginning_costs_what_it_costs_in_the_whole_piece(
    network: Chords, roll: Roll, frames: int
) -> None:
    """Nobody knows how a piece goes on, nor for how long."""
    whole = price(network, roll)[: frames - 1]
    assert_allclose(price(network, roll[:frames]), whole, rtol=1e-3)


def test_a_frame_is_written_from_below_and_ended() -> None:
    """Keys in ascending order, then END; each knows the one before."""
    frames = torch.zeros(2, WIDTH)
    frames[0, [50, 40]] = 1
    writing = write(frames)
    assert writing.choice.tolist() == [40, 50, WIDTH, WIDTH]
    assert writing.last.tolist() == [-1, 40, 50, -1]
    assert writing.frame.tolist() == [0, 0, 0, 1]


@torch.inference_mode()
def test_no_key_comes_twice_or_late(network: Chords, roll: Roll) -> None:
    """What is not above the last key has no chance at all."""
    batch = collate([Piece(roll).tell()])
    writing = write(batch.target[batch.scored])
    found = network.choices(network(batch)[batch.scored], batch, writing)
    below = torch.arange(WIDTH + 1) <= writing.last.unsqueeze(-1)
    assert below.any()
    assert torch.equal(found == -torch.inf, below)


def test_the_first_frame_is_given_and_silence_costs(network: Chords) -> None:
    """Nine of ten empty frames are scored."""
    nats = price(network, np.zeros((10, KEYS), np.uint8))
    assert nats.shape == (9,)
    assert (nats > 0).all()


def test_company_changes_no_cost(network: Chords, roll: Roll) -> None:
    """A piece beside longer ones, padded, costs what it costs alone."""
    longer = scores.roll(np.random.default_rng(6), frames=60)
    together = foretell(network, [Piece(longer), Piece(roll)])
    assert_allclose(together[1], price(network, roll), rtol=1e-3)


def test_costs_are_in_the_order_of_the_pieces(network: Chords, roll: Roll) -> None:
    """Row after row, frame after frame."""
    short = scores.roll(np.random.default_rng(6), frames=12)
    with torch.inference_mode():
        flat = costs(network, collate([Piece(roll).tell(), Piece(short).tell()]))
    alone = np.concatenate([price(network, roll), price(network, short)])
    assert_allclose(flat.numpy(), alone, rtol=1e-3)


def test_what_was_moved_can_be_moved_back(roll: Roll) -> None:
    """By what the first frame, which is given, tells."""
    roll[0, 43] = 1
    first = int(np.flatnonzero(roll[0])[0])
    left = MOVE - ((first + MOVE) % 12 - MOVE)
    assert np.array_equal(Piece(roll).tell().target[:, left : left + KEYS], roll)
