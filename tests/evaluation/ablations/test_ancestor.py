"""The ancestor's plan, fairly told: what it sees, what it may guess, what a piece costs it."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from audiogroove.evaluation.ablations.ancestor import (
    PART,
    TOKENS_A_NOTE,
    WINDOW,
    Ancestor,
    Stream,
    field_sizes,
    windows_of,
)
from audiogroove.evaluation.ablations.arms import weights_of
from audiogroove.evaluation.ablations.running import ANCESTOR, SIZES, Bench, Plan
from audiogroove.model.network import FIELDS
from audiogroove.tokens.features import fold_events
from audiogroove.tokens.vocabulary import END
from audiogroove.training import metrics
from audiogroove.training.dataset import Dataset
from audiogroove.training.windows import Window


@pytest.fixture
def window(data: Dataset) -> Window:
    """Take a whole piece."""
    return metrics.whole(data, 0, {}, data.vocabulary, wishes=False)


@pytest.fixture
def stream(window: Window, data: Dataset) -> Stream:
    """Write it as tokens."""
    return Stream.of(window.events, window.frame, data.vocabulary)


@pytest.fixture
def network(data: Dataset) -> Ancestor:
    """Draw a tiny ancestor."""
    torch.manual_seed(2)
    return Ancestor(data.vocabulary.sizes, embed=8, hidden=8).eval()


def test_a_note_is_six_tokens_and_the_end_is_one(stream: Stream, window: Window) -> None:
    """The end is counted as ours is."""
    assert len(stream) == TOKENS_A_NOTE * len(window.events) + 1


def test_tokens_tell_the_events(stream: Stream, window: Window, data: Dataset) -> None:
    """Each field's values follow those of the field before in one vocabulary."""
    starts = np.cumsum((0, *field_sizes(data.vocabulary.sizes)[:-1])) + 1
    fields = stream.tokens[WINDOW:-1].reshape(-1, TOKENS_A_NOTE) - starts
    ids = fold_events(window.events, window.frame.programs, data.vocabulary)
    for name in ("position", "part", "pitch", "duration", "velocity"):
        np.testing.assert_array_equal(fields[:, FIELDS.index(name)], getattr(ids, name))
    np.testing.assert_array_equal(fields[:, 0].cumsum(), window.events[:, 0])
    assert stream.tokens[-1] == END + 1


def test_a_window_holds_what_came_before_its_target(stream: Stream) -> None:
    """The next token, and not the one eight places ahead."""
    windows = windows_of([stream], [np.arange(len(stream))])
    assert windows.target[0] + 1 == stream.tokens[WINDOW]
    assert not windows.tokens[0].any()
    assert torch.equal(windows.target[:-1] + 1, windows.tokens[1:, -1])


def test_only_values_of_the_next_field_may_come(
    stream: Stream, network: Ancestor, data: Dataset
) -> None:
    """Of parts, only those that the piece has."""
    windows = windows_of([stream], [np.arange(TOKENS_A_NOTE)])
    possible = (network(windows).softmax(-1) > 0).sum(-1).tolist()
    sizes = list(field_sizes(data.vocabulary.sizes))
    sizes[PART] = int((stream.programs > 0).sum())
    assert possible == sizes


def test_who_knows_nothing_guesses_among_what_is_possible(
    stream: Stream, network: Ancestor, data: Dataset
) -> None:
    """A field costs the logarithm of its values' number."""
    torch.nn.init.zeros_(network.out.weight)
    torch.nn.init.zeros_(network.out.bias)
    with torch.inference_mode():
        costs = network.losses(windows_of([stream], [np.arange(len(stream) - 1)]))
    sizes = np.array(field_sizes(data.vocabulary.sizes))
    sizes[PART] = int((stream.programs > 0).sum())
    means = costs.numpy().reshape(-1, TOKENS_A_NOTE).mean(axis=0)
    np.testing.assert_allclose(means, np.log(sizes), rtol=1e-5)


def test_what_a_piece_costs_is_the_sum_of_its_tokens(data: Dataset, plan: Plan) -> None:
    """Each read in a window of its own; shared out over the notes."""
    learner = Bench(data, plan).learner(ANCESTOR, 1)
    network = learner.network.eval()
    assert isinstance(network, Ancestor)
    (told,) = learner.measure(1)
    (piece,) = metrics.pick(data, "test", limit=1)
    whole = metrics.whole(data, piece, {}, data.vocabulary, wishes=False)
    stream = Stream.of(whole.events, whole.frame, data.vocabulary)
    with torch.inference_mode():
        lone = sum(
            float(network.losses(windows_of([stream], [np.array([place])])))
            for place in range(len(stream))
        )
    assert told.overall.total == pytest.approx(lone / len(whole.events), rel=1e-4)


def test_it_is_as_large_as_the_full_network(data: Dataset, plan: Plan) -> None:
    """As nearly as widths allow."""
    bench = Bench(data, replace(plan, sizes=SIZES))
    full, ancestor = (weights_of(bench.learner(name, 1).network) for name in ("full", ANCESTOR))
    assert ancestor == pytest.approx(full, rel=0.03)
