"""Which hand of a keyboard player takes which note."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from audiogroove.music.piece import Note

# Costs, in semitones of discomfort.
_OCTAVE = 12  # a hand spans so many semitones with ease
_SPAN_COST = 3.0  # for each semitone more
_FINGERS, _FINGER_COST = 5, 8.0
_LEFT_HIGHEST, _RIGHT_LOWEST = 62, 57  # beyond, the note belongs to the other hand
_REGISTER_COST = 0.4
_CLOSE, _CLOSE_COST = 5, 0.5  # hands so near each other are in each other's way
_MOVE_COST, _FARTHEST = 0.12, 24
_HELD_COST = 4.0  # for a note that is struck within what the other hand still holds


@dataclass(frozen=True, slots=True)
class _Hand:
    """Where a hand is, and until when it holds what."""

    centre: float
    held: tuple[Note, ...] = ()

    def taking(self, notes: Sequence[Note], onset: int) -> "_Hand":
        held = tuple(note for note in self.held if note.end > onset)
        if not notes:
            return _Hand(self.centre, held)
        return _Hand((notes[0].pitch + notes[-1].pitch) / 2, (*held, *notes))


@dataclass(frozen=True, slots=True)
class _Way:
    cost: float
    left: _Hand
    right: _Hand
    taken: tuple[int, ...]  # of each onset, how many of the lowest notes the left hand has


_WAYS = 12  # that are kept in mind


def two_hands(notes: Sequence[Note]) -> tuple[list[Note], list[Note]]:
    """Divide ordered notes between the right hand and the left, which comes second.

    Looks for the division that costs least, in the spans, leaps and crossings of the hands; of
    the ways to get to an onset the cheapest are followed.
    """
    groups = [list(group) for _, group in groupby(notes, lambda note: note.onset)]
    ways = [_Way(0.0, _Hand(48.0), _Hand(72.0), ())]
    for group in groups:
        longer = [_longer(way, group, lower) for way in ways for lower in range(len(group) + 1)]
        longer.sort(key=lambda way: way.cost)
        ways = longer[:_WAYS]
        if len(ways[0].taken) % 64 == 0:
            ways = ways[:1]  # decided: what is far back is not thought of again
    right: list[Note] = []
    left: list[Note] = []
    for group, lower in zip(groups, ways[0].taken, strict=True):
        left += group[:lower]
        right += group[lower:]
    return right, left


def _longer(way: _Way, group: list[Note], lower: int) -> _Way:
    onset = group[0].onset
    left, right = way.left.taking(group[:lower], onset), way.right.taking(group[lower:], onset)
    cost = way.cost + _strain(left) + _strain(right)
    cost += _MOVE_COST * min(abs(left.centre - way.left.centre), _FARTHEST)
    cost += _MOVE_COST * min(abs(right.centre - way.right.centre), _FARTHEST)
    cost += _REGISTER_COST * sum(max(0, note.pitch - _LEFT_HIGHEST) for note in group[:lower])
    cost += _REGISTER_COST * sum(max(0, _RIGHT_LOWEST - note.pitch) for note in group[lower:])
    if left.held and right.held:
        between = min(note.pitch for note in right.held) - max(note.pitch for note in left.held)
        cost += _CLOSE_COST * max(0, _CLOSE - between) + _HELD_COST * (between < 0)
    return _Way(cost, left, right, (*way.taken, lower))


def _strain(hand: _Hand) -> float:
    if not hand.held:
        return 0.0
    pitches = [note.pitch for note in hand.held]
    span = max(pitches) - min(pitches)
    return _SPAN_COST * max(0, span - _OCTAVE) + _FINGER_COST * max(0, len(pitches) - _FINGERS)
