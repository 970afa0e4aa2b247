"""A player's own file as a take: its music in the bars, the key and the band of a jam.

Beats are beats, so the file's tempo does not matter; its meter does. Of its music the bars count
from the first that is not silent on, as many as a turn has; a shorter file begins again until
they are full. Melodic parts move by the smallest interval that turns the notes of their key's
scale into those of the jam's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from audiogroove.errors import RequestRefused, TakeFault, TakeRefused
from audiogroove.jam.repeating import copied
from audiogroove.jam.settings import Seat, Settings
from audiogroove.jam.transposing import interval, transposed, within_reach
from audiogroove.music import theory
from audiogroove.music.instruments import instrument
from audiogroove.music.piece import (
    MAX_BARS,
    MAX_MELODIC_PARTS,
    MAX_NOTES,
    STEPS_PER_QUARTER,
    Meter,
    Part,
    Piece,
)

MAX_TAKE_NOTES = 4_000  # so that one player's file does not use up the piece's MAX_NOTES
TAIL_STEPS = 6  # that a last note sounds on beyond a bar line make no further bar


@dataclass(frozen=True, slots=True)
class _Phrase:
    """What is taken of a file: parts whose notes count from its beginning, and its length."""

    parts: tuple[Part, ...]
    steps: int


def fitted_section(file: Piece, base: Piece | None, settings: Settings) -> Piece:
    """Make a file's music the next bars of a piece; with no piece yet, its beginning.

    What the file plays on an instrument goes on in that instrument's part; instruments that the
    piece lacks come in anew, before the drums. `file` has at least one note.

    A file that does not fit ends in TakeRefused (METER, TOO_MANY_PARTS or TOO_MANY_NOTES), and
    bars that no piece may have in RequestRefused.
    """
    phrase = _phrase(file, [part for part in file.parts if part.notes], settings)
    _check_notes(phrase, base, settings)
    semitones = _semitones(file, settings)
    paper, start = (_prolonged(base, settings), base.steps) if base else (_paper(settings), 0)
    filled = [
        _filled(transposed(part, semitones), phrase.steps, start, settings)
        for part in phrase.parts
        if part.notes
    ]
    return _with_parts(paper, _joined(paper.parts, filled))


def fitted_part(file: Piece, base: Piece | None, settings: Settings, seat: Seat) -> Piece:
    """Add a file's music for a seat, as its part, to a piece in the jam's bars that lacks it.

    The seat of the drums takes the file's drums; another takes the part for the same instrument,
    else one of the same family, else the one with most notes, and moves it by octaves where most
    of it would be out of the instrument's range. With no piece yet, the part is alone.

    A file that does not fit ends in TakeRefused (any `TakeFault`).
    """
    player = seat.part
    phrase = _phrase(file, [_part_for(file, seat)], settings)
    _check_notes(phrase, base, settings)
    (part,) = phrase.parts
    moved = within_reach(transposed(part, _semitones(file, settings)), player)
    seated = replace(_filled(moved, phrase.steps, 0, settings), program=player.program)
    paper = base or _paper(settings)
    return _with_parts(paper, _with_new(paper.parts, [seated]))


# Which bars.


def _phrase(file: Piece, parts: Sequence[Part], settings: Settings) -> _Phrase:
    """Cut out of a file what these parts play from their first bar on, at most a turn's bars.

    Raises:
        TakeRefused: when one of these bars is in another meter than the jam (METER).
    """
    notes = [note for part in parts for note in part.notes]
    first = file.bar_at(min(note.onset for note in notes))
    last_step = max(max(note.onset, note.end - 1 - TAIL_STEPS) for note in notes)
    past = min(file.bar_at(last_step) + 1, first + settings.bars)
    for bar in range(first, past):
        meter = file.meter_at(bar)
        if not _is_alike(meter, settings.meter):
            found, wanted = str(meter), str(settings.meter)
            raise TakeRefused(TakeFault.METER, found=found, wanted=wanted)
    start, end = file.bar_lines[first], file.bar_lines[past]
    cut = (replace(part, notes=tuple(copied(part.notes, start, end, to=0))) for part in parts)
    return _Phrase(tuple(cut), end - start)


def _is_alike(one: Meter, other: Meter) -> bool:
    """Tell whether bars are as long and fall into beats in the same way: 2/2 and 4/4, not 6/8."""
    dotted = 3 * STEPS_PER_QUARTER // 4
    beats = {(meter.bar_steps, meter.beat_steps % dotted == 0) for meter in (one, other)}
    return len(beats) == 1


def _filled(part: Part, phrase_steps: int, start: int, settings: Settings) -> Part:
    """Play a part of a phrase from step `start` on, over and over until a turn's bars are full."""
    steps = _turn_steps(settings)
    notes = (
        note
        for at in range(0, steps, phrase_steps)
        for note in copied(part.notes, 0, min(phrase_steps, steps - at), to=start + at)
    )
    return replace(part, notes=tuple(notes))


