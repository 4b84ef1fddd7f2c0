"""The recorded stores as tests see them: every page with its truth, and how a reading is compared with a truth."""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from extractors.export import read_export
from extractors.models import Reading, Store
from extractors.page import Page
from extractors.reading import read_page
from extractors.texts import shown
from extractors.vocabulary import Vocabulary, shipped

RECORDINGS = Path(__file__).parent.parent / "fixtures" / "recordings"

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

ONLY_ON_THE_SERVER = {("northwind", "level-1", "weeks"): [("rating_logistics", 4.611, 4.61)]}
"""Digits of a truth that its page does not show. The table of weekly evaluations prints two decimals, so 4.61 is all
that can be read; comparing with 4.611 would ask the extractor to guess."""


@dataclass(frozen=True)
class Recorded:
    """One recorded page, or an export, and all that is known of it."""

    recording: str
    key: str
    page: Page
    verdict: str
    also: tuple[str, ...] = ()
    truth: dict[str, Any] | None = None
    problems: tuple[dict[str, str], ...] = ()

    @property
    def name(self) -> str:
        return f"{self.recording}/{self.key}"

    def read(self, body: bytes | None = None, words: Vocabulary | None = None, **changes: Any) -> Reading:
        """The reading of this page, or of the same page with another body, address or kind."""
        page = replace(self.page, **({} if body is None else {"body": body}), **changes)
        if page.kind == "order_export":
            return read_export(page, words or shipped())
        return read_page(page, words or shipped())


def load(path: Path) -> Any:
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


@cache
def recorded() -> tuple[Recorded, ...]:
    """Every page of every recording in the folder, and every export with a truth beside it."""
    captures = sorted(RECORDINGS.glob("*/capture.json"))
    exports = sorted(path for path in RECORDINGS.rglob("*.xlsx") if path.with_suffix(".truth.json").exists())
    return (*(page for path in captures for page in _pages(path.parent)), *map(_export, exports))


def _pages(folder: Path) -> Iterator[Recorded]:
    capture, truth = load(folder / "capture.json"), folder / "truth"
    verdicts, also, problems = (load(truth / f"{name}.json") for name in ("verdicts", "verdicts_also", "problems"))
    for number, entry in enumerate(capture["pages"], 1):
        key = f"{entry['kind']}-{entry['sequence']}"
        if not entry["file"]:
            continue
        page = Page(
            kind=entry["kind"],
            body=(folder / entry["file"]).read_bytes(),
            captured_at=datetime.fromisoformat(entry["captured_at"]),
            timezone=ZoneInfo(capture["timezone"]),
            view=entry["view"],
            sequence=entry["sequence"],
            url=entry["url"],
            store=Store(**capture["store"]),
            responses=tuple(load(folder / r["file"]) for r in capture.get("responses", ()) if r["page"] == number),
        )
        yield Recorded(
            recording=folder.name,
            key=key,
            page=page,
            verdict=verdicts[key],
            also=tuple(also.get(key, ())),
            truth=_as_shown(folder.name, key, load(truth / f"{key}.json")),
            problems=tuple(problems.get(key, ())),
        )


def _as_shown(recording: str, key: str, truth: Any) -> Any:
    for name, digits in ((name, d) for (r, k, name), d in ONLY_ON_THE_SERVER.items() if (r, k) == (recording, key)):
        for metric, exact, printed in digits:
            for row in truth[name]:
                if row["metrics"].get(metric) == exact:
                    row["metrics"][metric] = printed
    return truth


def _export(path: Path) -> Recorded:
    truth = load(path.with_suffix(".truth.json"))
    page = Page(
        kind="order_export",
        body=path.read_bytes(),
        captured_at=datetime.fromisoformat(truth["now"]),
        timezone=ZoneInfo("America/Los_Angeles"),
    )
    return Recorded(path.parent.name, path.stem, page, "expected", truth=_without_unshipped(truth["data"]))


def _without_unshipped(data: Any) -> Any:
    """The empty tracking cell of an export may be read as no entry or as one entry without a number."""
    for order in data["orders"]:
        order["tracking"] = [entry for entry in order["tracking"] or [] if entry["number"] is not None]
    return data


def data_of(reading: Reading) -> Any:
    """The public data of a reading, as `shoplint extract` prints it."""
    data = None if reading.data is None else reading.data.model_dump(mode="json", by_alias=True)
    return _without_unshipped(data) if data and reading.kind == "order_export" else data


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


def wrong(case: Recorded, reading: Reading) -> list[str]:
    """How a reading differs from what the recording demands: verdict, data, problems."""
    found = []
    if reading.verdict.value not in (case.verdict, *case.also):
        found.append(f"verdict: wanted {case.verdict}, got {reading.verdict.value}")
    return found + differences(case.truth, data_of(reading)) + missing_problems(case, reading)


def missing_problems(case: Recorded, reading: Reading) -> list[str]:
    """The demanded problems that a reading does not name."""
    named = {(p.type, part) for p in reading.problems for part in re.split(r"[^0-9a-z_]+", p.field)}
    return [f"no problem {p['type']} of {p['field']}" for p in case.problems if (p["type"], p["field"]) not in named]
