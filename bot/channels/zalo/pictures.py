"""Pictures small enough for Zalo: a megabyte at most, JPEG or PNG."""

from __future__ import annotations

import io

from PIL import Image

LARGEST = 1_000_000  # bytes; whether a megabyte means 1,000 or 1,024 thousand is not said
SIDES, QUALITIES = (2048, 1600, 1280, 960, 640), (85, 75, 60)


def small_enough(data: bytes) -> bytes:
    """Give the picture itself, or a smaller one.  Slow, so call it in a thread."""
    if len(data) <= LARGEST:
        return data
    with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as opened:
        whole = opened.convert("RGB")
    out = data
    for side in SIDES:
        shrunk = whole.copy()
        shrunk.thumbnail((side, side), Image.Resampling.LANCZOS)
        for quality in QUALITIES:
            buffer = io.BytesIO()
            shrunk.save(buffer, "JPEG", quality=quality, optimize=True)
            out = buffer.getvalue()
            if len(out) <= LARGEST:
                return out
    return out
