"""What a network is told of a chorale before each cell, as columns over its frames.

Every column for frame t follows from the frames before t; the columns of a voice's head also from
the cells of frame t that are decided before that voice. Nothing else is known: neither how long
the piece is, nor its key, nor where its bars begin.

Pitches are told, and foretold, as seen from the first bass note: all frames after the first are
moved so that its pitch class comes to be C. The first frame tells how far, and is itself foretold
where it stands, so the move can be undone from what was foretold and no likelihood is lost or
won. Nine chorales in ten end on the bass they begin with: to the network they are in one key.
"""

from typing import NamedTuple

import numpy as np

from audiogroove.evaluation.frames.chorales import (
    HIGH,
    LOW,
    MOVE,
    NOTHING,
    OCTAVE,
    ORDER,
    PITCHES,
    SILENCE,
    VOICES,
    Ints,
    offset,
)
from audiogroove.evaluation.frames.recall import recall

AGO = (1, 4, 8, 16, 32)  # frames before the one foretold that are told again
BAR = 16  # frames; what was told so long ago is told to the heads too
HOLDS = 32  # frames a pitch has been held, told apart up to here
LEAP, SPAN = 12, 36  # the widest step of a voice, and interval between two, that is told apart
PAIRS = ((0, 3), (0, 1), (1, 2), (2, 3))
POSITIONS = (16, 12, 32)  # the frame's number is told modulo these …
OPENING = 32  # … and as it is, so far
LENGTHS = 8  # of the longest match, told apart by powers of two

STEPS, HARMONIES = 2 * LEAP + 1, 2 * SPAN + 1
FRAME_PITCHED = VOICES * (len(AGO) + 2)
FRAME_SIZES = (
    *(PITCHES,) * FRAME_PITCHED,
    *(HOLDS,) * VOICES,
    *(STEPS,) * VOICES,
    *(HARMONIES,) * len(PAIRS),
    *(2**VOICES, LENGTHS),
    *(*POSITIONS, OPENING),
    OCTAVE,
)


def head_sizes(rank: int) -> tuple[int, ...]:
    """Give the sizes of the columns that the head of the voice decided as number `rank` sees."""
    return (*(PITCHES,) * (3 + rank), HOLDS, *(STEPS, HARMONIES) * rank)


class Telling(NamedTuple):
    """A piece as a network is told it; ids are 1..size, 0 where there is nothing."""

    frame: Ints  # (T, columns) by FRAME_SIZES
    heads: tuple[Ints, ...]  # of each voice in ORDER, (T, columns) by head_sizes
    before: Ints  # (T, VOICES) in ORDER: class of the voice's pitch before; -1 for none
    target: Ints  # (T, VOICES) in ORDER: class, 0 for silence


class _Past(NamedTuple):
    """What does not change when a piece is transposed, worked out once."""

    pitched: Ints  # (T, FRAME_PITCHED) pitches
    fixed: Ints  # (T, the other columns of the frame but the last) ids
    before: Ints  # (T, VOICES) pitches a frame before
    bar: Ints  # (T, VOICES) pitches a bar before
    match: Ints  # (T, VOICES) pitches that followed the longest match
    holds: Ints  # (T, VOICES) ids


