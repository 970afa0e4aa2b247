"""The network: what comes out of each stage, and what may not change it."""

import numpy as np
import pytest
import torch
from numpy.random import Generator
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from audiogroove.model.network import (
    FIELDS,
    ROTATED,
    Bag,
    Chosen,
    Inputs,
    MemoryInputs,
    Network,
    rotate,
    rotation,
)
from audiogroove.tokens.features import DENSITIES, LOOKBACKS, NEAR_BARS, PLACE_SIZES
from audiogroove.tokens.vocabulary import MAX_PARTS
from tests.model import builders
from tests.model.builders import WINDOW, WORDS

EVENT = ("position", "part", "program", "pitch", "duration", "velocity")


@pytest.fixture
def dice() -> Generator:
    """Throw the same dice in every test."""
    return np.random.default_rng(7)


def ids(dice: Generator, shape: tuple[int, ...], *sizes: int) -> Tensor:
    """Draw ids 0..size for columns of these sizes, shape (*shape, columns)."""
    return torch.from_numpy(
        np.stack([dice.integers(0, size + 1, shape) for size in sizes], axis=-1)
    )


def drawn_inputs(dice: Generator, rows: int, steps: int, entries: int) -> Inputs:
    """Draw inputs of any kind; `aligned` points into a memory of so many entries."""
    sizes, shape = WORDS.sizes | {"part": MAX_PARTS}, (rows, steps)
    looked = (NEAR_BARS, *(sizes[name] for name in ("position", "part", "pitch", "duration")))
    time = np.stack((dice.integers(0, 9, shape), dice.integers(0, 48, shape) / 12), axis=-1)
    return Inputs(
        cursor=ids(dice, shape, *(sizes[name] for name in EVENT)),
        place=ids(dice, shape, *(size or sizes["meter"] for size in PLACE_SIZES)),
        lookback=ids(dice, (*shape, LOOKBACKS), *looked),
        remaining=torch.from_numpy(dice.random((*shape, 2 * MAX_PARTS), dtype=np.float32)),
        aligned=torch.from_numpy(dice.integers(0, entries, shape)),
        wishes=ids(dice, (rows,), 3, 24, 20, 16),
        time=torch.from_numpy(time.astype(np.float32)),
    )


def drawn_choices(dice: Generator, rows: int, steps: int, parts: int) -> Chosen:
    """Draw decided events, and programs for the first `parts` parts."""
    sizes, shape = WORDS.sizes, (rows, steps)
    fields = [
        torch.from_numpy(dice.integers(0, sizes[name], shape)) for name in ("bar", "position")
    ]
    fields.append(torch.from_numpy(dice.integers(0, parts, shape)))
    names = ("program", "pitch", "duration")
    fields += [torch.from_numpy(dice.integers(0, sizes[name], shape)) for name in names]
    programs = torch.from_numpy(dice.integers(1, sizes["program"] + 1, (rows, MAX_PARTS)))
    programs[:, parts:] = 0
    busy, chord = (
        torch.from_numpy(dice.integers(0, 2, (*shape, width)).astype(np.float32))
        for width in (MAX_PARTS, 24)
    )
    own = ids(dice, shape, *(sizes[name] for name in ("pitch", "duration", "velocity")))
    activities = torch.from_numpy(dice.integers(0, DENSITIES + 1, (rows, MAX_PARTS)))
    return Chosen._make((*fields, busy, chord, own, programs, activities))


def close(one: Tensor, two: Tensor) -> None:
    """Hold two ways to the same numbers together."""
    torch.testing.assert_close(one, two, rtol=1e-4, atol=1e-5)


def some(inputs: Inputs, steps: slice) -> Inputs:
    """Take some steps of inputs."""
    return Inputs(
        **{name: tensor[:, steps] for name, tensor in inputs._asdict().items() if name != "wishes"},
        wishes=inputs.wishes,
    )


# Shapes


@pytest.mark.parametrize(("rows", "steps", "entries"), [(1, 1, 1), (3, 7, 5), (2, WINDOW + 9, 40)])
def test_every_stage_has_the_shape_it_says(
    network: Network, dice: Generator, rows: int, steps: int, entries: int
) -> None:
    """Memory, hidden states, the state that is kept, and the scores of six fields."""
    sizes = network.config
    memory = network.encode(builders.memory(dice, [entries] * rows))
    assert (rows, entries, 2 * sizes.encoder) == memory.states.shape
    assert (rows, sizes.heads, entries, sizes.head_size) == memory.keys.shape == memory.values.shape
    assert (rows, entries) == memory.valid.shape
    hidden, state = network(drawn_inputs(dice, rows, steps, entries), memory)
    kept = min(steps, WINDOW)
    assert (rows, steps, sizes.hidden) == hidden.shape
    assert [(rows, sizes.hidden)] * 4 == [tensor.shape for layer in state.lstm for tensor in layer]
    assert (rows, sizes.heads, kept, sizes.head_size) == state.keys.shape == state.values.shape
    assert (rows, kept) == state.valid.shape
    scores = network.logits(hidden, drawn_choices(dice, rows, steps, parts=2))
    wanted = {name: MAX_PARTS if name == "part" else WORDS.sizes[name] for name in FIELDS}
    assert {name: (rows, steps, size) for name, size in wanted.items()} == {
        name: tuple(tensor.shape) for name, tensor in scores.items()
    }


