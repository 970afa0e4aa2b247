"""The JSB chorales benchmark: nats a cell on the sixteenth grid.

Conventions

- A cell is one voice in one frame. Every cell of every frame of whole pieces is foretold, the
  first frame's and silent ones too, given earlier frames and the cells of its frame that are
  decided before it. No oracle is told: no key, no bar lines, no chord of the frame.
- The figure is the sum of all cells' nats over the number of cells of a split. A frame costs four
  times as much. The mean of pieces' means is another figure, and told beside it.
- Published figures are of the *validation* split, so ours is told for it; test stands beside it.
  The network is the last of a fixed schedule: no step of it was chosen on either split.
- Four cells in five repeat the frame before, which makes accuracy cheap: cells whose pitch differs
  from the frame before are told by themselves. All cells of the first frame count among them.
- The split leaks: some hymns are in it twice, harmonised anew, one of them in train. `leak` tells
  how much, and what the pieces cost that share no long run of melody with train.

Data and split: Boulanger-Lewandowski et al. 2012; grid: Huang et al. 2017 (Coconet).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from typing_extensions import override

from audiogroove.evaluation.frames import passes
from audiogroove.evaluation.frames.chorales import (
    HIGHEST,
    LOWEST,
    OCTAVE,
    ORDER,
    SPLITS,
    VOICES,
    Splits,
    ranges,
    transpositions,
)
from audiogroove.evaluation.frames.leak import Leak, leak_of
from audiogroove.evaluation.frames.telling import Chorale
from audiogroove.evaluation.frames.training import Study, Trainer
from audiogroove.evaluation.frames.voices import Sizes, Voices, collate, costs
from audiogroove.training.recipe import Recipe

RECIPE = Recipe(
    rows=12, rate=3e-3, final_rate=1e-5, warmup_steps=60, decay=0.1, save_minutes=2, seed=1
)
MISJUDGED = 0.4  # of what is learnt from is told as if another pitch were the tonic
EXAMINED_ROWS = 16

Bools = NDArray[np.bool_]


class Foretold(NamedTuple):
    """How each cell of a piece was foretold; all have the shape (T, VOICES), voices in ORDER."""

    nats: NDArray[np.float32]
    right: Bools  # the likeliest class was the true one
    changed: Bools  # another pitch than in the frame before, or in the first frame


@dataclass(frozen=True, slots=True)
class Score:
    """What the cells of one split cost."""

    split: str
    pieces: int
    cells: int
    cell: float  # nats, over all cells
    piece_mean: float  # nats a cell, as a mean over pieces
    changed: float  # nats a cell that changed
    changed_share: float  # of all cells
    accuracy: float  # share of cells

    @property
    def frame(self) -> float:
        """Nats a frame."""
        return VOICES * self.cell

    @classmethod
    def of(cls, split: str, pieces: Sequence[Foretold]) -> "Score":
        """Add up the cells of some pieces."""
        nats, right, changed = (np.concatenate(one) for one in zip(*pieces, strict=True))
        return cls(
            split,
            len(pieces),
            nats.size,
            float(nats.mean(dtype=np.float64)),
            float(np.mean([piece.nats.mean(dtype=np.float64) for piece in pieces])),
            float(nats[changed].mean(dtype=np.float64)),
            float(changed.mean()),
            float(right.mean()),
        )

    def to_json(self) -> dict[str, object]:
        """Write a score as JSON values."""
        return asdict(self) | {"frame": self.frame}


@dataclass(frozen=True, slots=True)
class Row:
    """One foreteller's scores."""

    name: str
    parameters: int
    valid: Score
    test: Score


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that was measured."""

    rows: tuple[Row, ...]  # ours last
    steps: int
    minutes: float  # of the processor, spent on training
    leak: Leak


class Chorales(Study[Voices]):
    """Learn to foretell the training split, each piece moved about within its voices' ranges."""

    def __init__(self, splits: Splits, recipe: Recipe, sizes: Sizes) -> None:
        within = ranges(splits["train"])
        self._pieces = [Chorale(piece) for piece in splits["train"]]
        self._moves = [transpositions(piece, within) for piece in splits["train"]]
        self._valid = [Chorale(piece) for piece in splits["valid"]]
        self._recipe, self._sizes = recipe, sizes

    @override
    def network(self) -> Voices:
        return Voices(self._sizes)

    @override
    def loss(self, network: Voices, step: int) -> Tensor:
        lengths = [len(piece) for piece in self._pieces]
        recipe = self._recipe
        rows, dice = passes.draw(lengths, rows=recipe.rows, step=step, seed=recipe.seed)
        tellings = []
        for row in rows:
            move = int(dice.choice(self._moves[row]))
            misjudged = int(dice.integers(OCTAVE)) if dice.random() < MISJUDGED else 0
            tellings.append(self._pieces[row].tell(move, misjudged=misjudged))
        batch = collate(tellings)
        nats: Tensor = costs(network, batch)[0].sum() / (VOICES * batch.weight.sum())
        return nats

    @override
    def examine(self, network: Voices) -> float:
        return Score.of("valid", foretell(network, self._valid)).cell