class Chorale:
    """One piece, ready to be told in any transposition."""

    def __init__(self, frames: Ints) -> None:
        self.frames = frames
        self._past = _past(frames)

    def __len__(self) -> int:
        return len(self.frames)

    def tell(self, transposition: int = 0, *, misjudged: int = 0) -> Telling:
        """Tell the piece, moved by so many semitones.

        With `misjudged` the tonic is taken to be so much higher than the first bass note, as it
        is in one chorale of ten: learning from such tellings too keeps a network from trusting it.
        """
        past, frames = self._past, self.frames
        move = offset(np.where(frames[0] >= 0, frames[0] + transposition, SILENCE))
        move = (move + misjudged + MOVE) % OCTAVE - MOVE
        shift = transposition - move
        moves = np.full((len(frames), 1), move + MOVE + 1)
        moves[0] = 0  # the first frame is foretold as it stands, by a network that knows of none
        target = _classes(frames, shift)
        target[0] = _classes(frames[:1], transposition)
        pitched = _classes(past.pitched, shift) + 1
        before = _classes(past.before, shift)
        order = list(ORDER)
        return Telling(
            np.concatenate((pitched, past.fixed, moves), axis=1),
            tuple(self._tell_head(rank, target, shift) for rank in range(VOICES)),
            np.where(before > 0, before, -1)[:, order],
            target[:, order],
        )

    def _tell_head(self, rank: int, target: Ints, shift: int) -> Ints:
        """Tell the head of the voice decided as number `rank` what was decided before it."""
        past, voice, chosen = self._past, ORDER[rank], list(ORDER[:rank])
        own = np.stack([one[:, voice] for one in (past.before, past.bar, past.match)], axis=1)
        columns = [_classes(own, shift) + 1, target[:, chosen] + 1, past.holds[:, [voice]]]
        for other in chosen:
            pitch = self.frames[:, other]
            columns.append(_step(past.before[:, other], pitch, LEAP))
            columns.append(_step(past.before[:, voice], pitch, SPAN))
        return np.concatenate(columns, axis=1)


def _past(frames: Ints) -> _Past:
    count = len(frames)
    before = _ago(frames, 1)
    held, note = _notes(frames)
    found = recall(frames)
    match = np.where(found.source[:, None] >= 0, frames[found.source], NOTHING)
    pitched = np.concatenate([*(_ago(frames, ago) for ago in AGO), note, match], axis=1)
    moved = (before != _ago(frames, 2)) @ (1 << np.arange(VOICES)) + 1
    lengths = np.minimum(np.ceil(np.log2(found.length + 1)).astype(np.int64), LENGTHS)
    places = np.arange(count)
    columns = [
        held,
        *(_step(note[:, voice], before[:, voice], LEAP) for voice in range(VOICES)),
        *(_step(before[:, low], before[:, high], SPAN) for high, low in PAIRS),
        *(moved[:, None], lengths[:, None]),
        *(places[:, None] % size + 1 for size in POSITIONS),
        np.minimum(places, OPENING - 1)[:, None] + 1,
    ]
    fixed = np.concatenate(columns, axis=1)
    return _Past(pitched, fixed, before, _ago(frames, BAR), match, held)


def _ago(frames: Ints, count: int) -> Ints:
    """Give each frame the one so many frames before it, NOTHING where there is none."""
    return np.concatenate((np.full_like(frames[:count], NOTHING), frames[:-count]))


def _notes(frames: Ints) -> tuple[Ints, Ints]:
    """Tell how long the pitches before each frame have held, and what was before them."""
    held = np.zeros_like(frames)
    note = np.full_like(frames, NOTHING)
    for place in range(1, len(frames)):
        same = (frames[place - 1] == frames[place - 2]) & (place > 1)
        held[place] = np.where(same, np.minimum(held[place - 1] + 1, HOLDS), 1)
        before = frames[place - 2] if place > 1 else NOTHING
        note[place] = np.where(same, note[place - 1], before)
    return held, note


def _step(low: Ints, high: Ints, reach: int) -> Ints:
    """Tell the interval from low to high, (T,) pitches, as ids (T, 1); 0 where one is missing."""
    step = np.clip(high - low, -reach, reach) + reach + 1
    return np.where((low >= 0) & (high >= 0), step, 0)[:, None]


def _classes(pitches: Ints, shift: int) -> Ints:
    """Number pitches moved by `shift`: 0 for silence, 1.. from LOW on, -1 for nothing."""
    moved = np.clip(pitches + shift, LOW, HIGH) - LOW + 1
    return np.where(pitches >= 0, moved, pitches + 1)
