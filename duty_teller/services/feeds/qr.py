"""A QR code as the path of a picture, so that the page draws it and no markup travels."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Picture:
    """Dark squares on light ground.

    Attributes:
        size: Width and height in squares, the quiet zone of four on each side (ISO/IEC 18004) included.
        path: An SVG path in squares that fills the dark ones.
    """

    size: int
    path: str


_QUIET = 4


def qr_code(text: str) -> Picture:
    """Draws a text, with the error correction M that screens and paper need."""
    import segno  # one answer in a thousand needs it

    rows = [bytes(row) for row in segno.make_qr(text, error="m").matrix]
    parts = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            width = next((n for n, dark in enumerate(row[x:]) if not dark), len(row) - x)
            if width:
                parts.append(f"M{x + _QUIET} {y + _QUIET}h{width}v1h-{width}z")
            x += max(width, 1)
    return Picture(len(rows) + 2 * _QUIET, "".join(parts))
