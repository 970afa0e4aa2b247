"""Trains and measures an arm with a seed.

All arms learn with one recipe, and with one seed all but the ancestor see the same windows. The
budget is time of the processor that a network learns in (its passes forward and back, and the
optimiser's step), so that an arm which costs more sees less music. Drawing windows is left out of
it: it is equally slow for all, and the quicker the oftener a piece was drawn before. Processor
time differs a little from run to run, so a budget in notes is the one to repeat a figure exactly.
"""

import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import asdict, dataclass, replace
from math import ceil
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

from audiogroove.errors import RequestRefused
from audiogroove.evaluation.ablations.ancestor import Ancestor
from audiogroove.evaluation.ablations.arms import ARMS, fitted, weights_of
from audiogroove.evaluation.ablations.learning import Learner, NoteLearner, TokenLearner
from audiogroove.evaluation.ablations.run import Run
from audiogroove.model.network import Config, Network
from audiogroove.training.dataset import Dataset
from audiogroove.training.habits import config_for, number_styles
from audiogroove.training.recipe import Recipe
from audiogroove.training.windows import Sampler

ANCESTOR = "ancestor"
NAMES = (*ARMS, ANCESTOR)
SIZES = (
    *(("embed", 160), ("look", 32), ("encoder", 48), ("hidden", 192)),
    *(("heads", 4), ("head_size", 32), ("chain", 96)),
)
RECIPE = Recipe(minutes=4, rows=8, warmup_steps=40)
TOKEN_WINDOWS = 64  # a step of the ancestor
PIECES = 40
Clock = Callable[[], float]  # seconds
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Plan:
    """What every run shares. A budget in notes goes before the recipe's minutes."""

    recipe: Recipe = RECIPE
    notes: int | None = None
    sizes: tuple[tuple[str, int], ...] = SIZES  # of `Config`
    token_windows: int = TOKEN_WINDOWS
    pieces: int | None = PIECES  # held-out ones to measure on

    def made_from(self, data: Dataset) -> dict[str, object]:
        """Tell all that a run follows from, but its arm and seed, as JSON values."""
        told = asdict(self) | {"sizes": dict(self.sizes)}
        return {"plan": told, "words": data.vocabulary.fingerprint, "music": int(data.offsets[-1])}

    def recipe_of(self, learner: Learner, seed: int) -> Recipe:
        """Give one run its recipe; a budget in notes is met as nearly as full batches can."""
        if self.notes is None:
            return replace(self.recipe, seed=seed)
        steps = ceil(self.notes / learner.notes_a_step)
        return replace(self.recipe, minutes=None, steps=steps, seed=seed)


class Course(NamedTuple):
    """How far a training went."""

    steps: int
    notes: float
    processor_s: float


class Bench:
    """Trains and measures networks for one plan on one data set."""

    def __init__(self, data: Dataset, plan: Plan, *, clock: Clock = time.process_time) -> None:
        """Lay out what all runs share; `clock` tells the seconds that the budget counts."""
        self._data, self._plan, self._clock = data, plan, clock
        self._config = config_for(data, **dict(plan.sizes), window=plan.recipe.window, dropout=0.0)
        styles = number_styles(data)
        self._sampler = Sampler(data, styles, steps=plan.recipe.window, temper=plan.recipe.temper)

    def learner(self, arm: str, seed: int) -> Learner:
        """Make an untrained network and what belongs to it.

        Raises:
            RequestRefused: when there is no such arm.
        """
        torch.manual_seed(seed)
        data, plan = self._data, self._plan
        if arm == ANCESTOR:
            network = _ancestor_as_large(self._config)
            return TokenLearner(arm, network, data, self._sampler, plan.token_windows)
        if arm not in ARMS:
            raise RequestRefused("arm", asked=arm, possible=f"one of {', '.join(NAMES)}")
        built = ARMS[arm].build(self._config)
        shape = (plan.recipe.rows, plan.recipe.window)
        return NoteLearner(arm, built, data, self._sampler, shape)

    def run(self, arm: str, seed: int, progress: Progress = lambda _share: None) -> Run:
        """Train an arm, and measure the moving average of its weights.

        `progress` is told which share of the training, 0..1, is done. Refuses as `learner` does.
        """
        learner = self.learner(arm, seed)
        recipe = self._plan.recipe_of(learner, seed)
        course = learn(learner, recipe, clock=self._clock, progress=progress)
        return Run(
            arm,
            seed,
            weights_of(learner.network),
            learner.products,
            course.steps,
            round(course.notes),
            course.processor_s,
            tuple(learner.measure(self._plan.pieces)),
        )


def learn(
    learner: Learner,
    recipe: Recipe,
    *,
    clock: Clock,
    progress: Progress = lambda _share: None,
) -> Course:
    """Train a network by a recipe, its minutes told by `clock`.

    The network is left with the moving average of its weights.
    """
    network = learner.network
    average = deepcopy(network).requires_grad_(requires_grad=False)
    optimiser = torch.optim.AdamW(
        network.parameters(), lr=recipe.rate, betas=(0.9, 0.98), weight_decay=recipe.decay
    )
    step, notes, spent_s = 0, 0.0, 0.0
    network.train()
    while recipe.done(step, spent_s) < 1:
        task = learner.task(np.random.default_rng((recipe.seed, step)))
        begun = clock()
        for group in optimiser.param_groups:
            group["lr"] = recipe.rate_at(step, spent_s)
        optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(task.loss())
        nn.utils.clip_grad_norm_(network.parameters(), recipe.clip)
        optimiser.step()
        step += 1
        _follow(average, network, min(recipe.average, step / (9 + step)))
        notes += task.notes
        spent_s += clock() - begun
        progress(recipe.done(step, spent_s))
    network.load_state_dict(average.state_dict())
    network.eval()
    return Course(step, notes, spent_s)


@torch.no_grad()
def _follow(average: nn.Module, network: nn.Module, keep: float) -> None:
    """Let the average follow the weights."""
    for mean, own in zip(average.parameters(), network.parameters(), strict=True):
        mean.lerp_(own, 1 - keep)


def _ancestor_as_large(config: Config) -> Ancestor:
    """Make the ancestor wide enough that it has as many weights as the full network."""
    with torch.device("meta"):
        weights = weights_of(Network(config))

    def build(hidden: int) -> Ancestor:
        return Ancestor(config.vocabulary, embed=config.embed, hidden=hidden)

    return build(fitted(build, weights))
