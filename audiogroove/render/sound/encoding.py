"""A recording as a file that players know."""

import io
import struct
import zlib
from collections.abc import Iterator
from enum import StrEnum

import lameenc
import numpy as np
import soundfile

from audiogroove.errors import RenderingFailed
from audiogroove.render.sound.loudness import Samples
from audiogroove.render.sound.synthesiser import RATE_HZ, Recording

MP3_KBPS = 128  # constant, so that each frame has as many bytes
OPUS_RATE_HZ = 48_000  # Opus has few rates, and RATE_HZ is none of them

_MP3_EFFORT = 5  # of LAME's 0 (most) to 9: half the time of its usual 3, next to no difference
_LAME_SCALE = 0.95  # by which LAME turns this bit rate down, against overshooting; undone here
_FRAME_SAMPLES, _FRAME_BYTES = 1152, 144 * MP3_KBPS * 1000 // RATE_HZ  # of MPEG-1 layer III
_LAME_DELAY = 576  # samples before the first one of ours
_BLOCK_S = 1  # what is handed over at once; all at once, libsndfile's Ogg has crashed


class SoundFormat(StrEnum):
    """What a recording may be encoded as."""

    MP3 = "mp3"  # plays everywhere: MPEG-1 layer III, 128 kb/s
    OPUS = "opus"  # in Ogg, about 120 kb/s: sounds better, on fewer players


def encode(
    recording: Recording, sound_format: SoundFormat, *, title: str, artist: str = "AudioGroove"
) -> bytes:
    """Encode a recording; the same one gives the same bytes.

    A second of stereo takes some 10 ms of one core as MP3 and 40 ms as Opus, without the GIL.

    Raises:
        RenderingFailed: when the encoder refuses; lameenc has no error of its own for that.
    """
    tags = {"title": title, "artist": artist}
    try:
        if sound_format is SoundFormat.MP3:
            return _id3(tags) + _mp3(recording.samples)
        return _renumbered(_opus(_at_opus_rate(recording.samples), tags))
    except (RuntimeError, soundfile.SoundFileError) as error:
        raise RenderingFailed("sound", fault=str(error)) from error


def _mp3(samples: Samples) -> bytes:
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_channels(samples.shape[1])
    encoder.set_in_sample_rate(RATE_HZ)
    encoder.set_bit_rate(MP3_KBPS)
    encoder.set_quality(_MP3_EFFORT)
    louder = np.float32(32_767 / _LAME_SCALE)
    sound = bytearray()
    for at in range(0, len(samples), _BLOCK_S * RATE_HZ):
        block = np.rint(samples[at : at + _BLOCK_S * RATE_HZ] * louder)
        sound += encoder.encode(block.clip(-32_768, 32_767).astype("<i2").tobytes())
    sound += encoder.flush()
    return _index(sound, samples) + sound


def _index(sound: bytearray, samples: Samples) -> bytes:
    """Write the frame that tells a player how long an MP3 is and what LAME added to its ends.

    The frame is silent, with the Xing tag in it as "Info", which is its name where the bit rate
    is constant, and LAME's part behind (gabriel.mp3-tech.org/mp3infotag.html).
    """
    frames, whole = len(sound) // _FRAME_BYTES, len(sound) + _FRAME_BYTES
    added = frames * _FRAME_SAMPLES - _LAME_DELAY - len(samples)
    places = bytes(256 * percent // 100 for percent in range(100))  # where each hundredth begins
    xing = b"Info" + struct.pack(">III", 0b1111, frames, whole) + places + struct.pack(">I", 0)
    lame = b"LAME3.100" + bytes((1, 0)) + bytes(9) + bytes((MP3_KBPS,))  # 1: a constant rate
    lame += (_LAME_DELAY << 12 | added).to_bytes(3, "big") + bytes(12)
    side_info = bytes(17 if samples.shape[1] == 1 else 32)
    return (bytes(sound[:4]) + side_info + xing + lame).ljust(_FRAME_BYTES, b"\0")


def _opus(samples: Samples, tags: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with soundfile.SoundFile(
        buffer, "w", OPUS_RATE_HZ, samples.shape[1], format="OGG", subtype="OPUS"
    ) as file:
        for name, value in tags.items():
            if value:  # an empty one is an error
                setattr(file, name, value)
        for at in range(0, len(samples), _BLOCK_S * OPUS_RATE_HZ):
            file.write(samples[at : at + _BLOCK_S * OPUS_RATE_HZ])
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

    LAME's own are not to be had through lameenc.
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