def test_a_part_that_is_not_there_is_never_likely(network: Network, dice: Generator) -> None:
    """Two parts are, fourteen are not."""
    memory = network.encode(builders.memory(dice, [3]))
    hidden, _ = network(drawn_inputs(dice, 1, 5, 3), memory)
    scores = network.logits(hidden, drawn_choices(dice, 1, 5, parts=2))["part"].softmax(dim=-1)
    assert (scores[..., 2:] == 0).all()
    assert (scores[..., :2] > 0).all()


def test_nothing_adds_nothing(network: Network) -> None:
    """The id 0 stands for what is not there."""
    assert (network.cursor(torch.zeros(2, 3, 6, dtype=torch.long)) == 0).all()


def test_a_bag_sums_a_row_of_each_column() -> None:
    """Columns share one table, one after another; the table's first row is nothing."""
    bag = builders.network().heads.chain["part"]
    assert isinstance(bag, Bag)
    weight, first = bag.table.weight, WORDS.sizes["bar"]
    assert torch.equal(weight[3] + weight[first + 5], bag(torch.tensor([[3, 5]]))[0])
    assert torch.equal(weight[first + 5], bag(torch.tensor([[0, 5]]))[0])


# What is known


def test_a_memory_is_the_same_alone_and_in_company(network: Network, dice: Generator) -> None:
    """Whatever stands in the padding beside longer rows."""
    known = builders.memory(dice, [3, 9, 1])
    together = network.encode(known)
    for row, length in enumerate((3, 9, 1)):
        cut = (known.events, known.wishes, known.time, known.lengths)
        events, wishes, time, lengths = (tensor[row : row + 1] for tensor in cut)
        alone = network.encode(MemoryInputs(events[:, :length], wishes, time[:, :length], lengths))
        close(alone.states[0], together.states[row, :length])
        close(alone.keys[0], together.keys[row, :, :length])
        close(alone.values[0], together.values[row, :, :length])
        assert (together.states[row, length:] == 0).all()
        assert [True] * length + [False] * (9 - length) == together.valid[row].tolist()


def test_the_encoder_is_a_packed_bidirectional_lstm(network: Network, dice: Generator) -> None:
    """On the same weights torch's own gives the same, slower."""
    encoder, known = network.encoder, builders.memory(dice, [4, 11, 1, 7])
    lstm = nn.LSTM(16, 8, num_layers=2, bidirectional=True, batch_first=True)
    own = {
        f"{name[:-1]}{layer}{suffix}": weight
        for suffix, direction in (("", encoder.onward), ("_reverse", encoder.back))
        for layer, single in enumerate(direction)
        for name, weight in single.named_parameters()
    }
    lstm.load_state_dict(own)
    entries = encoder.events(known.events)
    entries[:, 0] += encoder.wishes(known.wishes)
    packed = pack_padded_sequence(entries, known.lengths, batch_first=True, enforce_sorted=False)
    wanted, _ = pad_packed_sequence(lstm(packed)[0], batch_first=True)
    close(wanted, encoder(known))


def test_wishes_reach_every_entry(network: Network, dice: Generator) -> None:
    """They stand in the first entry, and both directions carry them on."""
    known = builders.memory(dice, [5])
    other = known._replace(wishes=(known.wishes + 1) % 3)
    changed = (network.encoder(known) != network.encoder(other)).any(dim=-1)
    assert changed.all()


# Steps


def test_no_step_knows_what_comes_after_it(network: Network, dice: Generator) -> None:
    """Change the inputs of one step: those before it hear nothing, it and those after do."""
    memory = network.encode(builders.memory(dice, [6]))
    inputs = drawn_inputs(dice, 1, 12, 6)
    before, _ = network(inputs, memory)
    for name in ("cursor", "place", "lookback", "remaining", "aligned", "time"):
        tensor = getattr(inputs, name).clone()
        tensor[:, 7] = (tensor[:, 7] + 1) % 3
        after, _ = network(inputs._replace(**{name: tensor}), memory)
        changed = (before != after).any(dim=-1)[0]
        assert not changed[:7].any(), name
        assert changed[7:].all(), name


