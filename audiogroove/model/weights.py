"""A network's decoder as arrays for compiled functions, its linear layers rounded to eight bits.

Each output of a layer has a scale of its own, the largest of its weights over 127, so that a weight
is wrong by at most half a scale. What that costs in likelihood `audiogroove evaluate likelihood`
tells: it measures the network as it is, and `rounded`.
"""

from copy import deepcopy
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from audiogroove.compiled import Reference, Structure, compiled, structure
from audiogroove.model.arithmetic import Floats, Ints, Layer
from audiogroove.model.network import BAR_PERIODS, FIELDS, QUARTER_PERIODS, Heads, Network, eighth
from audiogroove.tokens.vocabulary import MAX_PARTS

# what is known of an event while it is decided, and which of it each field is linked to
KNOWN = ("bar", "position", "part", "program", "pitch", "duration", "before")
LINKS = {
    "position": ("bar",),
    "part": ("bar", "position"),
    "pitch": ("position", "part", "program", "before"),
    "duration": ("position", "part", "program", "pitch", "before"),
    "velocity": ("position", "part", "program", "pitch", "duration", "before"),
}


class Lookup(NamedTuple):
    """Id columns, each with a table of its own behind a row of zeros: id 0 adds nothing."""

    table: Floats  # (rows, width)
    starts: Ints  # (columns,) where each column's row of zeros is


class Weights(NamedTuple):
    """Everything that writes a note."""

    told: Lookup  # cursor, place, all lookbacks, wishes
    beside: Layer  # remaining and aligned state
    first: Layer  # an LSTM's gates from told and its own past, in `arithmetic.remember`'s order
    second: Layer
    norms: Floats  # (3, 2, hidden): weights and biases
    own: Layer
    attended: Layer
    rates: Floats  # (2, rotated / 4): radians a bar and a quarter
    query: Layer
    busy: Floats  # (MAX_PARTS, chain)
    chord: Floats  # (24, chain)
    links: Floats  # (rows, chain) for each field the tables of what it is linked to …
    link_starts: Ints  # (FIELDS, KNOWN) … and where the row for id 0 of each is, -1 if it is not
    scores: tuple[Floats, ...]  # as FIELDS, (chain, ids); the part's are the row's own, see `Seat`
    biases: tuple[Floats, ...]  # (ids,)
    sizes: Ints  # heads, head_size, window

    @classmethod
    def of(cls, network: Network) -> "Weights":
        """Copy the weights of a network of two LSTM layers."""
        config, heads = network.config, network.heads
        told = len(network.look) * config.look
        first, second = (_gates(layer) for layer in network.layers)
        periods = np.array((BAR_PERIODS, QUARTER_PERIODS), dtype=np.float32)
        links = _lookup([table for name in LINKS for table in tables_of(heads.chain[name])])
        norms = [
            torch.stack((one.get_parameter("weight"), one.get_parameter("bias")))
            for one in network.norms
        ]
        return cls(
            told=_lookup_of_all(network),
            beside=_layer(network.beside.weight[:, told:], network.beside.bias),
            first=first,
            second=second,
            norms=_array(torch.stack(norms)),
            own=_layer(network.own.weight),
            attended=_layer(network.attended.weight),
            rates=np.float32(2 * np.pi) / periods,
            query=_layer(heads.query.weight, heads.query.bias),
            busy=_array(heads.busy.weight.T),
            chord=_array(heads.chord.weight.T),
            links=links.table,
            link_starts=_link_starts(links),
            scores=tuple(_array(_out(heads, name).weight.T) for name in FIELDS),
            biases=tuple(_array(_out(heads, name).bias) for name in FIELDS),
            sizes=np.array((config.heads, config.head_size, config.window), dtype=np.int64),
        )


class WeightsType(Structure):
    """How compiled functions know `Weights`."""


class WeightsRef(Reference):
    """`Weights` as they are handed to compiled functions."""


structure(Weights._fields, WeightsRef, WeightsType)


@compiled
def refer_to_weights(*arrays: Any) -> Any:
    """Hand `Weights` over: their fields, in their order."""
    return WeightsRef(*arrays)


