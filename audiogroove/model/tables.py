"""The network's embeddings and heads as numpy arrays, for writing note by note.

A step looks up some forty rows, adds them up and bends them. At one to some dozens of rows a torch
call costs more than its sum, and numpy's a fifth; so torch keeps the LSTMs, the attention and all
matrix products, and the small change between them is done here. The weights are the network's
own, and a test holds both equal.
"""

import numpy as np
import torch
from numpy.typing import NDArray

from audiogroove.model.network import FIELDS, Bag, Network

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


class Lookup:
    """A `Bag` in numpy: id columns, each with a table of its own, summed; id 0 adds nothing."""

    def __init__(self, bag: Bag) -> None:
        """Copy a bag's tables, a row of zeros before each."""
        weight: Floats = bag.table.weight.detach().float().numpy()
        starts = (bag.offsets + 1).tolist()
        nothing = np.zeros((1, weight.shape[1]), dtype=np.float32)
        tables = []
        for start, stop in zip(starts, [*starts[1:], len(weight)], strict=True):
            tables += [nothing, weight[start:stop]]
        self._table = np.concatenate(tables)
        self._offsets = np.array(starts) - 1 + np.arange(len(starts))

    def __call__(self, ids: Ints) -> Floats:
        """Sum the rows of ids (B, columns), each 0 or 1..size, to (B, width)."""
        summed: Floats = self._table[ids + self._offsets].sum(axis=1)
        return summed


class Product:
    """A linear layer whose rows come and go as numpy arrays."""

    def __init__(self, layer: torch.nn.Module) -> None:
        """Take over a layer's weight and bias."""
        self._layer = layer

    def __call__(self, rows: Floats) -> Floats:
        """Multiply rows (B, in) to (B, out)."""
        product: Floats = self._layer(torch.from_numpy(rows)).numpy()
        return product


class Tables:
    """The parts of a network that numpy runs."""

    def __init__(self, network: Network) -> None:
        """Copy the weights of a network."""
        self.cursor, self.place = Lookup(network.cursor), Lookup(network.place)
        self.wishes = Lookup(network.wishes)
        self._look = [Lookup(bag) for bag in network.look]  # type: ignore[arg-type]
        self._beside = Product(network.beside)
        heads = network.heads
        self._query = Product(heads.query)
        self._link = {name: Lookup(bag) for name, bag in heads.chain.items()}  # type: ignore[arg-type]
        self._busy = Product(heads.busy)
        self._chord = Product(heads.chord)
        self._out = {name: Product(head) for name, head in heads.out.items()}

    def embed(
        self, cursor: Ints, place: Ints, lookback: Ints, remaining: Floats, aligned: Floats
    ) -> Floats:
        """Sum what is told at a step but the wishes, (B, embed); see `Network.embed`."""
        looked = [look(lookback[:, index]) for index, look in enumerate(self._look)]
        beside = self._beside(np.concatenate((*looked, remaining, aligned), axis=1))
        summed: Floats = self.cursor(cursor) + self.place(place) + beside
        return summed

    def queries(self, hidden: Floats) -> dict[str, Floats]:
        """Split hidden (B, hidden) into each field's query (B, chain)."""
        whole = self._query(hidden)
        width = whole.shape[1] // len(FIELDS)
        return {name: whole[:, i * width : (i + 1) * width] for i, name in enumerate(FIELDS)}

    def decide(self, field: str, query: Floats, *ids: Ints) -> Floats:
        """Score a field's ids, (B, ids), knowing the ids (from 0; -1 is nothing) of others."""
        if ids:
            query = query + self._link[field](np.stack(ids, axis=1) + 1)
        return self._out[field](np.tanh(query))

    def decide_part(
        self, query: Floats, keys: Floats, busy: Floats, bar: Ints, position: Ints
    ) -> Floats:
        """Score parts against their keys, (B, MAX_PARTS, chain): (B, MAX_PARTS)."""
        linked = self._link["part"](np.stack((bar, position), axis=1) + 1)
        warm = np.tanh(query + linked + self._busy(busy))
        scores: Floats = (keys @ warm[:, :, None])[:, :, 0]
        return scores

    def with_chord(self, query: Floats, chord: Floats) -> Floats:
        """Tell the pitch query what sounds, (B, 24)."""
        told: Floats = query + self._chord(chord)
        return told
