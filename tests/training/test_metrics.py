"""How well held-out music is foretold."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from audiogroove.errors import RequestRefused
from audiogroove.model.checkpoint import Checkpoint
from audiogroove.model.network import FIELDS, Network
from audiogroove.tokens.vocabulary import DRUMS
from audiogroove.training import metrics
from audiogroove.training.dataset import Dataset
from audiogroove.training.habits import number_styles
from audiogroove.training.metrics import Cost, Evaluation, costs_of, evaluate, summarise, whole
from audiogroove.training.windows import Window


@pytest.fixture
def checkpoint(data: Dataset, network: Network) -> Checkpoint:
    """Take the tiny network for a trained one."""
    return Checkpoint(network, data.vocabulary, tuple(number_styles(data)), {}, "tiny")


def windows_of(data: Dataset, count: int, *, wishes: bool = True) -> list[Window]:
    """Take whole pieces as windows, no two of the same length."""
    numbers = number_styles(data)
    found = [whole(data, piece, numbers, data.vocabulary, wishes=wishes) for piece in range(count)]
    return [replace(window, stop=window.stop - 3 * index) for index, window in enumerate(found)]


@pytest.mark.parametrize("stretch", [7, 24, 30])
def test_stretches_add_up_to_one_pass(data: Dataset, network: Network, stretch: int) -> None:
    """Shorter than attention reaches, as long, and longer: handing on the state loses nothing."""
    windows = windows_of(data, 4)
    assert all(len(window.events) > 2 * network.config.window - 1 for window in windows)
    once = costs_of(network, windows, data.vocabulary, stretch=10_000)
    pieced = costs_of(network, windows, data.vocabulary, stretch=stretch)
    np.testing.assert_allclose(pieced, once, rtol=1e-5)


def test_the_state_matters(data: Dataset, network: Network) -> None:
    """A network that forgets at each stretch would be told apart by the test above."""
    (window,) = windows_of(data, 1)
    halves = [replace(window, stop=24), replace(window, start=24)]
    apart = sum(costs_of(network, [half], data.vocabulary) for half in halves)
    assert not np.allclose(apart, costs_of(network, [window], data.vocabulary), rtol=1e-4)


def test_company_changes_no_cost(data: Dataset, network: Network) -> None:
    """A piece costs alone what it costs among longer ones."""
    windows = windows_of(data, 4)
    alone = [costs_of(network, [window], data.vocabulary)[0] for window in windows]
    np.testing.assert_allclose(costs_of(network, windows, data.vocabulary), alone, rtol=1e-5)


def test_a_network_that_knows_nothing_pays_for_every_choice(
    data: Dataset, checkpoint: Checkpoint
) -> None:
    """The logarithm of the number of values, over every note of the split, and the ends."""
    for weights in checkpoint.network.parameters():
        weights.zero_()
    found = evaluate(checkpoint, data).overall
    pieces = data.split("test")
    notes = sum(data.length(piece) for piece in pieces)
    assert (len(pieces), notes) == (found.pieces, found.notes)
    sizes = data.vocabulary.sizes
    for field in set(FIELDS) - {"bar", "part"}:
        assert math.isclose(math.log(sizes[field]), found.fields[field], rel_tol=1e-5)
    bars = math.log(sizes["bar"]) * (notes + len(pieces)) / notes
    assert math.isclose(bars, found.fields["bar"], rel_tol=1e-5)
    parts = [math.log(len(data.pieces[piece].programs)) * data.length(piece) for piece in pieces]
    assert math.isclose(sum(parts) / notes, found.fields["part"], rel_tol=1e-5)


def test_styles_pool_to_the_whole(data: Dataset, checkpoint: Checkpoint) -> None:
    """A style counts as much as it has notes, and so does a piece."""
    found = evaluate(checkpoint, data, split="train")
    assert found.overall.notes == sum(cost.notes for cost in found.styles.values())
    assert found.overall.pieces == sum(cost.pieces for cost in found.styles.values())
    pooled = sum(cost.total * cost.notes for cost in found.styles.values())
    assert math.isclose(pooled / found.overall.notes, found.overall.total)
    assert next(iter(found.styles)) == "rock"  # with its drums it has the most notes


def test_without_wishes_nobody_knows_them(data: Dataset, checkpoint: Checkpoint) -> None:
    """Another style, tempo and key change nothing; with wishes they do."""
    changed = [replace(one, style="rock", bpm=33.0, tonic=7) for one in data.pieces]
    other = replace(data, pieces=tuple(changed))
    bare, full = (
        [evaluate(checkpoint, of, wishes=wishes).overall.total for of in (data, other)]
        for wishes in (False, True)
    )
    assert bare[0] == bare[1]
    assert not math.isclose(full[0], full[1], rel_tol=1e-6)


def test_an_evaluation_says_what_it_is_of(data: Dataset, checkpoint: Checkpoint) -> None:
    """Its name tells whether wishes were known."""
    told = [evaluate(checkpoint, data, limit=1, wishes=wishes).name for wishes in (False, True)]
    assert told == ["tiny, without wishes", "tiny, with wishes"]


def test_a_limit_takes_the_same_pieces_each_time(data: Dataset) -> None:
    """So that a quick look today and one tomorrow look at the same."""
    some = metrics.pick(data, "train", limit=5)
    assert some == metrics.pick(data, "train", limit=5)
    assert len(set(some) & set(data.split("train"))) == 5
    assert data.split("train") == metrics.pick(data, "train", limit=999)


def test_where_there_is_nothing_to_measure_that_is_said(data: Dataset) -> None:
    """With what there is instead."""
    with pytest.raises(RequestRefused) as refused:
        metrics.pick(data, "tset")
    assert (refused.value.field, refused.value.possible) == ("split", "one of test, train, valid")
    with pytest.raises(RequestRefused):
        metrics.pick(data, "test", limit=0)


def test_progress_counts_every_note_once(data: Dataset, checkpoint: Checkpoint) -> None:
    """After each batch, so many more."""
    told: list[int] = []
    found = evaluate(checkpoint, data, split="train", progress=told.append)
    assert len(told) > 1
    assert found.overall.notes == sum(told)


def test_long_pieces_do_not_share_a_batch() -> None:
    """What is computed at once is bounded, and every piece is computed."""
    lengths = [30_000, 40, 9_000, 60_000, 9_000, *[50] * 40]
    batches = list(metrics._batches(lengths))
    assert list(range(len(lengths))) == sorted(row for batch in batches for row in batch)
    assert batches[:3] == [[3], [0], [2, 4, 5]]
    assert max(map(len, batches)) == metrics.BATCH_ROWS


def test_the_interval_says_how_much_pieces_differ(data: Dataset) -> None:
    """None where all cost alike; wide where one piece is another world; always about the mean."""
    pieces = data.split("train")
    notes = np.array([[data.length(piece)] for piece in pieces])
    alike = summarise("x", data, "train", pieces, notes * np.full((1, 6), 0.5))
    assert np.allclose(3.0, [*alike.interval, alike.overall.total])
    prices = np.where(np.arange(len(pieces)) == 4, 9.0, 1.0)[:, None]
    differing = summarise("x", data, "train", pieces, notes * prices * np.full((1, 6), 0.5))
    low, high = differing.interval
    assert low < differing.overall.total < high
    assert high - low > 1
    assert differing == summarise("x", data, "train", pieces, notes * prices * np.full((1, 6), 0.5))


def test_the_list_of_parts_has_its_price(data: Dataset) -> None:
    """The programs of each piece and the list's end, each at its share of all that were listed."""
    listed = [[*data.pieces[piece].programs, DRUMS + 1] for piece in data.split("train")]
    flat = [program for programs in listed for program in programs]
    pieces = data.split("test")
    price, values = 0.0, DRUMS + 2
    for piece in pieces:
        for program in (*data.pieces[piece].programs, DRUMS + 1):
            price -= math.log((1 + flat.count(program)) / (values + len(flat)))
    notes = sum(data.length(piece) for piece in pieces)
    assert math.isclose(price / notes, metrics.parts_list(data, pieces))


