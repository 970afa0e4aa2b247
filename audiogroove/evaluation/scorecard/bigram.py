"""A control that knows which note follows which, and nothing else (a first-order Markov chain).

Of a style's training pieces it counts two things: after which place another comes, a *place*
being how many bars forward, where in the bar and in which part a note begins; and within a part,
after which pitch, length and velocity which comes, each by itself. It writes into the bars and
parts of a real passage, and each part sets out from the pitch that the real one begins with.
"""

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from audiogroove.evaluation.scorecard.passage import Bools, Ints, Passage
from audiogroove.tokens.codec import BAR, PART, PITCH, POSITION
from audiogroove.tokens.vocabulary import DRUMS, END, MAX_PARTS, Vocabulary
from audiogroove.training.dataset import Dataset

BELIEF = 20.0  # notes, spread as the style has them anywhere, join those after each value
DENSEST = 96  # notes a bar: more are not written
POSITIONS = 2048  # beyond any position
START = -1  # before a piece's first place

OWN = ("pitch", "duration", "velocity")
Odds = NDArray[np.float64]  # (values + 1, values): after each, and last at the beginning


class Places:
    """Which place follows which in some pieces, and where pieces begin."""

    def __init__(self, pieces: Sequence[Ints]) -> None:
        """Count pieces, each (notes, 6) with codec.COLUMNS, at least one note in all."""
        rows = [_places_of(events) for events in pieces if len(events)]
        kinds, ids = np.unique(np.concatenate(rows), return_inverse=True)
        self.bars, within = np.divmod(kinds, POSITIONS * MAX_PARTS)
        self.positions, self.parts = np.divmod(within, MAX_PARTS)
        before = np.append(START, ids[:-1])
        before[np.cumsum([0, *(len(row) for row in rows[:-1])])] = START
        pairs, counts = np.unique((before + 1) * len(kinds) + ids, return_counts=True)
        self._counts = counts.astype(np.float64)
        self._before, self._after = pairs // len(kinds) - 1, pairs % len(kinds)

    def draw(self, place: int, parts: int, room: Sequence[int], dice: Generator) -> int | None:
        """Draw what follows a place, or START, of so many parts; None when nothing fits.

        `room` is how many steps the bar at hand and each one after it have; what lies beyond the
        last of them always fits.
        """
        first, past = np.searchsorted(self._before, (place, place + 1))
        after = self._after[first:past]
        sizes = np.array([*room, POSITIONS])
        bars = np.minimum(self.bars[after], len(room))
        fits = (self.parts[after] < parts) & (self.positions[after] < sizes[bars])
        if not fits.any():
            return None
        return int(after[_pick(self._counts[first:past] * fits, dice)])


class Bigram:
    """What follows what in some pieces of a data set."""

    def __init__(self, data: Dataset, pieces: Sequence[int]) -> None:
        """Count some pieces, at least one."""
        words = data.vocabulary
        events = [data.events(piece).astype(np.int64) for piece in pieces]
        for own, piece in zip(events, pieces, strict=True):
            kit = np.asarray(data.pieces[piece].programs) == DRUMS
            own[:, PITCH] += DRUMS * kit[own[:, PART]]
        lines = [own[own[:, PART] == part] for own in events for part in np.unique(own[:, PART])]
        self._words: Vocabulary = words
        self._values = {name: np.asarray(words[name].values) for name in OWN}
        self._is_drum = self._values["pitch"] >= DRUMS
        self._places = Places(events)
        self._odds = {
            name: _count([words[name].ids(line[:, at]) for line in lines], len(words[name]))
            for at, name in enumerate(OWN, start=PITCH)
        }

    def compose(self, frame: Passage, dice: Generator) -> Passage:
        """Write notes into a passage's bars and parts, in place of its own.

        No part goes beyond the range that it really has there.
        """
        parts = range(len(frame.programs))
        own = [self._outset(frame, part) for part in parts]
        ranges = [self._range(frame, part) for part in parts]
        notes = []
        for onset, part in self._walk(frame, dice):
            own[part] = {
                name: _pick(self._odds[name][before] * ranges[part].get(name, 1), dice)
                for name, before in own[part].items()
            }
            pitch, *rest = (int(self._values[name][chosen]) for name, chosen in own[part].items())
            notes.append((onset, part, pitch % DRUMS, *rest))
        return frame.with_columns(np.array(notes, dtype=np.int64).reshape(-1, 5))

    def _walk(self, frame: Passage, dice: Generator) -> list[tuple[int, int]]:
        """Draw onsets and parts until the bars are over."""
        places, sizes = self._places, np.diff(frame.lines).tolist()
        walked: list[tuple[int, int]] = []
        bar, now = 0, START
        while bar < frame.bars and len(walked) < DENSEST * frame.bars:
            found = places.draw(now, len(frame.programs), sizes[bar:], dice)
            if found is None:  # a dead end: the next bar begins as pieces do
                bar, now = bar + 1, START
                continue
            bar, now = bar + int(places.bars[found]), found
            if bar < frame.bars:
                onset = int(frame.lines[bar] + places.positions[found])
                walked.append((onset, int(places.parts[found])))
        return walked

    def _outset(self, frame: Passage, part: int) -> dict[str, int]:
        """Tell what a part's first note follows: the pitch that the real part begins with."""
        before = {name: len(self._odds[name]) - 1 for name in OWN}
        pitches = self._pitches(frame, part)
        return before | ({"pitch": int(pitches[0])} if len(pitches) else {})

    def _range(self, frame: Passage, part: int) -> dict[str, Bools]:
        """Tell which pitches a part may have: those within its real range, or of its kind."""
        pitches = self._pitches(frame, part)
        ids = np.arange(len(self._is_drum))
        if len(pitches):
            return {"pitch": (ids >= pitches.min()) & (ids <= pitches.max())}
        return {"pitch": self._is_drum == (frame.programs[part] == DRUMS)}

    def _pitches(self, frame: Passage, part: int) -> Ints:
        """List the pitches that a part really has, as ids."""
        kit = DRUMS * int(frame.programs[part] == DRUMS)
        return self._words["pitch"].ids(frame.pitches[frame.parts == part] + kit)


def _places_of(events: Ints) -> Ints:
    """Write each note's place as a number: bars forward, at most END, position, part."""
    forward = np.minimum(np.diff(events[:, BAR], prepend=0), END)
    forward[:1] = 0  # a passage begins where a piece does
    places: Ints = (forward * POSITIONS + events[:, POSITION]) * MAX_PARTS + events[:, PART]
    return places


def _pick(odds: NDArray[np.float64], dice: Generator) -> int:
    """Draw an index by its odds."""
    heights = np.cumsum(odds)
    return int(np.searchsorted(heights, dice.random() * heights[-1], side="right"))


def _count(sequences: Sequence[Ints], size: int) -> Odds:
    """Count how often each id follows each, and begins a sequence."""
    before = np.concatenate([np.append(size, ids[:-1]) for ids in sequences])
    pairs = before * size + np.concatenate(list(sequences))
    counts = np.bincount(pairs, minlength=(size + 1) * size).reshape(size + 1, size)
    anywhere = counts.sum(axis=0) + 1.0
    odds: Odds = counts + BELIEF * anywhere / anywhere.sum()
    return odds
