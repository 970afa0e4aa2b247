"""Room for what comes and goes while a step is taken, so that none is looked for on the way."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from audiogroove.compiled import Reference, Structure, compiled, structure
from audiogroove.model.arithmetic import TILE, TURN, Floats, Ints
from audiogroove.model.network import FIELDS
from audiogroove.model.seat import Doubles
from audiogroove.model.weights import Weights
from audiogroove.tokens.features import LOOKBACKS
from audiogroove.tokens.memory import MEMORY

COLUMNS = 6 + 6 + 5 * LOOKBACKS + 4  # ids that a step is told


class Desk(NamedTuple):
    """Room for what comes and goes in a step of B rows at most."""

    ids: Ints  # (COLUMNS,)
    beside: Floats  # (B, 2 * MAX_PARTS + 2 * encoder)
    first: Floats  # (B, embed + hidden): what the first LSTM is told, and its past
    second: Floats  # (B, 2 * hidden)
    gates: Floats  # (B, 4 * hidden)
    split: Floats  # (B, 3 * heads * head_size)
    mixed: Floats  # (B, heads * head_size)
    hidden: Floats  # (B, hidden)
    queries: Floats  # (B, fields * chain)
    shares: Floats  # (MEMORY + W,)
    cell: Floats  # (hidden,)
    warm: Floats  # (chain,)
    logits: Floats  # (B, fields, most ids of one)
    nats: Doubles  # (most ids,)
    odds: Doubles  # (most ids,)
    allowed: NDArray[np.bool_]  # (most ids,)
    tile: Floats  # (TURN, TILE)
    powers: NDArray[np.int32]  # (most,)
    rows: Ints  # (B,) which seats take the step

    @classmethod
    def for_rows(cls, weights: Weights, rows: int) -> "Desk":
        """Make room for so many rows."""
        hidden, told = weights.norms.shape[2], weights.told.table.shape[1]
        inner = int(weights.sizes[0] * weights.sizes[1])
        reach = MEMORY + int(weights.sizes[2])
        chain, ids = weights.busy.shape[1], max(len(bias) for bias in weights.biases)

        def room(*shape: int) -> Floats:
            return np.zeros(shape, dtype=np.float32)

        return cls(
            ids=np.zeros(COLUMNS, dtype=np.int64),
            beside=room(rows, len(weights.beside.weight)),
            first=room(rows, told + hidden),
            second=room(rows, 2 * hidden),
            gates=room(rows, 4 * hidden),
            split=room(rows, 3 * inner),
            mixed=room(rows, inner),
            hidden=room(rows, hidden),
            queries=room(rows, len(FIELDS) * chain),
            shares=room(reach),
            cell=room(hidden),
            warm=room(chain),
            logits=room(rows, len(FIELDS), ids),
            nats=np.zeros(ids, dtype=np.float64),
            odds=np.zeros(ids, dtype=np.float64),
            allowed=np.zeros(ids, dtype=np.bool_),
            tile=room(TURN, TILE),
            powers=np.zeros(max(4 * hidden, reach, chain), dtype=np.int32),
            rows=np.zeros(rows, dtype=np.int64),
        )


class DeskType(Structure):
    """How compiled functions know a `Desk`."""


class DeskRef(Reference):
    """A `Desk` as it is handed to compiled functions."""


structure(Desk._fields, DeskRef, DeskType)


@compiled
def refer_to_desk(*arrays: Any) -> Any:
    """Hand a `Desk` over: its fields, in their order."""
    return DeskRef(*arrays)
