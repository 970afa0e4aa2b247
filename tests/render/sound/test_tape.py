"""Recording: what is struck is recorded from then on, until it has died away."""

from collections.abc import Iterator

import numpy as np
import pytest

from audiogroove.errors import RenderingFailed
from audiogroove.music.piece import Note, Part, Piece
from audiogroove.render.sound.loudness import Samples
from audiogroove.render.sound.performance import Performance, perform
from audiogroove.render.sound.stretch import beginning
from audiogroove.render.sound.synthesiser import never
from audiogroove.render.sound.tape import CUT_FADE_S, MAX_TAIL_S, record

RATE_HZ = 1_000


class Whistle:
    """A synthesiser with one voice: full on while a key is down, then softer by halves.

    It halves every `half_life` frames, never when that is 0, and notes what it is told.
    """

    def __init__(self, half_life: int) -> None:
        self.half_life = half_life
        self.told: list[tuple[str, int, int, int]] = []
        self.is_down = False
        self.amplitude = 0.0

    def program_change(self, channel: int, program: int, /) -> None:
        """Note it."""
        self.told.append(("program", channel, program, 0))

    def cc(self, channel: int, controller: int, value: int, /) -> None:
        """Note it."""
        self.told.append(("controller", channel, controller, value))

    def noteon(self, channel: int, pitch: int, velocity: int, /) -> None:
        """Note it, and sound or fall silent."""
        self.told.append(("key", channel, pitch, velocity))
        self.is_down = velocity > 0
        self.amplitude = 1.0 if self.is_down else self.amplitude

    def fill(self, samples: Samples, /) -> None:
        """Write what sounds."""
        samples[:] = np.fromiter(self._amplitudes(len(samples)), np.float32)[:, np.newaxis]

    def _amplitudes(self, count: int) -> Iterator[float]:
        for _ in range(count):
            yield self.amplitude
            if not self.is_down and self.half_life:
                self.amplitude *= 0.5 ** (1 / self.half_life)


def one_note(*, max_s: float = 1e9) -> Performance:
    """A note from second 1 to second 2."""
    piece = Piece((Part((Note(24, 60, 24),)),), bars=2)
    return perform(piece, beginning(piece, max_s=max_s))


def test_a_note_sounds_from_its_first_second_to_its_last() -> None:
    """Silence before it, to the millisecond."""
    samples = record(Whistle(10), one_note(), RATE_HZ, never)
    assert not samples[:1_000].any()
    assert (samples[1_000:2_000] == 1).all()


def test_the_tail_is_kept_until_it_is_60_db_softer() -> None:
    """A tenth of a second at a time: ten halves are 60 dB, and 0.2 s after the note."""
    samples = record(Whistle(20), one_note(), RATE_HZ, never)
    assert len(samples) in {2_300, 2_400}


def test_a_tail_without_end_is_faded_out() -> None:
    """After four seconds, in 20 ms."""
    samples = record(Whistle(0), one_note(), RATE_HZ, never)
    assert len(samples) == 2_000 + MAX_TAIL_S * RATE_HZ
    assert samples[-21, 0] == 1
    assert samples[-1, 0] == 0


def test_what_is_cut_is_faded_out_and_has_no_tail() -> None:
    """Over two seconds, or all of it where it is shorter."""
    samples = record(Whistle(0), one_note(max_s=1.5), RATE_HZ, never)
    assert len(samples) == 1_500 < CUT_FADE_S * RATE_HZ
    assert 0 < samples[1_200, 0] < 0.5
    assert samples[-1, 0] == 0


def test_instruments_are_set_before_anything_is_played() -> None:
    """Program, volume and place of each channel, then the keys."""
    whistle = Whistle(10)
    record(whistle, one_note(), RATE_HZ, never)
    assert [what for what, *_ in whistle.told] == ["program", *["controller"] * 2, *["key"] * 2]


def test_it_stops_within_a_second_of_being_cancelled() -> None:
    """The third time it asks, which is for the third second at the latest."""
    asked = []

    def is_cancelled() -> bool:
        asked.append(1)
        return len(asked) == 3

    with pytest.raises(RenderingFailed) as caught:
        record(Whistle(10), one_note(), RATE_HZ, is_cancelled)
    assert caught.value.fault == "cancelled"
    assert len(asked) == 3
