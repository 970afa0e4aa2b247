"""A model at work: what joins is written, in company as alone, and misfortune is survived."""

from threading import Thread

import pytest
import torch

from audiogroove.errors import RequestRefused
from audiogroove.model.checkpoint import Checkpoint
from audiogroove.request import ComposeRequest
from audiogroove.service.composing import Manuscript, compose
from audiogroove.service.job import Composition
from audiogroove.service.runner import Runner, Standing, TorchRunner, make_runner
from tests.service.scripted import Script

AT_ONCE, WITHOUT_HURRY = 0.0, 3600.0  # seconds that a hop may take


def request(seed: int, *, bars: int = 2, style: str = "ragtime") -> ComposeRequest:
    """Ask for a piece from nothing."""
    return ComposeRequest(seed, bars=bars, style=style)


def written(runner: Runner[Manuscript], *works: Manuscript) -> list[Composition]:
    """Write works together, to the end of the last."""
    standings = runner.hop(works, []).standings
    while standings:
        standings = runner.hop([], []).standings
    return [composed for work in works if (composed := runner.finish(work))]


def test_a_hop_in_no_time_is_one_step(model: Checkpoint) -> None:
    """So that whoever waits can join."""
    runner = TorchRunner(model, hop_s=AT_ONCE)
    works = [runner.open(request(seed)) for seed in range(3)]
    hop = runner.hop(works, [])
    assert [work.row.draft.length for work in works] == [1, 1, 1]
    assert hop.notes == 3
    assert [standing.work for standing in hop.standings] == works


def test_a_hop_ends_with_the_first_piece_that_is_over(model: Checkpoint) -> None:
    """Which has left by itself, and is told to be over once."""
    runner = TorchRunner(model, hop_s=WITHOUT_HURRY)
    short, long = runner.open(request(1, bars=1)), runner.open(request(2, bars=30))
    hop = runner.hop([short, long], [])
    assert hop.standings[0] == Standing(short, 1, 1, is_over=True)
    assert not hop.standings[1].is_over
    assert hop.notes == short.notes + long.notes
    assert [standing.work for standing in runner.hop([], []).standings] == [long]


def test_whoever_leaves_is_not_written_any_more(model: Checkpoint) -> None:
    """And who is not there may leave, too."""
    runner = TorchRunner(model, hop_s=AT_ONCE)
    one, two, stranger = (runner.open(request(seed)) for seed in range(3))
    runner.hop([one, two], [])
    hop = runner.hop([], [one, stranger])
    assert [standing.work for standing in hop.standings] == [two]
    assert (one.notes, two.notes) == (1, 2)


def test_a_hop_with_nobody_in_it_is_soon_over(model: Checkpoint) -> None:
    """However much time it has."""
    hop = TorchRunner(model, hop_s=WITHOUT_HURRY).hop([], [])
    assert (hop.standings, hop.notes) == ((), 0)


def test_together_they_write_what_each_writes_alone(model: Checkpoint) -> None:
    """The same piece, the same style, as many notes."""
    asked = [request(seed, bars=1 + seed % 5) for seed in range(9)]
    runner = TorchRunner(model)
    for wish, found in zip(asked, written(runner, *map(runner.open, asked)), strict=True):
        alone = compose(model, wish)
        assert (alone.piece, alone.style) == (found.piece, found.style)
        assert alone.new_notes == found.new_notes
        assert found.seconds > 0


def test_what_is_opened_in_another_thread_is_the_same(model: Checkpoint) -> None:
    """As it is in the service, where the desk opens and the writer writes."""
    runner = TorchRunner(model)
    opened: list[Manuscript] = []
    thread = Thread(target=lambda: opened.append(runner.open(request(3))))
    thread.start()
    thread.join()
    assert [compose(model, request(3)).piece] == [one.piece for one in written(runner, *opened)]


def test_what_cannot_be_done_is_refused_when_it_is_opened(model: Checkpoint) -> None:
    """Nobody else hears of it."""
    with pytest.raises(RequestRefused):
        TorchRunner(model).open(request(1, style="hymn"))


def test_after_a_failure_nothing_is_left_and_others_are_written(model: Checkpoint) -> None:
    """All that were in are lost, whoever was to blame."""
    runner = TorchRunner(model, hop_s=AT_ONCE)
    right, wrong, other = (runner.open(request(seed)) for seed in range(3))
    del wrong.row.dice
    with pytest.raises(AttributeError):
        runner.hop([right, wrong], [])
    assert runner.hop([], []).standings == ()
    assert [compose(model, request(2)).piece] == [one.piece for one in written(runner, other)]


# Loading


def test_a_loaded_model_is_warm_and_empty(model: Checkpoint) -> None:
    """It has written for nobody, and has nothing under way."""
    runner = make_runner(lambda: model, threads=1)
    assert isinstance(runner, TorchRunner)
    assert runner.hop([], []).standings == ()


def test_a_model_works_on_as_many_threads_as_it_was_given(model: Checkpoint) -> None:
    """Whatever was set before."""
    for threads in (2, 1):
        make_runner(lambda: model, threads=threads)
        assert torch.get_num_threads() == threads


def test_a_runner_is_taken_as_it_is() -> None:
    """As one on other machines would be."""
    script = Script()
    assert make_runner(lambda: script, threads=1) is script
