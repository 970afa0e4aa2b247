"""Files as Telegram takes them: what is told of each kind."""

from dataclasses import replace
from typing import Any

import pytest
from telegram import InputMediaAudio, InputMediaVideo

from bots.chat import File, Medium, Reply
from bots.telegram.media import COVER_BYTES, FILE_BYTES, frame_px, input_of, sendable
from tests.bots.telegram.stage import NOTES, RAG, ROLL, SOUND


def track(width: int, height: int, *, size: int = 92) -> bytes:
    """Spell the header of a track in an MP4: its end is all that matters here."""
    frame = (width << 16).to_bytes(4) + (height << 16).to_bytes(4)
    return size.to_bytes(4) + b"tkhd" + bytes(size - 16) + frame


FILM = bytes(4) + b"ftypisom" + track(0, 0) + track(960, 504, size=104)


def told(file: File) -> dict[str, Any]:
    """Tell what a description of a file says."""
    return input_of(file).to_dict()


@pytest.mark.parametrize(("exact_s", "told_s"), [(0.0, 1), (0.4, 1), (31.6, 32), (59.9, 60)])
def test_durations_are_whole_seconds(exact_s: float, told_s: int) -> None:
    """None is 0, which players take for unknown."""
    media = input_of(replace(SOUND, duration_s=exact_s))

    assert isinstance(media, InputMediaAudio)
    assert media.to_dict()["duration"] == told_s


def test_sound_names_its_piece_and_us() -> None:
    """As players show it."""
    assert told(SOUND)["title"] == SOUND.title
    assert told(SOUND)["performer"] == "AudioGroove"


@pytest.mark.parametrize("cover", [b"", bytes(COVER_BYTES)])
def test_a_cover_that_telegram_would_drop_is_left_out(cover: bytes) -> None:
    """None, or one that is too large."""
    assert "thumbnail" not in told(replace(SOUND, cover=cover))


def test_a_film_tells_its_frame() -> None:
    """Else some players show it square until it is loaded."""
    film = input_of(File("rag.mp4", FILM, Medium.VIDEO, duration_s=20.0))

    assert isinstance(film, InputMediaVideo)
    assert (film.width, film.height, film.supports_streaming) == (960, 504, True)


@pytest.mark.parametrize("data", [b"", b"tkhd", track(0, 0), FILM[:-1], track(9, 9, size=16)[:-8]])
def test_a_frame_that_is_not_told_is_unknown(data: bytes) -> None:
    """Whatever the bytes are."""
    assert frame_px(data) == (0, 0)


def test_files_that_telegram_has_no_room_for_are_left_out() -> None:
    """But for the piece itself, which is small, or else refused by Telegram in its own words."""
    large = bytes(FILE_BYTES + 1)
    files = (replace(ROLL, data=large), SOUND, replace(NOTES, data=large))

    assert [file.medium for file in sendable(Reply("", files))] == [Medium.SOUND, Medium.MIDI]
    assert sendable(RAG) == RAG.files
