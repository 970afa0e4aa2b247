"""A recording as a file that players know."""

import io
import struct
import zlib
from collections.abc import Iterator
from enum import StrEnum

import numpy as np
import soundfile

from audiogroove.errors import RenderingFailed
from audiogroove.render.sound.loudness import Samples
from audiogroove.render.sound.synthesiser import RATE_HZ, Recording

OPUS_RATE_HZ = 48_000  # Opus has few rates, and RATE_HZ is none of them

_BLOCK_S = 1  # what is handed over at once; all at once, libsndfile's Ogg has crashed


class SoundFormat(StrEnum):
    """What a recording may be encoded as."""

    MP3 = "mp3"  # plays everywhere: MPEG-1 layer III, variable rate, about 125 kb/s
    OPUS = "opus"  # in Ogg, about 120 kb/s: sounds better, on fewer players


def encode(
    recording: Recording, sound_format: SoundFormat, *, title: str, artist: str = "AudioGroove"
) -> bytes:
    """Encode a recording; the same one gives the same bytes.

    A second of stereo takes some 25 ms of one core as MP3 and 33 ms as Opus, one of mono half
    that, without the GIL.

    Raises:
        RenderingFailed: when the encoder refuses.
    """
    tags = {"title": title, "artist": artist}
    try:
        if sound_format is SoundFormat.MP3:
            sound = _write(recording.samples, RATE_HZ, "MP3", "MPEG_LAYER_III", {})
            return _id3(tags) + sound
        samples = _at_opus_rate(recording.samples)
        return _renumbered(_write(samples, OPUS_RATE_HZ, "OGG", "OPUS", tags))
    except soundfile.SoundFileError as error:
        raise RenderingFailed("sound", fault=str(error)) from error


def _write(
    samples: Samples, rate_hz: int, container: str, codec: str, tags: dict[str, str]
) -> bytes:
    buffer = io.BytesIO()
    channels = samples.shape[1]
    with soundfile.SoundFile(
        buffer, "w", rate_hz, channels, format=container, subtype=codec
    ) as file:
        for name, value in tags.items():
            if value:  # an empty one is an error
                setattr(file, name, value)
        for at in range(0, len(samples), _BLOCK_S * rate_hz):
            file.write(samples[at : at + _BLOCK_S * rate_hz])
    return buffer.getvalue()


def _at_opus_rate(samples: Samples) -> Samples:
    """Resample by way of the spectrum, which keeps all that is below half of RATE_HZ."""
    period = RATE_HZ // 100  # of which the transform is given whole ones: those go fast
    frames = len(samples) * OPUS_RATE_HZ // RATE_HZ
    before = -(-len(samples) // period) * period
    after = before * OPUS_RATE_HZ // RATE_HZ
    resampled = np.empty((frames, samples.shape[1]), np.float32)
    for at, channel in enumerate(samples.T):
        spectrum = np.fft.rfft(channel, before)
        resampled[:, at] = np.fft.irfft(spectrum, after)[:frames]
    resampled *= np.float32(OPUS_RATE_HZ / RATE_HZ)
    return resampled


def _id3(tags: dict[str, str]) -> bytes:
    """Write an ID3v2.3 tag (id3.org), to stand before an MP3.

    libsndfile writes ID3v1: titles of 30 bytes, in an encoding that nobody agrees upon.
    """
    names = {"title": b"TIT2", "artist": b"TPE1"}
    frames = b""
    for name, value in tags.items():
        if value:
            text = b"\x01" + value.encode("utf-16")  # 1: UTF-16 with a byte order mark
            frames += names[name] + struct.pack(">IH", len(text), 0) + text
    if not frames:  # a tag has one at least
        return b""
    # The length in bytes of seven bits, none of which can be taken for the start of a frame.
    size = bytes(len(frames) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + size + frames


def _renumbered(ogg: bytes) -> bytes:
    """Give an Ogg stream the serial number 1 instead of one by lot; see RFC 3533, section 6."""
    pages = []
    for page in _pages(ogg):
        struct.pack_into("<I", page, 14, 1)
        struct.pack_into("<I", page, 22, 0)  # so it counts in its own checksum
        struct.pack_into("<I", page, 22, _ogg_checksum(page))
        pages.append(page)
    return b"".join(pages)


def _pages(ogg: bytes) -> Iterator[bytearray]:
    at = 0
    while at < len(ogg):
        lengths = ogg[at + 27 : at + 27 + ogg[at + 26]]
        past = at + 27 + len(lengths) + sum(lengths)
        yield bytearray(ogg[at:past])
        at = past


_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def _ogg_checksum(page: bytearray) -> int:
    """Compute Ogg's checksum, which is zlib's with all bits in reverse and without inversions."""
    checksum = zlib.crc32(page.translate(_MIRRORED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{checksum:032b}"[::-1], 2)