def rounded(network: Network) -> Network:
    """Give a copy of a network that counts as composing does, in eight bits."""
    copy = deepcopy(network)
    copy.keeps_eighths = True
    with torch.no_grad():
        told = len(copy.look) * copy.config.look
        copy.beside.weight[:, told:] = _rounded(copy.beside.weight[:, told:])
        for layer in copy.layers:
            into, keep = (layer.get_parameter(f"weight_{name}_l0") for name in ("ih", "hh"))
            both = _rounded(torch.cat((into, keep), dim=1))
            into.copy_(both[:, : into.shape[1]])
            keep.copy_(both[:, into.shape[1] :])
        for linear in (copy.own, copy.attended, copy.heads.query):
            linear.weight.copy_(_rounded(linear.weight))
    return copy


def tables_of(bag: nn.Module) -> list[Tensor]:
    """Take a `Bag` apart into its columns' tables, (size, width) each."""
    weight = bag.get_parameter("table.weight").detach().float()
    starts = [*(bag.get_buffer("offsets") + 1).tolist(), len(weight)]
    return [weight[start:stop] for start, stop in pairwise(starts)]


def _rounded(weight: Tensor) -> Tensor:
    numbers, scales = eighth(weight.detach())
    return numbers * scales


def _layer(weight: Tensor, bias: Tensor | None = None) -> Layer:
    """Round a weight (out, in)."""
    weight = weight.detach().float().cpu()
    numbers, scales = eighth(weight)
    whole = numbers.to(torch.int8).T.contiguous()
    bias = torch.zeros(len(weight)) if bias is None else bias
    return Layer(whole.numpy(), _array(scales[:, 0]), _array(bias))


def _gates(layer: nn.Module) -> Layer:
    """Round an LSTM's gates, in the order and with the signs of `arithmetic.remember`."""
    told, past, told_bias, past_bias = (
        layer.get_parameter(f"{name}_l0").detach().float()
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    )
    into, keep, fresh, out = torch.arange(len(told)).chunk(4)  # as torch orders them
    order = torch.cat((into, keep, out, fresh))
    made = _layer(torch.cat((told, past), dim=1)[order], (told_bias + past_bias)[order])
    sign = np.repeat(np.array([-1, -1, -1, -2], dtype=np.float32), len(into))
    return made._replace(scale=made.scale * sign, bias=made.bias * sign)


def _lookup(tables: list[Tensor]) -> Lookup:
    nothing = torch.zeros(1, tables[0].shape[1])
    whole = torch.cat([rows for table in tables for rows in (nothing, table)])
    starts = np.array([0, *accumulate(1 + len(table) for table in tables[:-1])], dtype=np.int64)
    return Lookup(_array(whole), starts)


def _link_starts(links: Lookup) -> Ints:
    """Tell for each field where the row for id 0 of each known thing is, (FIELDS, KNOWN)."""
    starts = np.full((len(FIELDS), len(KNOWN)), -1, dtype=np.int64)
    found = iter((links.starts + 1).tolist())
    for field, names in LINKS.items():
        for name in names:
            starts[FIELDS.index(field), KNOWN.index(name)] = next(found)
    return starts


def _out(heads: Heads, name: str) -> nn.Linear:
    """Give what scores a field; for parts, which are scored against their keys, nothing."""
    if name in heads.out:
        return heads.out.get_submodule(name)  # type: ignore[return-value]  # they all are
    return nn.Linear(1, MAX_PARTS)


def _lookup_of_all(network: Network) -> Lookup:
    """Gather all that a step is told in ids: cursor, place, lookbacks and wishes.

    Lookbacks reach the sum through a linear layer; their tables go through it once, here.
    """
    weight, width = network.beside.weight.detach(), network.config.look
    looks = [
        table @ weight[:, index * width : (index + 1) * width].T
        for index, bag in enumerate(network.look)
        for table in tables_of(bag)
    ]
    cursor, place, wishes = map(tables_of, (network.cursor, network.place, network.wishes))
    return _lookup([*cursor, *place, *looks, *wishes])


def _array(tensor: Tensor) -> NDArray[np.float32]:
    array: NDArray[np.float32] = tensor.detach().float().cpu().contiguous().numpy().copy()
    return array
