"""The few shapes that pictures are made of, as SVG.

Presentation attributes only: no styles, no scripts, no ids, so that a shape may stand in any page.
Places are px; a shape's `attributes` are SVG as well, and never hold a stranger's words.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

WHITE = "#fff"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, by its edges."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """How wide it is."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """How high it is."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Half way down."""
        return (self.top + self.bottom) / 2


def rect(box: Box, attributes: str) -> str:
    """Fill a rectangle."""
    return (
        f'<rect x="{box.left:.1f}" y="{box.top:.1f}" width="{box.width:.1f}" '
        f'height="{box.height:.1f}" {attributes}/>'
    )


def light(boxes: Iterable[Box], strength: float, colour: str = WHITE) -> str:
    """Lay one veil over some rectangles; where they overlap it is no thicker."""
    path = "".join(
        f"M{box.left:.1f} {box.top:.1f}h{box.width:.1f}v{box.height:.1f}h{-box.width:.1f}z"
        for box in boxes
    )
    return f'<path d="{path}" fill="{colour}" fill-opacity="{strength:g}"/>' if path else ""


def text(words: str, x: float, y: float, size_px: float, attributes: str) -> str:
    """Write words, whatever they are, from x on the line y."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size_px:g}" {attributes}>{escape(words)}</text>'
    )
