"""Words that can be drawn: safe, in letters that our font has, and no wider than their place.

resvg drops letters that its fonts lack without a word, and slim systems have no fonts at all, so
Inter comes along: Latin, Cyrillic and Greek, neither CJK nor emoji nor musical signs. Its tables
are read here as the OpenType specification, version 1.9, lays them out.
"""

import struct
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

FAMILY = "Inter"
_FONTS = Path(__file__).with_name("fonts")
REGULAR, BOLD = (str(_FONTS / f"Inter-{weight}.otf") for weight in ("Regular", "Bold"))

TITLE_CHARS = 48  # of a title, where its width is not what bounds it
UNKNOWN = "·"  # stands for a letter that the font lacks
CUT = "…"
_SPELLED = str.maketrans({"♭": "b", "♯": "#", "♮": "", "\N{NON-BREAKING HYPHEN}": "-"})


@dataclass(frozen=True, slots=True)
class Font:
    """Which letters a font has and how far each moves the pen."""

    advances: dict[str, int]  # font units, by character
    units_per_em: int


def readable(text: str) -> str:
    """Keep of a text what our font can write, on one line.

    Control and format characters go (one of them is a malformed SVG, others turn the line round);
    "·" stands for a run of letters that Inter lacks; flats and sharps are spelled.
    """
    letters = load(REGULAR).advances
    plain = unicodedata.normalize("NFC", text).translate(_SPELLED)
    shown: list[str] = []
    for char in " ".join(plain.split()):
        if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Mn", "Me"}:
            continue
        known = char if char in letters else UNKNOWN
        if known != UNKNOWN or shown[-1:] != [UNKNOWN]:
            shown.append(known)
    return "".join(shown).strip()


def width_px(text: str, size_px: float, *, bold: bool = False) -> float:
    """Tell how wide a readable text is, within a few percent: kerning is left out."""
    font = load(BOLD if bold else REGULAR)
    return sum(font.advances.get(char, 0) for char in text) * size_px / font.units_per_em


def fit(text: str, room_px: float, size_px: float, *, bold: bool = False) -> str:
    """Cut a readable text so that it is at most so wide; "…" tells that there was more."""
    if width_px(text, size_px, bold=bold) <= room_px:
        return text
    left_px = room_px - width_px(CUT, size_px, bold=bold)
    ends = accumulate(width_px(char, size_px, bold=bold) for char in text)
    kept = text[: sum(end <= left_px for end in ends)].rstrip()
    return kept + CUT if kept else ""


@lru_cache(maxsize=2)
def load(path: str) -> Font:
    """Read a font's table of characters (cmap, format 12) and its advance widths (hmtx)."""
    data = Path(path).read_bytes()
    tables: dict[bytes, int] = {}
    for at in range(struct.unpack_from(">H", data, 4)[0]):
        tag, _, offset, _ = struct.unpack_from(">4sIII", data, 12 + 16 * at)
        tables[tag] = offset
    (units_per_em,) = struct.unpack_from(">H", data, tables[b"head"] + 18)
    (metrics,) = struct.unpack_from(">H", data, tables[b"hhea"] + 34)
    advances = struct.unpack_from(">" + "Hh" * metrics, data, tables[b"hmtx"])[::2]
    glyphs = _glyphs(data, tables[b"cmap"])
    return Font(
        {char: advances[min(glyph, metrics - 1)] for char, glyph in glyphs.items()}, units_per_em
    )


def _glyphs(data: bytes, cmap: int) -> dict[str, int]:
    """Read which glyph each character has."""
    found: dict[str, int] = {}
    for at in range(struct.unpack_from(">H", data, cmap + 2)[0]):
        start = cmap + struct.unpack_from(">I", data, cmap + 4 + 8 * at + 4)[0]
        if struct.unpack_from(">H", data, start)[0] != 12:
            continue
        for group in range(struct.unpack_from(">I", data, start + 12)[0]):
            first, last, glyph = struct.unpack_from(">III", data, start + 16 + 12 * group)
            found |= {chr(code): glyph + code - first for code in range(first, last + 1)}
    return found
