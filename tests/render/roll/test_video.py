"""Films of the roll, opened again with the library that players are built on."""

import io
import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from audiogroove.errors import RenderingFailed
from audiogroove.music.piece import Note, Part, Piece
from audiogroove.render.legend import Legend
from audiogroove.render.roll import palette, picture, video

av = pytest.importorskip("av", reason="PyAV is an extra: pip install audiogroove[video]")

RATE_HZ = 16_000
LEGEND = Legend("A scale", "2 bars of 4/4")
SCALE = Piece((Part(tuple(Note(12 * at, 60 + at, 12) for at in range(8))),), 2)  # 4 seconds


def tone(seconds: float, channels: int) -> NDArray[np.float32]:
    """Play an A."""
    wave = 0.3 * np.sin(2 * np.pi * 440 * np.arange(round(seconds * RATE_HZ)) / RATE_HZ)
    return np.repeat(wave.astype(np.float32)[:, None], channels, axis=1)


def images(mp4: bytes) -> list[NDArray[np.int16]]:
    """Decode a film's frames, [height, width, RGB]."""
    with av.open(io.BytesIO(mp4)) as file:
        return [frame.to_ndarray(format="rgb24").astype(np.int16) for frame in file.decode(video=0)]


@pytest.fixture(scope="module")
def mp4() -> bytes:
    """Film the scale with three of its seconds heard."""
    return video.film(SCALE, LEGEND, tone(3, 2), RATE_HZ)


def test_a_film_is_what_every_player_takes(mp4: bytes) -> None:
    """H.264 in 4:2:0 and AAC in MP4, even in size."""
    with av.open(io.BytesIO(mp4)) as file:
        (shown,), (heard,) = file.streams.video, file.streams.audio
        assert (shown.codec.name, shown.pix_fmt) == ("h264", "yuv420p")
        assert (shown.width, shown.height) == (960, 504)
        assert heard.codec.name == "aac"
        assert heard.channels == 2


def test_a_film_can_start_before_it_is_all_there(mp4: bytes) -> None:
    """Its index comes first."""
    assert mp4.index(b"moov") < mp4.index(b"mdat")


def test_a_film_lasts_as_long_as_its_sound(mp4: bytes) -> None:
    """Both streams do, but for an AAC frame."""
    assert len(images(mp4)) == 3 * video.FRAMES_PER_S
    with av.open(io.BytesIO(mp4)) as file:
        heard_s = sum(frame.samples / frame.sample_rate for frame in file.decode(audio=0))
    assert heard_s == pytest.approx(3, abs=0.05)


def test_the_sound_is_that_which_was_given() -> None:
    """One channel as well as two; its loudest tone is the A."""
    mp4 = video.film(SCALE, LEGEND, tone(1, 1), RATE_HZ)
    with av.open(io.BytesIO(mp4)) as file:
        assert file.streams.audio[0].channels == 1
        wave = np.concatenate([frame.to_ndarray()[0] for frame in file.decode(audio=0)])
    spectrum = np.abs(np.fft.rfft(wave[4_800:43_200]))  # 0.8 s, without the ends
    assert np.argmax(spectrum) / 0.8 == pytest.approx(440, abs=2)


def test_the_line_is_where_the_music_is(mp4: bytes) -> None:
    """A bright column that moves with time, as straight as the roll."""
    area = picture.grid_of(SCALE, LEGEND).area
    for at, image in enumerate(images(mp4)):
        panel = image[150:400].min(axis=2).mean(axis=0)  # white is bright in all colours
        place = (area.left + area.width * at / 20 / 4) * 960 / 1200
        assert np.argmax(panel) == pytest.approx(place, abs=2)


def test_notes_light_up_as_they_are_played(mp4: bytes) -> None:
    """The first half is brighter at the end than it was, the second is not yet."""
    first, *_, last = images(mp4)
    before, after = (image[130:460, 100:400].mean() for image in (first, last))
    assert after > before + 0.5
    waiting = [image[130:460, 750:900].mean() for image in (first, last)]
    assert waiting[0] == pytest.approx(waiting[1], abs=0.3)


def test_a_film_has_the_colours_of_the_picture(mp4: bytes) -> None:
    """As it would not if the two ranges of YUV were mistaken for each other."""
    corner = images(mp4)[0][2:6, 2:6].mean(axis=(0, 1))
    sky = [int(palette.SKY[0][at : at + 2], 16) for at in (1, 3, 5)]
    assert corner == pytest.approx(sky, abs=4)


def test_a_film_may_begin_later() -> None:
    """The line begins where the sound does, and what is not heard does not light up."""
    area = picture.grid_of(SCALE, LEGEND).area
    first, *_, last = images(video.film(SCALE, LEGEND, tone(1, 2), RATE_HZ, from_s=2))
    panel = first[150:400].min(axis=2).mean(axis=0)
    assert np.argmax(panel) == pytest.approx((area.left + area.width / 2) * 960 / 1200, abs=2)
    before, heard = (slice(100, 400), slice(510, 700))
    unlit, lit = ((last - first)[130:460, columns].mean() for columns in (before, heard))
    assert (unlit, lit > 0.5) == (pytest.approx(0, abs=0.3), True)


def test_without_sound_there_is_no_film() -> None:
    """It fails as every rendering fails."""
    with pytest.raises(RenderingFailed, match="no sound"):
        video.film(SCALE, LEGEND, tone(0, 2), RATE_HZ)


def test_what_the_encoder_refuses_fails_as_every_rendering_fails() -> None:
    """A sound that is no number is none that AAC can take."""
    with pytest.raises(RenderingFailed) as failure:
        video.film(SCALE, LEGEND, tone(1, 2) * np.float32("nan"), RATE_HZ)
    assert failure.value.what == "video"


def test_without_pyav_the_rest_still_works() -> None:
    """It is an extra: whoever lacks it is told that there are no films."""
    code = (
        "import sys; sys.modules['av'] = None; from audiogroove.render.roll import video; "
        "print(video.is_available())"
    )
    child = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert child.stdout == "False\n"
    assert video.is_available()
