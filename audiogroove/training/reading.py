"""One file of a corpus to what training keeps of it, or the reason why it is refused."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain
from multiprocessing import get_context
from typing import TypeAlias

import numpy as np

from audiogroove.errors import SeedFault, SeedRejected
from audiogroove.music import midi, theory
from audiogroove.music.piece import MAX_NOTES, Piece
from audiogroove.tokens.codec import BAR, DURATION, PITCH, Events, encode, onsets_of
from audiogroove.tokens.vocabulary import DRUMS
from audiogroove.training.dataset import PieceInfo
from audiogroove.training.duplicates import Hashes, fingerprint, sketch
from audiogroove.training.sources import Source

MIN_NOTES = 24
MIN_BARS = 4
MAX_NOTES_A_BAR = 256.0
LOT_FILES = 32
MAX_SOURCE_BYTES = 4 * 2**20


@dataclass(frozen=True)
class Reading:
    """A piece as training keeps it."""

    info: PieceInfo
    events: Events
    fingerprint: str
    sketch: Hashes


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that is not trained on, and why."""

    name: str
    reason: str


Outcome: TypeAlias = Reading | Refusal


def read_all(sources: Sequence[Source]) -> list[Outcome]:
    """Read files one after another; whatever a file holds, the others are read."""
    return list(chain.from_iterable(_read(source) for source in sources))


def read_in_parallel(sources: Sequence[Source], workers: int) -> list[Outcome]:
    """Read files in several processes; the outcomes stand in the order of the files."""
    lots = [sources[at : at + LOT_FILES] for at in range(0, len(sources), LOT_FILES)]
    with pool(workers) as readers:
        return list(chain.from_iterable(readers.map(read_all, lots)))


def pool(workers: int) -> ProcessPoolExecutor:
    """Open a pool of processes that read; a forked copy of a process with threads may hang."""
    return ProcessPoolExecutor(workers, mp_context=get_context("forkserver"))


def _read(source: Source) -> list[Outcome]:
    try:
        pieces = _pieces(source)
    except SeedRejected as refused:
        return [Refusal(source.name, str(refused.fault))]
    except OSError as error:
        return [Refusal(source.name, f"unreadable ({error.strerror})")]
    return [_keep(piece, source) for piece in pieces]


def _pieces(source: Source) -> list[Piece]:
    if source.is_score:
        from audiogroove.music import notation  # noqa: PLC0415  (music21 takes a second to import)

        return notation.read_scores(source.path)
    size = source.path.stat().st_size
    if size > MAX_SOURCE_BYTES:
        raise SeedRejected(SeedFault.TOO_LARGE, found=size, limit=MAX_SOURCE_BYTES)
    return [midi.parse(source.path.read_bytes())]


def _keep(piece: Piece, source: Source) -> Outcome:
    events = encode(piece)
    if len(events) < MIN_NOTES or piece.bars < MIN_BARS:
        return Refusal(source.name, "too short to learn from")
    if len(events) / piece.bars > MAX_NOTES_A_BAR or len(events) > MAX_NOTES:
        return Refusal(source.name, "too dense to be music")
    onsets = onsets_of(events, piece.bar_lines)
    pitched = np.array([not part.is_drums for part in piece.parts])[events[:, 2]]
    key = theory.find_key_of(events[pitched, PITCH], events[pitched, DURATION], onsets[pitched])
    info = PieceInfo(
        path=source.name,
        style=source.style,
        split="",
        bars=int(events[-1, BAR]) + 1,
        meters=tuple(
            (bar, meter.numerator, meter.denominator)
            for bar, meter in piece.meters
            if bar <= events[-1, BAR]
        ),
        programs=tuple(DRUMS if part.is_drums else part.program for part in piece.parts),
        bpm=piece.tempos[0][1] if source.tempo_known else None,
        tonic=key.tonic if key else None,
        minor=bool(key and key.mode == "minor"),
        license=source.license,
    )
    return Reading(info, events, fingerprint(events, onsets), sketch(events, onsets))
