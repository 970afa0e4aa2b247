"""The network that foretells chorales: a stack of LSTMs over frames, a chained head for a voice."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  (the field's name for it)
from typing_extensions import override

from audiogroove.evaluation.frames.chorales import PITCHES, VOICES, Ints
from audiogroove.evaluation.frames.network import Stack, Steps
from audiogroove.evaluation.frames.telling import FRAME_SIZES, Telling, head_sizes
from audiogroove.model.network import Bag

REACH = 14  # semitones that a voice is expected to move at most


@dataclass(frozen=True)
class Sizes:
    """Sizes of the network, and how much of it is dropped while it learns."""

    width: int = 256
    hidden: int = 256
    layers: int = 2
    chain: int = 192
    dropout: float = 0.5
    input_dropout: float = 0.15
    head_dropout: float = 0.3


class Batch(NamedTuple):
    """Some pieces, padded with zeros to the longest."""

    frame: Tensor  # (B, T, columns) long
    heads: tuple[Tensor, ...]  # (B, T, columns) long, a voice each
    before: Tensor  # (B, T, VOICES) long
    target: Tensor  # (B, T, VOICES) long
    weight: Tensor  # (B, T) 1 where there is a frame


class Voices(nn.Module):
    """Score the four cells of each frame, each given those decided before it."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.frame = Bag(FRAME_SIZES, sizes.width)
        self.stack = Stack(sizes.width, sizes.hidden, layers=sizes.layers, dropout=sizes.dropout)
        self.query = nn.Linear(sizes.hidden, VOICES * sizes.chain)
        self.chain = nn.ModuleList(Bag(head_sizes(rank), sizes.chain) for rank in range(VOICES))
        self.out = nn.ModuleList(nn.Linear(sizes.chain, PITCHES) for _ in range(VOICES))
        self.steps = nn.ModuleList(Steps(sizes.chain, REACH) for _ in range(VOICES))

    @override
    def forward(self, batch: Batch) -> Tensor:
        """Score every cell, teacher-forced: (B, T, VOICES, PITCHES)."""
        told = self.stack.drop(self.frame(batch.frame), self.sizes.input_dropout)
        queries = self.query(self.stack(told)).chunk(VOICES, dim=-1)
        scores = []
        for rank, query in enumerate(queries):
            hidden = F.relu(query + self.chain[rank](batch.heads[rank]))
            hidden = F.dropout(hidden, self.sizes.head_dropout, self.training)
            steps = self.steps[rank](hidden, batch.before[..., rank], PITCHES)
            scores.append(self.out[rank](hidden) + steps)
        return torch.stack(scores, dim=-2)


def collate(tellings: Sequence[Telling]) -> Batch:
    """Put pieces side by side."""
    lengths = torch.tensor([len(one.frame) for one in tellings])
    steps = int(lengths.max())
    return Batch(
        _pad([one.frame for one in tellings], steps),
        tuple(_pad([one.heads[rank] for one in tellings], steps) for rank in range(VOICES)),
        _pad([one.before for one in tellings], steps),
        _pad([one.target for one in tellings], steps),
        (torch.arange(steps) < lengths.unsqueeze(1)).float(),
    )


def costs(network: Voices, batch: Batch) -> tuple[Tensor, Tensor]:
    """Price every cell: nats, zero in the padding, and whether the likeliest class was right.

    Both have the shape (B, T, VOICES), voices in ORDER.
    """
    scores = network(batch)
    nats = F.cross_entropy(scores.flatten(0, -2), batch.target.flatten(), reduction="none")
    right = scores.detach().argmax(-1) == batch.target
    return nats.view_as(batch.target) * batch.weight.unsqueeze(-1), right


def _pad(columns: Sequence[Ints], steps: int) -> Tensor:
    padded = np.zeros((len(columns), steps, columns[0].shape[1]), np.int64)
    for row, one in enumerate(columns):
        padded[row, : len(one)] = one
    return torch.from_numpy(padded)