@pytest.mark.parametrize("cuts", [(1,), (10, 11, 30), tuple(range(1, 60, 7)), (25,)])
def test_steps_in_chunks_are_the_steps_at_once(
    network: Network, dice: Generator, cuts: tuple[int, ...]
) -> None:
    """The state that one call gives takes the next one on, however long the chunks."""
    memory = network.encode(builders.memory(dice, [6, 2]))
    inputs = drawn_inputs(dice, 2, 60, 2)
    whole, _ = network(inputs, memory)
    state, parts = None, []
    for start, stop in zip((0, *cuts), (*cuts, 60), strict=True):
        hidden, state = network(some(inputs, slice(start, stop)), memory, state)
        parts.append(hidden)
    close(whole, torch.cat(parts, dim=1))


def test_attention_reaches_exactly_its_window(network: Network, dice: Generator) -> None:
    """A step attends to itself and the `WINDOW - 1` before it."""
    memory = network.encode(builders.memory(dice, [1]))
    inputs = drawn_inputs(dice, 1, 2 * WINDOW, 1)
    hidden = torch.from_numpy(dice.normal(size=(1, 2 * WINDOW, 16)).astype(np.float32))
    before = network._attend(hidden, inputs, memory, None)[0]
    hidden[:, 5] += 1
    changed = (network._attend(hidden, inputs, memory, None)[0] != before).any(dim=-1)[0]
    assert list(range(5, 5 + WINDOW)) == changed.nonzero().flatten().tolist()


def test_attention_hears_all_that_is_known(network: Network, dice: Generator) -> None:
    """Each entry that there is, from every step; and none that is only padding."""
    inputs = drawn_inputs(dice, 1, 4, 1)._replace(aligned=torch.zeros(1, 4, dtype=torch.long))
    memory = network.encode(builders.memory(dice, [3, 8]))
    memory = memory._replace(**{name: tensor[:1] for name, tensor in memory._asdict().items()})
    before, _ = network(inputs, memory)
    for entry in range(8):
        values = memory.values.clone()
        values[:, :, entry] += 1
        after, _ = network(inputs, memory._replace(values=values))
        assert (entry < 3) == bool((before != after).any(dim=-1).all())


def test_attention_knows_how_far_apart_and_not_when(dice: Generator) -> None:
    """Turned by time, query and key agree on distances: later by four bars changes nothing."""
    query, key = (
        torch.from_numpy(dice.normal(size=(1, 1, 1, 40)).astype(np.float32)) for _ in range(2)
    )
    here, there = torch.tensor([[[9.0, 1.5]]]), torch.tensor([[[7.0, 0.25]]])
    later = torch.tensor([4.0, 0.75])
    scores = [
        (rotate(query, rotation(here + moved)) * rotate(key, rotation(there + moved))).sum()
        for moved in (0 * later, later)
    ]
    assert pytest.approx(float(scores[0]), abs=1e-4) == float(scores[1])
    apart = (rotate(query, rotation(here + later)) * rotate(key, rotation(there))).sum()
    assert abs(apart - scores[0]) > 1e-3


def test_turning_leaves_lengths_and_the_rest_alone(dice: Generator) -> None:
    """Only the first features turn, and none grows."""
    heads = torch.from_numpy(dice.normal(size=(1, 2, 3, 40)).astype(np.float32))
    turned = rotate(heads, rotation(torch.rand(1, 3, 2) * 9))
    assert torch.equal(heads[..., ROTATED:], turned[..., ROTATED:])
    torch.testing.assert_close(heads.norm(dim=-1), turned.norm(dim=-1))


# Dropout


def test_dropout_is_locked_in_time() -> None:
    """A row loses the same features at every step, rows lose others, and what stays grows."""
    network = builders.network()
    network.train()
    with torch.random.fork_rng():
        torch.manual_seed(1)
        dropped = network._drop(torch.ones(50, 9, 16))
    assert (dropped == dropped[:, :1]).all()
    assert {0.0, round(1 / 0.9, 5)} == {round(value, 5) for value in dropped.unique().tolist()}
    assert len(dropped[:, 0].unique(dim=0)) > 1
    assert pytest.approx(0.9, abs=0.03) == float((dropped > 0).float().mean())


def test_nothing_is_dropped_when_composing(network: Network) -> None:
    """Nor is anything when no dropout is wished."""
    ones = torch.ones(2, 3, 16)
    assert network._drop(ones) is ones
    undropped = Network(builders.config(dropout=0.0)).train()
    assert undropped._drop(ones) is ones
