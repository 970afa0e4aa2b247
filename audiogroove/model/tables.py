"""The network's decoder in numpy and in blocks of rows, for writing note by note.

A step looks up some forty rows, adds them up and bends them. At one to some dozens of rows a torch
call costs more than its sum, and numpy's a fifth; so torch keeps the matrix products, the long sum
of embeddings and the attention, and the small change between them is done here. The weights are
the network's own, and a test holds both equal.

What is done here is done to each row by itself, to the last bit: neither how many rows there are
nor which can be told from a row's numbers. For matrix products that takes some care, see `Product`.
"""

from itertools import accumulate, pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from typing_extensions import override

from audiogroove.model.network import BAR_PERIODS, FIELDS, QUARTER_PERIODS, ROTATED, Network

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

BLOCK = 8  # rows that are multiplied together, always
PIECE = 300_000  # numbers of a weight that are multiplied together at most
HALF = ROTATED // 2
RATES = np.float32(2 * np.pi) / np.array((BAR_PERIODS, QUARTER_PERIODS), dtype=np.float32)
SIGNS = np.array([[-1], [1]], dtype=np.float32)  # of the sine, as a pair is turned


class Lookup:
    """Id columns, each with a table of its own, summed as `Bag` does; id 0 adds nothing."""

    def __init__(self, *tables: Tensor) -> None:
        """Copy tables, (size, width) each, and put a row of zeros before each."""
        nothing = torch.zeros(1, tables[0].shape[1])
        self._table = torch.cat([rows for table in tables for rows in (nothing, table)])
        self._starts = np.array([0, *accumulate(1 + len(table) for table in tables[:-1])])
        self._firsts = torch.arange(0)

    def __call__(self, ids: Ints) -> Floats:
        """Sum the rows of ids (B, columns), each 0 or 1..size, to (B, width)."""
        if len(self._firsts) != len(ids):
            self._firsts = torch.arange(0, ids.size, ids.shape[1])
        chosen = torch.from_numpy((ids + self._starts).ravel())
        summed: Floats = torch.embedding_bag(self._table, chosen, self._firsts)[0].numpy()
        return summed


class Link(Lookup):
    """A lookup in a handful of columns, whose ids count from 0, and -1 adds nothing.

    So few rows numpy adds up in a quarter of the time that `embedding_bag` takes to begin.
    """

    def __init__(self, *tables: Tensor) -> None:
        super().__init__(*tables)
        self._rows: Floats = self._table.numpy()
        self._starts += 1

    @override
    def __call__(self, ids: Ints) -> Floats:
        """Sum the rows of ids (B, columns), each -1..size - 1, to (B, width)."""
        summed: Floats = np.add.reduce(self._rows.take(ids + self._starts, axis=0), axis=1)
        return summed


