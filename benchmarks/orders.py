"""Captures of any number of orders in the markup of a recorded order list, made from a seed.

The rows of the recording are the templates; order numbers, times, amounts, countdowns and tracking numbers are new.
Most orders are in order. A known share is late or lacks its number, so that rules have something to find.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.recorded import RECORDINGS, Layout, Template
from checks.tracking_number import s10_check_digit

ZONE = ZoneInfo("America/Los_Angeles")
CAPTURED_AT = datetime(2026, 11, 20, 3, 15, tzinfo=ZONE)
PER_PAGE = 100
LATE = 0.01
"""The share of orders whose ship-by time is less than a day away."""
ROW = re.compile(r'<table class="next-table-row.*?</table>', re.DOTALL)
SLOT = re.compile(
    r"(?<=>)(?:(?P<number>8\d{15})|(?P<time>20\d\d-\d\d-\d\d \d\d:\d\d)|(?P<amount>(?:CN￥ |US \$)[\d,]+\.\d\d)"
    r"|(?P<left>\d\d天\d\d:\d\d:\d\d|\d+d \d+h \d+m|\d+h \d+m)|(?P<tracking>[A-Z]{2}\d{9}[A-Z]{2}|9\d{21}))(?=<)"
)
TOTAL = re.compile(r'(?<=pagination-total">)(共 |Total )\d+( 条|)(?=<)')
POSITION = re.compile(r'(pagination-display"><em>)\d+(</em>/)\d+')


VIEWS = {
    "northwind": {"awaiting_shipment": ("orders-1.html", 0.3), "awaiting_receipt": ("orders-3.html", 0.7)},
    "harbor": {"awaiting_shipment": ("orders-1.html", 0.3), "awaiting_receipt": ("orders-2.html", 0.7)},
}
"""Recording -> its views, each with a recorded page of it and its share of the orders."""


@dataclass(frozen=True)
class Store:
    """The recorded store that a capture is made after."""

    name: str
    captured: Mapping[str, Any]
    locale: str

    @classmethod
    def of(cls, name: str) -> Store:
        manifest = json.loads((RECORDINGS / name / "capture.json").read_text("utf-8"))
        return cls(name, manifest["store"], manifest["locale"])

    @property
    def chinese(self) -> bool:
        return self.locale.startswith("zh")

    def entry(self, kind: str, view: str | None, sequence: int, address: str) -> dict[str, Any]:
        """A page of capture.json."""
        return {
            "kind": kind,
            "view": view,
            "sequence": sequence,
            "url": f"https://csp.aliexpress.com{address}?channelId={self.captured['channel_id']}",
            "file": f"pages/{kind}-{sequence}.html",
            "captured_at": (CAPTURED_AT + timedelta(seconds=2 * sequence)).isoformat(),
            "error": None,
        }


def write_one(folder: Path, recording: str, orders: int, seed: int) -> None:
    """A capture of a single page that lists all of so many orders."""
    [*_, (view, (file, _))] = VIEWS[recording].items()
    store, rng = Store.of(recording), random.Random(seed)
    (folder / "pages").mkdir(parents=True)
    numbers = list(order_numbers(rng, orders))
    _manifest(
        folder, store, list(_view(folder, Layout.read(recording, file, ROW), store, view, numbers, 0, rng, orders))
    )


def write(folder: Path, recording: str, orders: int, seed: int, *, tracked: bool = False) -> None:
    """A capture of so many orders, 100 a page, in a new folder; ``tracked`` adds the list of their parcels."""
    store, rng = Store.of(recording), random.Random(seed)
    (folder / "pages").mkdir(parents=True)
    entries: list[dict[str, Any]] = []
    numbers = list(order_numbers(rng, orders))
    left = iter(numbers)
    for view, (file, share) in VIEWS[recording].items():
        here = list(islice(left, round(orders * share)))
        entries += _view(folder, Layout.read(recording, file, ROW), store, view, here, len(entries), rng)
    if tracked:
        from benchmarks import tracking

        entries += tracking.write(folder, store, numbers, rng)
    _manifest(folder, store, entries)


def _view(
    folder: Path, layout: Layout, store: Store, view: str, numbers: Sequence[str], before: int, rng: random.Random,
    per_page: int = PER_PAGE,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """Write the pages of one view; their entries of capture.json."""
    templates = [Template.of(row, SLOT) for row in layout.rows]
    for page, here in enumerate(parted(numbers, per_page), start=1):
        rows = (rng.choice(templates).filled(_Order(rng, number, store.chinese)) for number in here)
        entry = store.entry("orders", view, before + page, "/m_apps/order-manage/orderList")
        html = layout.head + "".join(rows) + counted(layout.tail, len(numbers), page, per_page)
        (folder / entry["file"]).write_text(html, "utf-8")
        yield entry


def parted(numbers: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """The numbers of one page after the other."""
    return (numbers[start : start + size] for start in range(0, len(numbers), size))


def counted(tail: str, total: int, page: int, per_page: int) -> str:
    """The end of a page with its pagination: how many rows the list has, which of how many pages this is."""
    tail = TOTAL.sub(rf"\g<1>{total}\g<2>", tail)
    return POSITION.sub(rf"\g<1>{page}\g<2>{-(-total // per_page)}", tail)


class _Order:
    """Fills the slots of one order; a call gives the text of one slot."""

    def __init__(self, rng: random.Random, number: str, chinese: bool) -> None:
        self.rng, self.number, self.chinese = rng, number, chinese
        self.placed = CAPTURED_AT - timedelta(minutes=rng.randrange(60, 20 * 24 * 60))

    def __call__(self, name: str, place: int) -> str:
        if name == "number":
            return self.number
        if name == "time":
            # The second time of an order is its first-scan deadline; it lies ahead, as it does for most.
            at = self.placed if place == 0 else CAPTURED_AT + timedelta(minutes=self.rng.randrange(1440, 7200))
            return f"{at:%Y-%m-%d %H:%M}"
        if name == "amount":
            amount = self.rng.randrange(500, 260_000)
            return f"{'CN￥ ' if self.chinese else 'US $'}{amount // 100:,}.{amount % 100:02}"
        if name == "left":
            return self._left()
        return s10(self.rng)

    def _left(self) -> str:
        minutes = self.rng.randrange(30, 1400) if self.rng.random() < LATE else self.rng.randrange(1500, 14_400)
        days, rest = divmod(minutes, 1440)
        hours, minute = divmod(rest, 60)
        if self.chinese:
            return f"{days:02}天{hours:02}:{minute:02}:{self.rng.randrange(60):02}"
        return f"{days}d {hours}h {minute}m"


def order_numbers(rng: random.Random, count: int) -> Iterator[str]:
    """Order numbers, none twice."""
    return (f"8{n:015}" for n in rng.sample(range(10**14, 10**15), count))


def s10(rng: random.Random) -> str:
    """A tracking number of the universal postal shape, with its check digit."""
    serial = f"{rng.randrange(10**8):08}"
    return f"{rng.choice(('LB', 'LV', 'PQ'))}{serial}{s10_check_digit(serial)}{rng.choice(('CN', 'ES'))}"


def _manifest(folder: Path, store: Store, entries: list[dict[str, Any]]) -> None:
    capture = {
        "format": 1,
        "store": store.captured,
        "captured_at": CAPTURED_AT.isoformat(),
        "finished_at": (CAPTURED_AT + timedelta(seconds=2 * len(entries) + 2)).isoformat(),
        "timezone": "America/Los_Angeles",
        "locale": store.locale,
        "tool": "benchmarks",
        "pages": entries,
        "responses": [],
    }
    (folder / "capture.json").write_text(json.dumps(capture, ensure_ascii=False), "utf-8")
