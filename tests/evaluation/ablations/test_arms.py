"""Each arm leaves out what it says, and nothing else."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from audiogroove.evaluation.ablations.arms import (
    ARMS,
    FULL,
    OnwardEncoder,
    Unidirectional,
    WithGru,
    WithoutAttention,
    WithoutLookback,
    fitted,
    weights_of,
)
from audiogroove.model.network import Config, Encoder, Network
from audiogroove.training import metrics
from audiogroove.training.dataset import Dataset
from audiogroove.training.habits import number_styles
from audiogroove.training.loss import field_losses, nats_a_note
from audiogroove.training.windows import Batch, Sampler, Window
from tests.training import tunes

WORTH = 1e-4  # what two ways of computing the same may differ by


@pytest.fixture
def config(data: Dataset) -> Config:
    """Give tiny sizes, without dropout."""
    return replace(tunes.tiny_config(data), dropout=0.0)


@pytest.fixture
def batch(data: Dataset) -> Batch:
    """Draw windows of all tasks."""
    sampler = Sampler(data, number_styles(data), steps=24, temper=0.5)
    return sampler.batch(6, np.random.default_rng(2))


@pytest.fixture
def window(data: Dataset) -> Window:
    """Take a whole piece, with its wishes and nothing given."""
    return metrics.whole(data, 0, number_styles(data), data.vocabulary, wishes=True)


def drawn(build: type[Network], config: Config) -> Network:
    """Make a network from the same dice as any other."""
    torch.manual_seed(4)
    return build(config).eval()


def hidden(network: Network, batch: Batch) -> Tensor:
    """Run a network over a batch, (B, T, hidden)."""
    found: Tensor = network(batch.inputs, network.encode(batch.memory))[0]
    return found


@pytest.mark.parametrize("name", ARMS)
def test_every_arm_learns(name: str, config: Config, batch: Batch) -> None:
    """Every weight that counts as its own is reached by what went wrong."""
    torch.manual_seed(1)
    network = ARMS[name].build(config)
    torch.autograd.backward(nats_a_note(field_losses(network, batch), batch))
    idle = [n for n, w in network.named_parameters() if w.requires_grad and w.grad is None]
    assert idle == []


@pytest.mark.parametrize("name", ARMS)
def test_every_arm_reads_a_long_piece_in_stretches(
    name: str, config: Config, data: Dataset, window: Window
) -> None:
    """What it carries from one to the next is enough: the sum is that of one pass."""
    torch.manual_seed(1)
    network = ARMS[name].build(config).eval()
    whole, parts = (
        metrics.costs_of(network, [window], data.vocabulary, stretch=stretch)
        for stretch in (1000, 7)
    )
    np.testing.assert_allclose(whole, parts, rtol=WORTH)


def test_without_attention_a_step_knows_no_other_but_through_its_state(
    config: Config, batch: Batch
) -> None:
    """Nothing is kept for later but the two LSTMs' state."""
    network = drawn(WithoutAttention, config)
    _, state = network(batch.inputs, network.encode(batch.memory))
    assert state.keys.shape[2] == state.values.shape[2] == state.valid.shape[1] == 0


def test_without_attention_the_rest_is_the_full_network(config: Config, batch: Batch) -> None:
    """It is what the full network is when attention's answer counts for nothing."""
    full = drawn(Network, config)
    torch.nn.init.zeros_(full.attended.weight)
    torch.testing.assert_close(hidden(drawn(WithoutAttention, config), batch), hidden(full, batch))


def test_without_lookback_it_does_not_matter_what_stood_there(config: Config, batch: Batch) -> None:
    """To the full network it does."""
    other = batch._replace(
        inputs=batch.inputs._replace(lookback=batch.inputs.lookback.flip(0).clamp(max=2))
    )
    without, full = (drawn(kind, config) for kind in (WithoutLookback, Network))
    assert torch.equal(hidden(without, batch), hidden(without, other))
    assert not torch.allclose(hidden(full, batch), hidden(full, other))


def encoders(config: Config) -> tuple[Encoder, Encoder]:
    """Make the full encoder and the onward one, from the same dice."""
    torch.manual_seed(5)
    full = Encoder(config)
    torch.manual_seed(5)
    return full, OnwardEncoder(config)


def test_an_onward_encoder_learns_nothing_from_later_entries(config: Config, batch: Batch) -> None:
    """The first entries' states stay when the last entries change; the full encoder's do not."""
    memory = batch.memory
    events = memory.events.clone()
    row = int(memory.lengths.argmax())
    last = int(memory.lengths[row]) - 1
    events[row, last] = (events[row, last] - 1).clamp(min=0)
    other = memory._replace(events=events)
    full, onward = encoders(config)
    assert torch.equal(onward(memory)[row, :last], onward(other)[row, :last])
    assert not torch.allclose(full(memory)[row, :last], full(other)[row, :last])


def test_an_onward_encoder_reads_all_that_the_full_one_reads(config: Config, batch: Batch) -> None:
    """With one entry there is no direction, and both say the same."""
    alone = batch.memory._replace(lengths=torch.ones_like(batch.memory.lengths))
    full, onward = encoders(config)
    torch.testing.assert_close(onward(alone), full(alone))


def test_padding_changes_nothing_for_an_onward_encoder(config: Config, batch: Batch) -> None:
    """Whatever lies behind a row's last entry."""
    memory = batch.memory
    behind = torch.arange(memory.events.shape[1]) >= memory.lengths.unsqueeze(1)
    other = memory._replace(events=memory.events.masked_fill(behind.unsqueeze(-1), 1))
    _, onward = encoders(config)
    torch.testing.assert_close(onward(other), onward(memory))


def test_an_onward_encoder_has_as_many_weights(config: Config) -> None:
    """Equal width, too."""
    assert weights_of(Unidirectional(config)) == weights_of(Network(config))


def test_grus_are_everywhere_and_no_lstm_is_left(config: Config) -> None:
    """In the encoder too."""
    kinds = {type(layer) for layer in WithGru(config).modules()}
    assert (torch.nn.GRU in kinds, torch.nn.LSTM in kinds) == (True, False)


def test_grus_get_as_many_weights_as_lstms_have(config: Config) -> None:
    """As nearly as widths allow."""
    config = replace(config, hidden=64)
    full, gru = (weights_of(ARMS[name].build(config)) for name in (FULL, "gru"))
    assert gru == pytest.approx(full, rel=0.02)


@pytest.mark.parametrize(("weights", "width"), [(1, 4), (41, 40), (43, 44), (46, 44)])
def test_the_nearest_width_is_found(weights: int, width: int) -> None:
    """Among multiples of four."""
    assert fitted(lambda size: torch.nn.Linear(size, 1, bias=False), weights) == width
