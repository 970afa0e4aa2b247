"""Encoding: a recording becomes a file, and is heard again when that is decoded."""

import io
import struct

import numpy as np
import pytest
import soundfile

from audiogroove.render.sound.encoding import OPUS_RATE_HZ, SoundFormat, encode
from audiogroove.render.sound.synthesiser import RATE_HZ, Recording

TITLE = "Étude № 1 in B flat minor – 16 bars, slowly"
FORMATS = pytest.mark.parametrize("sound_format", list(SoundFormat))


def tune(seconds: float = 3.21, channels: int = 2) -> Recording:
    """Record a tone of 440 Hz on the left and one of 3 kHz on the right."""
    times = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    waves = [0.3 * np.sin(2 * np.pi * pitch_hz * times) for pitch_hz in (440, 3_000)]
    return Recording(np.stack(waves[:channels], axis=1).astype(np.float32))


def decoded(data: bytes) -> tuple[np.ndarray, int]:
    """Read a file back: samples of shape (n, channels), and how many a second."""
    samples, rate_hz = soundfile.read(io.BytesIO(data), always_2d=True)
    return samples, rate_hz


def loudest_pitch_hz(wave: np.ndarray, rate_hz: int) -> float:
    """Find the strongest of a second's frequencies."""
    spectrum = np.abs(np.fft.rfft(wave[rate_hz : 2 * rate_hz]))
    return float(np.argmax(spectrum))


@FORMATS
@pytest.mark.parametrize("seconds", [0.05, 1, 3.21])
def test_a_file_lasts_as_long_as_its_recording(sound_format: SoundFormat, seconds: float) -> None:
    """Within 50 ms, though encoders pad."""
    recording = tune(seconds)
    samples, rate_hz = decoded(encode(recording, sound_format, title=TITLE))
    assert len(samples) / rate_hz == pytest.approx(recording.duration_s, abs=0.05)


def test_an_mp3_is_the_recording_from_its_first_sample_to_its_last() -> None:
    """Its first frame says what LAME added at both ends, and nothing is turned down."""
    recording = tune(3.21)
    samples, _ = decoded(encode(recording, SoundFormat.MP3, title=TITLE))
    assert len(samples) == len(recording.samples)
    assert np.abs(samples - recording.samples).mean() < 0.001


@FORMATS
def test_each_ear_hears_its_own(sound_format: SoundFormat) -> None:
    """At its pitch and about as loud, also where the rate had to be changed."""
    samples, rate_hz = decoded(encode(tune(), sound_format, title=TITLE))
    left, right = samples.T
    assert loudest_pitch_hz(left, rate_hz) == 440
    assert loudest_pitch_hz(right, rate_hz) == 3_000
    assert np.sqrt((left**2).mean()) == pytest.approx(0.3 / np.sqrt(2), rel=0.05)


@FORMATS
def test_mono_stays_mono(sound_format: SoundFormat) -> None:
    """One channel costs half of two."""
    samples, _ = decoded(encode(tune(channels=1), sound_format, title=TITLE))
    assert samples.shape[1] == 1


@FORMATS
def test_silence_can_be_encoded(sound_format: SoundFormat) -> None:
    """And stays silent."""
    silence = Recording(np.zeros((RATE_HZ, 2), np.float32))
    samples, _ = decoded(encode(silence, sound_format, title=TITLE))
    assert np.abs(samples).max() < 1e-3


@FORMATS
def test_the_same_recording_gives_the_same_bytes(sound_format: SoundFormat) -> None:
    """Nothing in a file is drawn by lot or read from a clock."""
    assert encode(tune(), sound_format, title=TITLE) == encode(tune(), sound_format, title=TITLE)


@FORMATS
def test_a_file_without_a_title_is_a_file(sound_format: SoundFormat) -> None:
    """Not every piece has a name."""
    samples, _ = decoded(encode(tune(), sound_format, title="", artist=""))
    assert len(samples)


def test_opus_says_whose_it_is() -> None:
    """In its comments, in UTF-8."""
    with soundfile.SoundFile(io.BytesIO(encode(tune(), SoundFormat.OPUS, title=TITLE))) as file:
        assert (file.title, file.artist) == (TITLE, "AudioGroove")
        assert (file.format, file.subtype, file.samplerate) == ("OGG", "OPUS", OPUS_RATE_HZ)


def test_mp3_says_whose_it_is() -> None:
    """In an ID3v2.3 tag, whole and in UTF-16; the sound begins right after it."""
    data = encode(tune(), SoundFormat.MP3, title=TITLE)
    assert data[:6] == b"ID3\x03\x00\x00"
    size = sum(byte << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))
    assert data[10 + size : 12 + size] == b"\xff\xfb"  # MPEG-1, layer III
    frames, at = {}, 10
    while at < 10 + size:
        name, length = struct.unpack_from(">4sI", data, at)
        frames[name] = data[at + 11 : at + 10 + length].decode("utf-16")
        at += 10 + length
    assert frames == {b"TIT2": TITLE, b"TPE1": "AudioGroove"}
