"""Keys, scales and meters: finding them in music and reading them from what people type.

Pitch classes are 0 (C) .. 11 (B); time is in steps, as in `audiogroove.music.piece`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from audiogroove.errors import RequestRefused
from audiogroove.music.piece import Key, Meter, Mode, Piece

_LETTERS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_ACCIDENTALS = {"#": 1, "♯": 1, "sharp": 1, "b": -1, "♭": -1, "flat": -1, "": 0}

# As they are written most often: at most six accidentals, flats for Eb minor.
_MAJOR_NAMES = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_MINOR_NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B")
_MAJOR_FIFTHS = (0, -5, 2, -3, 4, -1, 6, 1, -4, 3, -2, 5)


@dataclass(frozen=True, slots=True)
class ScaleKind:
    """A scale without its tonic: semitones above it, and the family of keys it belongs to."""

    mode: Mode
    semitones: tuple[int, ...]  # rising from 0, each below 12
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scale:
    """The pitch classes (0..11) that a piece may use, and the one it calls home."""

    name: str  # a name in SCALES
    tonic: int  # 0..11
    pitch_classes: frozenset[int]


SCALES: Mapping[str, ScaleKind] = MappingProxyType(
    {
        "major": ScaleKind("major", (0, 2, 4, 5, 7, 9, 11), ("", "maj", "dur", "ionian")),
        # Music in a minor key raises its sixth and seventh degrees at will.
        "minor": ScaleKind("minor", (0, 2, 3, 5, 7, 8, 9, 10, 11), ("m", "min", "mi", "moll")),
        "natural minor": ScaleKind(
            "minor", (0, 2, 3, 5, 7, 8, 10), ("aeolian", "natural", "pure minor")
        ),
        "harmonic minor": ScaleKind("minor", (0, 2, 3, 5, 7, 8, 11), ("harmonic",)),
        "melodic minor": ScaleKind("minor", (0, 2, 3, 5, 7, 9, 11), ("melodic", "jazz minor")),
        "dorian": ScaleKind("minor", (0, 2, 3, 5, 7, 9, 10), ("dor",)),
        "phrygian": ScaleKind("minor", (0, 1, 3, 5, 7, 8, 10), ("phr", "phryg")),
        "lydian": ScaleKind("major", (0, 2, 4, 6, 7, 9, 11), ("lyd",)),
        "mixolydian": ScaleKind("major", (0, 2, 4, 5, 7, 9, 10), ("mix", "mixo")),
        "locrian": ScaleKind("minor", (0, 1, 3, 5, 6, 8, 10), ("loc",)),
        "major pentatonic": ScaleKind("major", (0, 2, 4, 7, 9), ("pentatonic", "penta", "pent")),
        "minor pentatonic": ScaleKind("minor", (0, 3, 5, 7, 10), ("m pentatonic", "m pent")),
        "blues": ScaleKind("minor", (0, 3, 5, 6, 7, 10), ("minor blues", "bluesy")),
        "major blues": ScaleKind("major", (0, 2, 3, 4, 7, 9)),
        "phrygian dominant": ScaleKind("major", (0, 1, 4, 5, 7, 8, 10), ("spanish", "freygish")),
        "double harmonic": ScaleKind("major", (0, 1, 4, 5, 7, 8, 11), ("byzantine", "arabic")),
        "hungarian minor": ScaleKind("minor", (0, 2, 3, 6, 7, 8, 11), ("hungarian",)),
        "whole tone": ScaleKind("major", (0, 2, 4, 6, 8, 10), ("wholetone",)),
        "octatonic": ScaleKind("minor", (0, 2, 3, 5, 6, 8, 9, 11), ("diminished",)),
        "chromatic": ScaleKind("major", tuple(range(12)), ("all", "atonal")),
    }
)
_SCALE_NAMES = {alias: name for name, kind in SCALES.items() for alias in (name, *kind.aliases)}

_POSSIBLE_KEYS = "a note and a scale, such as C major, F# minor, Bb, Dm, E dorian or A blues"
_POSSIBLE_METERS = "2/4, 3/4, 4/4, 5/4, 6/8, 7/8, 9/8, 12/8 and their like"


def parse_key(text: str) -> tuple[Key, Scale]:
    """Read a key as people type it: "D minor", "Dm", "F# major", "Bb", "eb dorian", "E blues".

    A note alone is its major key, whatever its case; the key of a scale that is neither major
    nor minor is the major or minor one it stands nearest to.

    Raises:
        RequestRefused: when it is no key.
    """
    # "Bblues" is B blues and "Bb lues" is nothing: with an accidental first, then without.
    for pattern in (r"([a-g])[\s-]*(♯|♭|#|sharp|flat)(.*)", r"([a-g])(b)(.*)", r"([a-g])()(.*)"):
        match = re.fullmatch(pattern, text.strip(), re.IGNORECASE)
        name = match and _scale_name(match[3])
        if match and name:
            tonic = (_LETTERS[match[1].lower()] + _ACCIDENTALS[match[2].lower()]) % 12
            return Key(tonic, SCALES[name].mode), scale_on(tonic, name)
    raise RequestRefused("key", asked=text, possible=_POSSIBLE_KEYS)


def scale_on(tonic: int, name: str) -> Scale:
    """Build the scale of SCALES that has this name on a tonic (0..11)."""
    classes = frozenset((tonic + above) % 12 for above in SCALES[name].semitones)
    return Scale(name, tonic, classes)


def _scale_name(text: str) -> str | None:
    if text.strip() == "M":  # DM against Dm: the one place where case speaks
        return "major"
    words = re.sub(r"[\s_-]+", " ", text).strip().lower()
    words = words.removesuffix(" scale").removesuffix(" mode").removesuffix(" key")
    one_word = {name.replace(" ", ""): name for name in SCALES}
    turned = " ".join(reversed(words.split(" ")))  # "A minor harmonic"
    return _SCALE_NAMES.get(words) or one_word.get(words) or _SCALE_NAMES.get(turned)


def key_name(key: Key) -> str:
    """Name a key in ASCII as it is most often written, such as "Eb major" or "F# minor"."""
    names = _MAJOR_NAMES if key.mode == "major" else _MINOR_NAMES
    return f"{names[key.tonic]} {key.mode}"


def scale_name(scale: Scale) -> str:
    """Name a scale such that `parse_key` reads it back, such as "Eb dorian"."""
    names = _MAJOR_NAMES if SCALES[scale.name].mode == "major" else _MINOR_NAMES
    return f"{names[scale.tonic]} {scale.name}"


def tonic_chord(key: Key) -> frozenset[int]:
    """Give the pitch classes of a key's tonic triad."""
    third = 4 if key.mode == "major" else 3
    return frozenset((key.tonic + interval) % 12 for interval in (0, third, 7))


