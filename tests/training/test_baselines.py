"""What counting alone foretells."""

import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from audiogroove.model.network import FIELDS
from audiogroove.tokens.codec import COLUMNS
from audiogroove.training import baselines
from audiogroove.training.baselines import BELIEF, _Column
from audiogroove.training.dataset import Dataset
from audiogroove.training.habits import number_styles
from audiogroove.training.metrics import whole
from audiogroove.training.windows import collate


def ids_told_to_the_network(data: Dataset, piece: int) -> dict[str, list[int]]:
    """List what a network must foretell in a piece, field by field."""
    window = whole(data, piece, number_styles(data), data.vocabulary, wishes=False)
    notes = len(window.events)
    batch = collate([window], data.vocabulary, steps=notes + 1)
    targets = {name: getattr(batch.chosen, name)[0] for name in FIELDS if name != "velocity"}
    targets["velocity"] = batch.velocity[0]
    return {name: ids.tolist()[: notes + (name == "bar")] for name, ids in targets.items()}


@pytest.mark.parametrize("field", FIELDS)
def test_counting_prices_what_the_network_must_foretell(data: Dataset, field: str) -> None:
    """Both baselines, done again in the slow and obvious way, over the network's own targets."""
    train = [ids_told_to_the_network(data, piece)[field] for piece in data.split("train")]
    asked = [ids_told_to_the_network(data, piece)[field] for piece in data.split("test")]
    size = {**data.vocabulary.sizes, "part": 16}[field]
    single = Counter(value for ids in train for value in ids)
    pairs = Counter(pair for ids in train for pair in zip([None, *ids], ids, strict=False))
    rows = Counter(before for ids in train for before in [None, *ids][:-1])
    every = sum(single.values())

    def alone(value: int) -> float:
        return (1 + single[value]) / (size + every)

    def after(value: int, before: int | None) -> float:
        return (pairs[before, value] + BELIEF * alone(value)) / (rows[before] + BELIEF)

    costs = [0.0, 0.0]
    for piece, ids in zip(data.split("test"), asked, strict=True):
        parts = len(data.pieces[piece].programs)
        possible = range(parts) if field == "part" else range(size)
        for before, value in zip([None, *ids], ids, strict=False):
            costs[0] -= math.log(alone(value) / sum(map(alone, possible)))
            whole_row = sum(after(other, before) for other in possible)
            costs[1] -= math.log(after(value, before) / whole_row)
    notes = sum(data.length(piece) for piece in data.split("test"))
    found = [one.overall.fields[field] for one in baselines.evaluate(data)]
    np.testing.assert_allclose(found, np.array(costs) / notes)


def test_every_distribution_sums_to_one() -> None:
    """Of values anywhere and after every neighbour, seen or not."""
    learnt = _Column(np.random.default_rng(0).integers(0, 4, 200), np.array([120, 80]), 6)
    for table in baselines._tables(learnt):
        assert (table > 0).all()
        np.testing.assert_allclose(1.0, table.sum(axis=1))


def test_what_cannot_be_costs_nothing() -> None:
    """In a piece of one part it is no question whose note comes."""
    learnt = _Column(np.arange(200) % 6, np.array([120, 80]), 6)
    asked = _Column(np.array([0, 0, 0, 0, 1, 1]), np.array([3, 3]), 6)
    for first, second in baselines._price(learnt, asked, np.array([1, 2])):
        assert math.isclose(0.0, first, abs_tol=1e-12)
        assert second > 0.5


def test_the_bigram_learns_what_the_unigram_cannot(data: Dataset) -> None:
    """A scale that goes round: each pitch is sure after the one before, none by itself."""
    notes = {name: data.notes[name].copy() for name in COLUMNS}
    notes["pitch"] = 60 + np.arange(len(notes["pitch"])) % 8
    round_and_round = replace(
        data, notes=notes, pieces=tuple(replace(p, programs=(0, 1, 2)) for p in data.pieces)
    )
    unigram, bigram = (one.overall.fields["pitch"] for one in baselines.evaluate(round_and_round))
    assert math.isclose(math.log(8), unigram, rel_tol=0.2)
    assert bigram < 0.5


def test_both_are_told_of_the_same_pieces(data: Dataset) -> None:
    """Those of the split, style by style, as a network's evaluation is."""
    unigram, bigram = baselines.evaluate(data, split="valid")
    assert (unigram.name, bigram.name) == ("unigram", "bigram")
    assert {"waltz", "ragtime", "rock"} == set(unigram.styles) == set(bigram.styles)
    assert 3 == unigram.overall.pieces == bigram.overall.pieces
    assert baselines.evaluate(data, limit=1)[0].overall.pieces == 1