def measure(splits: Splits, out: Path, recipe: Recipe, sizes: Sizes | None = None) -> Outcome:
    """Train in a folder what is not finished there, and price validation and test pieces."""
    study = Chorales(splits, recipe, sizes or Sizes())
    trainer = Trainer(study, out, recipe, choose=False)
    network = trainer.run()
    pieces = {split: [Chorale(piece) for piece in splits[split]] for split in SPLITS[1:]}
    foretold = {split: foretell(network, pieces[split]) for split in pieces}
    valid, test = (Score.of(split, foretold[split]) for split in foretold)
    size = sum(weight.numel() for weight in network.parameters())
    ours = Row("ours", size, valid, test)
    leak = leak_of(splits, [float(one.nats.sum()) for one in foretold["valid"]])
    return Outcome((*controls(splits), ours), trainer.step, trainer.minutes, leak)


@torch.inference_mode()
def foretell(network: Voices, pieces: Sequence[Chorale]) -> list[Foretold]:
    """Price every cell of whole pieces."""
    network.eval()
    order = sorted(range(len(pieces)), key=lambda piece: len(pieces[piece]))
    found: dict[int, Foretold] = {}
    for start in range(0, len(order), EXAMINED_ROWS):
        rows = order[start : start + EXAMINED_ROWS]
        batch = collate([pieces[row].tell() for row in rows])
        nats, right = costs(network, batch)
        for index, row in enumerate(rows):
            steps = slice(len(pieces[row]))
            changed = _changed(pieces[row].frames)[:, list(ORDER)]
            told = nats[index, steps].numpy(), right[index, steps].numpy()
            found[row] = Foretold(*told, changed)
    return [found[row] for row in range(len(pieces))]


def controls(splits: Splits) -> tuple[Row, Row]:
    """Price by counting alone: each voice's pitches, and how often a voice keeps its pitch.

    *Unigram*: as often as a voice has each pitch or silence in train, each once more than it has.
    *Copy previous*: a voice keeps its pitch as often as in train, or takes another as the unigram
    says; in the first frame the unigram decides alone.
    """
    frames = np.concatenate(splits["train"])
    counts = np.ones((VOICES, HIGHEST - LOWEST + 2))  # silence first
    for voice in range(VOICES):
        np.add.at(counts[voice], _classes(frames[:, voice]), 1)
    chances = counts / counts.sum(axis=1, keepdims=True)
    later = np.concatenate([~_changed(piece)[1:] for piece in splits["train"]])
    keeps = later.mean(axis=0)
    rows = []
    for name, kept in (("unigram", None), ("copy previous", keeps)):
        scores = [
            Score.of(split, [_count(piece, chances, kept) for piece in splits[split]])
            for split in SPLITS[1:]
        ]
        rows.append(Row(name, 0, *scores))
    return rows[0], rows[1]


def _count(
    piece: NDArray[np.int64],
    chances: NDArray[np.float64],
    keeps: NDArray[np.float64] | None,
) -> Foretold:
    classes, voices = _classes(piece), np.arange(VOICES)
    changed = _changed(piece)
    nats = -np.log(chances[voices, classes])
    right = classes == chances.argmax(axis=1)
    if keeps is not None:
        other = chances[voices, classes[1:]] / (1 - chances[voices, classes[:-1]])
        nats[1:] = -np.log(np.where(changed[1:], (1 - keeps) * other, keeps))
        right[1:] = ~changed[1:]
    return Foretold(nats.astype(np.float32), right, changed)


def _classes(pitches: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.where(pitches >= 0, pitches - LOWEST + 1, 0)


def _changed(frames: NDArray[np.int64]) -> Bools:
    return np.concatenate((np.ones((1, VOICES), bool), frames[1:] != frames[:-1]))
