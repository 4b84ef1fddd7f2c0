"""Tracking pages of any number of parcels, in the markup of a recorded list with its traces unfolded, from a seed."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.orders import CAPTURED_AT, Store, counted, parted, s10
from benchmarks.recorded import Layout, Template

PER_PAGE = 20
ROW = re.compile(
    r'<tr class="next-table-row[^"]*" role="row">(?:(?!<tr\b).)*</tr>(?:<tr class="next-table-expanded-row">.*?</tr>)?',
    re.DOTALL,
)
SLOT = re.compile(
    r"(?P<number>(?<=[>=])8\d{15}(?=[<&]))|(?<=>)(?:(?P<time>20\d\d-\d\d-\d\d \d\d:\d\d)"
    r"|(?P<tracking>[A-Z]{2}\d{9}[A-Z]{2}|9\d{21}))(?=<)"
)
PAGES = {"northwind": "tracking-4.html", "harbor": "tracking-2.html"}
STEP_H = 20
"""Hours between two events of a trace: never so long that a rule takes it for a gap."""


def write(folder: Path, store: Store, numbers: Sequence[str], rng: random.Random) -> Iterator[dict[str, Any]]:
    """Write one parcel for each order number into a capture's folder; the entries of capture.json."""
    layout = Layout.read(store.name, PAGES[store.name], ROW)
    templates = [Template.of(row, SLOT) for row in layout.rows]
    for page, here in enumerate(parted(numbers, PER_PAGE), start=1):
        rows = (rng.choice(templates).filled(_Parcel(rng, number)) for number in here)
        entry = store.entry("tracking", None, page, "/m_apps/logistic/ship_cn")
        html = layout.head + "".join(rows) + counted(layout.tail, len(numbers), page, PER_PAGE)
        (folder / entry["file"]).write_text(html, "utf-8")
        yield entry


class _Parcel:
    """Fills the slots of one parcel: its trace goes back from the capture, one event every few hours."""

    def __init__(self, rng: random.Random, number: str) -> None:
        self.rng, self.number = rng, number
        self.tracking = s10(rng)

    def __call__(self, name: str, place: int) -> str:
        if name == "number":
            return self.number
        if name == "tracking":
            return self.tracking
        return f"{CAPTURED_AT - timedelta(hours=STEP_H * max(place - 1, 0) + 2):%Y-%m-%d %H:%M}"
