"""Captures whose pages have pictures, drawn here: each place is filled with a colour of its own."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from tests.small_captures import PAGE, described, in_folder

SIZE = (800, 600)
ENTRY = {"file": "pages/orders-1.png", "places": "pages/orders-1.places.json"}
ORDER = "8203955732372614"
RED, BLUE, YELLOW = (200, 0, 0), (0, 0, 200), (220, 220, 0)


def place(box: list[Any], *texts: str, **more: Any) -> dict[str, Any]:
    return {"kind": "row", "box": box, "head": None, "ids": [], "texts": list(texts)} | more


HEAD = [20, 40, 760, 30]
ROW = place([20, 100, 760, 50], ORDER, "未同步", head=HEAD)
OTHER = place([20, 150, 760, 50], "8203955732372615", "未同步", head=HEAD)


def drawn(*filled: tuple[list[Any], tuple[int, int, int]], size: tuple[int, int] = SIZE) -> bytes:
    """A PNG with these boxes filled, white elsewhere."""
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    for (left, top, width, height), colour in filled:
        pen.rectangle((left, top, left + width - 1, top + height - 1), fill=colour)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


PNG = drawn((HEAD, YELLOW), (ROW["box"], RED), (OTHER["box"], BLUE))


def listed(*places: Any) -> bytes:
    return json.dumps({"format": 1, "places": places}, ensure_ascii=False).encode()


def pictured(folder: Path, entry: object = ENTRY, files: Mapping[str, bytes | None] | None = None) -> Path:
    """A capture of one page with a picture; ``files`` replaces files, or takes them away."""
    manifest = described("pages/orders-1.html")
    manifest["pages"][0]["picture"] = entry
    whole: dict[str, bytes | None] = {
        "pages/orders-1.html": PAGE,
        "pages/orders-1.png": PNG,
        "pages/orders-1.places.json": listed(ROW, OTHER),
    }
    whole |= files or {}
    return in_folder(folder, manifest, {name: body for name, body in whole.items() if body is not None})
