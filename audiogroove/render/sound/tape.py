"""A performance recorded from a synthesiser: all of it, and what sounds on after the end."""

from collections.abc import Callable
from typing import Protocol

import numpy as np

from audiogroove.errors import RenderingFailed
from audiogroove.render.sound.loudness import Samples
from audiogroove.render.sound.performance import Performance

MAX_TAIL_S = 4  # after the last note
TAIL_FLOOR_DB = -60  # of the highest sample: what is softer is the end
CUT_FADE_S = 2.0
END_FADE_S = 0.02

_BLOCK_S = 1  # between two looks at whether anybody still waits
_TAIL_BLOCK_S = 0.1
_VOLUME, _PAN = 7, 10  # controllers


class Synth(Protocol):
    """What is played on; each call tells by its result whether it went well, which it does."""

    def program_change(self, channel: int, program: int, /) -> object:
        """Give a channel its instrument."""

    def cc(self, channel: int, controller: int, value: int, /) -> object:
        """Set a controller."""

    def noteon(self, channel: int, pitch: int, velocity: int, /) -> object:
        """Strike a key or, with velocity 0, let it go."""

    def fill(self, samples: Samples, /) -> None:
        """Write what sounds next over an array of shape (n, 2)."""


def record(
    synth: Synth, performance: Performance, rate_hz: int, is_cancelled: Callable[[], bool]
) -> Samples:
    """Record a performance, (n, 2), at the level at which it is played.

    After its end it goes on until what sounds is 60 dB below the loudest; where it is cut it is
    faded out instead. Fails with RenderingFailed once `is_cancelled`, which is asked every second.
    """
    end = round(performance.end_s * rate_hz)
    tape = _Tape(synth, end + MAX_TAIL_S * rate_hz, rate_hz, is_cancelled)
    for seat in performance.seats:
        synth.program_change(seat.channel, seat.program)
        synth.cc(seat.channel, _VOLUME, seat.volume)
        synth.cc(seat.channel, _PAN, seat.pan)
    for event in performance.events:
        tape.run_to(round(event.at_s * rate_hz))
        synth.noteon(event.channel, event.pitch, event.velocity)
    tape.run_to(end)
    if not performance.is_cut:
        tape.run_out()
    _fade_out(tape.recorded, round((CUT_FADE_S if performance.is_cut else END_FADE_S) * rate_hz))
    return tape.recorded


class _Tape:
    """An array of fixed length, filled from its beginning."""

    def __init__(
        self, synth: Synth, frames: int, rate_hz: int, is_cancelled: Callable[[], bool]
    ) -> None:
        self._synth = synth
        self._samples: Samples = np.zeros((frames, 2), np.float32)
        self._at = 0
        self._block = _BLOCK_S * rate_hz
        self._tail_block = round(_TAIL_BLOCK_S * rate_hz)
        self._is_cancelled = is_cancelled

    @property
    def recorded(self) -> Samples:
        """What is on it so far."""
        return self._samples[: self._at]

    def run_to(self, frame: int) -> None:
        """Record until there are so many frames, or the tape is full.

        Raises:
            RenderingFailed: when cancelled.
        """
        frame = min(frame, len(self._samples))
        while self._at < frame:
            if self._is_cancelled():
                raise RenderingFailed("sound", fault="cancelled")
            past = min(frame, self._at + self._block)
            self._synth.fill(self._samples[self._at : past])
            self._at = past

    def run_out(self) -> None:
        """Record until there is nothing more to hear, or the tape is full."""
        floor = 10 ** (TAIL_FLOOR_DB / 20) * _peak(self.recorded)
        while self._at < len(self._samples):
            before = self._at
            self.run_to(before + self._tail_block)
            if _peak(self._samples[before : self._at]) <= floor:
                return


def _peak(samples: Samples) -> float:
    return float(np.abs(samples).max(initial=0.0))


def _fade_out(samples: Samples, frames: int) -> None:
    faded = samples[max(0, len(samples) - frames) :]
    slope = (1 + np.cos(np.linspace(0, np.pi, len(faded), dtype=np.float32))) / 2
    faded *= slope[:, np.newaxis]
