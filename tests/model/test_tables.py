"""The tables that numpy runs are the network's own embeddings and heads."""

import numpy as np
import pytest
import torch
from numpy.random import Generator
from numpy.testing import assert_allclose
from torch import Tensor

from audiogroove.model.network import FIELDS, Bag, Chosen, Network, rotate, rotation
from audiogroove.model.tables import (
    BLOCK,
    PIECE,
    Floats,
    Link,
    Lookup,
    Product,
    Recurrence,
    Tables,
    tables_of,
)
from audiogroove.tokens.features import LOOKBACKS
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


# The parts


def test_a_lookup_is_its_bag(dice: Generator) -> None:
    """For every id of every column, and for 0, which adds nothing."""
    bag = Bag((3, 5, 2), 4)
    ids = dice.integers(0, (4, 6, 3), (200, 3))
    ids[0] = 0
    found = Lookup(*tables_of(bag))(ids)
    assert_allclose(found, bag(torch.from_numpy(ids)).detach().numpy(), rtol=1e-6)
    assert (found[0] == 0).all()
    assert_allclose(Link(*tables_of(bag))(ids - 1), found, rtol=1e-6)


@pytest.mark.parametrize("count", [1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK])
def test_a_product_is_its_layer(dice: Generator, count: int) -> None:
    """Rows come and go as arrays, in one part or in several."""
    layer = torch.nn.Linear(5, 3)
    rows = dice.normal(size=(count, 5)).astype(np.float32)
    product = Product(layer.weight, layer.bias)
    close(product(rows), layer(torch.from_numpy(rows)))
    close(product(rows[:, :2], rows[:, 2:]), layer(torch.from_numpy(rows)))
    close(Product(layer.weight)(rows), layer(torch.from_numpy(rows)) - layer.bias)


def test_a_wide_product_is_its_layer_too(dice: Generator) -> None:
    """Though it is done piece by piece."""
    layer = torch.nn.Linear(500, 2 * PIECE // 500 + 77)
    rows = dice.normal(size=(ROWS, 500)).astype(np.float32)
    close(Product(layer.weight, layer.bias)(rows), layer(torch.from_numpy(rows)))


def test_a_recurrence_is_its_layer(dice: Generator) -> None:
    """Step by step, the state handed on."""
    layer = torch.nn.LSTM(6, 9, batch_first=True)
    told = dice.normal(size=(ROWS, 4, 6)).astype(np.float32)
    wanted, after = layer(torch.from_numpy(told))
    recurrence, state = Recurrence(layer), np.zeros((2, ROWS, 9), dtype=np.float32)
    for step in range(4):
        close(recurrence(told[:, step], state), wanted[:, step])
    for found, last in zip(state, after, strict=True):
        close(found, last[0])


# Company changes no bit

SHAPES = ((480, 320), (704, 1536), (384, 1152), (192, 135), (192, 9), (24, 192), (5, 3))


@pytest.mark.usefixtures("threads")
@pytest.mark.parametrize(("width", "size"), SHAPES)
def test_a_row_is_multiplied_the_same_in_any_company(
    dice: Generator, width: int, size: int
) -> None:
    """Alone, and at every place among others: the shipped network's products, and odd ones."""
    weight, bias = (torch.from_numpy(dice.normal(size=shape)) for shape in ((size, width), size))
    product = Product(weight, bias)
    rows = dice.normal(size=(3 * BLOCK, width)).astype(np.float32)
    alone = product(rows[:1])
    for count in range(1, len(rows) + 1):
        for place in {0, count // 2, count - 1}:
            company = np.roll(rows[:count], place, axis=0)
            assert np.array_equal(alone[0], product(company)[place]), (count, place)


# All of them together


def test_the_same_is_told(network: Network, tables: Tables, dice: Generator) -> None:
    """Cursor, place, lookbacks, remaining, aligned state and wishes, summed."""
    sizes = WORDS.sizes
    event = [sizes[name] for name in ("program", "pitch", "duration", "velocity")]
    columns: dict[str, tuple[int, ...]] = {
        "cursor": (sizes["position"], MAX_PARTS, *event),
        "place": (16, sizes["meter"], 34, 3, 3, 34),
        "lookback": LOOKBACKS * (3, sizes["position"], MAX_PARTS, sizes["pitch"], 28),
        "wishes": (3, 24, 20, 16),
    }
    told = {name: dice.integers(0, size, (ROWS, len(size))) for name, size in columns.items()}
    lookback = told["lookback"].reshape(ROWS, LOOKBACKS, 5)
    remaining = dice.random((ROWS, 2 * MAX_PARTS), dtype=np.float32)
    aligned = dice.normal(size=(ROWS, 16)).astype(np.float32)
    looked = [bag(torch.from_numpy(lookback[:, at])) for at, bag in enumerate(network.look)]
    beside = torch.cat((*looked, torch.from_numpy(remaining), torch.from_numpy(aligned)), dim=-1)
    bags = {"cursor": network.cursor, "place": network.place, "wishes": network.wishes}
    wanted = network.beside(beside)
    for name, bag in bags.items():
        wanted = wanted + bag(torch.from_numpy(told[name]))
    close(tables.embed(np.concatenate(list(told.values()), axis=1), remaining, aligned), wanted)


def test_the_same_is_attended_to(network: Network, tables: Tables, dice: Generator) -> None:
    """Queries and keys turned by their time, values as they are."""
    hidden = hidden_rows(dice)
    time = np.stack((dice.integers(0, 90, ROWS), dice.integers(0, 48, ROWS) / 12), axis=1)
    times = torch.from_numpy(time.astype(np.float32))
    found = tables.split(hidden[:, 0].numpy(), times.numpy())
    query, key, value = network._split(network.own(hidden), 3)
    turn = rotation(times[:, None])
    for index, wanted in enumerate((rotate(query, turn), rotate(key, turn), value)):
        close(found[:, index], wanted[:, :, 0])


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
