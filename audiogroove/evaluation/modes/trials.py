"""The three modes put to the test on the same held-out music."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

import numpy as np
from numpy.random import Generator

from audiogroove.evaluation.modes import accompanying, continuing, excerpt, varying
from audiogroove.evaluation.modes.accompanying import Hidden
from audiogroove.evaluation.modes.excerpt import Excerpt
from audiogroove.evaluation.modes.standing import MODEL, Figure, Sheet, summarise, table
from audiogroove.music.piece import Piece
from audiogroove.request import ComposeRequest
from audiogroove.training.dataset import Dataset

BARS = 16  # of a stretch
MATERIAL_SEED = 1  # which stretches are taken follows from it, so that models can be compared
EXACT = ("the seed is bit-identical", "all else is bit-identical", "given parts are kept")
CONTROLS = {  # where the mode's own control says nothing
    "onsets together with others": "beats off",  # whole bars off, rhythms still meet
    # exactness is asked of the model, however free real music is; what is as it was is not varied
    **dict.fromkeys((*EXACT, "meter: exact", "tempo: exact", "struck anew"), ""),
}

Requests = Sequence[ComposeRequest]
Composer = Callable[[Requests], Sequence[Piece]]  # in order
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one mode did."""

    mode: str  # with the part that was added, where one was
    pieces: int
    seeds: int
    figures: tuple[Figure, ...]

    @property
    def kept(self) -> bool:
        """Whether what must stay bit-identical always did."""
        exact = [one.means[MODEL] for one in self.figures if one.measure in EXACT]
        return all(share == 1 for share in exact)

    def to_json(self) -> dict[str, object]:
        """Write an outcome as JSON values."""
        figures = [figure.to_json() for figure in self.figures]
        return {
            "mode": self.mode,
            "pieces": self.pieces,
            "seeds": self.seeds,
            "kept": self.kept,
            "figures": figures,
        }

    def table(self) -> str:
        """Draw the figures, as a Markdown table."""
        return table(f"{self.mode}, {self.pieces} pieces × {self.seeds}", self.figures)


@dataclass(frozen=True)
class Task(Generic[T]):
    """What one mode is asked for, starting from some material, and how that is measured."""

    mode: str
    material: Sequence[T]
    request_for: Callable[[T, int], ComposeRequest]  # with a seed of the dice
    sheet: Callable[[T, Piece, Generator], Sheet]
    control: str  # of those on a sheet, the one that standings are told by

    def examine(self, compose: Composer, *, seeds: int) -> Outcome:
        """Compose once for each stretch and seed, and measure what comes."""
        numbers = range(1, seeds + 1)
        requests = [self.request_for(one, seed) for seed in numbers for one in self.material]
        composed = iter(compose(requests))
        sheets = [
            [
                self.sheet(one, next(composed), np.random.default_rng((seed, index)))
                for index, one in enumerate(self.material)
            ]
            for seed in numbers
        ]
        figures = summarise(sheets, self.control, controls=CONTROLS)
        return Outcome(self.mode, len(self.material), seeds, figures)


def examine(
    data: Dataset, compose: Composer, *, styles: Collection[str] = (), pieces: int, seeds: int
) -> tuple[Outcome, ...]:
    """Examine a composer on the held-out pieces of a data set, all styles unless some are named.

    Refuses as `excerpt.find` does.
    """
    dice = np.random.default_rng(MATERIAL_SEED)
    pool = excerpt.find(data, BARS, styles=styles, dice=dice)
    outcomes = [task.examine(compose, seeds=seeds) for task in _seeded(pool, pieces)]
    outcomes.extend(task.examine(compose, seeds=seeds) for task in _accompanied(pool, pieces))
    return tuple(outcomes)


def _seeded(pool: Sequence[Excerpt], pieces: int) -> Iterator[Task[Excerpt]]:
    """Yield the modes that start from any stretch.

    Yields:
        Continue and vary.
    """
    taken = pool[:pieces]
    for name, mode in (("continue", continuing), ("vary", varying)):
        sheet = partial(mode.sheet, pool)
        yield Task(name, taken, mode.request_for, sheet, mode.CONTROL)


def _accompanied(pool: Sequence[Excerpt], pieces: int) -> Iterator[Task[Hidden]]:
    """Yield accompaniment, with each role that some stretch has.

    Yields:
        A task a role.
    """
    for role in accompanying.ROLES:
        dice = np.random.default_rng(MATERIAL_SEED)
        hidden = [accompanying.hide(one, role, dice) for one in pool]
        able = [one for one in hidden if one is not None][:pieces]
        if able:
            yield Task(
                f"accompany: {role}",
                able,
                accompanying.request_for,
                accompanying.sheet,
                accompanying.CONTROL,
            )
