"""The loop: it learns, goes on, and keeps what it was told to keep."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from typing_extensions import override

from audiogroove.errors import CheckpointRejected
from audiogroove.evaluation.frames import passes
from audiogroove.evaluation.frames.training import WEIGHTS, Study, Trainer
from audiogroove.training.recipe import Recipe

RECIPE = Recipe(steps=24, rate=0.05, warmup_steps=2, average=0.5, seed=1)


class Guess(Study[nn.Linear]):
    """Learn to double numbers; each examination gives the next figure of a list, or the error."""

    def __init__(self, figures: Iterator[float] | None = None) -> None:
        self._figures = figures

    @override
    def network(self) -> nn.Linear:
        return nn.Linear(1, 1)

    @override
    def loss(self, network: nn.Linear, step: int) -> Tensor:
        numbers = torch.linspace(-1, 1, 8).unsqueeze(1) * (1 + step % 3)
        found: Tensor = network(numbers)
        return (found - 2 * numbers).square().mean()

    @override
    def examine(self, network: nn.Linear) -> float:
        if self._figures is not None:
            return next(self._figures)
        return float((network.weight - 2).square().detach())


def weights(network: nn.Linear) -> list[float]:
    """Read a network's two weights."""
    return [float(weight.detach()) for weight in network.parameters()]


def test_it_learns(tmp_path: Path) -> None:
    """Twenty-four steps bring it near."""
    trainer = Trainer(Guess(), tmp_path, RECIPE, choose=False)
    before = Guess().examine(trainer.average)
    assert Guess().examine(trainer.run()) < before / 2


def test_the_last_average_is_kept_or_the_best(tmp_path: Path) -> None:
    """Whatever comes after the best is forgotten if one may choose, and only then."""
    figures = [3.0, 1.0, *range(2, 24)]
    last = Trainer(Guess(iter(figures)), tmp_path / "last", RECIPE, choose=False)
    best = Trainer(Guess(iter(figures)), tmp_path / "best", RECIPE, choose=True)
    assert weights(last.run()) == weights(last.average)
    assert weights(best.run()) != weights(best.average)
    assert best.lowest == 1


def test_a_run_that_was_cut_short_ends_as_if_it_had_not_been(tmp_path: Path) -> None:
    """The same weights, average, best and moments."""
    whole = Trainer(Guess(), tmp_path / "whole", RECIPE, choose=True)
    whole.run()

    def stop_at(figure: int) -> Iterator[float]:
        for look in range(figure):
            yield 9.0 - look
        raise KeyboardInterrupt

    every = replace(RECIPE, save_minutes=0)
    ticks = iter(range(1000))
    cut = Trainer(
        Guess(stop_at(5)), tmp_path / "cut", every, choose=True, clock=lambda: float(next(ticks))
    )
    with pytest.raises(KeyboardInterrupt):
        cut.run()
    again = Trainer(Guess(), tmp_path / "cut", RECIPE, choose=True)
    assert 0 < again.step < RECIPE.steps
    again.run()
    assert weights(again.network) == pytest.approx(weights(whole.network))
    assert weights(again.average) == pytest.approx(weights(whole.average))
    assert again.step == whole.step


def test_a_run_lasts_as_long_as_the_processor_worked_for_it(tmp_path: Path) -> None:
    """Six seconds at a second a step."""
    ticks = iter(range(1000))
    recipe = replace(RECIPE, minutes=0.1)
    trainer = Trainer(Guess(), tmp_path, recipe, choose=False, clock=lambda: float(next(ticks)))
    trainer.run()
    assert trainer.step == 6


def test_a_run_keeps_to_what_it_was_begun_for(tmp_path: Path) -> None:
    """A finished one is not begun again because more is asked for."""
    Trainer(Guess(), tmp_path, RECIPE, choose=False).run()
    longer = Trainer(Guess(), tmp_path, replace(RECIPE, steps=99), choose=False)
    assert longer.share == 1


def test_a_run_with_other_dice_is_refused(tmp_path: Path) -> None:
    """Its figures would be told as those of a seed that they are not of."""
    Trainer(Guess(), tmp_path, RECIPE, choose=False).run()
    with pytest.raises(CheckpointRejected, match="seed 1"):
        Trainer(Guess(), tmp_path, replace(RECIPE, seed=2), choose=False)


def test_what_is_no_run_is_refused(tmp_path: Path) -> None:
    """Half a file, or none of ours."""
    (tmp_path / WEIGHTS).write_bytes(b"nothing")
    with pytest.raises(CheckpointRejected):
        Trainer(Guess(), tmp_path, RECIPE, choose=False)


def test_a_pass_takes_every_piece_once() -> None:
    """In another order the next time."""
    lengths = [5, 9, 3, 7, 7, 1, 2]
    first, second = (
        [tuple(passes.draw(lengths, rows=3, step=step, seed=1)[0]) for step in steps]
        for steps in (range(3), range(3, 6))
    )
    assert sorted(sum(first, ())) == list(range(7))
    assert sorted(sum(second, ())) == list(range(7))
    assert first != second
