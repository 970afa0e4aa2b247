"""How well a new part goes with those that are given.

One part of a real stretch is hidden and asked for again. Beside what the model writes stand the
part that was hidden, the same part *bars off* (moved on by whole bars: the same music over other
harmony) and *beats off* (moved by less than a beat).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from audiogroove.evaluation.likeness import sounding_bars
from audiogroove.evaluation.modes.excerpt import Excerpt, rolled
from audiogroove.evaluation.modes.standing import Sheet
from audiogroove.music import harmony, instruments
from audiogroove.music.piece import Note, Part, Piece
from audiogroove.request import ComposeRequest, Mode

CONTROL = "bars off"
ROLES = ("bass", "inner part", "top part", "drums")
PLAYS = 0.5  # of a stretch's bars, at least, if a part is to be hidden
LEAST = 0.25  # of the bars in which a part sounds that may be said to play
DISSONANT = (1, 2, 6, 10, 11)  # semitones modulo the octave


@dataclass(frozen=True, slots=True)
class Hidden:
    """A stretch, and the one of its parts that is hidden."""

    excerpt: Excerpt
    part: int

    @property
    def given(self) -> Piece:
        """The stretch without that part."""
        piece = self.excerpt.piece
        return piece.with_parts((*piece.parts[: self.part], *piece.parts[self.part + 1 :]))


def hide(excerpt: Excerpt, role: str, dice: Generator) -> Hidden | None:
    """Hide the part that has a role, None if there is none or nothing is left without it.

    Bass and top are the melodic parts that lie lowest and highest (by their median pitch), an
    inner part is drawn from the others.
    """
    piece = excerpt.piece
    bars = [sounding_bars(piece, part) for part in piece.parts]
    playing = [index for index, count in enumerate(bars) if count >= PLAYS * piece.bars]
    melodic = [index for index in playing if not piece.parts[index].is_drums]
    melodic.sort(key=lambda index: float(np.median([n.pitch for n in piece.parts[index].notes])))
    able = {
        "bass": melodic[:1],
        "inner part": melodic[1:-1],
        "top part": melodic[-1:],
        "drums": [index for index in playing if piece.parts[index].is_drums],
    }[role]
    if len(playing) < 2 or not melodic or (len(melodic) < 2 and role != "drums"):
        return None
    return Hidden(excerpt, int(dice.choice(able))) if able else None


def request_for(hidden: Hidden, seed: int) -> ComposeRequest:
    """Ask for the part that is hidden, in all bars."""
    part = hidden.excerpt.piece.parts[hidden.part]
    wished = instruments.instrument(part.program, is_drums=part.is_drums)
    return ComposeRequest(seed, Mode.ACCOMPANY, material=hidden.given, parts=(wished,))


def sheet(hidden: Hidden, composed: Piece, dice: Generator) -> Sheet:
    """Measure a new part, and beside it the hidden one as it was and out of place."""
    given = hidden.given
    real = hidden.excerpt.piece.parts[hidden.part]
    meter = given.meters[0][1]
    by_bars = int(dice.integers(1, given.bars)) if given.bars > 1 else 0
    by_steps = int(dice.integers(1, max(2, meter.beat_steps)))
    company = Company(given)
    new = added(given, composed)
    heard = {
        "model": new or Part(()),
        "real": real,
        CONTROL: rolled(real, by_bars * meter.bar_steps, given.steps),
        "beats off": rolled(real, by_steps, given.steps),
    }
    told = {who: company.measure(part) for who, part in heard.items()}
    told["model"]["given parts are kept"] = float(new is not None)
    return told


def added(given: Piece, composed: Piece) -> Part | None:
    """Find the one part that was added; None unless all others are bit-identical."""
    old, new = ([part.notes for part in piece.parts] for piece in (given, composed))
    for index, part in enumerate(composed.parts):
        if new[:index] + new[index + 1 :] == old:
            return part
    return None


class Company:
    """The parts that are given: what sounds at each moment, and which chord it makes."""

    def __init__(self, given: Piece) -> None:
        self._piece = given
        melodic = [note for part in given.parts if not part.is_drums for note in part.notes]
        self._notes = sorted(melodic)
        self._pitches = _column([note.pitch for note in self._notes])
        self._onsets = _column([note.onset for note in self._notes])
        self._ends = _column([note.end for note in self._notes])
        self._struck = frozenset(note.onset for part in given.parts for note in part.notes)
        self._chords: dict[int, frozenset[int] | None] = {}

    def measure(self, part: Part) -> dict[str, float]:
        """Measure how a part goes with these."""
        piece, notes = self._piece, part.notes
        sounding = sounding_bars(piece, part) / piece.bars
        onsets = {note.onset for note in notes}
        melodic = () if part.is_drums else notes
        return {
            "bars in which it sounds": sounding,
            "it sounds in a quarter of the bars": float(sounding >= LEAST),
            "notes a bar": len(notes) / piece.bars,
            "notes of the chord": self._chord_share(melodic),
            "consonances": self._consonant_share(melodic),
            "onsets together with others": (
                len(onsets & self._struck) / len(onsets) if onsets else nan
            ),
        }

    def _chord_share(self, notes: Sequence[Note]) -> float:
        """Tell the share of notes that belong to the chord that the others make in that beat."""
        chords = [(note.pitch % 12, self._chord_at(note.onset)) for note in notes]
        known = [tone in chord for tone, chord in chords if chord is not None]
        return sum(known) / len(known) if known else nan

    def _consonant_share(self, notes: Sequence[Note]) -> float:
        """Tell the share of consonant intervals with what sounds where a note begins."""
        onsets = _column([note.onset for note in notes])[:, None]
        pitches = _column([note.pitch for note in notes])[:, None]
        together = (self._onsets <= onsets) & (onsets < self._ends)
        apart = np.abs(pitches - self._pitches) % 12
        pairs = int(together.sum())
        return 1 - int((together & np.isin(apart, DISSONANT)).sum()) / pairs if pairs else nan

    def _chord_at(self, onset: int) -> frozenset[int] | None:
        """Tell the pitch classes of the chord in a step's beat; None with fewer than two."""
        piece = self._piece
        bar = piece.bar_at(onset)
        line, beat = piece.bar_lines[bar], piece.meter_at(bar).beat_steps
        start = onset - (onset - line) % beat
        if start not in self._chords:
            self._chords[start] = self._chord_within(start, start + beat)
        return self._chords[start]

    def _chord_within(self, start: int, end: int) -> frozenset[int] | None:
        sounding = [
            (note.pitch, max(note.onset, start), min(note.end, end) - max(note.onset, start))
            for note in self._notes
            if note.onset < end and note.end > start
        ]
        chord = harmony.find_chord(sounding)
        if chord is None or len({pitch % 12 for pitch, _, _ in sounding}) < 2:
            return None
        return frozenset((chord.root + above) % 12 for above in chord.semitones)


def _column(values: Sequence[int]) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)
