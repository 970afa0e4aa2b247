"""Loudness: measured as broadcasters measure it, and brought to one level for all pieces."""

import numpy as np
import pytest

from audiogroove.render.sound.loudness import CEILING_DB, TARGET_LUFS, Samples, level, loudness

RATE_HZ = 32_000
CEILING = 10 ** (CEILING_DB / 20)


def tone(pitch_hz: float, amplitude: float, seconds: float = 5, channels: int = 2) -> Samples:
    """Make a sine wave, the same on each channel."""
    wave = amplitude * np.sin(2 * np.pi * pitch_hz * np.arange(seconds * RATE_HZ) / RATE_HZ)
    return np.repeat(wave.astype(np.float32)[:, np.newaxis], channels, axis=1)


def test_the_reference_tone_has_its_reference_loudness() -> None:
    """EBU Tech 3341, case 1: stereo, 1 kHz, peaks 23 dB below full scale make -23 LUFS."""
    assert loudness(tone(1_000, 10 ** (-23 / 20)), RATE_HZ) == pytest.approx(-23, abs=0.1)


def test_pauses_do_not_count() -> None:
    """EBU Tech 3341, case 3: what is 13 dB softer than the rest is passed over."""
    loud, soft = tone(1_000, 10 ** (-23 / 20), 60), tone(1_000, 10 ** (-36 / 20), 10)
    assert loudness(np.concatenate([soft, loud, soft]), RATE_HZ) == pytest.approx(-23, abs=0.1)


def test_what_is_hardly_there_has_no_loudness() -> None:
    """Below -70 LUFS nothing counts."""
    assert loudness(tone(1_000, 0.0001), RATE_HZ) == float("-inf")


def test_one_channel_is_as_loud_as_two_alike() -> None:
    """A player gives it to both ears."""
    mono, stereo = (tone(440, 0.1, channels=channels) for channels in (1, 2))
    assert loudness(mono, RATE_HZ) == pytest.approx(loudness(stereo, RATE_HZ))


def test_the_ear_hears_little_of_the_lowest() -> None:
    """A tone of 30 Hz is softer than one of 1 kHz with the same amplitude."""
    assert loudness(tone(30, 0.1), RATE_HZ) < loudness(tone(1_000, 0.1), RATE_HZ) - 5


@pytest.mark.parametrize("amplitude", [0.002, 0.05, 0.9])
def test_soft_and_loud_come_to_one_level(amplitude: float) -> None:
    """Whatever they were before."""
    samples = tone(440, amplitude)
    level(samples, RATE_HZ)
    assert loudness(samples, RATE_HZ) == pytest.approx(TARGET_LUFS, abs=0.1)


def test_a_single_peak_is_turned_down_and_the_rest_is_not() -> None:
    """So that one drum does not keep a band soft."""
    samples = tone(440, 0.2)
    alone = samples.copy()
    samples[2 * RATE_HZ : 2 * RATE_HZ + 100] *= 6.5
    level(samples, RATE_HZ)
    level(alone, RATE_HZ)
    assert np.abs(samples).max() == pytest.approx(CEILING, abs=1e-5)
    assert np.allclose(samples[:RATE_HZ], alone[:RATE_HZ], rtol=0.02)


def test_what_is_all_peaks_stays_below_the_target() -> None:
    """A limiter that pressed it down to the target would be heard."""
    samples = np.zeros((5 * RATE_HZ, 2), np.float32)
    samples[:: RATE_HZ // 2] = 0.5
    level(samples, RATE_HZ)
    assert loudness(samples, RATE_HZ) < TARGET_LUFS - 3


def test_no_sample_passes_the_ceiling() -> None:
    """Wherever the peaks are, at the ends too."""
    samples = np.random.default_rng(1).laplace(0, 0.1, (32_017, 2)).astype(np.float32)
    samples[0], samples[5_000], samples[-1] = 1, -1.1, 1.2
    level(samples, RATE_HZ)
    assert np.abs(samples).max() <= CEILING + 1e-5


@pytest.mark.parametrize("frames", [0, 1, 100, RATE_HZ])
def test_silence_stays_silent(frames: int) -> None:
    """However short; there is nothing to turn up."""
    samples = np.zeros((frames, 2), np.float32)
    level(samples, RATE_HZ)
    assert not samples.any()
