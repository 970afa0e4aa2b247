"""A piece as sheet music: MusicXML for notation programs, pages to look at, a PDF to print.

The MusicXML holds the complete full score. The pages are for reading on a screen and for playing
from, so no system is higher than four staves: a larger band gets *books*, as few and as equally
high as possible, one after the other, each headed by the names of those who play from it. Players
who sit together thus read together (a piano keeps both hands, parts keep their order), and a
staff is as large in an octet as in a duo. Conductors open the MusicXML. Longer and larger pieces
are printed in part, see `audiogroove.render.score.books`; the header says so.

verovio and resvg hold the interpreter for as long as they work, and music21 takes half a second
to import: call this in a process of its own.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path

import resvg_py
import verovio
from PIL import Image

from audiogroove.errors import RenderingFailed
from audiogroove.music.piece import Part, Piece, clean_name
from audiogroove.music.releases import tidy
from audiogroove.render.lettering import BOLD, FAMILY, REGULAR
from audiogroove.render.score import page, pdf
from audiogroove.render.score.books import MAX_BARS, MAX_PARTS, Book, beat_mark, books
from audiogroove.render.score.breaking import system_starts
from audiogroove.render.score.page import Band, System

MAX_PICTURES = 3  # further pages are in the PDF
MAX_NOTES = 20_000
MAX_MEASURES = 8_000  # of all parts

_RESOURCES = str(Path(verovio.__file__).with_name("data"))
# In units of verovio's drawings, tenths of those of its options.
_LINE_WIDTH = 22_000.0  # for 1260 px of 1400: a staff is 41 px high, 6.2 mm on A4
_MARGIN_WIDTH = 2_200.0  # of the names, clef and signature of a system
_TEMPO_SIZE = 400
_OPTIONS = {
    "adjustPageHeight": True,
    "font": "Leipzig",
    "footer": "none",
    "header": "none",
    "minLastJustification": 0.5,
    "pageHeight": 2970,
    "pageMarginBottom": 0,
    "pageMarginLeft": 0,
    "pageMarginRight": 0,
    "pageMarginTop": 0,
    "scale": 100,
    "smuflTextFont": "none",
    "spacingStaff": 9,
    "staffLineWidth": 0.19,  # as a screen shows them: thinner ones go grey
    "stemWidth": 0.22,
    "systemMaxPerPage": 1,  # pages are ours to fill
    "xmlIdSeed": 1,  # the same score is the same bytes
}
# Written by custom at another pitch than they sound: trumpets, horn, saxophones, English horn,
# clarinet. The octave of a guitar or a bass is in its clef.
_TRANSPOSING = frozenset({56, 59, 60, 64, 65, 66, 67, 69, 71})


@dataclass(frozen=True, slots=True)
class Score:
    """A piece in print."""

    musicxml: bytes  # all of it
    pages: tuple[bytes, ...]  # 1..MAX_PICTURES, PNG, page.WIDTH_PX wide
    pdf: bytes  # all pages, A4


def engrave(piece: Piece, *, title: str, facts: str) -> Score:
    """Engrave a piece; `title` and `facts`, in any letters, stand above it.

    Raises:
        RenderingFailed: when it is larger than MAX_NOTES or MAX_MEASURES, or cannot be engraved.
    """
    from audiogroove.music import notation  # noqa: PLC0415  (music21 takes a while to import)

    if piece.note_count > MAX_NOTES or piece.bars * len(piece.parts) > MAX_MEASURES:
        size = f"{piece.note_count} notes in {piece.bars} bars of {len(piece.parts)} parts"
        raise RenderingFailed("score", fault=f"too large: {size}")
    if not piece.parts:
        piece = piece.with_parts([Part(())])
    piece = replace(tidy(piece), title=clean_name(title) or piece.title)
    musicxml = notation.to_musicxml(piece)
    bound = books(musicxml, piece)
    band = Band(title, facts, _notice(piece), beat_mark(piece, *piece.tempos[0]))
    pages = page.set_pages([system for each in bound for system in _systems(each, bound)], band)
    pictures = [_picture(each.svg) for each in pages]
    return Score(
        musicxml=musicxml,
        pages=tuple(_png(each) for each in pictures[:MAX_PICTURES]),
        pdf=pdf.bind([(each.width, each.height, each.tobytes()) for each in pictures]),
    )


def _notice(piece: Piece) -> str:
    said = []
    if any(part.program in _TRANSPOSING for part in piece.parts if not part.is_drums):
        said.append("score in concert pitch")
    if piece.bars > MAX_BARS:
        said.append(f"bars 1-{MAX_BARS} of {piece.bars}")
    if len(piece.parts) > MAX_PARTS:
        said.append(f"{MAX_PARTS} of {len(piece.parts)} parts")
    return "; ".join(said).capitalize()


def _systems(book: Book, bound: tuple[Book, ...]) -> Iterator[System]:
    number = f"{bound.index(book) + 1} of {len(bound)}: {', '.join(book.names)}"
    heading = number if len(bound) > 1 else ""
    (line,) = _draw(book.broken_at([]), breaks="none")
    widths = _bar_widths(line)
    width = max(_LINE_WIDTH, max(widths) + _MARGIN_WIDTH)  # all is smaller where a bar is so long
    starts = system_starts(widths, width - _MARGIN_WIDTH)
    breaks = "encoded" if len(starts) > 1 else "auto"
    for at, svg in enumerate(_draw(book.broken_at(starts), breaks=breaks, width=width)):
        yield _system(svg, heading if at == 0 else "")


def _draw(musicxml: str, *, breaks: str, width: float = _LINE_WIDTH) -> list[str]:
    kit = verovio.toolkit(False)  # noqa: FBT003  (fonts are found by the next line, in any thread)
    kit.setResourcePath(_RESOURCES)
    kit.setOptions({**_OPTIONS, "breaks": breaks, "pageWidth": ceil(width / 10)})
    if not kit.loadData(musicxml) or not kit.getPageCount():
        raise RenderingFailed("score", fault=f"verovio refused it: {kit.getLog()}")
    return [kit.renderToSVG(number + 1) for number in range(kit.getPageCount())]


def _bar_widths(line: str) -> list[float]:
    # A bar is as wide as its staff lines; the clef of the first one is not its own.
    spans = [(float(one), float(two)) for one, two in _STAFF_LINE.findall(line)]
    widths = [two - one for one, two in spans]
    return [max(widths[0] - _MARGIN_WIDTH / 2, widths[0] / 2), *widths[1:]]


_STAFF_LINE = re.compile(
    r'class="measure">\s*<g [^>]*class="staff">\s*<path d="M([-0-9.]+) [-0-9.]+ L([-0-9.]+)'
)
_PAGE = re.compile(r'<svg width="([0-9.]+)px" height="([0-9.]+)px"[^>]*>(.*)</svg>\s*$', re.DOTALL)
_STYLE = re.compile(r"<style.*?</style>", re.DOTALL)
_PLACEHOLDER = re.compile(r"<g [^>]*placeholder[^>]*>\s*<ellipse[^>]*/>\s*</g>")
_TEMPO = re.compile(r'class="tempo">\s*<text x="([-0-9.]+)" y="([-0-9.]+)"(.*?)</text>', re.DOTALL)
_METRONOME_DOT = "\uecb7"  # SMuFL's


def _system(svg: str, heading: str) -> System:
    """Take out of a page of verovio's what no text font can draw and what slows resvg down.

    Its style sheet strokes the outlines of glyphs, too, by less than can be seen.

    Raises:
        RenderingFailed: when it is no page.
    """
    found = _PAGE.search(svg)
    if not found:
        raise RenderingFailed("score", fault="verovio drew no page")
    inside = _TEMPO.sub(_tempo, _PLACEHOLDER.sub("", _STYLE.sub("", found[3])))
    for one, two in (
        ("<text ", '<text stroke="none" '),
        ("<use ", '<use stroke="none" '),
        ('color="black" font-family="Times, serif"', f'stroke="#000" font-family="{FAMILY}"'),
    ):
        inside = inside.replace(one, two)
    return System(inside, (float(found[1]), float(found[2])), heading)


def _tempo(found: re.Match[str]) -> str:
    words = re.sub(r"<[^>]*>", "", found[3])
    beats = int("".join(char for char in words if char.isdecimal()))
    x, y = float(found[1]), float(found[2])
    return 'class="tempo">' + page.mark(x, y, _TEMPO_SIZE, _METRONOME_DOT in words, beats)


def _picture(svg: str) -> Image.Image:
    drawn = resvg_py.svg_to_bytes(
        svg_string=svg,
        width=page.WIDTH_PX,
        background="#ffffff",
        skip_system_fonts=True,
        font_files=[REGULAR, BOLD],
        font_family=FAMILY,
        serif_family=FAMILY,
        sans_serif_family=FAMILY,
    )
    return Image.open(io.BytesIO(bytes(drawn))).convert("L")


def _png(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()
