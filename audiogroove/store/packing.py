"""Requests and pieces as compact bytes: their JSON spelling, deflated."""

import json
import zlib
from typing import Any

from audiogroove import request_spelling
from audiogroove.errors import RequestRefused
from audiogroove.music import spelling
from audiogroove.music.piece import Piece
from audiogroove.request import ComposeRequest

UNREADABLE = (  # what unpacking may raise, as when another version packed it
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    RequestRefused,
    TypeError,
    ValueError,
    zlib.error,
)


def pack_request(request: ComposeRequest) -> bytes:
    """Make bytes of a request; `unpack_request` is the inverse."""
    return _pack(request_spelling.spelled(request))


def unpack_request(packed: bytes) -> ComposeRequest:
    """Make a request of `pack_request`'s bytes; others end in one of UNREADABLE."""
    return request_spelling.respelled(_unpack(packed))


def pack_piece(piece: Piece) -> bytes:
    """Make bytes of a piece; `unpack_piece` is the inverse."""
    return _pack(spelling.spelled(piece))


def unpack_piece(packed: bytes) -> Piece:
    """Make a piece of `pack_piece`'s bytes; others end in one of UNREADABLE."""
    return spelling.respelled(**_unpack(packed))


def _pack(told: dict[str, object]) -> bytes:
    return zlib.compress(json.dumps(told, separators=(",", ":")).encode())


def _unpack(packed: bytes) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(zlib.decompress(packed))
    return told
