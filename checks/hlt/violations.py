"""Severe violations: which of a store's record count as such."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import tomli

from checks.audit import Audit
from checks.text import Text

if TYPE_CHECKING:
    from extractors.models.violations import Violation


def severe(audit: Audit) -> list[Violation]:
    """The severe violations on record that were not taken back; what cannot be judged is noted as a gap."""
    found = []
    for row in audit.violations():
        if revoked(row):
            continue
        grave = is_severe(row)
        if grave:
            found.append(row)
        elif grave is None:
            audit.gap(
                Text(
                    f"违规 {row.violation_id} 没有写明是否严重",
                    f"violation {row.violation_id} does not say whether it is severe",
                )
            )
    return found


def is_severe(row: Violation) -> bool | None:
    """What the page says; where it says nothing, class A intellectual property is severe."""
    if row.severe is None and row.type == "intellectual_property" and row.violation_class == "A":
        return True
    return row.severe


def revoked(row: Violation) -> bool:
    """Whether the platform took the violation back, after an appeal or by itself."""
    status = unicodedata.normalize("NFKC", row.status or "").casefold()
    return any(word in status for word in _words())


@cache
def _words() -> tuple[str, ...]:
    raw = tomli.loads((files("checks") / "data" / "violation_status.toml").read_text("utf-8"))
    return tuple(raw["revoked"])
