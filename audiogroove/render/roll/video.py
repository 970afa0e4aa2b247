"""A film of the piano roll: a line runs over the card as the music plays, and notes light up.

PyAV is an extra of this package (`audiogroove[video]`), because its wheel brings x264 along, which
is GPL: it is imported when a film is made, and `is_available` tells beforehand.
"""

import io
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import islice
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from audiogroove.errors import RenderingFailed
from audiogroove.music.piece import Piece
from audiogroove.music.timing import Timing
from audiogroove.render.legend import Legend
from audiogroove.render.roll import picture

WIDTH_PX, HEIGHT_PX = 960, 504  # the card's shape, in whole blocks of 8
FRAMES_PER_S = 20
MAX_S = 60  # of music; what rings on comes after it
BEFORE = 0.35  # how much of a note is seen before it is played
SOUND_HZ, SOUND_BITS_PER_S = 48_000, 128_000
X264 = {"preset": "veryfast", "crf": "23", "tune": "animation"}
WHITE_Y, GREY_UV = 235, 128  # white, in the limited range of YUV

Planes = NDArray[np.uint8]  # YUV 4:2:0 as PyAV stacks it: [HEIGHT_PX * 3 / 2, WIDTH_PX]


def is_available() -> bool:
    """Tell whether films can be made here."""
    return find_spec("av") is not None


def film(
    piece: Piece,
    legend: Legend,
    samples: NDArray[np.float32],
    rate_hz: int,
    *,
    from_s: float = 0.0,
) -> bytes:
    """Film a piece as MP4 (H.264 and AAC), 960 × 504 at 20 a second.

    `samples` is its sound, [samples, 1 or 2 channels] within ±1, from that second of the piece on;
    the film lasts as long. This takes seconds of CPU.

    Raises:
        RenderingFailed: when there is no PyAV or no sound, or the encoder gives up.
    """
    if not is_available():
        raise RenderingFailed("video", fault="PyAV is not installed")
    if not len(samples):
        raise RenderingFailed("video", fault="there is no sound")
    import av  # noqa: PLC0415

    try:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "film.mp4"  # its index moves to the front at last: no stream
            frames = _frames(piece, legend, from_s, len(samples) / rate_hz)
            _write(path, frames, samples, rate_hz)
            return path.read_bytes()
    except av.error.FFmpegError as error:
        raise RenderingFailed("video", fault=str(error)) from error


def _write(
    path: Path, frames: Iterator[Planes], samples: NDArray[np.float32], rate_hz: int
) -> None:
    """Write both streams, a second of each in turn, as players read them."""
    import av  # noqa: PLC0415

    layout = "mono" if samples.shape[1] == 1 else "stereo"
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as file:
        images = file.add_stream("libx264", rate=FRAMES_PER_S, options=X264)
        images.width, images.height, images.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
        images.codec_context.thread_count = 1  # others use this machine, too
        sound = file.add_stream("aac", rate=SOUND_HZ, layout=layout)
        sound.bit_rate = SOUND_BITS_PER_S
        resampler = av.AudioResampler("fltp", layout, SOUND_HZ, frame_size=1024)
        for start in range(0, len(samples), rate_hz):
            for planes in islice(frames, FRAMES_PER_S):
                file.mux(images.encode(av.VideoFrame.from_ndarray(planes, format="yuv420p")))
            packed = np.ascontiguousarray(samples[start : start + rate_hz]).reshape(1, -1)
            block = av.AudioFrame.from_ndarray(packed, format="flt", layout=layout)
            block.sample_rate, block.pts = rate_hz, start
            for each in resampler.resample(block):
                file.mux(sound.encode(each))
        for each in resampler.resample(None):
            file.mux(sound.encode(each))
        file.mux(images.encode(None))
        file.mux(sound.encode(None))


def _frames(piece: Piece, legend: Legend, from_s: float, seconds: float) -> Iterator[Planes]:
    """Yield one frame after the other: what was played is bright, and a white line plays on."""
    bright = _planes(picture.draw(piece, legend))
    dim = _planes(picture.draw(piece, legend, strength=BEFORE))
    area = picture.grid_of(piece, legend).area
    scale = WIDTH_PX / picture.WIDTH_PX
    timing = Timing(piece)
    top, bottom = (round(edge * scale) // 2 * 2 for edge in (area.top, area.bottom))

    def x_at(second: float) -> int:
        step = min(timing.step_at(second), piece.steps)
        return round((area.left + step / piece.steps * area.width) * scale) // 2 * 2  # for chroma

    first = x_at(from_s) if from_s else 0  # what is not heard stays dim
    for at in range(ceil(seconds * FRAMES_PER_S)):
        x = x_at(from_s + at / FRAMES_PER_S)
        frame = dim.copy()
        for shown, lit in zip(_channels(frame), _channels(bright), strict=True):
            begun, played = (edge * shown.shape[1] // WIDTH_PX for edge in (first, x))
            shown[:, begun:played] = lit[:, begun:played]
        luma, *chroma = _channels(frame)
        luma[top:bottom, x : x + 2] = WHITE_Y
        for channel in chroma:
            channel[top // 2 : bottom // 2, x // 2] = GREY_UV
        yield frame


def _channels(planes: Planes) -> tuple[Planes, Planes, Planes]:
    """Look at Y, U and V of a frame, U and V half as wide and high; writing there writes it."""
    half = (2, HEIGHT_PX // 2, WIDTH_PX // 2)
    blue, red = planes[HEIGHT_PX:].reshape(half)
    return planes[:HEIGHT_PX], blue, red


def _planes(svg: str) -> Planes:
    """Paint a card as one frame."""
    import av  # noqa: PLC0415

    png = io.BytesIO(picture.paint(svg, width_px=WIDTH_PX))
    with av.open(png, "r") as image:
        frame = next(image.decode(video=0)).reformat(format="yuv420p", dst_color_range="MPEG")
    return np.asarray(frame.to_ndarray(), dtype=np.uint8)
