"""What learns: a network, the batches that it learns from, and how it is measured."""

from collections.abc import Callable, Sequence
from math import ceil
from typing import NamedTuple, Protocol

import numpy as np
import torch
from numpy.random import Generator
from torch import Tensor, nn

from audiogroove.evaluation.ablations.ancestor import (
    TOKENS_A_NOTE,
    WINDOW,
    Ancestor,
    Stream,
    windows_of,
)
from audiogroove.model.checkpoint import Checkpoint
from audiogroove.model.network import FIELDS, Network
from audiogroove.training import metrics
from audiogroove.training.dataset import Dataset
from audiogroove.training.habits import learn_customs, number_styles
from audiogroove.training.loss import field_losses, nats_a_note
from audiogroove.training.metrics import Costs, Evaluation
from audiogroove.training.windows import Sampler

SPLIT = "test"
PLACES = 8  # windows of tokens that the ancestor learns from a stretch of a piece
BATCH_TOKENS = 1024  # windows of tokens that are measured at once


class Task(NamedTuple):
    """A batch that was drawn: how many notes are guessed in it, and how to compute its loss."""

    notes: float
    loss: Callable[[], Tensor]  # nats a note


class Learner(Protocol):
    """A network that learns in batches and can be measured in nats a note."""

    network: nn.Module

    @property
    def notes_a_step(self) -> float:
        """How many notes are guessed in a batch at most."""
        ...

    @property
    def products(self) -> int:
        """How many multiplications with weights or keys it takes to write one note."""
        ...

    def task(self, dice: Generator) -> Task:
        """Draw a batch; what it costs to draw it is nobody's share."""
        ...

    def measure(self, pieces: int | None) -> list[Evaluation]:
        """Read so many held-out pieces (None is all), without wishes and, if it knows any, with."""
        ...


class NoteLearner:
    """A `Network`, or an arm of it, that learns from the windows that the product learns from."""

    def __init__(
        self, name: str, network: Network, data: Dataset, sampler: Sampler, shape: tuple[int, int]
    ) -> None:
        """Learn from batches of a shape: rows, and steps a row, as the sampler draws them."""
        self.network: nn.Module = network
        self._own = network
        self._name, self._data, self._sampler, self._shape = name, data, sampler, shape

    @property
    def notes_a_step(self) -> float:
        """How many notes are guessed in a batch whose windows are all full."""
        rows, steps = self._shape
        return rows * steps

    @property
    def products(self) -> int:
        """Count what a step of the decoder multiplies; the encoder reads once a request."""
        own = self._own
        once = (*own.encoder.modules(), own.known)
        layers = [layer for layer in own.modules() if layer not in once]
        config = own.config
        attends = own.attended.weight.requires_grad
        reach = 2 * config.window * config.heads * config.head_size if attends else 0
        return sum(map(_matrices, layers)) + reach

    def task(self, dice: Generator) -> Task:
        """Draw windows of notes."""
        batch = self._sampler.batch(self._shape[0], dice)
        notes = float(batch.sounding.sum())
        return Task(notes, lambda: nats_a_note(field_losses(self._own, batch), batch))

    def measure(self, pieces: int | None) -> list[Evaluation]:
        """Read held-out pieces without wishes, and with."""
        data = self._data
        styles = tuple(number_styles(data))
        told = Checkpoint(self._own, data.vocabulary, styles, learn_customs(data), self._name)
        return [
            metrics.evaluate(told, data, split=SPLIT, limit=pieces, wishes=wishes)
            for wishes in (False, True)
        ]


class TokenLearner:
    """The ancestor, which learns one token from each window that it reads."""

    def __init__(
        self, name: str, network: Ancestor, data: Dataset, sampler: Sampler, windows: int
    ) -> None:
        """Learn from batches of so many windows, `PLACES` from each stretch that is drawn."""
        self.network: nn.Module = network
        self._own = network
        self._name, self._data, self._sampler = name, data, sampler
        self._stretches = ceil(windows / PLACES)

    @property
    def notes_a_step(self) -> float:
        """How many notes are guessed in a batch: a token is a sixth of one."""
        return self._stretches * PLACES / TOKENS_A_NOTE

    @property
    def products(self) -> int:
        """Count what six tokens multiply, each of which reads its window anew."""
        own = self._own
        layers = sum(map(_matrices, own.layers.modules()))
        width: int = own.norm.normalized_shape[0]
        square = width * width  # of each of attention's four projections
        read = WINDOW * (layers + 2 * square + 2 * width)
        return TOKENS_A_NOTE * (read + 2 * square + own.out.weight.numel())

    def task(self, dice: Generator) -> Task:
        """Draw windows of tokens, several from each stretch that the product's sampler draws."""
        streams, places = [], []
        for _ in range(self._stretches):
            drawn = self._sampler.draw(dice)
            stream = Stream.of(drawn.events, drawn.frame, self._data.vocabulary)
            stop = min(TOKENS_A_NOTE * drawn.stop, len(stream))
            streams.append(stream)
            places.append(dice.integers(TOKENS_A_NOTE * drawn.start, stop, PLACES))
        windows = windows_of(streams, places)
        return Task(self.notes_a_step, lambda: TOKENS_A_NOTE * self._own.losses(windows).mean())

    def measure(self, pieces: int | None) -> list[Evaluation]:
        """Read held-out pieces; of wishes it knows nothing."""
        data = self._data
        chosen = metrics.pick(data, SPLIT, limit=pieces)
        costs = np.stack([self._cost(piece) for piece in chosen])
        name = f"{self._name}, without wishes"
        return [metrics.summarise(name, data, SPLIT, chosen, costs)]

    @torch.inference_mode()
    def _cost(self, piece: int) -> Costs:
        """Tell what each field of a piece costs in nats, (fields,)."""
        data = self._data
        whole = metrics.whole(data, piece, {}, data.vocabulary, wishes=False)
        stream = Stream.of(whole.events, whole.frame, data.vocabulary)
        costs = np.zeros(len(FIELDS))
        for places in _chunks(len(stream), BATCH_TOKENS):
            found = self._own.losses(windows_of([stream], [places]))
            np.add.at(costs, places % TOKENS_A_NOTE, found.numpy().astype(np.float64))
        return costs


def _chunks(count: int, size: int) -> Sequence[np.ndarray[tuple[int], np.dtype[np.int64]]]:
    return [np.arange(start, min(start + size, count)) for start in range(0, count, size)]


def _matrices(layer: nn.Module) -> int:
    """Count the weights of a layer's own matrices, each of which meets one number a step."""
    if not isinstance(layer, nn.Linear | nn.RNNBase):
        return 0
    return sum(
        weight.numel() for weight in layer.parameters() if weight.ndim > 1 and weight.requires_grad
    )
