"""How loud a recording is, and how much louder it may be made.

Loudness is that of ITU-R BS.1770-4: power weighted as the ear does (K), averaged over blocks of
400 ms that overlap by three quarters, of which those count that are above -70 LUFS and no more
than 10 LU below the mean. The weighting happens on spectra of 100 ms: numpy has a Fourier
transform and no recursive filter, and within 0.1 LU the result is the same.
"""

from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

TARGET_LUFS = -16.0  # of music for streaming, AES TD1008
CEILING_DB = -1.0  # of full scale, for the highest sample: what is decoded swings a little wider
MAX_GAIN_DB = 40.0
MAX_LIMITING_DB = 3.0  # how far single peaks are turned down: drums stand out from the rest
LIMITING_MS = 20  # to either side of a peak; shorter would bend the waves of a bass

Samples = NDArray[np.float32]  # (n, channels)

_GATE_LUFS, _GATE_LU = -70.0, -10.0
_SLICES_PER_BLOCK = 4
_STAGES = (  # BS.1770-4, tables 1 and 2: numerators and denominators at 48 kHz
    (
        (1.53512485958697, -2.69169618940638, 1.19839281085285),
        (1.69065929318241, -0.73248077421585),
    ),
    ((1.0, -2.0, 1.0), (1.99004745483398, -0.99007225036621)),
)


def level(samples: Samples, rate_hz: int) -> None:
    """Bring a recording to TARGET_LUFS, in place; no sample passes CEILING_DB.

    All of it is turned up or down alike, but for single peaks: around those it is turned down
    again, smoothly, by MAX_LIMITING_DB at most. Where that does not do (a drum solo) the recording
    stays below the target. What is silent stays silent.
    """
    peak = float(np.abs(samples).max(initial=0.0))
    if peak:
        wanted_db = min(TARGET_LUFS - loudness(samples, rate_hz), MAX_GAIN_DB)
        room_db = CEILING_DB - 20 * float(np.log10(peak))
        samples *= np.float32(_amplitude(min(wanted_db, room_db + MAX_LIMITING_DB)))
        if wanted_db > room_db:
            _limit(samples, rate_hz)


def _limit(samples: Samples, rate_hz: int) -> None:
    """Turn peaks above CEILING_DB down to it, in place, with all that is within LIMITING_MS."""
    length, channels = rate_hz // 1000, samples.shape[1]  # of slices of 1 ms
    starts = np.arange(0, samples.size, length * channels)
    peaks = np.maximum.reduceat(np.abs(samples).ravel(), starts)
    gains = np.minimum(1, _amplitude(CEILING_DB) / np.maximum(peaks, 1e-9))
    # Each bound between two slices gets a mean of lowest gains, and between bounds the gain goes
    # in a line. All that such a mean takes in is near enough to have seen the peaks beside it.
    around = np.pad(gains, LIMITING_MS, mode="edge")
    lowest = sliding_window_view(around, 2 * LIMITING_MS + 1).min(axis=1)
    bell = np.hanning(2 * LIMITING_MS + 2)[1:-1]
    around = np.pad(lowest, LIMITING_MS, mode="edge")
    bounds = np.convolve(around, bell / bell.sum(), "valid").astype(np.float32)
    ramp = np.arange(length, dtype=np.float32) / length
    lines = bounds[:-1, np.newaxis] + np.diff(bounds)[:, np.newaxis] * ramp
    samples *= lines.ravel()[: len(samples), np.newaxis]


def loudness(samples: Samples, rate_hz: int) -> float:
    """Measure the loudness in LUFS, -inf below -70; one channel counts as two that are alike."""
    powers = _slice_powers(samples, rate_hz) * (2 / samples.shape[1])
    blocks = np.convolve(powers, np.full(_SLICES_PER_BLOCK, 1 / _SLICES_PER_BLOCK), "valid")
    blocks = blocks[blocks > _power(_GATE_LUFS)]
    if not len(blocks):
        return float("-inf")
    loud = blocks[blocks > blocks.mean() * 10 ** (_GATE_LU / 10)]
    return float(10 * np.log10(loud.mean()) - 0.691)


def _slice_powers(samples: Samples, rate_hz: int) -> NDArray[np.float64]:
    """Sum over the channels the K-weighted power of each 100 ms, the last ones with silence."""
    length = rate_hz // 10
    count = max(_SLICES_PER_BLOCK, -(-len(samples) // length))
    weights = _weights(rate_hz)
    powers = np.zeros(count)
    for channel in samples.T:
        padded = np.zeros(count * length, np.float32)
        padded[: len(channel)] = channel
        spectra = np.fft.rfft(padded.reshape(count, length))
        powers += (spectra.real**2 + spectra.imag**2) @ weights
    return powers


@lru_cache(maxsize=4)
def _weights(rate_hz: int) -> NDArray[np.float32]:
    """Tell what each frequency of a 100 ms spectrum adds to the power, after Parseval."""
    length = rate_hz // 10
    delay = np.exp(-2j * np.pi * np.fft.rfftfreq(length, 1 / rate_hz) / 48_000)
    weights = np.full(len(delay), 2 / length**2)
    for (b0, b1, b2), (a1, a2) in _STAGES:
        response = (b0 + b1 * delay + b2 * delay**2) / (1 - a1 * delay - a2 * delay**2)
        weights *= np.abs(response) ** 2
    return weights.astype(np.float32)


def _power(lufs: float) -> float:
    return float(10 ** ((lufs + 0.691) / 10))


def _amplitude(decibels: float) -> float:
    return float(10 ** (decibels / 20))
