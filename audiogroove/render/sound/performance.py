"""A piece as a synthesiser is told of it: who sits where, and what is struck when."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from audiogroove.music.instruments import instrument
from audiogroove.music.piece import Note, Part, Piece
from audiogroove.music.timing import Timing
from audiogroove.render.sound.stretch import Stretch

DRUM_CHANNEL = 9
CENTRE = 64
WIDTH = 24  # of 64 to either side: the outermost are 5 dB louder in one ear than in the other
VOLUME = 100  # General MIDI's
DRUM_VOLUME = 120  # 3 dB more: drums lie 15 LU below the band with the usual font, the bass 9

_LOW_PROGRAMS = (43, 47, 58)  # double bass, timpani, tuba


@dataclass(frozen=True, slots=True)
class Seat:
    """A part's channel and what is set on it; all 0..127."""

    channel: int
    program: int
    pan: int  # 0 is left
    volume: int


class Event(NamedTuple):
    """A key struck or, with velocity 0, let go; events sort by time, those let go first."""

    at_s: float
    velocity: int
    channel: int
    pitch: int


@dataclass(frozen=True, slots=True)
class Performance:
    """What is played; `events` are sorted, and all keys are let go at `end_s` at the latest."""

    seats: tuple[Seat, ...]
    events: tuple[Event, ...]
    end_s: float  # of the last note, or of the last bar where there is no note
    is_cut: bool  # the piece goes on, and the keys that are down at `end_s` stay down


def perform(piece: Piece, stretch: Stretch) -> Performance:
    """Turn a stretch of a piece into what is played: all notes that begin in it."""
    seats = seats_of(piece.parts)
    events = sorted(_events(piece, seats, stretch))
    if stretch.is_cut:
        events = [event for event in events if event.at_s < stretch.duration_s]
    is_played_out = events and not stretch.is_cut
    end_s = events[-1].at_s if is_played_out else stretch.duration_s
    return Performance(seats, tuple(events), end_s, stretch.is_cut)


def seats_of(parts: tuple[Part, ...]) -> tuple[Seat, ...]:
    """Seat the players: drums and basses in the middle, the others from left to right in order.

    Each has a channel of its own; the drums have channel 9, the tenth, as General MIDI wants.
    """
    channels = iter(channel for channel in range(16) if channel != DRUM_CHANNEL)
    pans = iter(_pans(sum(not _is_central(part) for part in parts)))
    return tuple(
        Seat(DRUM_CHANNEL, 0, CENTRE, DRUM_VOLUME)
        if part.is_drums
        else Seat(next(channels), part.program, CENTRE if _is_central(part) else next(pans), VOLUME)
        for part in parts
    )


def _is_central(part: Part) -> bool:
    family = instrument(part.program, is_drums=part.is_drums).family
    return family in {"drums", "bass"} or part.program in _LOW_PROGRAMS


def _pans(count: int) -> list[int]:
    """Spread so many evenly over the width; one alone sits in the middle."""
    apart = 2 * WIDTH / max(1, count - 1)
    left = CENTRE - WIDTH if count > 1 else CENTRE
    return [round(left + at * apart) for at in range(count)]


def _events(piece: Piece, seats: tuple[Seat, ...], stretch: Stretch) -> Iterator[Event]:
    """Yield what is played from the first bar of a stretch on, at seconds from there."""
    timing, start = Timing(piece), piece.bar_lines[stretch.first_bar]
    for part, seat in zip(piece.parts, seats, strict=True):
        for note in part.notes[bisect_left(part.notes, start, key=_onset) :]:
            struck_s, let_go_s = (
                timing.seconds_at(step) - stretch.from_s for step in (note.onset, note.end)
            )
            yield Event(struck_s, note.velocity, seat.channel, note.pitch)
            yield Event(let_go_s, 0, seat.channel, note.pitch)


def _onset(note: Note) -> int:
    return note.onset
