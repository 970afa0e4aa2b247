"""What a cell of a chorale costs, and what that cost may depend on."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from audiogroove.evaluation.frames.chorales import HIGH, LOW, ORDER, SILENCE, Ints, offset
from audiogroove.evaluation.frames.jsb import foretell
from audiogroove.evaluation.frames.telling import Chorale
from audiogroove.evaluation.frames.voices import Voices
from tests.evaluation.frames import scores


@pytest.fixture(scope="module")
def network() -> Voices:
    """Make a network that has learnt nothing, loud enough to be heard."""
    torch.manual_seed(3)
    network = Voices(scores.SMALL_VOICES).eval()
    with torch.no_grad():
        for weight in network.parameters():
            weight.mul_(3)
    return network


@pytest.fixture
def piece() -> Ints:
    """Write a chorale."""
    return scores.chorale(np.random.default_rng(5), frames=40)


def price(network: Voices, piece: Ints) -> NDArray[np.float32]:
    """Price each cell, (T, voices in ORDER)."""
    return foretell(network, [Chorale(piece)])[0].nats


@pytest.mark.parametrize("rank", range(4))
@pytest.mark.parametrize("place", [0, 1, 17, 39])
def test_a_cell_costs_nothing_of_what_comes_after_it(
    network: Voices, piece: Ints, place: int, rank: int
) -> None:
    """Another pitch changes no earlier frame's cost, and none that is decided before it."""
    other = piece.copy()
    other[place, ORDER[rank]] += 1
    before, after = price(network, piece), price(network, other)
    assert_allclose(after[:place], before[:place], rtol=1e-4)
    assert_allclose(after[place, :rank], before[place, :rank], rtol=1e-4)
    assert after[place, rank] != pytest.approx(before[place, rank], rel=1e-3)


@pytest.mark.parametrize("frames", [1, 2, 7, 33])
def test_a_beginning_costs_what_it_costs_in_the_whole_piece(
    network: Voices, piece: Ints, frames: int
) -> None:
    """Nobody knows how a piece goes on, nor for how long."""
    assert_allclose(
        price(network, piece[:frames]), price(network, piece)[:frames], rtol=1e-3, atol=1e-5
    )


@pytest.mark.parametrize("rank", range(3))
def test_a_cell_that_is_decided_is_known_to_the_next(
    network: Voices, piece: Ints, rank: int
) -> None:
    """The frame's cells are chained."""
    other = piece.copy()
    other[9, ORDER[rank]] += 1
    before, after = price(network, piece)[9], price(network, other)[9]
    assert after[rank + 1] != pytest.approx(before[rank + 1], rel=1e-4)


@pytest.mark.parametrize("rank", range(4))
@pytest.mark.parametrize("place", [0, 1, 17])
def test_all_that_a_cell_may_be_adds_up_to_one(
    network: Voices, piece: Ints, place: int, rank: int
) -> None:
    """Silence and every pitch, in the first frame as in the others."""
    move = offset(piece[0]) if place else 0
    pitches = [SILENCE, *range(LOW + move, HIGH + move + 1)]
    others = np.repeat(piece[None], len(pitches), axis=0)
    others[:, place, ORDER[rank]] = pitches
    foretold = foretell(network, [Chorale(other) for other in others])
    chances = [np.exp(-one.nats[place, rank]) for one in foretold]
    assert sum(chances) == pytest.approx(1, abs=1e-4)


def test_silence_costs(network: Voices, piece: Ints) -> None:
    """A rest is foretold like any pitch."""
    piece[10:14, 2] = SILENCE
    cells = price(network, piece)[10:14, ORDER.index(2)]
    assert (cells > 0).all()


def test_company_changes_no_cost(network: Voices, piece: Ints) -> None:
    """A piece beside longer ones, padded, costs what it costs alone."""
    longer = scores.chorale(np.random.default_rng(6), frames=60)
    together = foretell(network, [Chorale(longer), Chorale(piece)])
    assert_allclose(together[1].nats, price(network, piece), rtol=1e-3, atol=1e-5)


def test_what_was_moved_can_be_moved_back(piece: Ints) -> None:
    """Targets and the first frame, which is told as it stands, give the piece again."""
    target = Chorale(piece).tell().target
    moved = np.where(target > 0, target + LOW - 1, SILENCE)
    first = np.empty(4, np.int64)
    first[list(ORDER)] = moved[0]
    back = np.where(moved[1:] >= 0, moved[1:] + offset(first), SILENCE)
    assert np.array_equal(first, piece[0])
    assert np.array_equal(back, piece[1:, list(ORDER)])


def test_a_transposed_chorale_looks_the_same_but_for_its_first_frame(piece: Ints) -> None:
    """Seen from its first bass note; an octave apart it may be."""
    one, two = Chorale(piece).tell(0).target[1:], Chorale(piece).tell(1).target[1:]
    sounding = one > 0
    assert set(np.unique((two - one)[sounding]).tolist()) <= {-12, 0, 12}
    assert np.array_equal(sounding, two > 0)
