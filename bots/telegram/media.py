"""Files as Telegram takes them: how each kind is sent, and what is told of it.

A .mid is a document and nothing else: no client plays one (`sendAudio` would show a player that
cannot). https://core.telegram.org/bots/api#sending-files
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import (
    Bot,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    Message,
)
from telegram.constants import FileSizeLimit, ParseMode

from bots.chat import File, Medium, Reply, fitting
from bots.telegram.rendering import caption_of

PERFORMER = "AudioGroove"
COVER_BYTES = 200_000
FILE_BYTES = int(FileSizeLimit.PHOTOSIZE_UPLOAD)  # of a picture; ours of all kinds are smaller
REQUEST_BYTES = int(FileSizeLimit.FILESIZE_UPLOAD)  # of all files in an album
SIZE_BYTES = 4  # of a box's size, before its name

InputFile = InputMediaAudio | InputMediaDocument | InputMediaPhoto | InputMediaVideo

_INPUTS: dict[Medium, Callable[..., InputFile]] = {
    Medium.PICTURE: InputMediaPhoto,
    Medium.SOUND: InputMediaAudio,
    Medium.VIDEO: InputMediaVideo,
    Medium.DOCUMENT: InputMediaDocument,
    Medium.MIDI: InputMediaDocument,
}


def sendable(reply: Reply) -> tuple[File, ...]:
    """List the files of a reply that Telegram has room for."""
    return fitting(reply.files, each_bytes=FILE_BYTES, all_bytes=REQUEST_BYTES)


def input_of(file: File, words: Reply | None = None) -> InputFile:
    """Describe a file for an album, or for a message that becomes it, with words below it."""
    caption = caption_of(words) if words else None
    return _INPUTS[file.medium](
        file.data, filename=file.name, caption=caption, parse_mode=ParseMode.HTML, **_told_of(file)
    )


async def send_file(bot: Bot, chat_id: int, message: Reply, how: dict[str, Any]) -> Message:
    """Send a message with one file; `how` is what all kinds of messages take."""
    (file,) = message.files
    ways: dict[Medium, Callable[..., Awaitable[Message]]] = {
        Medium.PICTURE: bot.send_photo,
        Medium.SOUND: bot.send_audio,
        Medium.VIDEO: bot.send_video,
        Medium.DOCUMENT: bot.send_document,
        Medium.MIDI: bot.send_document,
    }
    caption = caption_of(message) or None
    return await ways[file.medium](
        chat_id, file.data, filename=file.name, caption=caption, **_told_of(file), **how
    )


def _told_of(file: File) -> dict[str, Any]:
    """Tell what only files of its kind have; durations are whole seconds, and 0 is unknown."""
    duration_s = max(1, round(file.duration_s))
    match file.medium:
        case Medium.PICTURE:
            return {}
        case Medium.SOUND:
            cover = file.cover if 0 < len(file.cover) < COVER_BYTES else None
            names = {"title": file.title or None, "performer": file.artist or PERFORMER}
            return {**names, "duration": duration_s, "thumbnail": cover}
        case Medium.VIDEO:
            width, height = frame_px(file.data)
            return {
                "duration": duration_s,
                "width": width or None,
                "height": height or None,
                "supports_streaming": True,
            }
        case Medium.DOCUMENT | Medium.MIDI:
            return {"disable_content_type_detection": True}


def frame_px(data: bytes) -> tuple[int, int]:
    """Read width and height of an MP4's picture; (0, 0) where they cannot be found.

    They end each track's header, in 1/65536 of a pixel, and are 0 for sound
    (ISO/IEC 14496-12, 8.3.2). A box is its size in bytes, all of itself, its name, its contents.
    """
    for name in re.finditer(b"tkhd", data):
        begin = name.start() - SIZE_BYTES
        end = begin + int.from_bytes(data[max(0, begin) : name.start()])
        width, height = (int.from_bytes(data[end - at : end - at + 2]) for at in (8, 4))
        if name.end() + 8 <= end <= len(data) and width and height:
            return width, height
    return 0, 0
