"""How what was read from a page is compared with what must be read: row by row, figure by figure, moment by moment."""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from extractors.models import Reading
from extractors.texts import shown

ROW_KEYS = {
    "orders": ("order_id",),
    "parcels": ("order_id", "tracking_number"),
    "cases": ("order_id", "reason"),
    "documents": ("kind", "number"),
    "conversations": ("conversation_id",),
    "disputes": ("order_id", "dispute_id"),
    "reviews": ("order_id",),
    "violations": ("violation_id",),
    "products": ("product_id",),
    "tracker": ("name",),
    "why_not": ("label",),
    "weeks": ("week_ending",),
    "metrics": ("label",),
    "tracking": ("number",),
}
"""List -> what makes a row the same row; the rows of other lists are compared in their order."""

UNORDERED = ("tags", "languages", "certificates", "causes", "red_marks", "regulated_categories")

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


def without_unshipped(data: Any) -> Any:
    """The empty tracking cell of an export may be read as no entry or as one entry without a number."""
    for order in data["orders"]:
        order["tracking"] = [entry for entry in order["tracking"] or [] if entry["number"] is not None]
    return data


def data_of(reading: Reading) -> Any:
    """The public data of a reading, as `shoplint extract` prints it."""
    data = None if reading.data is None else reading.data.model_dump(mode="json", by_alias=True)
    return without_unshipped(data) if data and reading.kind == "order_export" else data


def differences(want: Any, got: Any, path: str = "") -> list[str]:
    """What differs between a truth and what was read, one line each; keys that the truth lacks are free."""
    if isinstance(want, dict) and set(want) == {"currency", "amount"}:
        same = isinstance(got, dict) and (want["currency"], Decimal(want["amount"])) == (
            got["currency"],
            Decimal(got["amount"]),
        )
        return [] if same else [_told(path, want, got)]
    if isinstance(want, dict) and isinstance(got, dict):
        return [line for key in want for line in differences(want[key], got.get(key), f"{path}.{key}".lstrip("."))]
    if isinstance(want, dict) and got is None and all(value is None for value in want.values()):
        return []
    if isinstance(want, list) and isinstance(got, list):
        return _rows_differ(want, got, path)
    return [] if _same(want, got) else [_told(path, want, got)]


def _rows_differ(want: list[Any], got: list[Any], path: str) -> list[str]:
    keys = ROW_KEYS.get(re.sub(r"\[.*?\]", "", path).rsplit(".", 1)[-1])
    if path.endswith(UNORDERED) and sorted(map(_plain, want)) == sorted(map(_plain, got)):
        return []
    if not keys or not all(isinstance(row, dict) for row in (*want, *got)):
        if len(want) != len(got):
            return [_told(path, want, got)]
        rows = zip(want, got, strict=True)
        return [line for n, (a, b) in enumerate(rows) for line in differences(a, b, f"{path}[{n}]")]
    pool: dict[Any, list[Any]] = defaultdict(list)
    for row in got:
        pool[tuple(_plain(row.get(k)) for k in keys)].append(row)
    found: list[str] = []
    for row in want:
        key = tuple(_plain(row.get(k)) for k in keys)
        where = f"{path}[{'/'.join(map(str, key))}]"
        found += differences(row, pool[key].pop(0), where) if pool[key] else [f"{where}: not read"]
    return found + [f"{path}[{'/'.join(map(str, key))}]: not there" for key, rows in pool.items() for _ in rows]


def _told(path: str, want: Any, got: Any) -> str:
    wanted, found = (json.dumps(value, ensure_ascii=False)[:160] for value in (want, got))
    return f"{path}: wanted {wanted}, got {found}"


def _plain(value: Any) -> Any:
    if isinstance(value, str) and MOMENT.match(value):
        return datetime.fromisoformat(value).timestamp()
    return shown(value) if isinstance(value, str) else value


def _same(want: Any, got: Any) -> bool:
    if want is None or got is None or isinstance(want, bool) or isinstance(got, bool):
        return want is got
    want, got = _plain(want), _plain(got)
    if isinstance(want, int | float) and isinstance(got, int | float):
        return math.isclose(want, got, rel_tol=1e-6, abs_tol=1e-6)
    return bool(want == got)


def missing_problems(wanted: list[dict[str, str]], reading: Reading) -> list[str]:
    """The demanded problems that a reading does not name."""
    named = {(p.type, part) for p in reading.problems for part in re.split(r"[^0-9a-z_]+", p.field)}
    return [f"no problem {p['type']} of {p['field']}" for p in wanted if (p["type"], p["field"]) not in named]
