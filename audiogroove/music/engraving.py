"""How a piece is written down: staves, clefs, voices, note values, ties and triplets.

Pure decisions, no drawing: `audiogroove.music.notation` turns them into a score, and what it
reads of one is put together again here. Nothing is
rounded: every duration on the grid can be written, if need be as several tied note values or as
parts of a triplet. Only a drum stroke has no length of its own; it is written until the next.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import mean, median
from types import MappingProxyType
from typing import Literal

from audiogroove.music.beams import Beam, beams
from audiogroove.music.hands import two_hands
from audiogroove.music.instruments import instrument
from audiogroove.music.piece import STEPS_PER_QUARTER, Key, Meter, Note, Part, Piece
from audiogroove.music.theory import fifths

Clef = Literal["treble", "treble8va", "treble8vb", "alto", "bass", "bass8vb", "percussion"]
Place = Literal["start", "inside", "stop"]


@dataclass(frozen=True, slots=True)
class Sign:
    """One written note, chord (several pitches) or rest (none)."""

    onset: int  # steps from the bar's beginning
    steps: int  # 1..
    value: str  # "whole", "half", "quarter", "eighth", "16th", "32nd"; "" is a whole bar's rest
    dots: int = 0
    tuplet: tuple[Place, str] | None = None  # in three for two of such a value
    notes: tuple[Note, ...] = ()
    is_tied_from: bool = False  # to the sign before it in its voice
    is_tied_on: bool = False  # to the sign after it
    beams: tuple[Beam, ...] = ()  # the one nearest the stem's end first
    is_hidden: bool = False  # a rest that only fills a voice while others play


@dataclass(frozen=True, slots=True)
class Staff:
    """Bars, of which each has at least one voice, of which each is signs without gaps."""

    clef: Clef
    bars: tuple[tuple[tuple[Sign, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class _Chord:
    onset: int
    end: int
    notes: tuple[Note, ...]


_GRAND_FAMILIES = ("piano", "organ")
_HARP, _VIOLA, _DOUBLE_BASS = 46, 41, 43
_MIDDLE_C = 60
_GRAND_SPAN = (52, 68)  # a part that goes beyond both needs two staves
_HAND_SPAN = 30  # semitones that nearly all notes of one hand's part lie within
_BASS_PLAYERS, _LOW_SPLIT = frozenset({42, 47, 57, 58, 70}), 67  # cello to bassoon: by custom
_CLEF_SPLIT = 57  # the median pitch at which the treble clef begins
_HIGH_MEDIAN = 85

# By length in steps; (value, dots). Longer notes are tied.
_PLAIN = MappingProxyType({
    72: ("whole", 1), 48: ("whole", 0), 36: ("half", 1), 24: ("half", 0), 18: ("quarter", 1),
    12: ("quarter", 0), 9: ("eighth", 1), 6: ("eighth", 0), 3: ("16th", 0),
})  # fmt: skip
_IN_TRIPLETS = MappingProxyType({
    16: ("half", 0), 8: ("quarter", 0), 6: ("eighth", 1), 4: ("eighth", 0),
    3: ("16th", 1), 2: ("16th", 0), 1: ("32nd", 0),
})  # fmt: skip
_TRIPLET_UNITS = MappingProxyType({24: "quarter", 12: "eighth", 6: "16th", 3: "32nd"})


def engrave(part: Part, piece: Piece) -> tuple[Staff, ...]:
    """Decide how a part of a piece is written: on one staff or, for two hands, on two."""
    if part.is_drums:
        return (_staff("percussion", [list(_strokes(part, piece))], piece),)
    return tuple(
        _staff(_clef(part.program, notes), _voices(notes), piece) for notes in _hands(part, piece)
    )


def pairs(piece: Piece) -> list[tuple[int, int]]:
    """Find parts, by their places, that are the right and the left hand of one player.

    Files of keyboard music often have a track a hand: neighbours for the same instrument, none
    else for it, the first one higher, and neither so wide that it needed two hands itself.
    """
    found = []
    players = Counter(part.program for part in piece.parts if not part.is_drums)
    for at, (one, two) in enumerate(pairwise(piece.parts)):
        is_pair = one.program == two.program and players[one.program] == 2
        if is_pair and _is_keyboard(one) and _is_hand(one) and _is_hand(two):
            middle = [mean(note.pitch for note in part.notes) for part in (one, two)]
            found += [(at, at + 1)] if middle[0] > middle[1] else []
    return found


def _is_keyboard(part: Part) -> bool:
    family = instrument(part.program, is_drums=part.is_drums).family
    return family in _GRAND_FAMILIES or (part.program == _HARP and not part.is_drums)


def _is_hand(part: Part) -> bool:
    pitches = sorted(note.pitch for note in part.notes)
    tenth = len(pitches) // 10
    return bool(pitches) and pitches[-1 - tenth] - pitches[tenth] <= _HAND_SPAN


def _hands(part: Part, piece: Piece) -> list[list[Note]]:
    notes = list(part.notes)
    pitches = [note.pitch for note in notes]
    low, high = _GRAND_SPAN
    is_one_hand = any(part in (piece.parts[one], piece.parts[two]) for one, two in pairs(piece))
    if (
        _is_keyboard(part)
        and not is_one_hand
        and notes
        and min(pitches) < low
        and max(pitches) > high
    ):
        return list(two_hands(notes))
    return [notes]


def _clef(program: int, notes: list[Note]) -> Clef:
    family = instrument(program).family
    if family == "guitar":  # written an octave above its sound, as bass and double bass
        return "treble8vb"
    if family == "bass" or program == _DOUBLE_BASS:
        return "bass8vb"
    if program == _VIOLA:
        return "alto"
    middle = median(note.pitch for note in notes) if notes else _MIDDLE_C
    high: Clef = "treble8va" if middle >= _HIGH_MEDIAN else "treble"
    split = _LOW_SPLIT if program in _BASS_PLAYERS else _CLEF_SPLIT
    return high if middle >= split else "bass"


def _voices(notes: list[Note]) -> list[list[_Chord]]:
    """Join what begins and ends together, and put what overlaps into different voices."""
    by_span = sorted(notes, key=lambda note: (note.onset, note.duration))
    chords = [
        _Chord(onset, onset + duration, tuple(sorted(chord)))
        for (onset, duration), chord in groupby(by_span, lambda note: (note.onset, note.duration))
    ]
    chords.sort(key=lambda chord: (chord.onset, -chord.notes[-1].pitch))
    voices: list[list[_Chord]] = [[]]
    for chord in chords:
        free = [voice for voice in voices if not voice or voice[-1].end <= chord.onset]
        if not free:
            voices.append([])
        (free[0] if free else voices[-1]).append(chord)
    return voices


def _strokes(part: Part, piece: Piece) -> Iterator[_Chord]:
    # A stroke rings as long as it likes: written until the next one, the beat or the bar ends.
    lines = piece.bar_lines
    by_onset = [tuple(notes) for _, notes in groupby(part.notes, lambda note: note.onset)]
    following = [*(notes[0].onset for notes in by_onset[1:]), piece.steps]
    for notes, until in zip(by_onset, following, strict=False):  # of none, none follows
        onset = notes[0].onset
        bar = piece.bar_at(onset)
        beat = STEPS_PER_QUARTER - (onset - lines[bar]) % STEPS_PER_QUARTER
        yield _Chord(onset, min(until, onset + beat, lines[bar + 1]), notes)


def _staff(clef: Clef, voices: list[list[_Chord]], piece: Piece) -> Staff:
    by_bar: list[list[list[_Chord]]] = [[[] for _ in voices] for _ in range(piece.bars)]
    for number, voice in enumerate(voices):
        for chord in voice:
            for bar in range(piece.bar_at(chord.onset), piece.bar_at(chord.end - 1) + 1):
                by_bar[bar][number].append(chord)
    bars = []
    for bar, here in enumerate(by_bar):
        start, meter = piece.bar_lines[bar], piece.meter_at(bar)
        voices_here = sorted((voice for voice in here if voice), key=_height, reverse=True)
        written = [_signs(voice, start, meter, clef) for voice in voices_here]
        shown = _without_idle_rests([_beamed(list(signs), meter) for signs in written])
        bars.append(shown or ((Sign(0, meter.bar_steps, ""),),))
    return Staff(clef, tuple(bars))


def _height(voice: list[_Chord]) -> float:
    return mean(chord.notes[-1].pitch + chord.notes[0].pitch for chord in voice)


def _beamed(voice: list[Sign], meter: Meter) -> list[Sign]:
    rows = zip(voice, beams(voice, meter), strict=True)
    return [replace(sign, beams=row) if row else sign for sign, row in rows]


def _without_idle_rests(voices: list[list[Sign]]) -> tuple[tuple[Sign, ...], ...]:
    # Lower voices never show their rests, the highest only where nothing else sounds.
    def is_idle(rest: Sign, voice: list[Sign]) -> bool:
        return voice is not voices[0] or set(range(rest.onset, rest.onset + rest.steps)) <= sounds

    sounds = {
        step
        for voice in voices
        for sign in voice
        for step in range(sign.onset, sign.onset + sign.steps)
        if sign.notes
    }
    return tuple(
        tuple(
            sign if sign.notes or not is_idle(sign, voice) else replace(sign, is_hidden=True)
            for sign in voice
        )
        for voice in voices
    )


def _signs(voice: list[_Chord], start: int, meter: Meter, clef: Clef) -> Iterator[Sign]:
    # What of a voice falls into the bar that begins at `start`, rests included.
    # A stroke is one sign: what no single value can tell of its length is silence.
    spans = _with_rests(voice, start, meter.bar_steps)
    triplets = list(_triplets({onset for onset, _, _ in spans}, meter))
    for onset, end, chord in spans:
        for at, steps, triplet in _values(onset, end, triplets, meter, is_rest=chord is None):
            value, dots = (_IN_TRIPLETS if triplet else _PLAIN)[steps]
            is_struck = clef == "percussion"
            sounds = chord is not None and not (is_struck and at > onset)
            yield Sign(
                onset=at,
                steps=steps,
                value=value,
                dots=dots,
                tuplet=_place(at, at + steps, triplet),
                notes=chord.notes if chord and sounds else (),
                is_tied_from=not is_struck and chord is not None and start + at > chord.onset,
                is_tied_on=not is_struck and chord is not None and start + at + steps < chord.end,
            )


def _with_rests(
    voice: list[_Chord], start: int, bar_steps: int
) -> list[tuple[int, int, _Chord | None]]:
    spans: list[tuple[int, int, _Chord | None]] = []
    reached = 0
    for chord in voice:
        onset, end = max(0, chord.onset - start), min(bar_steps, chord.end - start)
        if onset > reached:
            spans.append((reached, onset, None))
        spans.append((onset, end, chord))
        reached = end
    if reached < bar_steps:
        spans.append((reached, bar_steps, None))
    return spans


def _triplets(bounds: set[int], meter: Meter) -> Iterator[tuple[int, int]]:
    # The stretches of a bar, in steps from its beginning, that must be written in triplets.
    unit = next(unit for unit in (12, 6, 3) if meter.beat_steps % unit == 0 or unit == 3)
    start = 0
    while start < meter.bar_steps:
        half = {bound - start for bound in bounds if 0 < bound - start < 24}
        if unit == 12 and start % 24 == 0 and start + 24 <= meter.bar_steps and half in _LARGE:
            yield start, start + 24
            start += 24
            continue
        yield from _triplets_within(bounds, start, start + unit)
        start += unit


_LARGE = ({8}, {16}, {8, 16})  # triplet quarters, two of them perhaps joined


def _triplets_within(bounds: set[int], start: int, end: int) -> Iterator[tuple[int, int]]:
    inside = [bound - start for bound in bounds if start < bound < end]
    if all(bound % 3 == 0 for bound in inside):
        return
    middle = start + (end - start) // 2
    if middle in bounds and (end - start) % 6 == 0:
        yield from _triplets_within(bounds, start, middle)
        yield from _triplets_within(bounds, middle, end)
    else:
        yield start, end


def _values(
    onset: int, end: int, triplets: list[tuple[int, int]], meter: Meter, *, is_rest: bool
) -> Iterator[tuple[int, int, tuple[int, int] | None]]:
    # Cuts a stretch of a bar into what single note values can tell: (onset, steps, triplet).
    while onset < end:
        triplet = next((span for span in triplets if span[0] <= onset < span[1]), None)
        if triplet:
            left = min(end, triplet[1]) - onset
            steps = next(steps for steps in _IN_TRIPLETS if steps <= left)
        else:
            left = min([end, *(span[0] for span in triplets if span[0] > onset)]) - onset
            steps = next(
                steps
                for steps in _PLAIN
                if steps <= left and _reads_well(onset, steps, meter, is_rest=is_rest)
            )
        yield onset, steps, triplet
        onset += steps


def _reads_well(onset: int, steps: int, meter: Meter, *, is_rest: bool) -> bool:
    """Whether a note value at this place of the bar lets the beats be seen."""
    beat = meter.beat_steps
    if beat % 9 == 0:  # compound: whole beats, or within one
        whole = onset % beat == 0 and steps % beat == 0
        return whole or steps == 3 or onset // beat == (onset + steps - 1) // beat
    if is_rest and (steps % 9 == 0 or (steps > beat and meter.numerator % 2)):
        return False  # rests show every beat: no dots, and in 3/4 nothing longer than one
    if steps % 9:  # without a dot: in its place, or syncopated by half of its length
        return onset % steps == 0 or (not is_rest and onset % (2 * steps) == steps // 2)
    base = steps // 3 * 2  # with a dot: in its place, ending there, or on a beat
    in_place = onset % (2 * base) == 0
    ends_well = (onset + steps) % (2 * base) == 0 or (base >= beat and onset % base == 0)
    return in_place or ends_well


def _place(onset: int, end: int, triplet: tuple[int, int] | None) -> tuple[Place, str] | None:
    if triplet is None:
        return None
    place: Place = "inside"
    if onset == triplet[0]:
        place = "start"
    elif end == triplet[1]:
        place = "stop"
    return place, _TRIPLET_UNITS[triplet[1] - triplet[0]]


def spell(pitch: int, key: Key) -> tuple[str, int, int]:
    """Spell a pitch as music in a key would: (letter A..G, semitones raised, octave).

    Middle C is ("C", 0, 4). Twelve neighbours on the line of fifths are the names in use
    (Temperley, "The Cognition of Basic Musical Structures", 2001, chapter 5): in C major from
    A flat to C sharp, in A minor from E flat to G sharp, its raised seventh.
    """
    lowest = fifths(key) - (4 if key.mode == "major" else 3)  # F is -1, C 0, G 1, ...
    place = lowest + (pitch * 7 - lowest) % 12
    raised, letter = divmod(place + 1, 7)
    return "FCGDAEB"[letter], raised, (pitch - raised) // 12 - 1


@dataclass(frozen=True, slots=True)
class Head:
    """What a reader finds of a note: all of it, or what one of several tied signs tells."""

    note: Note
    is_tied_from: bool
    is_tied_on: bool


def untied(heads: Iterable[Head]) -> list[Note]:
    """Join tied heads into notes; a tie that leads nowhere is ignored."""
    notes: list[Note] = []
    pending: dict[int, int] = {}  # where in `notes` a pitch stands that is to go on
    for head in sorted(heads, key=lambda head: (head.note.onset, head.note.pitch)):
        note, at = head.note, pending.pop(head.note.pitch, None)
        if head.is_tied_from and at is not None and notes[at].end == note.onset:
            notes[at] = replace(notes[at], duration=note.end - notes[at].onset)
        else:
            at = len(notes)
            notes.append(note)
        if head.is_tied_on:
            pending[note.pitch] = at
    return notes


def lawful(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Order notes as a part wants them, each onset and pitch once and none overlapping.

    Of two that begin together on one pitch the longer stays; a note ends where its own pitch
    sounds again.
    """
    by_length = sorted(notes, key=lambda note: note.duration)
    longest = {(note.pitch, note.onset): note for note in by_length}
    rows = [longest[at] for at in sorted(longest)]
    cut = [
        replace(one, duration=min(one.duration, two.onset - one.onset))
        if one.pitch == two.pitch
        else one
        for one, two in pairwise(rows)
    ]
    return tuple(sorted([*cut, *rows[-1:]]))


def one_kit(parts: list[Part]) -> list[Part]:
    """Give all drums to the first drummer."""
    kit = [part for part in parts if part.is_drums]
    hits = lawful(note for part in kit for note in part.notes)
    return [
        replace(part, notes=hits) if part.is_drums else part
        for part in parts
        if not part.is_drums or part is kit[0]
    ]
