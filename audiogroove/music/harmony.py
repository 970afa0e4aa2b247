"""Chords: which one explains what sounds, and its Roman numeral in a key.

*Sounding* notes are (pitch, first step, steps); pitch classes are 0 (C) .. 11 (B).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from audiogroove.music.piece import Key

Sounding = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Chord:
    """A triad or seventh chord: its root, the semitones above it, and what lies lowest."""

    root: int  # 0..11
    semitones: tuple[int, ...]  # a key of _SIGNS
    bass: int  # 0..11


# Semitones above the root: (minor numeral?, sign, cost). Rarer chords must explain more.
_SIGNS = {
    (0, 4, 7): (False, "", 0.0),
    (0, 3, 7): (True, "", 0.0),
    (0, 4, 7, 10): (False, "", 0.12),
    (0, 3, 7, 10): (True, "", 0.2),
    (0, 4, 7, 11): (False, "maj", 0.25),
    (0, 3, 6): (True, "o", 0.1),
    (0, 3, 6, 10): (True, "\N{LATIN SMALL LETTER O WITH STROKE}", 0.2),
    (0, 3, 6, 9): (True, "o", 0.2),
    (0, 4, 8): (False, "+", 0.3),
}
_INVERSIONS = {3: ("", "6", "64"), 4: ("7", "65", "43", "42")}
_DEGREES = {  # by semitones above the tonic
    "major": ("I", "bII", "II", "bIII", "III", "IV", "#IV", "V", "bVI", "VI", "bVII", "VII"),
    "minor": ("I", "bII", "II", "III", "#III", "IV", "#IV", "V", "VI", "#VI", "VII", "#VII"),
}

_ROOT_BONUS = 0.15  # where the bass is the root, in the share of the time that is explained
_ABSENT_COST = 0.12  # for each note of the chord that does not sound
_CHANGE_COST = 0.25  # two chords in a bar must explain so much more than one


def find_chord(sounding: Sequence[Sounding]) -> Chord | None:
    """Tell the chord that explains most of what sounds; None in silence.

    A chord is worth the share of time of the notes that belong to it less that of the others;
    the bass is the lowest of the notes that begin first.
    """
    return _best(sounding)[0]


def find_chords(sounding: Sequence[Sounding], start: int, end: int) -> tuple[Chord, ...]:
    """Tell the chord of a bar [start, end) in steps, or two where each half has its own."""
    halves = ((start, (start + end) // 2), ((start + end) // 2, end))
    whole, worth = _best(_within(sounding, start, end))
    found = [_best(_within(sounding, *half)) for half in halves]
    first, second = (chord for chord, _ in found)
    split = sum(each for _, each in found) / 2
    if whole and first and second and first != second and split > worth + _CHANGE_COST:
        return (first, second)
    return (whole,) if whole else ()


def numeral(chord: Chord, key: Key) -> str:
    """Name a chord by its degree in a key and its inversion, such as "V65", "iio6" or "bVI"."""
    is_minor, sign, _ = _SIGNS[chord.semitones]
    degree = _DEGREES[key.mode][(chord.root - key.tonic) % 12]
    if is_minor:
        degree = degree.translate({ord(big): small for big, small in zip("IV", "iv", strict=True)})
    above = (chord.bass - chord.root) % 12
    place = chord.semitones.index(above) if above in chord.semitones else 0
    return degree + sign + _INVERSIONS[len(chord.semitones)][place]


def _within(sounding: Iterable[Sounding], start: int, end: int) -> list[Sounding]:
    cut = ((pitch, max(onset, start), min(onset + steps, end)) for pitch, onset, steps in sounding)
    return [(pitch, onset, past - onset) for pitch, onset, past in cut if past > onset]


def _best(sounding: Sequence[Sounding]) -> tuple[Chord | None, float]:
    if not sounding:
        return None, 0.0
    first = min(onset for _, onset, _ in sounding)
    bass = min(pitch for pitch, onset, _ in sounding if onset == first) % 12
    whole = sum(steps for _, _, steps in sounding)
    weights = [0.0] * 12
    for pitch, _, steps in sounding:
        weights[pitch % 12] += steps / whole

    def worth(chord: Chord) -> float:
        tones = [weights[(chord.root + above) % 12] for above in chord.semitones]
        cost = _SIGNS[chord.semitones][2] + _ABSENT_COST * tones.count(0.0)
        return 2 * sum(tones) - 1 - cost + _ROOT_BONUS * (chord.root == bass)

    best = max((Chord(root, kind, bass) for kind, root in product(_SIGNS, range(12))), key=worth)
    return best, worth(best)
