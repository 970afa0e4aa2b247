"""The network with one thing left out or exchanged; the network itself knows nothing of it.

Every arm is a `Network`, so that it learns and is measured by the very code that the product's is.
What an arm leaves out is frozen: weights that nothing reaches are not counted as its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from typing_extensions import override

from audiogroove.model.network import (
    Config,
    Encoder,
    Inputs,
    Memory,
    MemoryInputs,
    Network,
    State,
)

STEP = 4  # widths that are tried differ by this


class WithoutAttention(Network):
    """The two LSTMs alone: a step knows the memory's aligned entry and its own state."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        for unused in (self.own, self.known, self.attended):
            unused.requires_grad_(requires_grad=False)

    @override
    def _attend(
        self, hidden: Tensor, inputs: Inputs, memory: Memory, state: State | None
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Find nothing, and keep nothing for later."""
        rows, heads, _, size = memory.keys.shape
        nothing = hidden.new_zeros(rows, heads, 0, size)
        valid = torch.zeros(rows, 0, dtype=torch.bool, device=hidden.device)
        return torch.zeros_like(hidden), nothing, nothing, valid


class WithoutLookback(Network):
    """Nobody tells what stood here one, two or four bars ago, or in the bar the form names."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.look.requires_grad_(requires_grad=False)

    @override
    def embed(self, inputs: Inputs, memory: Memory) -> Tensor:
        """Sum what is told at each step, (B, T, embed), as if no bar came before."""
        unseen = inputs._replace(lookback=torch.zeros_like(inputs.lookback))
        return super().embed(unseen, memory)


class Onward(nn.Module):
    """Hides from a reader that its entries come reversed: it reads them onward all the same."""

    def __init__(self, reader: nn.Module) -> None:
        super().__init__()
        self.reader = reader
        self.mirror = torch.zeros(0, 0, 1, dtype=torch.long)  # (B, M, 1), its own inverse

    @override
    def forward(self, reversed_entries: Tensor) -> tuple[Tensor, None]:
        """Read (B, M, width); the answer is turned round again, as the encoder expects it."""
        states, _ = self.reader(reversed_entries.take_along_dim(self.mirror, dim=1))
        return states.take_along_dim(self.mirror, dim=1), None


class OnwardEncoder(Encoder):
    """The encoder with the same weights, of which no half reads from the end."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.readers = [Onward(reader) for reader in self.back]
        self.back = nn.ModuleList(self.readers)

    @override
    def forward(self, memory: MemoryInputs) -> Tensor:
        """Encode (B, M) entries to states (B, M, 2 * encoder), each knowing those before it."""
        places = torch.arange(memory.events.shape[1], device=memory.events.device)
        lengths = memory.lengths.unsqueeze(1)
        mirror = torch.where(places < lengths, lengths - 1 - places, places).unsqueeze(-1)
        for reader in self.readers:
            reader.mirror = mirror
        return super().forward(memory)


class Unidirectional(Network):
    """What is known beforehand is read from its beginning to its end only."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.encoder = OnwardEncoder(config)


class Gated(nn.Module):
    """A GRU layer where an LSTM layer is expected: its one state stands for both of them."""

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__()
        self.gru = nn.GRU(inputs, hidden, batch_first=True)

    @override
    def forward(
        self, steps: Tensor, before: tuple[Tensor, ...] | None = None
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Run (B, T, inputs) from a pair of states (1, B, hidden), of which the first counts."""
        out, after = self.gru(steps, None if before is None else before[0])
        return out, (after, after)


class WithGru(Network):
    """Every LSTM, the encoder's too, is a GRU of the same width."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        for layers in (self.layers, self.encoder.onward, self.encoder.back):
            for index, layer in enumerate(layers):
                if isinstance(layer, nn.LSTM):
                    layers[index] = Gated(layer.input_size, layer.hidden_size)


@dataclass(frozen=True, slots=True)
class Arm:
    """One variant: what differs, in words, and how to make it from the full network's sizes."""

    about: str
    build: Callable[[Config], Network]


def weights_of(network: nn.Module) -> int:
    """Count the weights that are learnt."""
    return sum(weight.numel() for weight in network.parameters() if weight.requires_grad)


def fitted(build: Callable[[int], nn.Module], weights: int) -> int:
    """Find the width, a multiple of `STEP`, whose network comes nearest to so many weights.

    `build` makes a network that grows with its width.
    """

    def size(width: int) -> int:
        with torch.device("meta"):  # sizes alone, no numbers
            return weights_of(build(width))

    width = STEP
    while size(width) < weights:
        width += STEP
    return min((max(STEP, width - STEP), width), key=lambda one: abs(size(one) - weights))


def _gru_as_large(config: Config) -> Network:
    """Make the decoder wider until the GRUs have as many weights as the LSTMs had."""
    with torch.device("meta"):
        weights = weights_of(Network(config))
    width = fitted(lambda hidden: WithGru(replace(config, hidden=hidden)), weights)
    return WithGru(replace(config, hidden=width))


FULL = "full"
ARMS: Mapping[str, Arm] = {
    FULL: Arm("the network as it is", Network),
    "no-attention": Arm("attention off, equal width", WithoutAttention),
    "no-lookback": Arm("lookback features off, equal width", WithoutLookback),
    "onward-encoder": Arm("encoder reads onward only, equal weights and width", Unidirectional),
    "gru": Arm("GRU instead of LSTM, wider, equal weights", _gru_as_large),
}