class Product:
    """A linear layer whose rows come and go as numpy arrays, multiplied BLOCK at a time.

    How many rows a matrix product has decides which kernel computes it, and with it the last bits
    of every row (measured: 1, 2 to 15 and more than 15 differ). Here each product has BLOCK rows,
    the last one filled up with whatever lies there, so that a row's bits are its own. Where in a
    block it stands changes nothing: a test sees to it.

    Wide weights are cut into pieces that stay in the processor's cache while all blocks pass:
    measured, eight blocks then take as long as their rows do at once. Not for two threads at once.
    """

    def __init__(self, weight: Tensor, bias: Tensor | None = None) -> None:
        """Copy a weight (out, in) and a bias (out,)."""
        pieces = -(-weight.numel() // PIECE)
        # transposed, as few rows as a block's are multiplied in half the time
        self._weights = [piece.T.contiguous() for piece in weight.detach().float().chunk(pieces)]
        bias = torch.zeros(len(weight)) if bias is None else bias
        self._bias: Floats = bias.detach().float().numpy()
        self._arrange(1)

    def __call__(self, *parts: Floats) -> Floats:
        """Multiply rows, told in `parts` (B, …) side by side that make (B, in), to (B, out)."""
        count = len(parts[0])
        if count > len(self._rows) or count <= len(self._rows) - BLOCK:
            self._arrange(-(-count // BLOCK))
        if len(parts) == 1:
            self._rows[:count] = parts[0]
        else:
            np.concatenate(parts, axis=1, out=self._rows[:count])
        for weight, out in self._work:
            torch.bmm(self._blocks, weight, out=out)
        return self._found[:count] + self._bias

    def _arrange(self, blocks: int) -> None:
        """Make room for so many blocks, which every product then finds ready."""
        self._blocks = torch.zeros(blocks, BLOCK, len(self._weights[0]))
        self._rows: Floats = self._blocks.flatten(0, 1).numpy()
        found = torch.zeros(blocks, BLOCK, len(self._bias))
        self._found: Floats = found.flatten(0, 1).numpy()
        outs = found.split([weight.shape[1] for weight in self._weights], dim=2)
        wide = (weight.expand(blocks, -1, -1) for weight in self._weights)
        self._work = tuple(zip(wide, outs, strict=True))


class Recurrence:
    """One LSTM layer, a step at a time."""

    def __init__(self, layer: nn.Module) -> None:
        """Copy a layer's weights."""
        told, past, told_bias, past_bias = (
            layer.get_parameter(f"{name}_l0").detach().float()
            for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        )
        size = past.shape[1]
        into, keep, fresh, out = torch.arange(4 * size).chunk(4)  # as torch orders them
        order = torch.cat((into, keep, out, fresh))
        # a gate is 1 / (1 + exp(-x)), which is (1 + tanh(x / 2)) / 2: one call bends all four
        scale = torch.ones(4 * size)
        scale[: 3 * size] = 0.5
        weight = torch.cat((told, past), dim=1)[order] * scale[:, None]
        self._gates = Product(weight, (told_bias + past_bias)[order] * scale)

    def __call__(self, told: Floats, state: Floats) -> Floats:
        """Take in what is told (B, in): change the state, h and c, (2, B, hidden); give h."""
        hidden: Floats = state[0]
        cell: Floats = state[1]
        size = cell.shape[1]
        bent = self._gates(told, hidden)
        np.tanh(bent, out=bent)
        gates = bent[:, : 3 * size]
        gates += 1
        gates *= 0.5
        into, keep, out = (gates[:, i * size : (i + 1) * size] for i in range(3))
        cell *= keep
        cell += into * bent[:, 3 * size :]
        np.multiply(out, np.tanh(cell), out=hidden)
        return hidden


class Norm:
    """A layer norm whose rows come and go as numpy arrays."""

    def __init__(self, layer: nn.Module) -> None:
        """Copy a layer's weights."""
        weight, bias = layer.get_parameter("weight"), layer.get_parameter("bias")
        self._told = weight.shape, weight, bias

    def __call__(self, rows: Floats) -> Floats:
        """Norm rows (B, width)."""
        found: Floats = torch.layer_norm(torch.from_numpy(rows), *self._told).numpy()
        return found


class Tables:
    """Everything that writes a note but the attention itself; not for two threads at once."""

    def __init__(self, network: Network) -> None:
        """Copy the weights of a network."""
        heads = network.heads
        self._heads = (network.config.heads, network.config.head_size)
        self._told = _lookup_of_all(network)
        told = len(network.look) * network.config.look
        self._beside = Product(network.beside.weight[:, told:], network.beside.bias)
        self._layers = [Recurrence(layer) for layer in network.layers]
        self._norms = [Norm(layer) for layer in network.norms]
        self._own = Product(network.own.weight)
        self._attended = Product(network.attended.weight)
        self._query = Product(heads.query.weight, heads.query.bias)
        self._link = {name: Link(*tables_of(bag)) for name, bag in heads.chain.items()}
        self._busy = Product(heads.busy.weight)
        self._chord = Product(heads.chord.weight)
        self._out = {
            name: Product(head.get_parameter("weight"), head.get_parameter("bias"))
            for name, head in heads.out.items()
        }

    def embed(self, ids: Ints, remaining: Floats, aligned: Floats) -> Floats:
        """Sum what is told at a step, (B, embed); see `Network.embed`.

        The columns of ids are cursor, place, all lookbacks and wishes, side by side.
        """
        summed: Floats = self._told(ids) + self._beside(remaining, aligned)
        return summed

    def advance(self, told: Floats, states: Floats) -> Floats:
        """Take in what is told (B, embed): change the states, (layers, 2, B, hidden); (B, hidden).

        The first layer's output goes round the second one; see `Network.forward`.
        """
        first, *more = zip(self._layers, self._norms, states, strict=False)
        layer, norm, state = first
        hidden = norm(layer(told, state))
        for layer, norm, state in more:
            hidden = hidden + norm(layer(hidden, state))
        return hidden

    def split(self, hidden: Floats, time: Floats) -> Floats:
        """Make queries, keys and values of hidden (B, hidden): (B, 3, H, head_size).

        The first two are turned by `time` (B, 2), bar and quarter; see `network.rotate`.
        """
        rows = len(hidden)
        split = self._own(hidden).reshape(rows, 3, *self._heads)
        angles = (time[:, :, None] * RATES).reshape(rows, 1, 1, 1, HALF)
        pairs = split[:, :2, :, :ROTATED].reshape(rows, 2, -1, 2, HALF)  # a view
        crossed = pairs[:, :, :, ::-1] * (np.sin(angles) * SIGNS)
        pairs *= np.cos(angles)
        pairs += crossed
        return split

    def join(self, hidden: Floats, mixed: Floats) -> Floats:
        """Add what attention found, (B, H * head_size), to hidden (B, hidden)."""
        return self._norms[-1](hidden + self._attended(mixed))

    def queries(self, hidden: Floats) -> dict[str, Floats]:
        """Split hidden (B, hidden) into each field's query (B, chain)."""
        whole = self._query(hidden)
        width = whole.shape[1] // len(FIELDS)
        return {name: whole[:, i * width : (i + 1) * width] for i, name in enumerate(FIELDS)}

    def decide(self, field: str, query: Floats, *ids: Ints) -> Floats:
        """Score a field's ids, (B, ids), knowing the ids (from 0; -1 is nothing) of others."""
        if ids:
            query = query + self._link[field](np.array(ids).T)
        return self._out[field](np.tanh(query))

    def decide_part(
        self, query: Floats, keys: Floats, busy: Floats, bar: Ints, position: Ints
    ) -> Floats:
        """Score parts against their keys, (B, MAX_PARTS, chain): (B, MAX_PARTS)."""
        linked = self._link["part"](np.array((bar, position)).T)
        warm = np.tanh(query + linked + self._busy(busy))
        scores: Floats = (keys @ warm[:, :, None])[:, :, 0]
        return scores

    def with_chord(self, query: Floats, chord: Floats) -> Floats:
        """Tell the pitch query what sounds, (B, 24)."""
        told: Floats = query + self._chord(chord)
        return told


def _lookup_of_all(network: Network) -> Lookup:
    """Sum all that a step is told in ids: cursor, place, lookbacks and wishes.

    Lookbacks reach the sum through a linear layer; their tables go through it once, here.
    """
    weight, width = network.beside.weight.detach(), network.config.look
    looks = [
        table @ weight[:, index * width : (index + 1) * width].T
        for index, bag in enumerate(network.look)
        for table in tables_of(bag)
    ]
    cursor, place, wishes = map(tables_of, (network.cursor, network.place, network.wishes))
    return Lookup(*cursor, *place, *looks, *wishes)


def tables_of(bag: nn.Module) -> list[Tensor]:
    """Take a `Bag` apart into its columns' tables, (size, width) each."""
    weight = bag.get_parameter("table.weight").detach().float()
    starts = [*(bag.get_buffer("offsets") + 1).tolist(), len(weight)]
    return [weight[start:stop] for start, stop in pairwise(starts)]