def some_evaluation(name: str = "tiny") -> Evaluation:
    """Make an evaluation up."""
    cost = Cost(2, 100, {field: 0.25 * index for index, field in enumerate(FIELDS)})
    return Evaluation(name, "test", cost, (3.5, 4.125), {"waltz": cost}, 0.01)


def test_an_evaluation_goes_through_json() -> None:
    """With totals for those who only read."""
    one = some_evaluation()
    told = json.loads(json.dumps(one.to_json()))
    assert one == Evaluation.of(told)
    assert [told["overall"]["total"], told["styles"]["waltz"]["total"]] == [3.75, 3.75]


def test_a_table_has_a_line_for_the_whole_and_one_a_style() -> None:
    """As Markdown, fields in the order in which they are decided."""
    assert some_evaluation().table().splitlines() == [
        f"| test | pieces | notes | nats a note | {' | '.join(FIELDS)} |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
        "| tiny | 2 | 100 | 3.75 | 0.000 | 0.250 | 0.500 | 0.750 | 1.000 | 1.250 |",
        "| waltz | 2 | 100 | 3.75 | 0.000 | 0.250 | 0.500 | 0.750 | 1.000 | 1.250 |",
    ]


def test_evaluations_stand_under_one_another() -> None:
    """One line each, with its interval."""
    lines = metrics.compare([some_evaluation("bigram"), some_evaluation()]).splitlines()
    assert len(lines) == 4
    assert lines[2].startswith("| bigram | 3.75 | 0.000 |")
    assert lines[3].endswith("| 3.50–4.12 |")
