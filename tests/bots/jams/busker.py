"""A composer and a maker of previews that need no time, and whose works can be told apart."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from typing_extensions import override

from audiogroove.music.piece import Note, Piece
from audiogroove.render.product import Product
from audiogroove.request import ComposeRequest, Mode
from audiogroove.service.job import Done, Event, Job
from audiogroove.store.rows import StoredPiece
from tests.bots.easel import Easel
from tests.dialogues.stage import played
from tests.jams.fiddler import Fiddler

NOTE_STEPS = 12
# What platforms look at before they take a picture: that it is one, and how large.
HEADS = {
    Product.PICTURE: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (1280).to_bytes(4) + (480).to_bytes(4),
    Product.COVER: bytes.fromhex("FFD8 FFE0 0004 0000 FFC0 0011 08 0140 0140 03"),
    Product.MP3: b"ID3",
}


class Busker(Fiddler):
    """Plays a note a bar for every part, also in the bars with which it goes on."""

    def __init__(self) -> None:
        """Have played nothing yet."""
        super().__init__()
        self.made: dict[str, Piece] = {}  # by job

    @override
    async def stream(self, job: Job) -> AsyncGenerator[Event]:
        async with aclosing(super().stream(job)) as events:
            async for event in events:
                if not isinstance(event, Done):
                    yield event
                    continue
                piece = self.made[job.id] = tune(job.request)
                yield Done(replace(event.composition, piece=piece))


class Painter(Easel):
    """Labels what it makes, behind the first bytes of such a file."""

    @override
    async def make(self, stored: StoredPiece, product: Product) -> bytes:
        return HEADS.get(product, b"") + await super().make(stored, product)


def tune(request: ComposeRequest) -> Piece:
    """Play a request; each new bar of one that goes on has a pitch of its own."""
    piece = played(request)
    if request.mode is not Mode.CONTINUE or request.material is None:
        return piece
    new = range(request.material.bars, piece.bars)
    notes = [Note(piece.bar_lines[bar], 48 + bar % 24, NOTE_STEPS) for bar in new]
    first, *others = piece.parts
    parts = (replace(first, notes=(*first.notes, *notes)), *others)
    return replace(piece, parts=parts, tempos=request.material.tempos)
