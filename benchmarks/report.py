"""The results as a Markdown table and as JSON, with the machine and the versions they hold for."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.comparison import MIB, Comparison, Goal

PACKAGES = (
    "shoplint",
    "lxml",
    "pydantic",
    "python-calamine",
    "click",
    "rich",
    "sqlite-utils",
    "beautifulsoup4",
    "playwright",
)


def machine() -> dict[str, Any]:
    """What the figures hold for."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3, 1),
        "load": round(os.getloadavg()[0], 2),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "packages": {name: _version(name) for name in PACKAGES},
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or "unknown")


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def as_dict(found: Sequence[Comparison], rounds: int, about: dict[str, Any]) -> dict[str, Any]:
    """All that was measured; seconds and bytes."""
    return {
        "format": 1,
        "machine": about,
        "rounds": rounds,
        "results": [asdict(one) | {"ratio": one.ratio, "cpu_ratio": one.cpu_ratio, "met": one.is_met} for one in found],
    }


def markdown(found: Sequence[Comparison], rounds: int, about: dict[str, Any]) -> str:
    """The table, with the machine and the versions above it."""
    packages = ", ".join(f"{name} {number}" for name, number in about["packages"].items() if number)
    lines = [
        f"{about['processor']}, {about['cores']} cores, {about['memory_gib']} GiB, {about['system']}, "
        f"{about['python']}; {packages}. Medians of at least {rounds}, load at the start {about['load']}.",
        "",
        "| what | against | time | baseline | ratio | of processor time | target | peak memory | baseline's | met |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|:-:|",
    ]
    lines += [_line(one) for one in found]
    return "\n".join(lines) + "\n"


def _line(one: Comparison) -> str:
    cells = (
        one.subject,
        one.baseline,
        _seconds(one.ours.wall_s),
        _seconds(one.least.wall_s),
        f"{one.ratio:.2f} ×{' faster' if one.goal.faster else ''}",
        f"{one.cpu_ratio:.2f} ×",
        _target(one.goal),
        f"{one.ours.peak / MIB:.0f} MiB",
        f"{one.least.peak / MIB:.0f} MiB",
        _met(one),
    )
    return f"| {' | '.join(cells)} |"


def _met(one: Comparison) -> str:
    if one.goal.ratio is None and one.goal.peak is None:
        return "–"
    return "yes" if one.is_met else "**no**"


def _seconds(value: float) -> str:
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.3g} ms"


def _target(goal: Goal) -> str:
    parts = []
    if goal.ratio is not None:
        parts.append(f"{'≥' if goal.faster else '≤'} {goal.ratio:g} ×")
    if goal.peak is not None:
        parts.append(f"≤ {goal.peak / MIB:.0f} MiB")
    return ", ".join(parts) or "–"


BEGIN, END = "<!-- results -->\n", "<!-- end of results -->\n"


def documented(text: str, table: str, *, part: bool = False) -> str:
    """A document with its table between the two marks replaced; ValueError when the marks are not there.

    ``part``: the table holds some of the benchmarks; lines of the others stay, a line that is new comes last.
    """
    before, begin, rest = text.partition(BEGIN)
    old, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the document lacks {BEGIN.strip()} or {END.strip()}")
    return f"{before}{BEGIN}{_merged(old, table) if part else table}{END}{after}"


def _merged(old: str, new: str) -> str:
    """The old text with the lines of the new table in the places of those about the same."""
    found = {_about(line): line for line in new.splitlines() if _about(line)}
    lines = [found.pop(_about(line), line) for line in old.splitlines()]
    last = max((number for number, line in enumerate(lines) if _about(line)), default=len(lines) - 1)
    lines[last + 1 : last + 1] = found.values()
    return "\n".join(lines) + "\n"


def _about(line: str) -> tuple[str, ...]:
    """What a line of the table compares; nothing when it is none, or the head."""
    cells = line.split(" | ") if line.startswith("| ") else []
    return tuple(cells[:2]) if cells and cells[0] != "| what" else ()


def tell(one: Comparison) -> None:
    """One line to the terminal as soon as it is known."""
    print(f"{one.subject}: {one.ratio:.2f} × {one.baseline}", file=sys.stderr, flush=True)
