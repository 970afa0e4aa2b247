"""One request as a method sees it, and the files in it."""

import mimetypes
import struct
from dataclasses import dataclass
from typing import Any

from tests.fakes.telegram.files import StoredFile
from tests.fakes.telegram.rules import PHOTO_BYTES, refuse
from tests.fakes.telegram.schema import Upload
from tests.fakes.telegram.world import World

MIMES = {".mid": "audio/midi", ".midi": "audio/midi", ".mp3": "audio/mpeg", ".ogg": "audio/ogg"}
NAMES = {"photo": "photo.jpg", "voice": "voice.ogg"}
SIDES_PX = 10_000  # of a photo, both together
RATIO = 20
THUMBNAIL_PX = 320
THUMBNAIL_BYTES = 200_000


@dataclass(frozen=True)
class Query:
    """A request: what was sent, typed, and its file parts by name."""

    method: str
    params: dict[str, Any]
    files: dict[str, Upload]


def take_file(world: World, query: Query, value: object, kind: str) -> StoredFile:
    """Find the file that a parameter means: a part, `attach://part`, or a file_id."""
    upload = value if isinstance(value, Upload) else _attached(query, value)
    if upload:
        return _stored(world, upload, kind)
    if not value or not isinstance(value, str):
        refuse(f"there is no {kind.replace('_', ' ')} in the request")
    if value.startswith(("http://", "https://")):
        refuse("failed to get HTTP URL content")
    stored = world.files.get(value)
    if stored is None:
        refuse("wrong remote file identifier specified: can't unserialize it. Wrong last symbol")
    if stored.kind != kind:
        refuse(f"can't use file of type {stored.kind.title()} as {kind.title()}")
    return stored


def check_playable(world: World, query: Query, stored: StoredFile) -> None:
    """Check what a player is asked to play; Telegram takes anything, the fake complains."""
    data = stored.data
    is_mp4 = data[4:8] == b"ftyp"
    is_mp3 = data.startswith(b"ID3") or (data[:1] == b"\xff" and data[1:2] >= b"\xe0")
    if stored.kind == "audio" and not (is_mp3 or is_mp4):
        world.record.violations.append(f"{query.method}: audio is no MP3 or M4A")
    if stored.kind == "video" and not is_mp4:
        world.record.violations.append(f"{query.method}: video is no MP4")


def take_thumbnail(world: World, query: Query, value: object) -> StoredFile | None:
    """Find the small picture of a file; Telegram silently drops a bad one, the fake complains."""
    upload = value if isinstance(value, Upload) else _attached(query, value)
    if upload is None:
        return None
    size = picture_size(upload.data)
    is_jpeg = upload.data.startswith(b"\xff\xd8")
    if not is_jpeg or not size or max(size) > THUMBNAIL_PX or len(upload.data) >= THUMBNAIL_BYTES:
        world.record.violations.append(
            f"{query.method}: thumbnail is no JPEG of at most {THUMBNAIL_PX} pixels a side "
            f"and less than {THUMBNAIL_BYTES} bytes"
        )
    return world.keep("thumbnail", upload.name, "image/jpeg", upload.data)


def _attached(query: Query, value: object) -> Upload | None:
    if isinstance(value, str) and value.startswith("attach://"):
        return query.files.get(value.removeprefix("attach://"))
    return None


def _stored(world: World, upload: Upload, kind: str) -> StoredFile:
    if not upload.data:
        refuse("file must be non-empty")
    if kind == "photo":
        check_photo(upload.data)
    name = NAMES.get(kind, upload.name)
    return world.keep(kind, name, mime_of(name, upload.mime), upload.data)


def mime_of(name: str, otherwise: str = "application/octet-stream") -> str:
    """Tell the type of a file, by its name as Telegram does."""
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    return MIMES.get(suffix) or mimetypes.guess_type(name)[0] or otherwise


def check_photo(data: bytes) -> None:
    """Check that bytes are a picture that Telegram shows."""
    if len(data) > PHOTO_BYTES:
        refuse(
            f"file of size {len(data)} bytes is too big for a photo; "
            f"the maximum size is {PHOTO_BYTES} bytes"
        )
    size = picture_size(data)
    if size is None:
        refuse("IMAGE_PROCESS_FAILED")
    if sum(size) > SIDES_PX or max(size) > RATIO * min(size):
        refuse("PHOTO_INVALID_DIMENSIONS")


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Read width and height of a PNG or JPEG, or None where it is neither."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if not data.startswith(b"\xff\xd8"):
        return None
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        if 0xC0 <= data[at + 1] <= 0xCF and data[at + 1] not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return None
