"""Grey pictures as pages of a PDF, A4, without loss.

Pillow writes PDF, too, but grey pages as JPEG: a halo around every stem, and four times the size.
The format is ISO 32000-1, 7.5 (file structure) and 8.9.5 (images).
"""

import zlib
from collections.abc import Sequence

A4_POINTS = (595.28, 841.89)


def bind(pages: Sequence[tuple[int, int, bytes]]) -> bytes:
    """Make a PDF of (width, height, a byte a pixel) each; they start at the top of their page."""
    width, height = A4_POINTS
    kids = " ".join(f"{3 * at + 3} 0 R" for at in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode(),
    ]
    for at, (columns, rows, grey) in enumerate(pages):
        high = width * rows / columns
        draw = f"q {width} 0 0 {high:.2f} 0 {height - high:.2f} cm /Page Do Q".encode()
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} {height}]/Contents {3 * at + 4} 0 R"
            f"/Resources<</XObject<</Page {3 * at + 5} 0 R>>>>>>".encode(),
            _stream("", draw),
            _stream(
                f"/Type/XObject/Subtype/Image/Width {columns}/Height {rows}"
                "/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode",
                zlib.compress(grey),
            ),
        ]
    return _file(objects)


def _stream(entries: str, data: bytes) -> bytes:
    return f"<<{entries}/Length {len(data)}>>\nstream\n".encode() + data + b"\nendstream"


def _file(objects: list[bytes]) -> bytes:
    written = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")  # four high bytes: not a text file
    starts = []
    for number, each in enumerate(objects, start=1):
        starts.append(len(written))
        written += f"{number} 0 obj\n".encode() + each + b"\nendobj\n"
    table = len(written)
    written += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    written += b"".join(f"{start:010d} 00000 n \n".encode() for start in starts)
    written += (
        f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n".encode()
    )
    return bytes(written)