def _semitones(file: Piece, settings: Settings) -> int:
    found = file.key or theory.find_key(file)
    return interval(found, settings.key) if found else 0


def _turn_steps(settings: Settings) -> int:
    return settings.bars * settings.meter.bar_steps


def _check_notes(phrase: _Phrase, base: Piece | None, settings: Settings) -> None:
    """Count the notes of the full bars before any of them is made.

    Raises:
        TakeRefused: when they are too many for a take or for the piece (TOO_MANY_NOTES).
    """
    steps = _turn_steps(settings)
    count = sum(
        -(-(steps - note.onset) // phrase.steps) for part in phrase.parts for note in part.notes
    )
    room = min(MAX_TAKE_NOTES, MAX_NOTES - (base.note_count if base else 0))
    if count > room:
        found, wanted = f"{count:,}", f"{room:,}"
        raise TakeRefused(TakeFault.TOO_MANY_NOTES, found=found, wanted=wanted)


# Which parts.


def _part_for(file: Piece, seat: Seat) -> Part:
    """Choose the part of a file that suits a seat best.

    Raises:
        TakeRefused: when there is none (NO_DRUMS, ONLY_DRUMS).
    """
    player = seat.part
    fits = [part for part in file.parts if part.notes and part.is_drums == player.is_drums]
    if not fits:
        fault = TakeFault.NO_DRUMS if player.is_drums else TakeFault.ONLY_DRUMS
        raise TakeRefused(fault, wanted=seat.word)
    return max(
        fits,
        key=lambda part: (
            part.program == player.program,
            instrument(part.program, is_drums=part.is_drums).family == player.family,
            len(part.notes),
        ),
    )


def _joined(standing: Sequence[Part], new: Sequence[Part]) -> list[Part]:
    """Let new notes go on in the parts of their instrument, the first's in the first."""
    parts = list(standing)
    free = list(range(len(parts)))
    strangers = []
    for part in new:
        voice = (part.program, part.is_drums)
        at = next((at for at in free if (parts[at].program, parts[at].is_drums) == voice), None)
        if at is None:
            strangers.append(part)
        else:
            free.remove(at)
            parts[at] = replace(parts[at], notes=parts[at].notes + part.notes)
    return _with_new(parts, strangers)


def _with_new(standing: Sequence[Part], new: Sequence[Part]) -> list[Part]:
    """Add parts under names of their own, drums last."""
    parts = list(standing)
    for part in sorted(new, key=lambda part: part.is_drums):
        named = replace(part, name=_name(part, parts))
        before_drums = bool(parts) and parts[-1].is_drums and not part.is_drums
        parts.insert(len(parts) - before_drums, named)
    return parts


def _name(part: Part, standing: Sequence[Part]) -> str:
    """Name a part after its instrument: "Violin", and the next "Violin 2"."""
    word = instrument(part.program, is_drums=part.is_drums).word.capitalize()
    taken = {other.name for other in standing}
    names = [word, *(f"{word} {count}" for count in range(2, len(standing) + 2))]
    return next(name for name in names if name not in taken)


# The paper.


def _paper(settings: Settings) -> Piece:
    tempo_bpm = round(settings.tempo_bpm, 2)
    meters = ((0, settings.meter),)
    return Piece((), settings.bars, meters, ((0, tempo_bpm),), settings.key)


def _prolonged(base: Piece, settings: Settings) -> Piece:
    """Add a turn's empty bars, in the jam's meter and tempo, at the end of a piece.

    Raises:
        RequestRefused: when they would be more than a piece may have.
    """
    bars = base.bars + settings.bars
    if bars > MAX_BARS:
        raise RequestRefused("bars", asked=bars, possible=f"pieces of up to {MAX_BARS} bars")
    meters, tempos = base.meters, base.tempos
    if meters[-1][1] != settings.meter:
        meters = (*meters, (base.bars, settings.meter))
    tempo_bpm = round(settings.tempo_bpm, 2)
    if tempos[-1][1] != tempo_bpm:
        tempos = (*tempos, (base.steps, tempo_bpm))
    return replace(base, bars=bars, meters=meters, tempos=tempos)


def _with_parts(paper: Piece, parts: Sequence[Part]) -> Piece:
    """Put parts on paper.

    Raises:
        TakeRefused: when they are more than a piece may have (TOO_MANY_PARTS).
    """
    drums = sum(part.is_drums for part in parts)
    melodic = len(parts) - drums
    if drums > 1 or melodic > MAX_MELODIC_PARTS:
        found, wanted = str(len(parts)), str(MAX_MELODIC_PARTS)
        raise TakeRefused(TakeFault.TOO_MANY_PARTS, found=found, wanted=wanted)
    return paper.with_parts(parts)
