"""How wrong a network is, in nats a note."""

import math

import numpy as np
import torch

from audiogroove.model.network import FIELDS, Network
from audiogroove.training.dataset import Dataset
from audiogroove.training.habits import number_styles
from audiogroove.training.loss import field_losses, nats_a_note
from audiogroove.training.metrics import whole
from audiogroove.training.windows import collate


def test_a_network_that_knows_nothing_pays_for_every_choice(
    data: Dataset, network: Network
) -> None:
    """All values alike: the logarithm of their number, and the end costs one choice of a bar."""
    for weights in network.parameters():
        weights.zero_()
    window = whole(data, 0, number_styles(data), data.vocabulary, wishes=True)
    notes = len(window.events)
    batch = collate([window], data.vocabulary, steps=notes + 9)
    losses = field_losses(network, batch)
    choices = data.vocabulary.sizes | {"part": len(window.frame.programs)}
    for field in FIELDS:
        count = notes + 1 if field == "bar" else notes
        assert math.isclose(
            count * math.log(choices[field]), float(losses[field].sum()), rel_tol=1e-5
        )
    total = sum(float(loss.sum()) for loss in losses.values())
    assert math.isclose(total / notes, float(nats_a_note(losses, batch)), rel_tol=1e-5)


def test_padding_costs_nothing(data: Dataset, network: Network) -> None:
    """However long the batch is made."""
    window = whole(data, 0, number_styles(data), data.vocabulary, wishes=True)
    short, long = (
        nats_a_note(field_losses(network, batch), batch)
        for batch in (
            collate([window], data.vocabulary, steps=len(window.events) + more) for more in (1, 30)
        )
    )
    torch.testing.assert_close(short, long)


def test_a_batch_without_notes_costs_nothing_a_note(data: Dataset, network: Network) -> None:
    """An end alone has a cost and no notes to share it."""
    window = whole(data, 0, number_styles(data), data.vocabulary, wishes=True)
    end = type(window)(
        window.events, window.frame, len(window.events), window.stop, np.zeros(0, np.int64)
    )
    batch = collate([end], data.vocabulary, steps=1)
    assert math.isfinite(float(nats_a_note(field_losses(network, batch), batch)))
