"""What a piece brings along besides its MIDI file, as files for a reply.

Whatever cannot be made is left out: the notes themselves always arrive.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Protocol

import structlog

from audiogroove.errors import RenderingFailed
from audiogroove.render.legend import Legend
from audiogroove.render.product import Product
from audiogroove.render.roll.picture import describe
from audiogroove.render.roll.video import MAX_S
from audiogroove.render.sound.stretch import heard_part
from audiogroove.store.rows import StoredPiece
from bots.chat import File, Medium, Reply, Verb
from bots.describing import file_name

SOUND_LEFT_OUT = 8  # with so many pieces waiting, nobody is kept waiting for it
PICTURE_LEFT_OUT = 40

_LOG = structlog.get_logger()


def affordable(wanted: frozenset[Medium], waiting: int) -> frozenset[Medium]:
    """Leave out of what a chat shows what a crowd of so many other pieces cannot wait for.

    A 16-bar piece takes about half a second to write, its sound a second and its picture a
    quarter; a button makes up for the sound.
    """
    if waiting >= PICTURE_LEFT_OUT:
        return frozenset()
    return wanted - {Medium.SOUND} if waiting >= SOUND_LEFT_OUT else wanted


def bare(reply: Reply) -> Reply:
    """Take from a piece all that it brought along: what arrives is what counts."""
    return replace(reply, files=tuple(f for f in reply.files if f.medium is Medium.MIDI))


class Maker(Protocol):
    """Whoever makes previews; the studio does."""

    def can(self, product: Product) -> bool:
        """Tell whether a product can be made at all."""

    def legend(self, stored: StoredPiece) -> Legend:
        """Tell what is written beside the notes of a piece."""

    async def make(self, stored: StoredPiece, product: Product) -> bytes:
        """Make a product.

        Raises:
            RenderingFailed: when it cannot be made.
        """

    async def pages(self, stored: StoredPiece) -> list[bytes]:
        """Make the first pages of the score as PNG pictures; refused as `make` refuses."""


class Previews:
    """Makes files of pieces for replies."""

    def __init__(self, studio: Maker) -> None:
        """Have them made by a studio."""
        self._studio = studio

    @property
    def offers(self) -> frozenset[Verb]:
        """Tell what can be had by a button."""
        buttons = {
            Verb.LISTEN: Product.MP3,
            Verb.SCORE: Product.PDF,
            Verb.VIDEO: Product.VIDEO,
        }
        return frozenset(verb for verb, made in buttons.items() if self._studio.can(made))

    async def of(self, stored: StoredPiece, wanted: frozenset[Medium]) -> tuple[File, ...]:
        """Make what a piece is to bring along, as far as that can be done."""
        makers: dict[Medium, Callable[[StoredPiece], Awaitable[File]]] = {
            Medium.PICTURE: self._picture,
            Medium.SOUND: self.sound,
        }
        tasks = [
            asyncio.create_task(self._tried(maker, stored))
            for medium, maker in makers.items()
            if medium in wanted
        ]
        return tuple(file for file in await asyncio.gather(*tasks) if file)

    async def _tried(
        self, maker: Callable[[StoredPiece], Awaitable[File]], stored: StoredPiece
    ) -> File | None:
        try:
            return await maker(stored)
        except RenderingFailed as failure:
            _LOG.info("left out", what=failure.what, fault=failure.fault)
            return None

    async def _picture(self, stored: StoredPiece) -> File:
        data = await self._studio.make(stored, Product.PICTURE)
        about = describe(stored.piece, self._studio.legend(stored))
        name = file_name(stored, "png")
        return File(name, data, Medium.PICTURE, about=about)

    async def sound(self, stored: StoredPiece) -> File:
        """Make a piece's sound, with a cover if there can be one.

        What cannot be made ends in RenderingFailed.
        """
        cover = b""
        data = await self._studio.make(stored, Product.MP3)
        with suppress(RenderingFailed):
            cover = await self._studio.make(stored, Product.COVER)
        legend = self._studio.legend(stored)
        return File(
            file_name(stored, "mp3"),
            data,
            Medium.SOUND,
            title=legend.title,
            artist=legend.artist,
            duration_s=heard_part(stored.piece, legend).duration_s,
            cover=cover,
        )

    async def score(self, stored: StoredPiece) -> tuple[File, ...]:
        """Make a piece's score: its first pages, all of them, and the notes to go on with.

        What cannot be made ends in RenderingFailed.
        """
        pages = await self._studio.pages(stored)
        legend = self._studio.legend(stored)
        pictures = [
            File(
                file_name(stored, f"{number}.png"),
                page,
                Medium.PICTURE,
                about=f"Page {number} of the score of {legend.title}",
            )
            for number, page in enumerate(pages, start=1)
        ]
        pdf = File(file_name(stored, "pdf"), await self._studio.make(stored, Product.PDF))
        musicxml = File(
            file_name(stored, "musicxml"),
            await self._studio.make(stored, Product.MUSICXML),
        )
        return (*pictures, pdf, musicxml)

    async def video(self, stored: StoredPiece) -> File:
        """Make a film of the moving roll; what cannot be made ends in RenderingFailed."""
        data, legend = await self._studio.make(stored, Product.VIDEO), self._studio.legend(stored)
        return File(
            file_name(stored, "mp4"),
            data,
            Medium.VIDEO,
            title=legend.title,
            duration_s=heard_part(stored.piece, legend, max_s=MAX_S).duration_s,
        )
