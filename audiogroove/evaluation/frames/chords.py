"""The network that foretells piano rolls: LSTMs over frames, and each frame written key by key.

A frame is written as its keys in ascending order, then END. What may come next is any key above
the last one, or END, so the probabilities of all frames add up to one, and the likelihood of a
frame is the product of what was chosen: exact, and comparable with any other model's of the same
88 bits. Independent sigmoids cannot say that notes sound together; this can.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  (the field's name for it)
from typing_extensions import override

from audiogroove.evaluation.frames.network import Stack, Steps
from audiogroove.evaluation.frames.rolls import AGO, FRAME_SIZES, TOLD, WIDTH, Telling
from audiogroove.model.network import Bag

END = WIDTH
RISE, LEAP = 24, 14  # semitones from the key below, and from the top of the frame before
COPIED = (0, AGO.index(8), AGO.index(16), TOLD - 2, TOLD - 1)  # of what is told, key by key


@dataclass(frozen=True)
class Sizes:
    """Sizes of the network, and how much of it is dropped while it learns."""

    width: int = 256
    hidden: int = 256
    layers: int = 2
    chain: int = 256
    dropout: float = 0.4
    input_dropout: float = 0.1
    head_dropout: float = 0.2


class Batch(NamedTuple):
    """Some stretches of pieces, padded with zeros to the longest."""

    told: Tensor  # (B, T, TOLD, WIDTH) 0 or 1
    ids: Tensor  # (B, T, columns) long
    target: Tensor  # (B, T, WIDTH) 0 or 1
    scored: Tensor  # (B, T) bool


class Writing(NamedTuple):
    """The scored frames of a batch as R choices, one after another."""

    frame: Tensor  # (R,) which of the scored frames
    last: Tensor  # (R,) the key chosen before, -1 at first
    choice: Tensor  # (R,) a key above it, or END


class Chords(nn.Module):
    """Score what may be written next in each frame, given the frames before it."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.told = nn.Linear(TOLD * WIDTH, sizes.width)
        self.ids = Bag(FRAME_SIZES, sizes.width)
        self.stack = Stack(sizes.width, sizes.hidden, layers=sizes.layers, dropout=sizes.dropout)
        self.query = nn.Linear(sizes.hidden, sizes.chain)
        self.written = nn.Linear((1 + len(COPIED)) * WIDTH, sizes.chain, bias=False)
        self.last = nn.Embedding(WIDTH + 1, sizes.chain)
        self.out = nn.Linear(sizes.chain, END + 1)
        self.copy = nn.Linear(sizes.chain, len(COPIED))
        self.rise = Steps(sizes.chain, RISE)
        self.leap = Steps(sizes.chain, LEAP)

    @override
    def forward(self, batch: Batch) -> Tensor:
        """Read the frames before each frame: hidden (B, T, chain)."""
        told = self.told(batch.told.flatten(-2)) + self.ids(batch.ids)
        hidden: Tensor = self.query(self.stack(self.stack.drop(told, self.sizes.input_dropout)))
        return hidden

    def choices(self, hidden: Tensor, batch: Batch, writing: Writing) -> Tensor:
        """Score keys and END from hidden states of scored frames (N, chain): (R, END + 1)."""
        frames, last = writing.frame, writing.last.unsqueeze(-1)
        copied = batch.told[batch.scored][:, COPIED][frames]  # (R, copies, WIDTH)
        above = torch.arange(WIDTH, device=last.device) > last
        sofar = batch.target[batch.scored][frames] * ~above
        ahead = copied * above.unsqueeze(1)
        beside = self.written(torch.cat((sofar, ahead.flatten(1)), dim=-1))
        inner = F.relu(hidden[frames] + beside + self.last(writing.last + 1))
        inner = F.dropout(inner, self.sizes.head_dropout, self.training)
        before = copied[:, 0]
        top = torch.where(before.any(-1), WIDTH - 1 - before.flip(-1).argmax(-1), -1)
        keys = self.rise(inner, writing.last, WIDTH) + self.leap(inner, top, WIDTH)
        keys = keys + torch.einsum("rc,rck->rk", self.copy(inner), ahead)
        scores: Tensor = self.out(inner) + F.pad(keys, (0, 1))
        return scores.masked_fill(~F.pad(above, (0, 1), value=True), -torch.inf)


def write(frames: Tensor) -> Writing:
    """Write frames (N, WIDTH) as choices: the keys of each in ascending order, then END."""
    ended = torch.cat((frames > 0, frames.new_ones(len(frames), 1) > 0), dim=1)
    frame, choice = ended.nonzero(as_tuple=True)
    first = torch.ones_like(frame, dtype=torch.bool)
    first[1:] = frame[1:] != frame[:-1]
    return Writing(frame, torch.where(first, -1, choice.roll(1)), choice)


def costs(network: Chords, batch: Batch) -> Tensor:
    """Price every scored frame in nats: (frames,), row after row."""
    hidden = network(batch)[batch.scored]
    writing = write(batch.target[batch.scored])
    scores = network.choices(hidden, batch, writing)
    nats = F.cross_entropy(scores, writing.choice, reduction="none")
    return nats.new_zeros(len(hidden)).index_add(0, writing.frame, nats)


def collate(tellings: list[Telling]) -> Batch:
    """Put stretches side by side."""
    steps = max(len(one.ids) for one in tellings)
    padded = []
    for columns in zip(*tellings, strict=True):
        shape = (len(columns), steps, *columns[0].shape[1:])
        padded.append(np.zeros(shape, columns[0].dtype))
        for row, one in enumerate(columns):
            padded[-1][row, : len(one)] = one
    told, ids, target, scored = (torch.from_numpy(one) for one in padded)
    return Batch(told.float(), ids, target.float(), scored)