def fifths(key: Key) -> int:
    """Tell the key's signature: sharps are positive, flats negative, -6..6 as `key_name` spells."""
    if key.mode == "major":
        return _MAJOR_FIFTHS[key.tonic]
    return _MAJOR_FIFTHS[(key.tonic + 3) % 12] if key.tonic != 3 else -6


def parse_meter(text: str) -> Meter:
    """Read a time signature such as "6/8", "common" or "cut".

    Raises:
        RequestRefused: when it is none, or its bar is no whole number of steps.
    """
    words = text.strip().lower().removesuffix(" time")
    words = {"common": "4/4", "c": "4/4", "cut": "2/2", "alla breve": "2/2"}.get(words, words)
    match = re.fullmatch(r"([0-9]{1,2})\s*/\s*([0-9]{1,2})", words)
    try:
        if match:
            return Meter(int(match[1]), int(match[2]))
    except ValueError as error:
        raise RequestRefused("meter", asked=text, possible=_POSSIBLE_METERS) from error
    raise RequestRefused("meter", asked=text, possible=_POSSIBLE_METERS)


# How much each degree of major and of minor is heard: the share of notes in a corpus of common
# practice music, from Albrecht and Shanahan, "The Use of Large Corpora to Train a New Type of
# Key-Finding Algorithm", Music Perception 31(1), 2013. Measured against Krumhansl and Kessler's
# and Temperley's profiles on this project's corpus, it agreed with the editors' keys most often.
_MAJOR_PROFILE = (
    0.238,
    0.006,
    0.111,
    0.006,
    0.137,
    0.094,
    0.016,
    0.214,
    0.009,
    0.080,
    0.008,
    0.081,
)
_MINOR_PROFILE = (
    0.220,
    0.006,
    0.104,
    0.123,
    0.019,
    0.103,
    0.012,
    0.214,
    0.062,
    0.022,
    0.061,
    0.052,
)

