"""What `audiogroove benchmark sound` tells can tell a good recording from a bad one."""

import numpy as np
import pytest

from audiogroove.commands.sounding import loudness_range, unheard
from audiogroove.music.piece import Note, Part, Piece
from audiogroove.render.sound.loudness import Samples
from audiogroove.render.sound.synthesiser import RATE_HZ

TWO_STROKES = Piece((Part((Note(0, 60, 12), Note(48, 60, 12))),), bars=2)  # at 0 and 2 s


def tone(seconds: float, amplitude: float) -> Samples:
    """Make a tone of 440 Hz for both ears."""
    times = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    wave = amplitude * np.sin(2 * np.pi * 440 * times)
    return np.stack([wave, wave], axis=1).astype(np.float32)


def test_a_stroke_into_silence_is_unheard() -> None:
    """The second one, when the recording falls silent before it."""
    sounding = tone(4, 0.5)
    assert unheard(TWO_STROKES, sounding, peak=0.5) == 0
    sounding[RATE_HZ:] = 0
    assert unheard(TWO_STROKES, sounding, peak=0.5) == 1


def test_the_range_is_between_soft_and_loud_stretches() -> None:
    """Ten decibels here, and none where all is alike."""
    soft_and_loud = np.concatenate([tone(30, 0.1), tone(30, 0.1 * 10**0.5)])
    assert loudness_range(soft_and_loud) == pytest.approx(10, abs=0.2)
    assert loudness_range(tone(30, 0.1)) == pytest.approx(0, abs=0.1)
