"""How well a continuation keeps what its seed began.

Of a stretch of 16 bars the first eight are the seed, and eight new ones are asked for. Beside
what the model writes stand the bars that really follow, those of *another piece* of the same
style, and the real ones *displaced*: moved off their beats and into another key.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import nan

from numpy.random import Generator

from audiogroove.evaluation import likeness
from audiogroove.evaluation.modes.excerpt import Excerpt, cut, heard, laid, rolled, stranger_to
from audiogroove.evaluation.modes.standing import Sheet
from audiogroove.music.piece import Note, Piece
from audiogroove.request import ComposeRequest, Mode

SEED_BARS = 8
NEW_BARS = 8
CONTROL = "another piece"
MOST_SEMITONES = 6  # that displaced music is moved, up or down


def request_for(excerpt: Excerpt, seed: int) -> ComposeRequest:
    """Ask for the bars that follow the seed; they end the piece where the real ones do."""
    return ComposeRequest(
        seed,
        Mode.CONTINUE,
        material=heard(cut(excerpt.piece, 0, SEED_BARS)),  # who comes in later is not told
        bars=NEW_BARS,
        ending=excerpt.is_end,
    )


def sheet(pool: Sequence[Excerpt], excerpt: Excerpt, composed: Piece, dice: Generator) -> Sheet:
    """Measure a continuation, and beside it the real one and the controls."""
    seed, real = (_bars(excerpt.piece, which) for which in (0, 1))
    stranger = stranger_to(excerpt, pool, dice)
    others = {
        "real": real,
        CONTROL: _bars(stranger.piece, 1) if stranger else None,
        "displaced": displaced(real, dice),
    }
    begun = cut(composed, 0, SEED_BARS)
    told = measure(begun, cut(composed, SEED_BARS, composed.bars))
    nothing = dict.fromkeys(told, nan)
    told["the seed is bit-identical"] = float(_notes(begun) == _notes(heard(seed)))
    rest = {who: measure(seed, new) if new else nothing for who, new in others.items()}
    return {"model": told, **rest}


def measure(seed: Piece, new: Piece) -> dict[str, float]:
    """Measure how like its seed a continuation is."""
    known = set(likeness.bar_sets(seed))
    bars = [struck for struck in likeness.bar_sets(new) if struck]
    return {
        "key: the same or relative": likeness.same_key(seed, new),
        "pitch classes in common": likeness.overlap(
            likeness.pitch_classes(seed), likeness.pitch_classes(new)
        ),
        "meter: exact": float({meter for _, meter in new.meters} == {seed.meters[-1][1]}),
        "tempo: exact": float({bpm for _, bpm in new.tempos} == {seed.tempos[-1][1]}),
        "parts in common": likeness.jaccard(likeness.programs(seed), likeness.programs(new)),
        "notes a bar, ratio": likeness.ratio(likeness.density(seed), likeness.density(new)),
        "places of onsets in common": likeness.overlap(
            likeness.onset_places(seed), likeness.onset_places(new)
        ),
        "durations in common": likeness.overlap(likeness.durations(seed), likeness.durations(new)),
        "polyphony, ratio": likeness.ratio(likeness.polyphony(seed), likeness.polyphony(new)),
        "register, semitones off": likeness.register_distance(seed, new),
        "bars with a note": len(bars) / new.bars,
        "bars that are the seed's": sum(bar in known for bar in bars) / max(1, len(bars)),
    }


def displaced(piece: Piece, dice: Generator) -> Piece:
    """Move the parts off their beats, by less than a bar, and all but the drums to another key."""
    meter = piece.meters[0][1]
    beats = int(dice.integers(meter.bar_steps // meter.beat_steps))
    by_steps = beats * meter.beat_steps + int(dice.integers(1, max(2, meter.beat_steps)))
    semitones = int(dice.integers(1, MOST_SEMITONES + 1)) * (1 if dice.random() < 0.5 else -1)
    parts = []
    for part in piece.parts:
        late = rolled(part, by_steps, piece.steps)
        if not part.is_drums:
            moved = (replace(note, pitch=(note.pitch + semitones) % 128) for note in late.notes)
            late = laid(part, moved)
        parts.append(late)
    return piece.with_parts(parts)


def _notes(piece: Piece) -> list[tuple[Note, ...]]:
    return [part.notes for part in piece.parts]


def _bars(piece: Piece, which: int) -> Piece:
    """Give the seed's bars (0) or the new ones (1) of a stretch."""
    return cut(piece, which * SEED_BARS, SEED_BARS + which * NEW_BARS)
