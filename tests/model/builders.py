"""A tiny model for tests: a small vocabulary, three styles, and weights that are drawn, not learnt.

Its scores are spread as widely as a trained network's, so that filters have something to drop,
and it likes to stay in the bar it is in, so that bars fill with notes.
"""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import torch

from audiogroove.model.checkpoint import Checkpoint
from audiogroove.model.decoding import Batch
from audiogroove.model.network import Config, MemoryInputs, Network
from audiogroove.model.row import Row
from audiogroove.model.weights import rounded
from audiogroove.music.piece import Key, Meter, Note, Part, Piece
from audiogroove.request import ComposeRequest
from audiogroove.service.composing import open_row
from audiogroove.tokens.customs import Custom
from audiogroove.tokens.features import DENSITIES, KEYS, TEMPOS
from audiogroove.tokens.vocabulary import DRUMS, DURATIONS, FIELDS, VELOCITIES, Vocabulary

PIANO, BASS, STRINGS, FLUTE = 0, 33, 48, 73
WINDOW = 24  # of the tiny network: short, so that little music outgrows it

_KEPT: Mapping[str, Collection[int]] = {
    "position": sorted({*range(0, 96, 3), *range(0, 96, 4)}),
    "program": (PIANO, BASS, STRINGS, FLUTE, DRUMS),
    "pitch": (*range(28, 97), *range(DRUMS + 35, DRUMS + 60)),
    "duration": DURATIONS,
    "velocity": VELOCITIES,
    "meter": (204, 304, 404, 608),
}
CUSTOMS: Mapping[str, Custom] = {
    "ragtime": Custom(
        100, (((PIANO,), 3), ((PIANO, BASS, DRUMS), 1)), (("2/4", 1),), (90, 100, 110), 0, (8, 9, 9)
    ),
    "waltz": Custom(
        60, (((FLUTE, PIANO), 1),), (("3/4", 2), ("6/8", 1)), (150, 160, 180), 1, (4, 5, 6)
    ),
    "drums": Custom(50, (((DRUMS,), 1),), (("4/4", 1),), (100, 120, 130), 0, (9, 12, 16)),
}
STYLES = tuple(CUSTOMS)


def vocabulary(*without: int) -> Vocabulary:
    """Make the small vocabulary, `without` some of its pitches."""
    counts = {
        name: np.zeros(field.candidates[-1] + 1, dtype=np.int64) for name, field in FIELDS.items()
    }
    for name, values in _KEPT.items():
        counts[name][list(values)] = 100
    counts["pitch"][list(without)] = 0
    return Vocabulary.learn(counts, min_count=50)


WORDS = vocabulary()


def config(*, dropout: float = 0.1) -> Config:
    """Give the tiny network's sizes."""
    return Config(
        WORDS.sizes,
        embed=16,
        look=8,
        encoder=8,
        hidden=16,
        heads=2,
        head_size=40,
        chain=16,
        window=WINDOW,
        dropout=dropout,
    )


def network(*, seed: int = 2, dense: float = 0) -> Network:
    """Draw a tiny network; the same seed gives the same weights.

    It leans towards early places in a bar, by so many nats a place: 1 fills bars with notes.
    """
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        drawn = Network(config())
    drawn.eval().requires_grad_(requires_grad=False)
    for name, weights in drawn.heads.out.named_parameters():
        weights.mul_(8 if name.endswith("weight") else 1)
    drawn.heads.out.get_parameter("bar.bias")[0] += 7
    early = drawn.heads.out.get_parameter("position.bias")
    early.sub_(dense * torch.arange(len(early)))
    return rounded(drawn)  # so that composing has just these weights


def checkpoint(*, seed: int = 2, dense: float = 0) -> Checkpoint:
    """Make a tiny network a whole checkpoint."""
    return Checkpoint(network(seed=seed, dense=dense), WORDS, STYLES, dict(CUSTOMS), "tiny")


def tune(number: int = 1, *, bars: int = 8, drums: bool = True) -> Piece:
    """Make up a melody over a bass, and drums; every number has its own."""
    dice = np.random.default_rng(number)
    pitches = np.clip(64 + np.cumsum(dice.choice((-3, -2, -1, 0, 1, 2, 4), size=4 * bars)), 60, 90)
    lengths = dice.choice((6, 9, 12), size=4 * bars)
    melody = (
        Note(12 * place, pitch, length, 70 + place % 7)
        for place, (pitch, length) in enumerate(
            zip(pitches.tolist(), lengths.tolist(), strict=True)
        )
    )
    low = (Note(24 * place, 36 + int(pitch) % 12, 24) for place, pitch in enumerate(pitches[::2]))
    parts = [Part(tuple(melody), FLUTE, name="Flute"), Part(tuple(low), BASS, name="Bass")]
    if drums:
        beats = tuple(Note(step, 36 + 2 * (step % 48 > 0), 6) for step in range(0, 48 * bars, 24))
        parts.append(Part(beats, is_drums=True, name="Drums"))
    return Piece(tuple(parts), bars, ((0, Meter(4, 4)),), ((0, 100.0 + number),), Key(0, "major"))


def memory(dice: np.random.Generator, lengths: Sequence[int]) -> MemoryInputs:
    """Draw a memory of so many entries a row; beyond a row's entries its padding is drawn too."""
    sizes = WORDS.sizes
    columns = ("position", "part", "program", "pitch", "duration", "velocity", "bar", "activity")
    shape = (len(lengths), max(lengths))
    events = [dice.integers(0, sizes.get(name, 16) + 1, shape) for name in columns]
    wishes = [
        dice.integers(0, size + 1, len(lengths)) for size in (len(STYLES), KEYS, TEMPOS, DENSITIES)
    ]
    time = np.stack((dice.integers(0, 9, shape), dice.integers(0, 48, shape) / 12), axis=-1)
    return MemoryInputs(
        torch.from_numpy(np.stack(events, axis=-1)),
        torch.from_numpy(np.stack(wishes, axis=-1)),
        torch.from_numpy(time.astype(np.float32)),
        torch.tensor(list(lengths)),
    )


def rows(model: Checkpoint, requests: Sequence[ComposeRequest]) -> list[Row]:
    """Make a row of each request."""
    return [open_row(model, request) for request in requests]


def finished(batch: Batch) -> None:
    """Write until all rows are finished, each leaving when it is."""
    while batch.rows:
        batch.leave(batch.step())
