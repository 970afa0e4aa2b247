"""The tables that numpy runs are the network's own embeddings and heads."""

import numpy as np
import pytest
import torch
from numpy.random import Generator
from numpy.testing import assert_allclose
from torch import Tensor

from audiogroove.model.network import FIELDS, Bag, Chosen, Network
from audiogroove.model.tables import Floats, Lookup, Product, Tables
from audiogroove.tokens.vocabulary import MAX_PARTS
from tests.model import builders
from tests.model.builders import WORDS

ROWS = 5


@pytest.fixture
def dice() -> Generator:
    """Throw the same dice in every test."""
    return np.random.default_rng(11)


@pytest.fixture(scope="module")
def tables() -> Tables:
    """Copy the tables of the tiny network."""
    return Tables(builders.network())


def hidden_rows(dice: Generator) -> Tensor:
    """Draw hidden states (ROWS, 1, hidden): one step of each row."""
    return torch.from_numpy(dice.normal(size=(ROWS, 1, 16)).astype(np.float32))


def chosen_rows(dice: Generator) -> Chosen:
    """Draw one decided event a row, each part's note before among it, now and then none."""
    sizes = WORDS.sizes | {"part": 3}
    names = ("bar", "position", "part", "program", "pitch", "duration")
    decided = [torch.from_numpy(dice.integers(0, sizes[name], (ROWS, 1))) for name in names]
    before = [
        dice.integers(0, sizes[name] + 1, (ROWS, 1)) for name in ("pitch", "duration", "velocity")
    ]
    before[0][0] = before[1][1] = before[2][2] = 0
    programs = torch.zeros(ROWS, MAX_PARTS, dtype=torch.long)
    programs[:, :3] = torch.from_numpy(dice.integers(1, sizes["program"] + 1, (ROWS, 3)))
    busy, chord = (
        torch.from_numpy(dice.integers(0, 2, (ROWS, 1, width)).astype(np.float32))
        for width in (MAX_PARTS, 24)
    )
    own = torch.from_numpy(np.stack(before, axis=-1))
    return Chosen._make((*decided, busy, chord, own, programs))


def close(found: Floats, wanted: Tensor, what: str = "") -> None:
    """Hold numpy's numbers against torch's."""
    assert_allclose(found, wanted.detach().numpy(), rtol=1e-4, atol=1e-5, err_msg=what)


def test_a_lookup_is_its_bag(dice: Generator) -> None:
    """For every id of every column, and for 0, which adds nothing."""
    bag = Bag((3, 5, 2), 4)
    ids = dice.integers(0, (4, 6, 3), (200, 3))
    ids[0] = 0
    assert_allclose(Lookup(bag)(ids), bag(torch.from_numpy(ids)).detach().numpy(), rtol=1e-6)
    assert (Lookup(bag)(ids)[0] == 0).all()


def test_a_product_is_its_layer(dice: Generator) -> None:
    """Rows come and go as arrays."""
    layer = torch.nn.Linear(3, 2).requires_grad_(requires_grad=False)
    rows = dice.normal(size=(4, 3)).astype(np.float32)
    assert_allclose(layer(torch.from_numpy(rows)).numpy(), Product(layer)(rows))


def test_the_same_is_told(network: Network, tables: Tables, dice: Generator) -> None:
    """Cursor, place, lookbacks, remaining and aligned state, summed; and the wishes."""
    sizes = WORDS.sizes
    event = [sizes[name] for name in ("program", "pitch", "duration", "velocity")]
    columns = {
        "cursor": (sizes["position"], MAX_PARTS, *event),
        "place": (16, sizes["meter"], 34, 3, 3, 34),
        "lookback": (3, sizes["position"], MAX_PARTS, sizes["pitch"], sizes["duration"]),
    }
    told = {
        name: dice.integers(0, (*map(int, size),), (ROWS, len(size)))
        for name, size in columns.items()
    }
    lookback = np.stack([dice.permutation(told["lookback"]) for _ in range(4)], axis=1)
    remaining = dice.random((ROWS, 2 * MAX_PARTS), dtype=np.float32)
    aligned = dice.normal(size=(ROWS, 16)).astype(np.float32)
    looked = [bag(torch.from_numpy(lookback[:, at])) for at, bag in enumerate(network.look)]
    beside = torch.cat((*looked, torch.from_numpy(remaining), torch.from_numpy(aligned)), dim=-1)
    wanted = (
        network.cursor(torch.from_numpy(told["cursor"]))
        + network.place(torch.from_numpy(told["place"]))
        + network.beside(beside)
    )
    found = tables.embed(told["cursor"], told["place"], lookback, remaining, aligned)
    close(found, wanted)
    wishes = dice.integers(0, (4, 25, 21, 17), (ROWS, 4))
    close(tables.wishes(wishes), network.wishes(torch.from_numpy(wishes)))


def test_the_same_is_scored(network: Network, tables: Tables, dice: Generator) -> None:
    """Six fields in their chain, with and without a note before in the part."""
    hidden, chosen = hidden_rows(dice), chosen_rows(dice)
    wanted = {name: scores[:, 0] for name, scores in network.logits(hidden, chosen).items()}
    bar, position, part, program, pitch, length = (tensor[:, 0].numpy() for tensor in chosen[:6])
    own = chosen.own[:, 0].numpy() - 1
    query = tables.queries(hidden[:, 0].numpy())
    keys = network.heads.part_keys(chosen.programs).numpy()
    told = tables.with_chord(query["pitch"], chosen.chord[:, 0].numpy())
    known = (position, part, program)
    found = {
        "bar": tables.decide("bar", query["bar"]),
        "position": tables.decide("position", query["position"], bar),
        "part": tables.decide_part(query["part"], keys, chosen.busy[:, 0].numpy(), bar, position),
        "pitch": tables.decide("pitch", told, *known, own[:, 0]),
        "duration": tables.decide("duration", query["duration"], *known, pitch, own[:, 1]),
        "velocity": tables.decide("velocity", query["velocity"], *known, pitch, length, own[:, 2]),
    }
    for name in FIELDS:
        there = slice(0, 3) if name == "part" else slice(None)  # parts that there are
        close(found[name][:, there], wanted[name][:, there], name)
