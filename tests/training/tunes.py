"""Made-up music and tiny networks for the trainer's tests: every tune its own, always the same."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from audiogroove.model.network import Config, Network
from audiogroove.music import midi
from audiogroove.music.piece import Meter, Note, Part, Piece
from audiogroove.training import corpus, dataset
from audiogroove.training.dataset import Dataset
from audiogroove.training.habits import config_for
from audiogroove.training.sources import Source, find

STYLES = ("waltz", "ragtime", "rock")
NOTES_A_BAR = 6  # of a tune's melody and bass together


def tune(
    number: int, *, bars: int = 8, up: int = 0, drums: bool = False, program: int = 0
) -> Piece:
    """Make up a melody over a bass; each number has its own, `up` moves all but the drums."""
    dice = np.random.default_rng(number)
    steps = dice.choice((-3, -2, -1, 0, 1, 2, 4), size=4 * bars)
    pitches = np.clip(60 + np.cumsum(steps), 40, 90)
    lengths = dice.choice((6, 9, 12), size=4 * bars)
    loud = dice.integers(50, 110, size=4 * bars)
    columns = zip((pitches + up).tolist(), lengths.tolist(), loud.tolist(), strict=True)
    melody = tuple(Note(12 * place, *values) for place, values in enumerate(columns))
    bass = tuple(
        Note(24 * place, int(pitch) % 12 + 36 + up, 24) for place, pitch in enumerate(pitches[::2])
    )
    parts = [Part(melody, program), Part(bass, 32)]
    if drums:
        beats = range(0, 48 * bars, 24)
        parts.append(
            Part(tuple(Note(step, 36 + 2 * (step % 48 > 0), 6) for step in beats), 0, is_drums=True)
        )
    return Piece(tuple(parts), bars, tempos=((0, 100.0 + number),))


def short_waltz(number: int) -> Piece:
    """Make up a tune in three-four time, ended by a bar of two."""
    dice = np.random.default_rng(number)
    notes = tuple(Note(12 * place, int(dice.integers(50, 80)), 12) for place in range(38))
    return Piece((Part(notes),), 13, meters=((0, Meter(3, 4)), (12, Meter(2, 4))))


def write_folder(folder: Path, tunes: Iterable[tuple[str, Piece]]) -> list[Source]:
    """Write pieces as MIDI files, such as `waltz/1.mid`, and find them as sources."""
    for name, piece in tunes:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(midi.write(piece))
    return find(folder)


def write_corpus(folder: Path) -> list[Source]:
    """Write three styles of nine tunes, some of them with drums."""
    return write_folder(
        folder,
        (
            (f"{style}/{number}.mid", tune(100 * kind + number, drums=style == "rock"))
            for kind, style in enumerate(STYLES)
            for number in range(9)
        ),
    )


def prepare(sources: list[Source], out: Path) -> Dataset:
    """Prepare sources as the command does, every value worth a word."""
    corpus.prepare(sources, out, workers=1, min_count=1)
    return dataset.load(out)


def tiny_config(data: Dataset) -> Config:
    """Give the sizes of a network that learns nothing much, at once."""
    sizes = {"embed": 16, "look": 8, "encoder": 8, "hidden": 16, "heads": 2, "head_size": 32}
    return config_for(data, **sizes, chain=16, window=24)


def tiny_network(data: Dataset) -> Network:
    """Make an untrained network that composes from weights drawn at random."""
    return Network(tiny_config(data)).eval().requires_grad_(requires_grad=False)
