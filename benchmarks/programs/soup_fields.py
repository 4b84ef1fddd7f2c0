"""What a user would write: BeautifulSoup and ``select_one`` for the fields of every order of a capture.

``soup_fields.py WARM CAPTURE PARSER`` with lxml or html.parser. WARM is a small capture that is read before, so that
everything is loaded. Prints the number of orders and, last, the seconds.
"""

import json
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag


def text(row: Tag, selector: str) -> str | None:
    found = row.select_one(selector)
    return found.get_text(" ", strip=True) if found else None


def order(row: Tag) -> dict[str, Any]:
    labels = [label.get_text(strip=True) for label in row.select('[class*="header--label"]')]
    values = [value.get_text(strip=True) for value in row.select('[class*="header--value"]')]
    details = dict(zip(labels, values, strict=False))
    amount = text(row, '[data-next-table-col="5"] [class*="amount--amount"] > div') or ""
    return {
        "order_id": text(row, '[class*="header--valueHighLight"]'),
        "placed_at": values[1] if len(values) > 1 else None,
        "scan_by": details.get("上网考核时间:"),
        "status": text(row, '[class*="stateText"]'),
        "left": text(row, '[class*="status--remain--"]'),
        "after_sale": text(row, 'td[data-next-table-col="4"]'),
        "amount": Decimal(amount.split()[-1].replace(",", "").lstrip("$")),
        "lines": len(row.select("tbody > tr")) - 1,
        "quantity": sum(int(q.get_text(strip=True).lstrip("x")) for q in row.select('td[data-next-table-col="3"]')),
        "tags": [tag.get_text(strip=True) for tag in row.select('[class*="color-tag"]')],
    }


def read(folder: str) -> list[dict[str, Any]]:
    orders = []
    for page in sorted(Path(folder).glob("pages/*.html")):
        soup = BeautifulSoup(page.read_bytes(), sys.argv[3], from_encoding="utf-8")
        orders += [order(row) for row in soup.select("table.next-table-row")]
    return orders


def main() -> None:
    read(sys.argv[1])
    started, spent = time.perf_counter(), time.process_time()
    orders = read(sys.argv[2])
    print(len(orders))
    print(json.dumps({"seconds": time.perf_counter() - started, "processor": time.process_time() - spent}))


main()
