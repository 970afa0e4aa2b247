"""Notes moved by semitones, into another key or an instrument's reach; drums stay as they are."""

from collections.abc import Sequence
from dataclasses import replace

from audiogroove.music.instruments import Instrument
from audiogroove.music.piece import Key, Note, Part

WHOLE_OCTAVES = range(-120, 121, 12)  # semitones


def interval(found: Key, wanted: Key) -> int:
    """Tell by how many semitones, -5..6, music in a key moves into the notes of another.

    Into that key where both are major or both minor, else into its relative: D minor becomes
    A minor in C major.
    """
    tonic = wanted.tonic
    if found.mode != wanted.mode:
        tonic += 3 if found.mode == "major" else -3
    return (tonic - found.tonic + 5) % 12 - 5


def transposed(part: Part, semitones: int) -> Part:
    """Move a part; a note that would leave MIDI's range stays in it, by octaves."""
    if part.is_drums or not semitones:
        return part
    notes = [replace(note, pitch=_folded(note.pitch + semitones)) for note in part.notes]
    return replace(part, notes=_untangled(notes))


def within_reach(part: Part, player: Instrument) -> Part:
    """Move a part by whole octaves to where its player is at home, if most is out of reach."""
    pitches = [note.pitch for note in part.notes]
    if 2 * _count_within(player.possible, pitches) >= len(pitches):
        return part
    mean = sum(pitches) / len(pitches)

    def comfort(octaves: int) -> tuple[int, float]:
        reached = _count_within(player.comfortable, [pitch + octaves for pitch in pitches])
        return reached, -abs(mean + octaves - player.centre)

    return transposed(part, max(WHOLE_OCTAVES, key=comfort))


def _folded(pitch: int) -> int:
    if pitch > 127:
        return 116 + (pitch - 116) % 12
    return pitch if pitch >= 0 else pitch % 12


def _untangled(notes: Sequence[Note]) -> tuple[Note, ...]:
    """Order notes, keep the longest of an onset and pitch, and end it where its pitch comes again.

    Notes of one pitch meet where some were moved by another octave than the rest.
    """
    longest = {(note.onset, note.pitch): note for note in sorted(notes)}
    again: dict[int, int] = {}
    kept = []
    for note in reversed(longest.values()):
        end = min(note.end, again.get(note.pitch, note.end))
        again[note.pitch] = note.onset
        kept.append(replace(note, duration=end - note.onset))
    return tuple(reversed(kept))


def _count_within(limits: tuple[int, int], pitches: Sequence[int]) -> int:
    low, high = limits
    return sum(low <= pitch <= high for pitch in pitches)