_LONGEST_STEPS = 48  # a note held longer says no more about the key
_BASS_WEIGHT = 2.0  # of a note that is the lowest where it begins
_FINAL_STEPS = 3  # what still sounds this long before the end is the final chord
_FINAL_BONUS = 0.07  # in correlation, for the key whose tonic is the bass of the final chord
_FIRST_BONUS = 0.03  # and for the one whose tonic is the bass of the first

_Integers = npt.NDArray[np.integer]


def _unit_rows(rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    centred = rows - rows.mean(axis=-1, keepdims=True)
    unit: npt.NDArray[np.float64] = centred / np.linalg.norm(centred, axis=-1, keepdims=True)
    return unit


# (24 keys, 12 pitch classes): majors from C upwards, then minors.
_PROFILES = _unit_rows(
    np.array(
        [
            np.roll(profile, tonic)
            for profile in (_MAJOR_PROFILE, _MINOR_PROFILE)
            for tonic in range(12)
        ]
    )
)


def find_key(piece: Piece) -> Key | None:
    """Tell the key that a piece is most probably in, or None when it has no pitched notes.

    See `find_key_of` for how.
    """
    notes = [note for part in piece.parts if not part.is_drums for note in part.notes]
    return find_key_of(
        np.array([note.pitch for note in notes], dtype=np.int64),
        np.array([note.duration for note in notes], dtype=np.int64),
        np.array([note.onset for note in notes], dtype=np.int64),
    )


def find_key_of(pitches: _Integers, durations: _Integers, onsets: _Integers) -> Key | None:
    """Tell the most probable key of pitched notes, or None when there are none.

    The three arrays have one entry a note, in any order: pitch 0..127, duration and onset in
    steps. Pitch classes, weighted by the root of their durations and twice in the bass, are
    correlated with a profile of each key (Krumhansl, "Cognitive Foundations of Musical Pitch",
    1990, chapter 4), after another root that keeps a drone from drowning the rest; the first
    and the final bass note have a small say.
    """
    if not len(pitches):
        return None
    order = np.lexsort((pitches, onsets))
    pitches, durations = pitches[order], durations[order]
    onsets = onsets[order].astype(np.int64)  # so that an unsigned array may be handed in
    weights = np.sqrt(np.clip(durations, 1, _LONGEST_STEPS))
    weights[np.diff(onsets, prepend=-1) != 0] *= _BASS_WEIGHT
    heard = np.sqrt(np.bincount(pitches % 12, weights, minlength=12))
    if np.ptp(heard) > 0:  # all twelve alike correlate with nothing
        heard = _unit_rows(heard)
    scores = (_PROFILES @ heard).reshape(2, 12)
    ends = onsets + durations
    final = pitches[ends > ends.max() - _FINAL_STEPS].min()
    scores[:, final % 12] += _FINAL_BONUS
    scores[:, pitches[0] % 12] += _FIRST_BONUS
    mode, tonic = divmod(int(scores.argmax()), 12)
    return Key(tonic, "minor" if mode else "major")
