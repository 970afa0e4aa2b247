"""Requests, pieces and jams as compact bytes: their JSON spelling, deflated."""

import json
import zlib
from dataclasses import astuple
from typing import Any

from audiogroove import request_spelling
from audiogroove.errors import RequestRefused
from audiogroove.jam import spelling as jam_spelling
from audiogroove.jam.jam import Jam
from audiogroove.music import spelling
from audiogroove.music.credits import Credit, Credits
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


def pack_jam(jam: Jam) -> bytes:
    """Make bytes of a jam; `unpack_jam` is the inverse."""
    return _pack(jam_spelling.spelled(jam))


def unpack_jam(packed: bytes) -> Jam:
    """Make a jam of `pack_jam`'s bytes; others end in one of UNREADABLE."""
    return jam_spelling.respelled(_unpack(packed))


def pack_credits(credited: Credits) -> str:
    """Make a text of credits, "" of none; `unpack_credits` is the inverse."""
    rows = [astuple(each) for each in credited]
    return json.dumps(rows, separators=(",", ":")) if rows else ""


def unpack_credits(packed: str) -> Credits:
    """Make credits of `pack_credits`' text; others end in one of UNREADABLE."""
    return tuple(Credit(*row) for row in json.loads(packed)) if packed else ()


def _pack(told: dict[str, object]) -> bytes:
    return zlib.compress(json.dumps(told, separators=(",", ":")).encode())


def _unpack(packed: bytes) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(zlib.decompress(packed))
    return told
