"""What is made in a child process, as plain functions of plain values.

Each gives all files of one making, by name; `packed` and `unpacked` make one of them and back.
"""

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

import numpy as np
from numpy.typing import NDArray

from audiogroove.music.piece import Piece
from audiogroove.render.legend import Legend
from audiogroove.render.product import Product
from audiogroove.render.roll import picture, video
from audiogroove.render.score import score

PAGE = "score-{}.png"  # counted from 1


def warm_up() -> None:
    """Do nothing: whoever is asked has everything imported after that."""


def draw(piece: Piece, legend: Legend) -> dict[str, bytes]:
    """Draw the piano roll: the picture, and the cover of its sound."""
    drawn = picture.paint(picture.draw(piece, legend))
    return {Product.PICTURE: drawn, Product.COVER: picture.cover(piece, legend)}


def engrave(piece: Piece, legend: Legend) -> dict[str, bytes]:
    """Engrave the score: MusicXML, PDF, and its first pages in order."""
    engraved = score.engrave(piece, title=legend.title, facts=legend.facts)
    pages = {PAGE.format(n): page for n, page in enumerate(engraved.pages, start=1)}
    return {Product.MUSICXML: engraved.musicxml, Product.PDF: engraved.pdf} | pages


def film(
    piece: Piece, legend: Legend, samples: NDArray[np.float32], rate_hz: int, from_s: float
) -> dict[str, bytes]:
    """Film the moving roll with its sound, which begins at that second of the piece."""
    return {Product.VIDEO: video.film(piece, legend, samples, rate_hz, from_s=from_s)}


def packed(files: Mapping[str, bytes]) -> bytes:
    """Make one file of several; they are compressed already."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_STORED) as archive:
        for name, data in files.items():
            archive.writestr(str(name), data)
    return buffer.getvalue()


def unpacked(archive: bytes) -> dict[str, bytes]:
    """Take the files out of what `packed` made, in their order."""
    with ZipFile(BytesIO(archive)) as files:
        return {name: files.read(name) for name in files.namelist()}
